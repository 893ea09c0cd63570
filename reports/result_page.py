"""What every page of a result shares: who may see it, what it is rendered with, its keeping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from litestar import MediaType, Response
from litestar.params import QueryParameter
from litestar.utils.scope.state import ScopeState
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.methods import method_name
from evaluation.framework.tree import Node
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceFile
from evaluation.platform.i18n import current_locale
from evaluation.platform.pages import AnyRequest
from reports import facts as results
from reports.facts import Shown
from reports.kept import kept
from reports.ranking import RankingFacts
from reports.screen import standing
from scoring.runs import store as runs

#: Stands for the reader's own token in a page that is kept.
STAND_IN = b"\x00csrf\x00"

Build = Callable[[Shown, RankingFacts], dict[str, Any]]

RunNumber = Annotated[int | None, QueryParameter(ge=1, le=1_000_000)]


def found_result(
    request: AnyRequest, session: Session, code: str, run: int | None
) -> tuple[Shown, RankingFacts]:
    """The result and its facts; everything that a page shows comes after this check."""
    state = request.app.state
    shown = results.shown_to(session, request.user, code, run, keep=kept(state))
    return shown, results.ranking_facts(shown, state.evidence, state.settings)


def kept_page(
    request: AnyRequest, session: Session, code: str, run: int | None, page: str, build: Build
) -> Response[Any]:
    """A page depends on a run, the reader and the rounds in their scope only, and is kept.

    A run never changes; every change to a round, its publications included, changes its
    revision. So a page is found by the revisions, the reader's rights and name, the address
    and the language, and is rendered once. It is kept without the token that protects forms.
    A page that has something to say once is not kept.
    """

    def render() -> str:
        shown, facts = found_result(request, session, code, run)
        context = page_context(request, shown, facts) | build(shown, facts)
        return pages.render_text(request, f"result_{page}.html", **context)

    who: Principal = request.user
    if pages.FLASH_COOKIE in request.cookies:
        return Response(render(), media_type=MediaType.HTML)
    token = ScopeState.from_scope(request.scope).csrf_token
    given = token.encode() if isinstance(token, str) else b""

    def without_token() -> bytes:
        content = render().encode()
        return content.replace(given, STAND_IN) if given else content

    reader = (who.display_name, who.role, who.cities, who.rounds)
    address = (request.url.path, request.url.query)
    key = (address, reader, current_locale(), bool(given), runs.revisions(session, who))
    content = kept(request.app.state).get(key, without_token)
    session.close()  # here, in this thread, rather than by a further hop at the edge
    return Response(
        content.replace(STAND_IN, given) if given else content, media_type=MediaType.HTML
    )


def page_context(request: AnyRequest, shown: Shown, facts: RankingFacts) -> dict[str, Any]:
    """What every page of a result is rendered with."""
    who: Principal = request.user
    published = shown.result.publication is not None
    asked = None if published else shown.result.run.number
    return {
        "shown": shown,
        "facts": facts,
        "framework": facts.framework,
        "here": f"/rounds/{shown.round.code}",
        "run": asked,
        "ask": f"?run={asked}" if asked else "",
        "mine": who.cities if who.role in roles.OF_A_CITY else frozenset(),
        "zones": standing.zone_names(facts),
        "method_name": method_name,
    }


def leaf_of(facts: RankingFacts, code: str) -> Node:
    """The indicator *code*. Raises NotFound for what is none."""
    node = facts.framework.by_code.get(code)
    if node is None or facts.framework.children[code]:
        raise NotFound(indicator=code)
    return node


def files_of(session: Session, hashes: Any) -> list[EvidenceFile]:
    """The files that are there, by hash."""
    found = (session.get(EvidenceFile, each) for each in hashes)
    return [each for each in found if each is not None]
