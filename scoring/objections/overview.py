"""Where the objections of a round stand, line by line and city by city."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from evaluation.framework.tree import Node, Unit
from evaluation.platform import calendar, clock, holidays
from evaluation.platform.i18n import N_
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.objections import rules, store
from scoring.objections.models import Consent, Objection
from surveys.filings.rules import light

CONSENTED = N_("明确无异议")
ON_PAPER = N_("书面无异议")
OBJECTED = N_("已提出异议")
SILENT = N_("默认认可")
WAITING = N_("尚未表态")


@dataclass(frozen=True, slots=True)
class Row:
    """An objection of the list: where it stands and who must act by when."""

    objection: Objection
    city: Unit
    node: Node
    sides: frozenset[str]
    due: datetime | None
    light: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The sides that have not answered yet."""
        if self.objection.state != rules.FILED:
            return ()
        return tuple(side for side in rules.SIDES if side not in self.sides)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a city has said to its scores. ``word`` is a message id, ``at`` when it was said."""

    city: Unit
    word: str
    at: datetime | None
    drafts: int
    filed: int
    decided: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """When objections close and how that was counted. ``unknown``: years not in the calendar."""

    fed_back: datetime
    days: int
    counted_to: date
    closes: datetime
    preset: bool
    unknown: tuple[int, ...]


def rows(session: Session, found: Round, cities: Collection[str] | None = None) -> list[Row]:
    """The objections that were filed, what is due soonest first."""
    framework, now = rounds.framework(found), clock.now()
    held = [
        each
        for each in store.listed(session, found, cities)
        if each.state not in (rules.DRAFT,) and each.city in framework.unit_by_code
    ]
    sides: dict[int, set[str]] = defaultdict(set)
    for answer in store.answers_of(session, [each.id for each in held]):
        sides[answer.objection_id].add(answer.side)
    made = []
    for each in held:
        due = next_due(each, sides[each.id])
        made.append(
            Row(
                each,
                framework.unit_by_code[each.city],
                framework.by_code[each.indicator],
                frozenset(sides[each.id]),
                due,
                light(due, now) if due else "",
            )
        )
    return sorted(made, key=lambda row: (row.due is None, row.due or now, row.objection.id))


def next_due(each: Objection, sides: Collection[str]) -> datetime | None:
    """When the next step of an objection is due; None once it is decided or withdrawn."""
    if each.state != rules.FILED:
        return None
    return each.decision_due_at if set(sides) >= rules.SIDES.keys() else each.answer_due_at


def standings(session: Session, found: Round, units: Sequence[Unit]) -> list[Standing]:
    """What each city has said, or said by saying nothing."""
    by_city: dict[str, list[Objection]] = defaultdict(list)
    for each in store.listed(session, found, {unit.code for unit in units}):
        by_city[each.city].append(each)
    agreed, now = store.consents(session, found), clock.now()
    city_people = store.city_people(session, (each.by for each in agreed.values()))
    over = found.objection_closes_at is not None and now > found.objection_closes_at
    return [
        _standing(found, unit, by_city[unit.code], agreed.get(unit.code), city_people, over=over)
        for unit in units
    ]


def deadline(session: Session, found: Round, timezone: str) -> Deadline | None:
    """How the end of the objection period came about."""
    told = store.feedback(session, found)
    if told is None or found.objection_closes_at is None:
        return None
    start = clock.local(told.at, timezone).date()
    counted = calendar.after(start, found.objection_days, holidays.exceptions(session))
    closes = clock.local(found.objection_closes_at, timezone).date()
    return Deadline(
        told.at,
        found.objection_days,
        counted,
        found.objection_closes_at,
        closes != counted,
        calendar.unknown_years(start + timedelta(days=1), closes),
    )


def _standing(
    found: Round,
    unit: Unit,
    held: Sequence[Objection],
    agreed: Consent | None,
    city_people: Collection[str],
    *,
    over: bool,
) -> Standing:
    drafts = sum(each.state == rules.DRAFT for each in held)
    filed = sum(each.state == rules.FILED for each in held)
    decided = sum(each.state in rules.DECIDED for each in held)
    if agreed is not None:
        word = CONSENTED if agreed.by in city_people else ON_PAPER
        return Standing(unit, word, agreed.at, drafts, filed, decided)
    if filed or decided:
        first = min(e.filed_at for e in held if e.state in (rules.FILED, *rules.DECIDED))
        return Standing(unit, OBJECTED, first, drafts, filed, decided)
    word, at = (SILENT, found.objection_closes_at) if over else (WAITING, None)
    return Standing(unit, word, at, drafts, filed, decided)
