"""假设分析: what one item would bring a city, the way to a place, weights moved by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Controller, MediaType, Response, get
from litestar.params import FromPath
from litestar.serialization import encode_json

from evaluation.accounts import roles
from evaluation.accounts.access import signed_in
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from reports.facts import Shown
from reports.ranking import RankingFacts
from reports.result_page import RunNumber, found_result, page_context
from reports.screen import whatif_held as whatif
from reports.screen.whatif import CityGains
from reports.screen.whatif_asked import (
    LONGEST,
    NO_SUCH_UNIT,
    Asked,
    in_words,
    read_asked,
    read_weights,
)
from reports.screen.whatif_file import whatif_workbook
from reports.screen.whatif_way import WayShown, effort_fields, way_shown
from reports.screen.whatif_weights import Reweighed, knobs, remarks, top_of
from scoring.composite.problems import CompositeError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WhatIfController(Controller):
    """Questions to a result that change nothing: every route reads and stores nothing."""

    path = "/rounds/{code:str}"
    guards = [signed_in]
    include_in_schema = False

    @get("/whatif", sync_to_thread=True)
    def city(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[str]:
        """What each item would bring one city, and the cheapest way to a place."""
        shown, facts = found_result(request, db_session, code, run)
        units = _open_to(request.user, shown, facts)
        context = page_context(request, shown, facts) | {"units": units}
        unit, faults = _unit(request, units)
        if unit is None:
            return pages.render(
                request,
                "whatif_choose.html",
                status=422 if faults else 200,
                **context,
                faults=faults,
            )
        files, sha256 = request.app.state.evidence, shown.result.run.snapshot_sha256
        held = whatif.held(files, sha256)
        asked, gains = _asked(request, shown, facts, unit)
        way, more = _way(request, shown, facts, unit, asked)
        faults = [*asked.faults, *more]
        return pages.render(
            request,
            "whatif.html",
            status=422 if faults else 200,
            **context,
            faults=faults,
            unit=unit,
            asked=asked,
            gains=gains,
            rows=whatif.ROWS,
            way=way,
            efforts=effort_fields(facts, held, unit, asked.means, asked.typed),
            here_with=_address(request, unit),
        )

    @get("/whatif.xlsx", sync_to_thread=True)
    def workbook(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[bytes]:
        """What the page says of a city, as a workbook. Raises Faulty for what it cannot read."""
        shown, facts = found_result(request, db_session, code, run)
        unit, faults = _unit(request, _open_to(request.user, shown, facts))
        if unit is None:
            raise Faulty(faults) if faults else NotFound(round=code)
        asked, gains = _asked(request, shown, facts, unit)
        if asked.faults:
            raise Faulty(asked.faults)
        files, sha256 = request.app.state.evidence, shown.result.run.snapshot_sha256
        made = None
        if asked.wanted is not None:
            given = tuple(sorted(asked.efforts.items()))
            try:
                made = whatif.way(files, sha256, unit, asked.wanted, asked.means, given)
            except CompositeError as error:
                raise Faulty(in_words(error, "")) from None
        content = whatif_workbook(facts, unit, gains.gained, made)
        return pages.attachment(content, f"whatif-{code}-{unit}.xlsx", XLSX)

    @get("/weights", sync_to_thread=True)
    def weights(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[str]:
        """The ranking under the weights in the address, with a slider for each."""
        shown, facts = found_result(request, db_session, code, run)
        _open_to(request.user, shown, facts)
        held = whatif.held(request.app.state.evidence, shown.result.run.snapshot_sha256)
        percents, typed, faults = read_weights(request.query_params, held.slider.given)
        slid = None
        if not faults:
            try:
                slid = held.slider.at(percents)
            except CompositeError as error:
                faults = in_words(error, "w.")
        return pages.render(
            request,
            "whatif_weights.html",
            status=422 if faults else 200,
            **page_context(request, shown, facts),
            faults=faults,
            knobs=(made := knobs(facts, held.slider, typed, slid)),
            top=top_of(made),
            remarks=remarks(held.slider, held.case.method.weights.method),
            reweighed=Reweighed(facts, held.slider, slid) if slid else None,
            moved=bool(percents),
        )

    @get("/weights.json", sync_to_thread=True)
    def weights_json(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[bytes]:
        """The same for the page's script: numbers, and the table. Raises Faulty."""
        shown, facts = found_result(request, db_session, code, run)
        _open_to(request.user, shown, facts)
        held = whatif.held(request.app.state.evidence, shown.result.run.snapshot_sha256)
        percents, _typed, faults = read_weights(request.query_params, held.slider.given)
        if faults:
            raise Faulty(faults)
        try:
            slid = held.slider.at(percents)
        except CompositeError as error:
            raise Faulty(in_words(error, "w.")) from None
        made = Reweighed(facts, held.slider, slid)
        context = page_context(request, shown, facts)
        table = pages.environment().get_template("whatif_weights_table.html")
        body = made.as_mapping() | {
            "moved": bool(percents),
            "sentence": str(made.sentence),
            "firm": str(made.firm),
            "html": table.render(**context, reweighed=made),
        }
        return Response(
            encode_json(body),
            media_type=MediaType.JSON,
            headers={"Cache-Control": "no-store"},
        )


def _open_to(who: Principal, shown: Shown, facts: RankingFacts) -> tuple[str, ...]:
    """The units that *who* may ask about, in the framework's order.

    What an item would bring says what others' values are, so it is for those who may see them
    all; of these, a city may ask about itself. Raises NotFound for everybody else.
    """
    if shown.audience != "full":
        raise NotFound(round=shown.round.code)
    if who.role in roles.OF_A_CITY:
        return tuple(unit for unit in facts.in_order if unit in who.cities)
    return facts.in_order


def _unit(request: AnyRequest, units: tuple[str, ...]) -> tuple[str | None, list[Fault]]:
    """The unit asked about; none, with the reason where one was named.

    For a city another's is as absent as one that does not exist.
    """
    asked = request.query_params.get("city", "").strip()
    if asked in units:
        return asked, []
    if request.user.role in roles.OF_A_CITY:
        if asked:
            raise NotFound(city=asked)
        return (units[0] if len(units) == 1 else None), []
    if not asked:
        return None, []
    what, mend = NO_SUCH_UNIT
    return None, [Fault("no-such-unit", what, mend, {"value": asked[:LONGEST]}, column="city")]


def _asked(
    request: AnyRequest, shown: Shown, facts: RankingFacts, unit: str
) -> tuple[Asked, CityGains]:
    """What the address asks of the unit, and its gains."""
    files, sha256 = request.app.state.evidence, shown.result.run.snapshot_sha256
    case = whatif.held(files, sha256).case
    root = facts.root.code
    ranked = sum(facts.rank(each, root) is not None for each in facts.peers)
    asked = read_asked(request.query_params, case, ranked)
    try:
        gained = whatif.gained(files, sha256, unit, asked.kinds)
    except CompositeError as error:
        asked.faults += in_words(error, "")
        gained = whatif.Gained((), {}, 0, own_plan=False)
    return asked, CityGains(facts, case, unit, gained)


def _way(
    request: AnyRequest, shown: Shown, facts: RankingFacts, unit: str, asked: Asked
) -> tuple[WayShown | None, list[Fault]]:
    """The way to the place asked for; none where none was asked for, or it cannot be."""
    if asked.wanted is None or asked.faults:
        return None, []
    files, sha256 = request.app.state.evidence, shown.result.run.snapshot_sha256
    given = tuple(sorted(asked.efforts.items()))
    try:
        made = whatif.way(files, sha256, unit, asked.wanted, asked.means, given)
    except CompositeError as error:
        return None, in_words(error, "")
    return way_shown(facts, made), []


def _address(request: AnyRequest, unit: str) -> Any:
    """``here_with(aim="target")``: this page's query with that changed; "" takes one out."""
    held = {**dict(request.query_params), "city": unit}

    def changed(**values: object) -> str:
        kept = held | {name: str(value) for name, value in values.items()}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    return changed
