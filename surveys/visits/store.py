"""Visits, plans and conflicts in the database."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from surveys.visits import rules
from surveys.visits.models import Conflict, Visit


def by_code(session: Session, code: str) -> Visit | None:
    """The visit with this code, whatever its state, with its site and form."""
    return session.scalar(
        sa.select(Visit)
        .where(Visit.code == code)
        .options(joinedload(Visit.site), joinedload(Visit.form))
    )


def assigned(session: Session, username: str, now: datetime) -> list[Visit]:
    """An evaluator's issued visits, soonest to close first; each with its site and form.

    Those whose window closed longer than `rules.GRACE` ago are left out.
    """
    return list(
        session.scalars(
            sa.select(Visit)
            .where(
                Visit.evaluator == username,
                Visit.state == rules.ISSUED,
                Visit.closes_at >= now - rules.GRACE,
            )
            .order_by(Visit.closes_at, Visit.code)
            .options(joinedload(Visit.site), joinedload(Visit.form))
        )
    )


def conflicts_of(session: Session, username: str) -> set[str]:
    """Codes of the cities with which an evaluator has a declared conflict of interest now."""
    return set(
        session.scalars(
            sa.select(Conflict.city).where(
                Conflict.username == username, Conflict.withdrawn_at.is_(None)
            )
        )
    )
