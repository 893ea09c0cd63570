"""Plans, their quotas and visits in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.rounds.models import Round
from surveys.forms.models import Form
from surveys.visits import rules
from surveys.visits.models import Conflict, Site, Visit, VisitPlan, VisitQuota


def plans(session: Session, round_id: int) -> list[VisitPlan]:
    """A round's plans, newest first."""
    return list(
        session.scalars(
            sa.select(VisitPlan)
            .where(VisitPlan.round_id == round_id)
            .order_by(VisitPlan.opens_at.desc(), VisitPlan.id.desc())
        )
    )


def plan(session: Session, round_id: int, code: str) -> VisitPlan | None:
    """A plan of a round by its code."""
    return session.scalar(
        sa.select(VisitPlan).where(VisitPlan.round_id == round_id, VisitPlan.code == code)
    )


def locked(session: Session, held: VisitPlan) -> VisitPlan:
    """The plan read again and held until the transaction ends."""
    return session.scalars(
        sa.select(VisitPlan)
        .where(VisitPlan.id == held.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def quotas(session: Session, plan_id: int) -> dict[tuple[str, str], int]:
    """Visits wanted, by (city, form code)."""
    query = (
        sa.select(VisitQuota.city, Form.code, VisitQuota.count)
        .join(Form, Form.id == VisitQuota.form_id)
        .where(VisitQuota.plan_id == plan_id)
    )
    return {(city, form): count for city, form, count in session.execute(query)}


def put_quotas(
    session: Session, plan_id: int, counts: dict[tuple[str, str], int], forms: dict[str, int]
) -> None:
    """Replace a plan's quotas; *forms* gives the id of each form code."""
    session.execute(sa.delete(VisitQuota).where(VisitQuota.plan_id == plan_id))
    session.add_all(
        VisitQuota(plan_id=plan_id, city=city, form_id=forms[form], count=count)
        for (city, form), count in sorted(counts.items())
        if count
    )
    session.flush()


def visits(session: Session, plan_id: int, cities: Collection[str] | None = None) -> list[Visit]:
    """A plan's visits by city, form and day, with their sites and forms."""
    query = (
        sa.select(Visit)
        .where(Visit.plan_id == plan_id)
        .join(Visit.form)
        .order_by(Visit.city, Form.code, Visit.opens_at, Visit.code)
        .options(joinedload(Visit.site), joinedload(Visit.form))
    )
    if cities is not None:
        query = query.where(Visit.city.in_(sorted(cities)))
    return list(session.scalars(query))


def visit(session: Session, plan_id: int, code: str) -> Visit | None:
    """One visit of a plan."""
    return session.scalar(
        sa.select(Visit)
        .where(Visit.plan_id == plan_id, Visit.code == code)
        .options(joinedload(Visit.site), joinedload(Visit.form))
    )


def hold_visit(session: Session, held: Visit) -> None:
    """Read a visit again and hold it until the transaction ends."""
    session.scalars(
        sa.select(Visit)
        .where(Visit.id == held.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def partner(session: Session, held: Visit) -> Visit | None:
    """The visit that *held* looks at again, or that looks again at it, unless cancelled."""
    other = Visit.id == held.second_of if held.second_of else Visit.second_of == held.id
    return session.scalar(
        sa.select(Visit)
        .where(other, Visit.state != rules.CANCELLED)
        .options(joinedload(Visit.site), joinedload(Visit.form))
    )


def discard_drafts(session: Session, plan_id: int) -> None:
    """Take back the visits of a draw that was not issued; second looks first."""
    for again in (Visit.second_of.is_not(None), sa.true()):
        session.execute(sa.delete(Visit).where(Visit.plan_id == plan_id, again))
    session.expire_all()


def elsewhere(
    session: Session, plan_id: int, cities: Collection[str], since: datetime
) -> list[Visit]:
    """Visits of other plans to sites of *cities* that end after *since* and are not cancelled."""
    return list(
        session.scalars(
            sa.select(Visit)
            .join(Site, Site.id == Visit.site_id)
            .where(
                Visit.plan_id != plan_id,
                Visit.state != rules.CANCELLED,
                Site.city.in_(sorted(cities)),
                Visit.closes_at >= since,
            )
            .options(joinedload(Visit.site), joinedload(Visit.form))
        )
    )


def at_site(session: Session, site_id: int, but: Collection[int]) -> list[Visit]:
    """Every visit to a site that is not cancelled, *but* some."""
    return list(
        session.scalars(
            sa.select(Visit)
            .where(
                Visit.site_id == site_id,
                Visit.state != rules.CANCELLED,
                Visit.id.not_in(sorted(but)),
            )
            .options(joinedload(Visit.form))
        )
    )


def pool(session: Session, round_: Round) -> list[User]:
    """Evaluators who may sign in and work in a round, by name."""
    everybody = session.scalars(
        sa.select(User)
        .where(User.role == roles.EVALUATOR, User.active)
        .order_by(User.display_name, User.username)
    )
    return [each for each in everybody if not each.rounds or round_.code in each.rounds]


def standing_conflicts(session: Session) -> dict[str, set[str]]:
    """Cities each evaluator keeps away from, by username."""
    found: dict[str, set[str]] = {}
    query = sa.select(Conflict.username, Conflict.city).where(Conflict.withdrawn_at.is_(None))
    for username, city in session.execute(query):
        found.setdefault(username, set()).add(city)
    return found


def loads(session: Session, round_id: int) -> dict[str, int]:
    """Issued visits of a round by evaluator."""
    query = (
        sa.select(Visit.evaluator, sa.func.count())
        .where(Visit.round_id == round_id, Visit.state == rules.ISSUED)
        .group_by(Visit.evaluator)
    )
    return dict(session.execute(query).tuples().all())
