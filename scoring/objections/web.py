"""The objections of a round, and a city's own scores with what it says to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.principal import Principal
from evaluation.platform import clock, pages
from evaluation.platform.errors import DomainError, Faulty, NotFound
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.objections import overview, rules, service, shown, store
from scoring.objections.overview import Row
from scoring.objections.place import Place, enter
from scoring.runs import store as run_store
from surveys.filings.web_workbooks import Choices, chosen_of

Filter = Annotated[str, QueryParameter(max_length=32)]
#: What ``due`` may ask for.
LATE, OPEN = "late", "open"


class ObjectionController(Controller):
    """异议与复核."""

    path = "/rounds/{code:str}/objections"
    include_in_schema = False
    guards = [requires(*rules.PARTIES)]

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        stage: Annotated[str, QueryParameter(name="state", max_length=32)] = "",
        city: Filter = "",
        due: Filter = "",
    ) -> Response[Any]:
        """Every objection in scope; somebody with one city goes straight to it."""
        who: Principal = request.user
        found = rounds.get(db_session, who, code)
        cities = [each for each in rounds.framework(found).units if who.sees_filing(each.code)]
        if who.role in roles.OF_A_CITY:
            if store.feedback(db_session, found) is None or not cities:
                raise NotFound(round=code)
            if len(cities) == 1:
                here = f"/rounds/{code}/objections/{cities[0].code}"
                return Redirect(here, status_code=303)
        return _index(request, db_session, found, {"state": stage, "city": city, "due": due})

    @post("/consents", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def on_paper(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Choices
    ) -> Response[Any]:
        """Enter that cities agreed in writing."""
        found = rounds.get(db_session, request.user, code)
        cities, reference = chosen_of(data, "cities"), str(data.get("reference", ""))
        if data.get("all") == "1":
            agreed_ones = store.consents(db_session, found)
            units = rounds.framework(found).units
            cities = [each.code for each in units if each.code not in agreed_ones]
        try:
            agreed = service.consent_on_paper(
                db_session,
                request.user,
                found,
                cities,
                reference=reference,
                timezone=request.app.state.settings.timezone,
            )
        except Faulty as error:
            db_session.rollback()
            found = rounds.get(db_session, request.user, code)
            typed = {"reference": reference, "cities": cities}
            return _index(request, db_session, found, {}, error=error, typed=typed)
        response = Redirect(f"/rounds/{code}/objections#cities", status_code=303)
        pages.flash(response, _("已登记 {count} 个市州书面无异议。", count=len(agreed)))
        return response

    @get("/{city:str}", guards=[requires(*rules.SEES_SCORES)], sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[str]:
        """A city's own scores, and what it has said to them."""
        place = enter(db_session, request.user, code, city, *rules.SEES_SCORES)
        return _city(request, db_session, place)

    @post("/{city:str}/consent", guards=[requires(roles.APPROVER)], sync_to_thread=True)
    def consent(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[Any]:
        """The city has no objection."""
        place = enter(db_session, request.user, code, city, roles.APPROVER)
        timezone = request.app.state.settings.timezone
        try:
            service.consent(db_session, place.who, place.round, city, timezone=timezone)
        except DomainError as error:
            db_session.rollback()
            place = enter(db_session, request.user, code, city, roles.APPROVER)
            return _city(request, db_session, place, error=error)
        response = Redirect(place.home, status_code=303)
        pages.flash(response, _("已确认无异议。截止前如发现问题，仍可提出异议。"))
        return response


def _index(
    request: AnyRequest,
    session: Session,
    found: Round,
    chosen: Mapping[str, str],
    *,
    error: Faulty | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response[str]:
    who: Principal = request.user
    units = [each for each in rounds.framework(found).units if who.sees_filing(each.code)]
    rows = overview.rows(session, found, {each.code for each in units})
    told = store.feedback(session, found)
    timezone = request.app.state.settings.timezone
    open_now = rules.is_open(found.state, found.objection_closes_at, clock.now())
    return pages.render(
        request,
        "objections.html",
        status=422 if error else 200,
        shown=found,
        told=told,
        fed_back=told is not None,
        before=round_rules.ORDER.index(found.state) < round_rules.ORDER.index("objection"),
        rows=_filtered(rows, chosen),
        counts=_counts(rows),
        chosen={"state": "", "city": "", "due": "", **chosen},
        units=units,
        standings=overview.standings(session, found, units) if told else [],
        deadline=overview.deadline(session, found, timezone)
        if found.state == round_rules.OBJECTION
        else None,
        open_now=open_now,
        may_enter=open_now and who.role == roles.OFFICE,
        sees_cities=who.role in (roles.OFFICE, roles.AUDITOR) or who.role in roles.OF_A_CITY,
        sees_scores=who.role in rules.SEES_SCORES,
        faults=error.faults if error else (),
        typed=typed or {},
        rules=rules,
        overview=overview,
    )


def _city(
    request: AnyRequest, session: Session, place: Place, *, error: DomainError | None = None
) -> Response[str]:
    if place.told is None:
        raise NotFound(round=place.round.code)
    found, city = place.round, place.city.code
    held = [each for each in store.listed(session, found, {city}) if each.state != "withdrawn"]
    run = place.told.run
    newest = run_store.latest(session, found)
    mine = [each.new_run_id for each in held if each.new_run_id]
    timezone = request.app.state.settings.timezone
    return pages.render(
        request,
        "objection_city.html",
        status=type(error).status if error else 200,
        place=place,
        city_name=named(place.city.name, place.city.name_en),
        result=shown.own_result(session, request.app.state.evidence, found, run, city),
        objections={each.indicator: each for each in held},
        standing=overview.standings(session, found, [place.city])[0],
        deadline=overview.deadline(session, found, timezone)
        if found.state == round_rules.OBJECTION
        else None,
        newer=newest if place.sees_ranks and newest and newest.id != run.id else None,
        accepted=len(mine),
        published=round_rules.is_public(found.state),
        faults=(error.explain(),) if error else (),
        rules=rules,
        overview=overview,
    )


def _filtered(rows: Sequence[Row], chosen: Mapping[str, str]) -> list[Row]:
    state, city, due = (chosen.get(key, "") for key in ("state", "city", "due"))
    return [
        row
        for row in rows
        if (not state or row.objection.state == state)
        and (not city or row.city.code == city)
        and (due != LATE or row.light == "red")
        and (due != OPEN or row.due is not None)
    ]


def _counts(rows: Sequence[Row]) -> dict[str, int]:
    counts = dict.fromkeys(rules.STATES, 0)
    for row in rows:
        counts[row.objection.state] += 1
    return {**counts, LATE: sum(row.light == "red" for row in rows)}
