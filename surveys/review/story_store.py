"""What waits in a round, counted."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.review import rules
from surveys.review.models import ReviewStep
from surveys.submissions.models import Submission
from surveys.submissions.rules import ACCEPTED, APPROVED


def by_state(session: Session, round_id: int, cities: Collection[str] | None) -> dict[str, int]:
    """How many records of a round, in these cities (all where None), are in each state."""
    query = (
        sa.select(Submission.state, sa.func.count())
        .where(Submission.round_id == round_id)
        .group_by(Submission.state)
    )
    if cities is not None:
        query = query.where(Submission.city.in_(cities))
    return dict(session.execute(query).tuples().all())


def to_accept(
    session: Session, round_id: int, username: str, cities: Collection[str] | None
) -> int:
    """Approved records that this person may accept: somebody else approved them."""
    query = sa.select(sa.func.count()).where(
        Submission.round_id == round_id,
        Submission.state == APPROVED,
        Submission.approved_by != username,
    )
    if cities is not None:
        query = query.where(Submission.city.in_(cities))
    return session.scalar(query) or 0


def asked(
    session: Session, round_id: int, username: str, cities: Collection[str] | None
) -> list[str]:
    """Codes of accepted records that somebody else asked to open again."""
    newest = (
        sa.select(sa.func.max(ReviewStep.id))
        .where(ReviewStep.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        sa.select(Submission.code)
        .join(ReviewStep, ReviewStep.id == newest)
        .where(
            Submission.round_id == round_id,
            Submission.state == ACCEPTED,
            ReviewStep.action == rules.ASK,
            ReviewStep.by != username,
        )
        .order_by(ReviewStep.id)
    )
    if cities is not None:
        query = query.where(Submission.city.in_(cities))
    return list(session.scalars(query))
