"""Readings in the database, each with its submission, visit and edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.forms.models import FormVersion
from surveys.forms.store import version_by_id
from surveys.readings.models import Reading
from surveys.readings.rules import MEANS
from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.submissions.rules import ACCEPTED
from surveys.visits.models import Visit

Cell = tuple[str, str]  # indicator, method


class Row(NamedTuple):
    """A reading with what it takes to count, order and explain it."""

    submission_id: int
    edition_id: int
    indicator: str
    method: str
    question: str
    rule: str
    across: str
    value: float | None
    not_applicable: bool
    counts: bool
    submission: str
    evaluator: str
    visit: str
    version_id: int
    xml: str
    happened: datetime


def of_city(
    session: Session, round_id: int, city: str, indicators: Collection[str], *, but: int = 0
) -> list[Row]:
    """Readings of accepted submissions of a city, in the order of the visits; *but* one's."""
    rows = session.execute(
        sa.select(
            *(getattr(Reading, name) for name in Row._fields[:10]),
            Submission.code,
            Submission.evaluator,
            Visit.code,
            Edition.version_id,
            Edition.xml,
            Edition.ended_at,
            Edition.skew_seconds,
            Submission.received_at,
        )
        .join(Submission, Submission.id == Reading.submission_id)
        .join(Visit, Visit.id == Submission.visit_id)
        .join(Edition, Edition.id == Reading.edition_id)
        .where(
            Reading.round_id == round_id,
            Reading.city == city,
            Reading.indicator.in_(indicators),
            Submission.state == ACCEPTED,
            Submission.id != but,
        )
    )
    found = [
        Row._make([*row[:15], happened(row.ended_at, row.skew_seconds, row.received_at)])
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.happened, row.submission_id, row.question))


def not_means(session: Session, round_id: int) -> set[tuple[str, str, str]]:
    """City, indicator and method of values that are no mean of their visits (a total, the newest).

    One visit whose form combines otherwise is enough.
    """
    query = (
        sa.select(Reading.city, Reading.indicator, Reading.method)
        .where(Reading.round_id == round_id, Reading.counts, Reading.across.not_in(MEANS))
        .distinct()
    )
    return set(session.execute(query).tuples())


def happened(ended_at: datetime | None, skew: float | None, received_at: datetime) -> datetime:
    """When a visit took place, by the server's clock as far as it is known: never after it was
    received, whatever the phone's clock says."""
    if ended_at is None:
        return received_at
    return min(ended_at - timedelta(seconds=skew or 0.0), received_at)


def add(session: Session, new: Iterable[dict[str, Any]]) -> None:
    """Add readings."""
    rows = list(new)
    if rows:
        session.execute(sa.insert(Reading), rows)


def remove(session: Session, submission_id: int) -> set[Cell]:
    """Take a submission's readings away; gives the indicators and methods of what counted."""
    held = session.execute(
        sa.select(Reading.indicator, Reading.method, Reading.counts).where(
            Reading.submission_id == submission_id
        )
    ).all()
    session.execute(sa.delete(Reading).where(Reading.submission_id == submission_id))
    return {(indicator, method) for indicator, method, counts in held if counts}


def files(session: Session, editions: Collection[int]) -> list[tuple[int, str, str, str]]:
    """Edition, file name, hash and media type of every file that arrived and passed."""
    rows = session.execute(
        sa.select(
            EditionFile.edition_id, EditionFile.name, EditionFile.sha256, EditionFile.media_type
        )
        .where(
            EditionFile.edition_id.in_(editions),
            EditionFile.sha256.is_not(None),
            EditionFile.problem == "",
        )
        .order_by(EditionFile.id)
    )
    return [tuple(row) for row in rows]


def edition_of(session: Session, found: Submission) -> Edition:
    """The edition a submission stands for."""
    return session.get_one(Edition, found.edition_id)


def visit_of(session: Session, found: Submission) -> Visit:
    """The visit a submission is a record of."""
    return session.get_one(Visit, found.visit_id)


def version_of(session: Session, version_id: int) -> FormVersion:
    """The version of a form that an edition was filled on."""
    found = version_by_id(session, version_id)
    assert found is not None, "an edition names a version that is there"
    return found
