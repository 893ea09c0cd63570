"""Field work as it stands, in a fixed number of questions to the database.

Every function takes the round and the cities that somebody may see (None for all).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from surveys.review.models import ReviewStep
from surveys.review.queue_store import first_look
from surveys.review.rules import LIVE
from surveys.submissions.models import Device, Edition, EditionFile, Submission
from surveys.submissions.rules import REJECTED, RETURNED, WITHDRAWN
from surveys.visits.models import Visit
from surveys.visits.rules import GRACE, ISSUED

Cities = Collection[str] | None
#: More than a control room can look at; what is beyond is counted by the queue.
MOST = 5_000


class Waiting(NamedTuple):
    """A record that waits for somebody, with its newest edition."""

    id: int
    code: str
    city: str
    form_id: int
    evaluator: str
    state: str
    received_at: datetime
    approved_at: datetime | None
    edition_id: int | None
    completed_at: datetime | None
    version_id: int | None
    started_at: datetime | None
    ended_at: datetime | None
    flags: list[str] | None


class Alike(NamedTuple):
    """A record with something that other records have too: ``what`` is the hash in common."""

    what: str
    code: str
    city: str
    evaluator: str
    round_id: int


def waiting(session: Session, round_id: int, cities: Cities) -> list[Waiting]:
    """Records in review, the longest waiting first."""
    query = (
        sa.select(
            *(getattr(Submission, name) for name in Waiting._fields[:9]),
            *(getattr(Edition, name) for name in Waiting._fields[9:]),
        )
        .outerjoin(Edition, Edition.id == Submission.edition_id)
        .where(Submission.round_id == round_id, Submission.state.in_(LIVE))
        .order_by(Submission.received_at, Submission.id)
        .limit(MOST)
    )
    return [Waiting(*row) for row in session.execute(_within(query, Submission.city, cities))]


def returned_at(session: Session, round_id: int) -> dict[int, datetime]:
    """When each record that is with its evaluator was returned."""
    query = (
        sa.select(ReviewStep.submission_id, sa.func.max(ReviewStep.at))
        .join(Submission, Submission.id == ReviewStep.submission_id)
        .where(
            Submission.round_id == round_id,
            Submission.state == RETURNED,
            ReviewStep.to_state == RETURNED,
        )
        .group_by(ReviewStep.submission_id)
    )
    return dict(session.execute(query).tuples().all())


def missing(session: Session, editions: Collection[int]) -> dict[int, list[str]]:
    """The question of every file that has not arrived, by edition."""
    query = (
        sa.select(EditionFile.edition_id, EditionFile.question)
        .where(EditionFile.edition_id.in_(editions), EditionFile.sha256.is_(None))
        .order_by(EditionFile.id)
    )
    found: dict[int, list[str]] = {}
    for edition, question in session.execute(query):
        found.setdefault(edition, []).append(question)
    return found


def arrivals(session: Session, round_id: int, cities: Cities, since: datetime) -> list[datetime]:
    """When records came in for the first time."""
    query = sa.select(Submission.received_at).where(
        Submission.round_id == round_id, Submission.received_at >= since
    )
    query = _within(query, Submission.city, cities).order_by(Submission.received_at)
    return list(session.scalars(query.limit(MOST)))


def same_answers(session: Session, round_id: int, cities: Cities) -> list[Alike]:
    """Records of the round that were answered alike from the first question to the last.

    At least two places are among them: two who saw the same should answer alike.
    """
    counted = [
        Submission.round_id == round_id,
        Submission.state.not_in((REJECTED, WITHDRAWN)),
        Edition.answers_sha256 != "",
    ]
    repeated = (
        sa.select(Edition.answers_sha256)
        .join(Submission, Submission.edition_id == Edition.id)
        .join(Visit, Visit.id == Submission.visit_id)
        .where(*counted)
        .group_by(Edition.answers_sha256)
        .having(sa.func.count(first_look(Visit).distinct()) > 1)
    )
    query = (
        sa.select(
            Edition.answers_sha256,
            Submission.code,
            Submission.city,
            Submission.evaluator,
            Submission.round_id,
        )
        .join(Submission, Submission.edition_id == Edition.id)
        .where(*counted, Edition.answers_sha256.in_(repeated))
        .order_by(Edition.answers_sha256, Submission.code)
        .limit(MOST)
    )
    return _of_somebody(session, query, cities)


def same_files(session: Session, round_id: int, cities: Cities) -> list[Alike]:
    """Records that hold the same file, at least one of them of the round."""
    here = (
        sa.select(EditionFile.sha256)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .join(Submission, Submission.id == Edition.submission_id)
        .where(Submission.round_id == round_id, EditionFile.sha256.is_not(None))
    )
    repeated = (
        sa.select(EditionFile.sha256)
        .join(Edition, Edition.id == EditionFile.edition_id)
        .where(EditionFile.sha256.in_(here), Edition.submission_id.is_not(None))
        .group_by(EditionFile.sha256)
        .having(sa.func.count(Edition.submission_id.distinct()) > 1)
    )
    query = (
        sa.select(
            EditionFile.sha256,
            Submission.code,
            Submission.city,
            Submission.evaluator,
            Submission.round_id,
        )
        .join(Edition, Edition.id == EditionFile.edition_id)
        .join(Submission, Submission.id == Edition.submission_id)
        .where(EditionFile.sha256.in_(repeated))
        .distinct()
        .order_by(EditionFile.sha256, Submission.code)
        .limit(MOST)
    )
    return _of_somebody(session, query, cities)


def at_work(session: Session, round_id: int, cities: Cities, now: datetime) -> dict[str, int]:
    """Evaluators with visits that are open and have no record, and how many."""
    done = sa.exists().where(Submission.visit_id == Visit.id, Submission.state != WITHDRAWN)
    query = (
        sa.select(Visit.evaluator, sa.func.count())
        .where(
            Visit.round_id == round_id,
            Visit.state == ISSUED,
            Visit.opens_at <= now,
            Visit.closes_at >= now - GRACE,
            ~done,
        )
        .group_by(Visit.evaluator)
    )
    return dict(session.execute(_within(query, Visit.city, cities)).tuples().all())


def phones(session: Session, people: Collection[str]) -> list[Device]:
    """Phones that are not revoked, the longest silent first."""
    query = (
        sa.select(Device)
        .where(Device.username.in_(people), Device.revoked_at.is_(None))
        .order_by(sa.func.coalesce(Device.seen_at, Device.created_at), Device.id)
    )
    return list(session.scalars(query))


def reviewers(session: Session) -> list[User]:
    """Active supervisors and people of the office."""
    query = sa.select(User).where(User.active, User.role.in_((roles.SUPERVISOR, roles.OFFICE)))
    return list(session.scalars(query.order_by(User.role.desc(), User.username)))


def steps_since(
    session: Session, round_id: int, cities: Cities, since: datetime
) -> dict[str, list[datetime]]:
    """When each person took a step of review."""
    query = (
        sa.select(ReviewStep.by, ReviewStep.at)
        .join(Submission, Submission.id == ReviewStep.submission_id)
        .where(Submission.round_id == round_id, ReviewStep.at >= since)
        .limit(MOST)
    )
    found: dict[str, list[datetime]] = {}
    for by, at in session.execute(_within(query, Submission.city, cities)):
        found.setdefault(by, []).append(at)
    return found


def _of_somebody(session: Session, query: sa.Select[Any], cities: Cities) -> list[Alike]:
    """Groups of which at least one record is of *cities*; the whole group is given."""
    rows = [Alike(*row) for row in session.execute(query)]
    if cities is None:
        return rows
    mine = {row.what for row in rows if row.city in cities}
    return [row for row in rows if row.what in mine]


def _within(query: sa.Select[Any], column: Any, cities: Cities) -> sa.Select[Any]:
    return query if cities is None else query.where(column.in_(sorted(cities)))
