"""The pages of a result: ranking → dimension or city → indicator → the value and its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Controller, MediaType, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.utils.scope.state import ScopeState
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import signed_in
from evaluation.accounts.principal import Principal
from evaluation.framework.methods import method_name
from evaluation.framework.tree import Node
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceFile
from evaluation.platform.i18n import current_locale
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports import facts as results
from reports.facts import Shown
from reports.kept import kept
from reports.ranking import RankingFacts
from reports.ranking.method import method_section
from reports.render import tables
from reports.screen import city as city_screen
from reports.screen import lineage, scale, standing
from reports.screen.firmness import firmness
from scoring.runs import store as runs

#: Stands for the reader's own token in a page that is kept.
STAND_IN = b"\x00csrf\x00"

Build = Callable[[Shown, RankingFacts], dict[str, Any]]

RunNumber = Annotated[int | None, QueryParameter(ge=1, le=1_000_000)]


class ResultController(Controller):
    """排名 and everything below it."""

    path = "/rounds/{code:str}"
    guards = [signed_in]
    include_in_schema = False

    @get("/ranking", sync_to_thread=True)
    def ranking(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        run: RunNumber = None,
        zone: FromQuery[str] = "",
        q: FromQuery[str] = "",
    ) -> Response[Any]:
        """Rank, score, change and dimensions of every unit."""

        def build(_shown: Shown, facts: RankingFacts) -> dict[str, Any]:
            known = {key for key, _name, _hue in standing.zone_names(facts)}
            return {
                "standing": standing.Standing(facts, facts.root, facts.dimensions),
                "plain_facts": (
                    *standing.plain_facts(facts, f"/rounds/{code}"),
                    *firmness(facts, f"/rounds/{code}"),
                ),
                "remarks": standing.remarks(facts),
                "zone": zone if zone in known else "",
                "q": q[:60],
            }

        return _page(request, db_session, code, run, "ranking", build)

    @get("/ranking/{node:str}", sync_to_thread=True)
    def node(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        node: FromPath[str],
        run: RunNumber = None,
    ) -> Response[Any]:
        """The ranking by one node, with what is below it."""

        def build(_shown: Shown, facts: RankingFacts) -> dict[str, Any]:
            found = facts.framework.by_code.get(node)
            below = facts.framework.children.get(node, ())
            if found is None or not below:
                raise NotFound(round=code, node=node)
            return {"node": found, "standing": standing.Standing(facts, found, below)}

        return _page(request, db_session, code, run, "node", build)

    @get("/indicators/{indicator:str}", sync_to_thread=True)
    def indicator(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        indicator: FromPath[str],
        run: RunNumber = None,
    ) -> Response[Any]:
        """One indicator: what it means, and the units whose values the reader may see."""

        def build(_shown: Shown, facts: RankingFacts) -> dict[str, Any]:
            node = _leaf(facts, indicator)
            return {
                "node": node,
                "places": city_screen.places(facts, node),
                "best_mean": scale.best_and_mean(facts, indicator),
            }

        return _page(request, db_session, code, run, "indicator", build)

    @get("/cities/{city:str}", sync_to_thread=True)
    def city(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        run: RunNumber = None,
    ) -> Response[Any]:
        """One unit: dimensions, indicators, where points were lost."""

        def build(shown: Shown, facts: RankingFacts) -> dict[str, Any]:
            results.may_see_unit(facts.framework, city)
            return {
                "unit": city,
                "groups": city_screen.groups(facts, city),
                "where_lost": city_screen.where_lost(facts, city),
                "total": city_screen.place(facts, city, facts.root),
                "sources": _methods(request, shown, city) if facts.shows(city) else {},
            }

        return _page(request, db_session, code, run, "city", build)

    @get("/cities/{city:str}/{indicator:str}", sync_to_thread=True)
    def value(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        run: RunNumber = None,
    ) -> Response[Any]:
        """One value: from its source to its share of the index."""
        shown, facts = _found(request, db_session, code, run)
        node, who = _leaf(facts, indicator), request.user
        results.may_see_unit(facts.framework, city)
        if not facts.shows(city):
            raise NotFound(round=code, city=city)
        snapshot = runs.held_snapshot(request.app.state.evidence, shown.result.run.snapshot_sha256)
        adopted = snapshot.by_cell.get((city, indicator))
        source = runs.observation(db_session, adopted) if adopted else None
        open_source = adopted is not None and (
            who.sees_unpublished or not results.is_covert(adopted.method, source)
        )
        opens_files = who.opens_evidence(city) and open_source
        return pages.render(
            request,
            "result_value.html",
            **_context(request, shown, facts),
            unit=city,
            node=node,
            adopted=adopted,
            source=source if open_source else None,
            evidence=_files(db_session, source.evidence if source and opens_files else ()),
            stages=lineage.stages(facts, city, node),
            climb=lineage.climb(facts, city, node),
            place=city_screen.place(facts, city, node),
        )

    @get("/cities/{city:str}/{indicator:str}/evidence/{sha256:str}", sync_to_thread=True)
    def evidence(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        sha256: FromPath[str],
        run: RunNumber = None,
    ) -> Response[bytes]:
        """A file behind a value, for leaders and for those who may open what the city files."""
        shown, facts = _found(request, db_session, code, run)
        who: Principal = request.user
        _leaf(facts, indicator)
        snapshot = runs.held_snapshot(request.app.state.evidence, shown.result.run.snapshot_sha256)
        adopted = snapshot.by_cell.get((city, indicator))
        allowed = facts.shows(city) and who.opens_evidence(city)
        if adopted is None or not allowed:
            raise NotFound(round=code, city=city)
        source = runs.observation(db_session, adopted)
        if results.is_covert(adopted.method, source) and not who.sees_unpublished:
            raise NotFound(round=code, city=city)
        held = db_session.get(EvidenceFile, sha256)
        if source is None or held is None or sha256 not in source.evidence:
            raise NotFound(round=code, sha256=sha256)
        content = request.app.state.evidence.get(sha256)
        return pages.attachment(content, held.name, "application/octet-stream")

    @get("/method", sync_to_thread=True)
    def method(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[Any]:
        """方法与说明: where the numbers came from, and by which rules."""

        def build(_shown: Shown, facts: RankingFacts) -> dict[str, Any]:
            return {"section": method_section(facts), "format": tables}

        return _page(request, db_session, code, run, "method", build)


def _found(
    request: AnyRequest, session: Session, code: str, run: int | None
) -> tuple[Shown, RankingFacts]:
    """The result and its facts; everything that a page shows comes after this check."""
    state = request.app.state
    shown = results.shown_to(session, request.user, code, run, keep=kept(state))
    return shown, results.ranking_facts(shown, state.evidence, state.settings)


def _page(
    request: AnyRequest, session: Session, code: str, run: int | None, page: str, build: Build
) -> Response[Any]:
    """A page depends on a run, the reader and the rounds in their scope only, and is kept.

    A run never changes; every change to a round, its publications included, changes its
    revision. So a page is found by the revisions, the reader's rights and name, the address
    and the language, and is rendered once. It is kept without the token that protects forms.
    A page that has something to say once is not kept.
    """

    def render() -> str:
        shown, facts = _found(request, session, code, run)
        context = _context(request, shown, facts) | build(shown, facts)
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


def _context(request: AnyRequest, shown: Shown, facts: RankingFacts) -> dict[str, Any]:
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


def _methods(request: AnyRequest, shown: Shown, unit: str) -> dict[str, str]:
    """The method behind each of the unit's values."""
    snapshot = runs.held_snapshot(request.app.state.evidence, shown.result.run.snapshot_sha256)
    return {
        each.indicator: method_name(each.method)
        for each in snapshot.observations
        if each.city == unit
    }


def _leaf(facts: RankingFacts, code: str) -> Node:
    node = facts.framework.by_code.get(code)
    if node is None or facts.framework.children[code]:
        raise NotFound(indicator=code)
    return node


def _files(session: Session, hashes: Any) -> list[EvidenceFile]:
    found = (session.get(EvidenceFile, each) for each in hashes)
    return [each for each in found if each is not None]
