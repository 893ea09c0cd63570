"""The value page: from the source of one value to its share of the index."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath

from evaluation.accounts.access import signed_in
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports import facts as results
from reports.result_page import RunNumber, files_of, found_result, leaf_of, page_context
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
        """One value: from its source to its share of the index."""
        shown, facts = found_result(request, db_session, code, run)
        node, who = leaf_of(facts, indicator), request.user
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
            **page_context(request, shown, facts),
            unit=city,
            node=node,
            adopted=adopted,
            source=source if open_source else None,
            evidence=files_of(db_session, source.evidence if source and opens_files else ()),
            stages=lineage.stages(facts, city, node),
            climb=lineage.climb(facts, city, node),
            place=city_screen.place(facts, city, node),
        )
