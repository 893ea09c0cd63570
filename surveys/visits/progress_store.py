"""How far visits are. Submissions come later in the story: of them only the state is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.forms.models import Form
from surveys.visits import rules
from surveys.visits.models import Visit, VisitPlan, VisitQuota

_RECORDS = sa.table("submissions", sa.column("visit_id", sa.Integer), sa.column("state", sa.String))
#: States of a submission, by the names that `surveys.submissions.rules` gives them.
RETURNED, ACCEPTED, WITHDRAWN = "returned", "accepted", "withdrawn"


@dataclass(frozen=True, slots=True)
class Covered:
    """Visits of one city and form: wanted, issued, with a record, accepted. Second looks aside."""

    city: str
    form: str
    wanted: int
    issued: int
    arrived: int
    accepted: int


def records(session: Session, visit_ids: Iterable[int]) -> dict[int, str]:
    """State of the record of each visit that has one; withdrawn ones count as none."""
    wanted = sorted(visit_ids)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        query = sa.select(_RECORDS.c.visit_id, _RECORDS.c.state).where(
            _RECORDS.c.visit_id.in_(wanted[start : start + 500]), _RECORDS.c.state != WITHDRAWN
        )
        found.update(session.execute(query).tuples().all())
    return found


def coverage(session: Session, round_id: int, cities: Collection[str]) -> list[Covered]:
    """City by form: what issued and closed plans of a round want, and what came of it."""
    wanted = _wanted(session, round_id, cities)
    came = _came(session, round_id, cities)
    return [
        Covered(city, form, wanted.get((city, form), 0), *came.get((city, form), (0, 0, 0)))
        for city, form in sorted(wanted.keys() | came.keys())
    ]


def unaccepted(session: Session, round_id: int) -> int:
    """Issued visits of plans that are not closed and have no accepted record."""
    query = (
        sa.select(sa.func.count(Visit.id))
        .join(VisitPlan, VisitPlan.id == Visit.plan_id)
        .where(
            Visit.round_id == round_id,
            Visit.state == rules.ISSUED,
            VisitPlan.state == rules.ISSUED,
            ~sa.exists().where(_RECORDS.c.visit_id == Visit.id, _RECORDS.c.state == ACCEPTED),
        )
    )
    return session.scalar(query) or 0


def _wanted(session: Session, round_id: int, cities: Collection[str]) -> dict[tuple[str, str], int]:
    query = (
        sa.select(VisitQuota.city, Form.code, sa.func.sum(VisitQuota.count))
        .join(VisitPlan, VisitPlan.id == VisitQuota.plan_id)
        .join(Form, Form.id == VisitQuota.form_id)
        .where(
            VisitPlan.round_id == round_id,
            VisitPlan.issued_at.is_not(None),
            VisitQuota.city.in_(sorted(cities)),
        )
        .group_by(VisitQuota.city, Form.code)
    )
    return {(city, form): int(count) for city, form, count in session.execute(query)}


def _came(
    session: Session, round_id: int, cities: Collection[str]
) -> dict[tuple[str, str], tuple[int, int, int]]:
    here = sa.and_(_RECORDS.c.visit_id == Visit.id, _RECORDS.c.state != WITHDRAWN)
    arrived = sa.func.count(_RECORDS.c.visit_id.distinct())
    accepted = sa.func.count(sa.case((_RECORDS.c.state == ACCEPTED, Visit.id)).distinct())
    query = (
        sa.select(Visit.city, Form.code, sa.func.count(Visit.id.distinct()), arrived, accepted)
        .join(Form, Form.id == Visit.form_id)
        .outerjoin(_RECORDS, here)
        .where(
            Visit.round_id == round_id,
            Visit.state == rules.ISSUED,
            Visit.second_of.is_(None),
            Visit.city.in_(sorted(cities)),
        )
        .group_by(Visit.city, Form.code)
    )
    return {
        (city, form): (issued, sent, accepted)
        for city, form, issued, sent, accepted in session.execute(query)
    }
