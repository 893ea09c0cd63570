"""The pages of a result: ranking → dimension or city → indicator → the value and its source."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from evaluation.accounts.access import signed_in
from evaluation.accounts.principal import Principal
from evaluation.framework.methods import method_name
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceFile
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports import facts as results
from reports.facts import Shown
from reports.ranking import RankingFacts
from reports.ranking.method import method_section
from reports.render import tables
from reports.result_page import RunNumber, found_result, kept_page, leaf_of
from reports.screen import city as city_screen
from reports.screen import scale, standing
from reports.screen.firmness import firmness
from scoring.runs import store as runs


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

        return kept_page(request, db_session, code, run, "ranking", build)

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

        return kept_page(request, db_session, code, run, "node", build)

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
            node = leaf_of(facts, indicator)
            return {
                "node": node,
                "places": city_screen.places(facts, node),
                "best_mean": scale.best_and_mean(facts, indicator),
            }

        return kept_page(request, db_session, code, run, "indicator", build)

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

        return kept_page(request, db_session, code, run, "city", build)

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
        shown, facts = found_result(request, db_session, code, run)
        who: Principal = request.user
        leaf_of(facts, indicator)
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

        return kept_page(request, db_session, code, run, "method", build)


def _methods(request: AnyRequest, shown: Shown, unit: str) -> dict[str, str]:
    """The method behind each of the unit's values."""
    snapshot = runs.held_snapshot(request.app.state.evidence, shown.result.run.snapshot_sha256)
    return {
        each.indicator: method_name(each.method)
        for each in snapshot.observations
        if each.city == unit
    }
