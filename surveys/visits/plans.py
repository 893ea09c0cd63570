"""Making a plan, drawing it, issuing it by another person, closing it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.forms import store as forms
from surveys.visits import plan_rules, plans_store, reasons, rules
from surveys.visits.codes import random_code
from surveys.visits.errors import Moved, PlanNotYours, WrongState
from surveys.visits.models import VisitPlan
from surveys.visits.plan_rules import PlanEntry

#: States of a round in which visits are planned and made.
OPEN = frozenset({round_rules.COLLECTING, round_rules.VERIFYING})


@dataclass(frozen=True, slots=True)
class Office:
    """Where plans are made: the round, who is there, and what the deployment gives them."""

    who: Principal
    round: Round
    store: EvidenceStore
    secret: str
    timezone: str = "Asia/Shanghai"


def subject(plan: VisitPlan) -> str:
    """What the audit log calls a plan."""
    return f"plan:{plan.code}"


def require_open(session: Session, office: Office) -> None:
    """Hold the round. Raises `RoundClosed` outside of collecting and verifying."""
    found = rounds.lock(session, office.round)
    if found.state not in OPEN:
        raise round_rules.RoundClosed(state=_(round_rules.STATES[found.state]))


def require_scope(session: Session, office: Office, plan: VisitPlan) -> None:
    """Raise `PlanNotYours` where the plan reaches beyond a supervisor's cities."""
    quotas = plans_store.quotas(session, plan.id)
    if not all(office.who.sees_filing(city) for (city, _form), count in quotas.items() if count):
        raise PlanNotYours


def hold(session: Session, plan: VisitPlan, *states: str, read: int | None = None) -> VisitPlan:
    """Hold a plan in one of *states*, read at revision *read*. Raises `WrongState`, `Moved`."""
    plan = plans_store.locked(session, plan)
    if plan.state not in states:
        raise WrongState(state=rules.PLAN_STATES[plan.state])
    if read is not None and plan.revision != read:
        raise Moved
    return plan


def create(session: Session, office: Office, entry: PlanEntry) -> VisitPlan:
    """A new plan, empty as yet. Its seed is fixed now and its fingerprint logged, so nobody can
    draw again and again until the result pleases. Raises `Faulty`, `RoundClosed`."""
    require_open(session, office)
    _check(session, entry)
    plan = VisitPlan(
        code=random_code(),
        round_id=office.round.id,
        state=rules.DRAFT,
        seed=secrets.token_hex(32),
        created_by=office.who.username,
        created_at=clock.now(),
    )
    _put(plan, entry)
    session.add(plan)
    session.flush()
    audit.record(
        session,
        office.who,
        "visits.planned",
        subject(plan),
        after={**entry.facts(), "round": office.round.code, "seed_sha256": fingerprint(plan)},
    )
    return plan


def fingerprint(plan: VisitPlan) -> str:
    """Shows, once the seed is known, that it was this one from the beginning."""
    return hashlib.sha256(plan.seed.encode()).hexdigest()


def change(
    session: Session, office: Office, plan: VisitPlan, entry: PlanEntry, *, read: int
) -> VisitPlan:
    """Change a plan that is not issued; a draw made before is taken back.

    Raises `Faulty`, `WrongState`, `Moved`, `PlanNotYours`, `RoundClosed`.
    """
    require_open(session, office)
    plan = hold(session, plan, rules.DRAFT, rules.DRAWN, read=read)
    require_scope(session, office, plan)
    _check(session, entry)
    before = entry_of(plan).facts()
    gone = set(plan.kinds) - set(entry.forms)
    _put(plan, entry)
    if gone:
        kept = plans_store.quotas(session, plan.id)
        kept = {key: count for key, count in kept.items() if key[1] not in gone}
        plans_store.put_quotas(session, plan.id, kept, _form_ids(session))
    take_back(session, plan)
    plan.revision += 1
    session.flush()
    audit.record(
        session, office.who, "visits.plan_changed", subject(plan), before=before,
        after=entry.facts(),
    )  # fmt: skip
    return plan


def set_quotas(
    session: Session,
    office: Office,
    plan: VisitPlan,
    counts: Mapping[tuple[str, str], int | None],
    *,
    read: int,
) -> VisitPlan:
    """Set the quotas of the cities that *counts* names, by (city, form); a draw is taken back.

    Raises `Faulty` with one fault a field, `WrongState`, `Moved`, `RoundClosed`.
    """
    require_open(session, office)
    plan = hold(session, plan, rules.DRAFT, rules.DRAWN, read=read)
    units = rounds.framework(office.round).unit_by_code
    mine = {city for city in units if office.who.sees_filing(city)}
    held = plans_store.quotas(session, plan.id)
    new: dict[tuple[str, str], int | None] = {**held, **counts}
    found = list(plan_rules.quota_faults(counts, mine, plan.kinds))
    found = found or list(plan_rules.quota_faults(new, units, plan.kinds))
    if found:
        raise Faulty(found)
    before = {key: count for key, count in held.items() if count}
    after = {key: count for key, count in new.items() if count}
    if before == after:
        return plan
    plans_store.put_quotas(session, plan.id, after, _form_ids(session))
    take_back(session, plan)
    plan.revision += 1
    session.flush()
    audit.record(
        session,
        office.who,
        "visits.quotas_set",
        subject(plan),
        before=_told(before),
        after=_told(after),
    )
    return plan


def discard(session: Session, office: Office, plan: VisitPlan, *, read: int) -> None:
    """Delete a plan that was never drawn; one that was stays on record.

    Raises `WrongState`, `Moved`, `PlanNotYours`.
    """
    plan = hold(session, plan, rules.DRAFT, read=read)
    require_scope(session, office, plan)
    if times_drawn(session, plan):
        raise WrongState(state=rules.PLAN_STATES[rules.DRAWN])
    plans_store.put_quotas(session, plan.id, {}, {})
    audit.record(
        session, office.who, "visits.plan_deleted", subject(plan), before=entry_of(plan).facts()
    )
    session.delete(plan)
    session.flush()


def close(session: Session, office: Office, plan: VisitPlan, reason: str, *, read: int) -> None:
    """No more is expected of a plan; what phones still hold is taken all the same.

    A draw that was not issued is taken back. Raises `ReasonWanted`, `NamesPerson`, `WrongState`,
    `Moved`, `PlanNotYours`.
    """
    plan = hold(session, plan, rules.DRAFT, rules.DRAWN, rules.ISSUED, read=read)
    require_scope(session, office, plan)
    said = reasons.require(session, reason)
    if plan.state != rules.ISSUED:
        take_back(session, plan)
    plan.state = rules.CLOSED
    plan.revision += 1
    session.flush()
    audit.record(session, office.who, "visits.closed", subject(plan), after={"reason": said})


def take_back(session: Session, plan: VisitPlan) -> None:
    """Undo the draw of a plan that is not issued."""
    session.flush()
    plans_store.discard_drafts(session, plan.id)
    session.refresh(plan, with_for_update=True)
    plan.state, plan.draw, plan.drawn_by, plan.drawn_at = rules.DRAFT, None, None, None
    session.flush()


def entry_of(plan: VisitPlan) -> PlanEntry:
    """What stands in the table."""
    return PlanEntry(
        plan.title,
        plan.opens_at,
        plan.closes_at,
        round(plan.second_share * 100),
        plan.site_days,
        plan.story_days,
        {code: tuple(kinds) for code, kinds in plan.kinds.items()},
        tuple(plan.left_out),
    )


def hands(session: Session, plan: VisitPlan) -> set[str]:
    """Who drew the plan as it stands, or changed it by hand since: none of them issues it."""
    changed = session.scalars(
        sa.select(AuditEntry.username).where(
            AuditEntry.subject == subject(plan),
            AuditEntry.action == "visits.changed_by_hand",
            AuditEntry.at >= (plan.drawn_at or plan.created_at),
        )
    )
    return {*changed, *([plan.drawn_by] if plan.drawn_by else [])}


def times_drawn(session: Session, plan: VisitPlan) -> int:
    """How often a plan was drawn."""
    query = sa.select(sa.func.count(AuditEntry.number)).where(
        AuditEntry.subject == subject(plan), AuditEntry.action == "visits.drawn"
    )
    return session.scalar(query) or 0


def may_issue(session: Session, who: Principal, plan: VisitPlan) -> bool:
    """Whether somebody may issue a drawn plan: who plans, and had no hand in the draw."""
    return who.role in (roles.OFFICE, roles.SUPERVISOR) and who.username not in hands(session, plan)


def _check(session: Session, entry: PlanEntry) -> None:
    known = {each.form.code for each in forms.published(session)}
    found = list(plan_rules.faults(entry, known, clock.now()))
    if found:
        raise Faulty(found)


def _put(plan: VisitPlan, entry: PlanEntry) -> None:
    assert entry.opens_at is not None
    assert entry.closes_at is not None
    plan.title = entry.title.strip()
    plan.opens_at, plan.closes_at = entry.opens_at, entry.closes_at
    plan.second_share = (entry.second_percent or 0) / 100
    plan.site_days, plan.story_days = entry.site_days or 0, entry.story_days or 0
    plan.kinds = {code: sorted(kinds) for code, kinds in entry.forms.items()}
    plan.left_out = sorted(entry.left_out)


def _form_ids(session: Session) -> dict[str, int]:
    return {each.form.code: each.form_id for each in forms.everything(session)}


def _told(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    return {f"{city}/{form}": count for (city, form), count in sorted(counts.items())}
