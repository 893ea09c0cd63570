"""The page of one objection, as each of those who take part may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.names import display_names
from evaluation.framework.method_words import VALUES
from evaluation.platform import clock, pages
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest
from scoring.objections import overview, rules, shown, store
from scoring.objections.models import Objection, ObjectionAnswer
from scoring.objections.place import Place
from surveys.filings import attaching as evidence
from surveys.filings.rules import light, span, typed

RULES = VALUES["normalise.method"]


def cell_page(
    request: AnyRequest,
    session: Session,
    place: Place,
    indicator: str,
    *,
    faults: Sequence[Fault] = (),
    error: DomainError | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response[str]:
    """The page, with what is wrong and what was typed. Raises `NotFound`.

    Whoever is not of the city has nothing to see of an indicator to which it has not objected,
    and never a draft.
    """
    node = place.indicator(indicator)
    every = store.of_cell(session, place.round, place.city.code, indicator)
    held = next((each for each in every if each.state != rules.WITHDRAWN), None)
    if held is not None and held.state == rules.DRAFT and not place.of_city:
        held = None
    past = [each for each in every if each.state == rules.WITHDRAWN]
    run = store.run(session, held.run_id) if held else place.told.run if place.told else None
    if run is None or (held is None and not place.sees_scores):
        raise NotFound(indicator=indicator)
    files = request.app.state.evidence
    result = shown.own_result(session, files, place.round, run, place.city.code)
    answers = store.answers_of(session, [held.id]) if held else []
    now = clock.now()
    filed = held is not None and held.state == rules.FILED
    due = overview.next_due(held, {each.side for each in answers}) if held else None
    return pages.render(
        request,
        "objection.html",
        status=type(error).status if error else 422 if faults else 200,
        place=place,
        here=f"{place.home}/{indicator}",
        city_name=named(place.city.name, place.city.name_en),
        node=node,
        line=(line := result.line(indicator)),
        rule=_(RULES[line.rule]) if line and line.rule in RULES else "",
        run=run,
        held=held,
        past=past,
        files=store.files_of(session, [held.id]) if held else [],
        answers={each.side: each for each in answers},
        due=due,
        light=light(due, now) if due else "",
        deadline=overview.deadline(session, place.round, request.app.state.settings.timezone),
        difference=shown.difference(session, files, place.round, held, ranks=place.sees_ranks)
        if held and place.sees_scores
        else None,
        may_write=place.of_city and place.open and (held is None or held.state == rules.DRAFT),
        may_withdraw=filed and place.approver and not answers,
        may_answer=filed and _may_answer(place, answers),
        may_decide=filed and place.who.role == roles.OFFICE,
        hindrance=_hindrance(session, place, held, answers),
        heard=filed
        and held is not None
        and rules.heard({each.side for each in answers}, held.answer_due_at, now),
        names=_names(session, place, held, answers),
        error=error if not isinstance(error, Faulty) else None,
        faults=faults,
        typed=typed if typed is not None else {},
        is_typed=typed is not None,
        rules=rules,
        say=_say,
        span=span(node),
        spell=_spell,
        accept=evidence.ACCEPT,
        megabytes=evidence.MAX_BYTES // 2**20,
    )


def _may_answer(place: Place, answers: Sequence[ObjectionAnswer]) -> bool:
    side = rules.SIDE_OF.get(place.who.role)
    return side is not None and all(each.side != side for each in answers)


def _hindrance(
    session: Session,
    place: Place,
    held: Objection | None,
    answers: Sequence[ObjectionAnswer],
) -> str:
    if held is None or held.state != rules.FILED:
        return ""
    return rules.hindrance(
        place.who.role,
        place.who.username,
        scored_by=store.run(session, held.run_id).scored_by,
        filed_by=held.filed_by,
        answered_by={each.by for each in answers},
    )


def _names(
    session: Session,
    place: Place,
    held: Objection | None,
    answers: Sequence[ObjectionAnswer],
) -> dict[str, str]:
    """Who did what; a city is told which side answered, not which person."""
    if held is None or not place.sees_people:
        return {}
    people = [held.filed_by, held.decided_by, *(each.by for each in answers)]
    return display_names(session, people)


def _spell(value: float | None) -> str:
    return typed(value)


def _say(held: Objection, *, decided: bool = False) -> str:
    """The value that is asked for, or that was decided; empty where there is none."""
    gone = held.decided_not_applicable if decided else held.asked_not_applicable
    value = held.decided_value if decided else held.asked_value
    return "NA" if gone else typed(value)
