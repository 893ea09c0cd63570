"""Showing that a draw was honest: from its record, from the log, and by drawing again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.audit import AuditEntry
from surveys.visits import gathering, masking, plans, plans_store, rules
from surveys.visits.drawing.record import Record, holds, load
from surveys.visits.models import VisitPlan
from surveys.visits.plans import Office


@dataclass(frozen=True)
class Verification:
    """What drawing again showed. ``changed`` counts visits that differ from the draw now."""

    record: Record
    kept: bool
    logged: bool
    seed: bool
    same: bool
    changed: int
    draws: int

    @property
    def holds(self) -> bool:
        """Whether everything agrees; visits changed by hand are told, not held against it."""
        return self.kept and self.logged and self.seed and self.same


def verify(session: Session, office: Office, plan: VisitPlan) -> Verification | None:
    """Draw again from the record and compare byte for byte; None for a plan never drawn.

    ``kept``: the stored bytes have the plan's hash; ``logged``: the log's last draw has it too;
    ``seed``: its fingerprint is the one logged when the plan was made; ``same``: drawing again
    gives the same bytes. Raises EvidenceGone where the record is lost.
    """
    if plan.draw is None:
        return None
    content = office.store.get(plan.draw)
    held = load(content)
    rows = entries(session, plan)
    drawn = [each for each in rows if each.action == "visits.drawn"]
    planned = [each for each in rows if each.action == "visits.planned"]
    logged = bool(drawn) and f'"draw":"{plan.draw}"' in (drawn[-1].after or "")
    secret = hashlib.sha256(held.seed.secret.encode()).hexdigest()
    known = bool(planned) and f'"seed_sha256":"{secret}"' in (planned[0].after or "")
    return Verification(
        held,
        kept=hashlib.sha256(content).hexdigest() == plan.draw,
        logged=logged,
        seed=known,
        same=holds(content),
        changed=_changed(session, office, plan, held),
        draws=len(drawn),
    )


def entries(session: Session, plan: VisitPlan) -> list[AuditEntry]:
    """What the log says of a plan, oldest first."""
    return list(
        session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.subject == plans.subject(plan))
            .order_by(AuditEntry.number)
        )
    )


def _changed(session: Session, office: Office, plan: VisitPlan, held: Record) -> int:
    now = {
        (
            visit.code,
            visit.site.code,
            visit.story,
            masking.alias(office.secret, visit.evaluator),
            gathering.day_of(plan, office.timezone, visit.opens_at),
        )
        for visit in plans_store.visits(session, plan.id)
        if visit.state != rules.CANCELLED
    }
    drawn = {
        (each.code, each.site, each.story, each.alias, each.first) for each in held.draw.visits
    }
    return len(drawn - now)
