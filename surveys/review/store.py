"""One record, its editions, files and steps in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from evaluation.accounts.models import User
from evaluation.platform.errors import NotFound
from surveys.forms.models import FormVersion
from surveys.review.desk import Desk
from surveys.review.models import ReviewStep
from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.submissions.rules import REJECTED, WITHDRAWN
from surveys.visits.models import Visit


def get(session: Session, desk: Desk, code: str) -> Submission:
    """A record of the desk's round. Raises `NotFound` for one that is not this person's."""
    found = session.scalar(
        sa.select(Submission).where(Submission.code == code, Submission.round_id == desk.round.id)
    )
    if found is None or not desk.who.sees_filing(found.city):
        raise NotFound(submission=code)
    return found


def lock(session: Session, submission: Submission) -> Submission:
    """Read the record again and hold it until the transaction ends."""
    return session.scalars(
        sa.select(Submission)
        .where(Submission.id == submission.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def visit_of(session: Session, submission: Submission) -> Visit:
    """The visit a record is of, with its site and form."""
    return session.scalars(
        sa.select(Visit)
        .where(Visit.id == submission.visit_id)
        .options(joinedload(Visit.site), joinedload(Visit.form))
    ).one()


def editions(session: Session, submission: Submission) -> list[Edition]:
    """Every sending of a record in the order of the chain; those out of order come last."""
    return list(
        session.scalars(
            sa.select(Edition)
            .where(Edition.submission_id == submission.id)
            .order_by(Edition.place.is_(None), Edition.place, Edition.id)
        )
    )


def versions(session: Session, ids: Iterable[int]) -> dict[int, FormVersion]:
    """Form versions by id, each with its form."""
    return {
        each.id: each
        for each in session.scalars(
            sa.select(FormVersion)
            .where(FormVersion.id.in_(set(ids)))
            .options(joinedload(FormVersion.form))
        )
    }


def files(session: Session, edition_ids: Iterable[int]) -> dict[int, list[EditionFile]]:
    """Files by edition, in the order in which the editions name them."""
    held: dict[int, list[EditionFile]] = {}
    query = (
        sa.select(EditionFile)
        .where(EditionFile.edition_id.in_(set(edition_ids)))
        .order_by(EditionFile.id)
    )
    for each in session.scalars(query):
        held.setdefault(each.edition_id, []).append(each)
    return held


def complete(session: Session, edition_id: int | None) -> bool:
    """Whether an edition is there and every file that it names has arrived."""
    if edition_id is None:
        return False
    missing = sa.select(EditionFile.id).where(
        EditionFile.edition_id == edition_id, EditionFile.sha256.is_(None)
    )
    return session.scalar(missing.limit(1)) is None


def steps(session: Session, submission: Submission) -> list[ReviewStep]:
    """Every step a record has taken, oldest first."""
    return list(
        session.scalars(
            sa.select(ReviewStep)
            .where(ReviewStep.submission_id == submission.id)
            .order_by(ReviewStep.id)
        )
    )


def living_twin(session: Session, submission: Submission) -> str:
    """The code of another record of the same visit that counts; empty where there is none."""
    return (
        session.scalar(
            sa.select(Submission.code).where(
                Submission.visit_id == submission.visit_id,
                Submission.id != submission.id,
                Submission.state.not_in((REJECTED, WITHDRAWN)),
            )
        )
        or ""
    )


def people(session: Session, usernames: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Sign-in and display names of people."""
    return [
        (name, display)
        for name, display in session.execute(
            sa.select(User.username, User.display_name).where(User.username.in_(set(usernames)))
        )
    ]
