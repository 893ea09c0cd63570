"""An evaluator's own records in the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.errors import NotFound
from surveys.forms.models import FormVersion
from surveys.submissions.models import Edition, Submission
from surveys.visits.models import Site, Visit

LISTED = 200
Own = tuple[Submission, Visit, Site, Edition | None, FormVersion | None]


def records(session: Session, username: str) -> list[Own]:
    """An evaluator's newest records, those that were returned first."""
    query = _own(username).order_by(
        sa.case((Submission.state == "returned", 0), else_=1), Submission.received_at.desc()
    )
    return [tuple(row) for row in session.execute(query.limit(LISTED))]


def record(session: Session, username: str, code: str) -> Own:
    """One of them. Raises `NotFound` for anybody else's."""
    row = session.execute(_own(username).where(Submission.code == code)).one_or_none()
    if row is None:
        raise NotFound(submission=code)
    return tuple(row)


def returned(session: Session, username: str, round_id: int) -> int:
    """How many records of a round an evaluator has to mend."""
    query = sa.select(sa.func.count()).where(
        Submission.evaluator == username,
        Submission.round_id == round_id,
        Submission.state == "returned",
    )
    return session.scalar(query) or 0


def _own(username: str) -> sa.Select[Any]:
    return (
        sa.select(Submission, Visit, Site, Edition, FormVersion)
        .join(Visit, Visit.id == Submission.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .outerjoin(Edition, Edition.id == Submission.edition_id)
        .outerjoin(FormVersion, FormVersion.id == Edition.version_id)
        .where(Submission.evaluator == username)
    )
