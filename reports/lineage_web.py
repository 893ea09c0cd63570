"""The value page: from the source of one value to its share of the index."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath
from sqlalchemy.orm import Session

from evaluation.accounts.access import signed_in
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports import facts as results
from reports.facts import Shown
from reports.result_page import RunNumber, files_of, found_result, page_context
from reports.screen import city as city_screen
from reports.screen import lineage
from scoring.runs import store as runs


class LineageController(Controller):
    """How one number came about."""

    path = "/rounds/{code:str}"
    guards = [signed_in]
    include_in_schema = False

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
        """One number: an indicator from its source to the index, or a node from its children."""
        shown, facts = found_result(request, db_session, code, run)
        node = facts.framework.by_code.get(indicator)
        results.may_see_unit(facts.framework, city)
        if node is None or not facts.shows(city):
            raise NotFound(round=code, city=city, node=indicator)
        leaf = not facts.framework.children[node.code]
        return pages.render(
            request,
            "result_value.html",
            **page_context(request, shown, facts),
            **(_source(request, db_session, shown, city, indicator) if leaf else {}),
            unit=city,
            node=node,
            leaf=leaf,
            way=lineage.lineage(facts, city, node),
            place=city_screen.place(facts, city, node),
        )


def _source(
    request: AnyRequest, session: Session, shown: Shown, city: str, indicator: str
) -> dict[str, Any]:
    """Where the adopted value came from, as far as the reader may know."""
    who: Principal = request.user
    snapshot = runs.held_snapshot(request.app.state.evidence, shown.result.run.snapshot_sha256)
    adopted = snapshot.by_cell.get((city, indicator))
    source = runs.observation(session, adopted) if adopted else None
    told = adopted is not None and (
        who.sees_unpublished or not results.is_covert(adopted.method, source)
    )
    opened = source.evidence if source and told and who.opens_evidence(city) else ()
    return {
        "adopted": adopted,
        "source": source if told else None,
        "evidence": files_of(session, opened),
    }
