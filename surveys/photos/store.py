"""Files of submissions in the database."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.visits.models import Visit

Held = tuple[int, EditionFile, Edition]


def submission(session: Session, code: str, round_id: int | None = None) -> Submission | None:
    """A submission by its code, of one round where that is given."""
    query = sa.select(Submission).where(Submission.code == code)
    if round_id is not None:
        query = query.where(Submission.round_id == round_id)
    return session.scalar(query)


def visit_of(session: Session, found: Submission) -> Visit:
    """The visit of a submission, with its site."""
    return session.scalars(
        sa.select(Visit).where(Visit.id == found.visit_id).options(joinedload(Visit.site))
    ).one()


def files(session: Session, submission_id: int) -> list[Held]:
    """Every file of every edition with its number, which never changes: 1, 2, … as named."""
    rows = session.execute(
        sa.select(EditionFile, Edition)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(Edition.submission_id == submission_id)
        .order_by(EditionFile.id)
    )
    return [(number, file, edition) for number, (file, edition) in enumerate(rows, 1)]


def elsewhere(
    session: Session, submission_id: int, hashes: Collection[str]
) -> dict[str, list[str]]:
    """Codes of other submissions in which the same bytes turned up, by hash."""
    found: dict[str, list[str]] = {}
    if not hashes:
        return found
    rows = session.execute(
        sa.select(EditionFile.sha256, Submission.code)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .join(Submission, Submission.id == Edition.submission_id)
        .where(EditionFile.sha256.in_(hashes), Submission.id != submission_id)
        .distinct()
        .order_by(Submission.code)
    )
    for sha256, code in rows:
        found.setdefault(sha256, []).append(code)
    return found
