"""Runs and publications in the database, their files in the evidence store."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.composite.sheet import ScoreSheet
from scoring.runs.models import Publication, Run
from scoring.runs.sheets import sheet_from_bytes
from scoring.runs.snapshot import Adopted, Snapshot, snapshot_from_bytes, snapshot_of
from surveys.observations import store as observations
from surveys.observations.models import Observation
from surveys.readings import store as readings
from surveys.readings.rules import standard_error


class Result(NamedTuple):
    """A run and, when it is a published one, its publication."""

    run: Run
    publication: Publication | None


def snapshot(session: Session, found: Round) -> Snapshot:
    """The round's adopted observations as they stand now, frozen.

    The error of a value is that of the mean of its visits; of no other value is one known.
    """
    other = readings.not_means(session, found.id)
    return snapshot_of(
        found.code,
        rounds.framework(found),
        [
            Adopted(
                city=row.city,
                indicator=row.indicator,
                method=row.method,
                value=None if row.value is None else float(row.value) + 0.0,
                not_applicable=bool(row.not_applicable),
                unit=row.unit,
                source=row.source,
                id=row.id,
                revision=row.revision,
                error=None
                if row.not_applicable or (row.city, row.indicator, row.method) in other
                else standard_error(row.visits, row.spread),
            )
            for row in observations.rows(session, found.id)
            if row.adopted
        ],
    )


def runs(session: Session, found: Round) -> list[Run]:
    """The round's runs, newest first."""
    return list(
        session.scalars(sa.select(Run).where(Run.round_id == found.id).order_by(Run.number.desc()))
    )


def latest(session: Session, found: Round) -> Run | None:
    """The newest run of a round."""
    return session.scalar(
        sa.select(Run).where(Run.round_id == found.id).order_by(Run.number.desc()).limit(1)
    )


def revisions(session: Session, who: Principal) -> tuple[tuple[str, int, int], ...]:
    """Code, revision and number of runs of the rounds that *who* may see.

    Whatever is shown of results depends on these and on the reader: a run is never changed or
    removed, and whatever else happens to a round changes its revision.
    """
    rows = session.connection().execute(_revisions(planned=who.sees_unpublished))
    return tuple((code, no, runs) for code, no, runs in rows if who.sees_round(code))


@lru_cache(maxsize=2)
def _revisions(*, planned: bool) -> sa.Select[tuple[str, int, int]]:
    ran, rows = Run.__table__.c, Round.__table__.c  # asked at every page, so without the mapper
    count = sa.select(sa.func.count(ran.id)).where(ran.round_id == rows.id).scalar_subquery()
    query = sa.select(rows.code, rows.revision, count).order_by(rows.id)
    return query if planned else query.where(rows.state != round_rules.PLANNED)


def run(session: Session, found: Round, number: int) -> Run:
    """One run of a round. Raises NotFound."""
    held = session.scalar(sa.select(Run).where(Run.round_id == found.id, Run.number == number))
    if held is None:
        raise NotFound(round=found.code, run=number)
    return held


def publications(session: Session, found: Round) -> list[Result]:
    """Every approval of the round, published or waiting, newest first."""
    query = (
        sa.select(Run, Publication)
        .join(Run, Run.id == Publication.run_id)
        .where(Publication.round_id == found.id)
        .order_by(Publication.version.desc())
    )
    return [Result(held, publication) for held, publication in session.execute(query)]


def waiting(session: Session, found: Round) -> Result | None:
    """The approval that waits for a second person to publish it."""
    return next(
        (
            each
            for each in publications(session, found)
            if each.publication and each.publication.published_at is None
        ),
        None,
    )


def published_run(session: Session, found: Round) -> Result | None:
    """The run that the public sees: the newest published version of a public round, else None."""
    if not round_rules.is_public(found.state):
        return None
    query = (
        sa.select(Run, Publication)
        .join(Run, Run.id == Publication.run_id)
        .where(Publication.round_id == found.id, Publication.published_at.is_not(None))
        .order_by(Publication.version.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None else Result(row[0], row[1])


def visible_result(
    session: Session, who: Principal, found: Round, number: int | None = None
) -> Result:
    """The result that *who* may see of a round within their scope.

    Everybody: the published one. Those who see unpublished results: any run by *number*, and
    without one the published, else the newest. Raises NotFound for anything else, the same
    whether a result exists or not.
    """
    public = published_run(session, found)
    if number is not None and (public is None or number != public.run.number):
        if not who.sees_unpublished:
            raise NotFound(round=found.code)
        return Result(run(session, found, number), None)
    if public is not None:
        return public
    newest = latest(session, found) if who.sees_unpublished else None
    if newest is None:
        raise NotFound(round=found.code)
    return Result(newest, None)


def observation(session: Session, adopted: Adopted) -> Observation | None:
    """The observation behind a frozen value, if it is still at the revision that was scored."""
    return session.scalar(
        sa.select(Observation).where(
            Observation.id == adopted.id, Observation.revision == adopted.revision
        )
    )


@lru_cache(maxsize=24)
def sheet(store: EvidenceStore, sha256: str) -> ScoreSheet:
    """A stored sheet; a hash names one content for ever, so it is read once."""
    return sheet_from_bytes(store.get(sha256))


@lru_cache(maxsize=24)
def held_snapshot(store: EvidenceStore, sha256: str) -> Snapshot:
    """A stored snapshot, read once."""
    return snapshot_from_bytes(store.get(sha256))
