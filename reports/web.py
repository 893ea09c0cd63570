"""The pages of a result: ranking → dimension or city → indicator → the value and its source."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from markupsafe import Markup
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
from scoring.runs import store as runs

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
    ) -> Response[str]:
        """Rank, score, change and dimensions of every unit."""
        shown, facts = _found(request, db_session, code, run)
        known = {key for key, _name, _hue in standing.zone_names(facts)}
        zone = zone if zone in known else ""
        return _page(request, shown, facts, "ranking", zone=zone, q=q[:60])

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
        shown, facts = _found(request, db_session, code, run)
        found = facts.framework.by_code.get(node)
        if found is None:
            raise NotFound(round=code, node=node)
        if found is facts.root:
            return Redirect(_at(f"/rounds/{code}/ranking", run))
        if not facts.framework.children[node]:
            return Redirect(_at(f"/rounds/{code}/indicators/{node}", run))
        return _page(request, shown, facts, "node", node=found)

    @get("/indicators/{indicator:str}", sync_to_thread=True)
    def indicator(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        indicator: FromPath[str],
        run: RunNumber = None,
    ) -> Response[str]:
        """One indicator: what it means, and the units whose values the reader may see."""
        shown, facts = _found(request, db_session, code, run)
        return _page(request, shown, facts, "indicator", node=_leaf(facts, indicator))

    @get("/cities/{city:str}", sync_to_thread=True)
    def city(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        run: RunNumber = None,
    ) -> Response[str]:
        """One unit: dimensions, indicators, where points were lost."""
        shown, facts = _found(request, db_session, code, run)
        results.may_see_unit(facts.framework, city)
        return _page(request, shown, facts, "city", unit=city)

    @get("/cities/{city:str}/{indicator:str}", sync_to_thread=True)
    def value(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        run: RunNumber = None,
    ) -> Response[str]:
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
            who.sees_unpublished or adopted.method not in results.COVERT
        )
        opens_files = who.sees_filing(city) and open_source
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
        """A file behind a value, for those who may open what the city files."""
        shown, facts = _found(request, db_session, code, run)
        who: Principal = request.user
        _leaf(facts, indicator)
        snapshot = runs.held_snapshot(request.app.state.evidence, shown.result.run.snapshot_sha256)
        adopted = snapshot.by_cell.get((city, indicator))
        allowed = facts.shows(city) and who.sees_filing(city)
        if adopted is None or not allowed:
            raise NotFound(round=code, city=city)
        if adopted.method in results.COVERT and not who.sees_unpublished:
            raise NotFound(round=code, city=city)
        source = runs.observation(db_session, adopted)
        held = db_session.get(EvidenceFile, sha256)
        if source is None or held is None or sha256 not in source.evidence:
            raise NotFound(round=code, sha256=sha256)
        return Response(
            request.app.state.evidence.get(sha256),
            media_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{sha256[:16]}"'},
        )

    @get("/method", sync_to_thread=True)
    def method(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[str]:
        """方法与说明: where the numbers came from, and by which rules."""
        shown, facts = _found(request, db_session, code, run)
        return _page(request, shown, facts, "method")


def _found(
    request: AnyRequest, session: Session, code: str, run: int | None
) -> tuple[Shown, RankingFacts]:
    """The result and its facts; everything that a page shows comes after this check."""
    shown = results.shown_to(session, request.user, code, run)
    state = request.app.state
    return shown, results.ranking_facts(shown, state.evidence, state.settings)


def _page(
    request: AnyRequest, shown: Shown, facts: RankingFacts, page: str, **more: Any
) -> Response[str]:
    """A page whose body depends on an immutable result only, so it is rendered once."""
    said = {name: getattr(value, "code", value) for name, value in more.items()}
    context = _context(request, shown, facts)

    def body() -> str:
        template = pages.environment().get_template(f"result_{page}_body.html")
        parts = _parts(request, shown, facts, page, more)
        return template.render(**context, **parts, **more)

    key = (page, *said.items(), context["run"], context["mine"], current_locale(), *shown.key)
    text = kept(request.app.state).get((*key, facts.demo), body)
    return pages.render(
        request,
        f"result_{page}.html",
        **context,
        **more,
        body=Markup(text),  # noqa: S704
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


def _parts(
    request: AnyRequest, shown: Shown, facts: RankingFacts, page: str, more: dict[str, Any]
) -> dict[str, Any]:
    """What the template of one page needs beside the facts."""
    if page == "ranking":
        return {
            "standing": standing.Standing(facts, facts.root, facts.dimensions),
            "plain_facts": standing.plain_facts(facts, f"/rounds/{shown.round.code}"),
            "remarks": standing.remarks(facts),
        }
    if page == "node":
        node: Node = more["node"]
        below = facts.framework.children[node.code]
        return {"standing": standing.Standing(facts, node, below), "remarks": []}
    if page == "indicator":
        indicator: Node = more["node"]
        units = [unit for unit in facts.in_order if facts.shows(unit)]
        places = [(unit, city_screen.place(facts, unit, indicator)) for unit in units]
        places.sort(
            key=lambda pair: (
                pair[0] not in facts.peers,
                pair[1].rank is None,
                pair[1].rank or 0,
            )
        )
        return {"places": places, "best_mean": scale.best_and_mean(facts, indicator.code)}
    if page == "city":
        unit: str = more["unit"]
        return {
            "groups": city_screen.groups(facts, unit),
            "where_lost": city_screen.where_lost(facts, unit),
            "total": city_screen.place(facts, unit, facts.root),
            "sources": _methods(request, shown, unit) if facts.shows(unit) else {},
        }
    return {"section": method_section(facts), "format": tables}


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


def _at(path: str, run: int | None) -> str:
    return f"{path}?run={run}" if run else path
