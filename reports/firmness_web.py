"""How sure a ranking is: for everybody who sees the ranking, its intervals being on it."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.params import FromPath, QueryParameter

from evaluation.accounts.access import signed_in
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports.facts import Shown
from reports.ranking import RankingFacts
from reports.result_page import RunNumber, kept_page
from reports.screen.firmness_page import Sureness

Unit = Annotated[str, QueryParameter(max_length=60)]


class FirmnessController(Controller):
    """把握多大: which ranks hold, and between whom they do not."""

    path = "/rounds/{code:str}"
    guards = [signed_in]
    include_in_schema = False

    @get("/firmness", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        run: RunNumber = None,
        a: Unit = "",
        b: Unit = "",
    ) -> Response[Any]:
        """Neighbours in sentences, bands, every pair and every place; *a* and *b* by choice."""

        def build(_shown: Shown, facts: RankingFacts) -> dict[str, Any]:
            sure = Sureness(facts)
            asked = a != b and a in sure.units and b in sure.units
            return {"sure": sure, "asked": sure.pair(*_by_place(sure, a, b)) if asked else None}

        return kept_page(request, db_session, code, run, "firmness", build)


def _by_place(sure: Sureness, *units: str) -> tuple[str, str]:
    first, second = sorted(units, key=sure.units.index)
    return first, second
