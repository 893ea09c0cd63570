"""Seals and reopenings in the database."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.audit import AuditEntry
from evaluation.rounds.models import Round
from scoring.runs.models import Publication, Run
from scoring.sealing.models import Reopening, Seal


class Sealed(NamedTuple):
    """A seal with the version that it seals."""

    version: int
    seal: Seal
    publication: Publication
    run: Run


def seals(session: Session, found: Round | None = None) -> list[Sealed]:
    """The seals of a round, or of all rounds, newest first."""
    query = (
        sa.select(Seal, Publication, Run)
        .join(Publication, Publication.id == Seal.publication_id)
        .join(Run, Run.id == Publication.run_id)
        .order_by(Publication.round_id.desc(), Publication.version.desc())
    )
    if found is not None:
        query = query.where(Publication.round_id == found.id)
    return [
        Sealed(publication.version, seal, publication, run)
        for seal, publication, run in session.execute(query)
    ]


def newest(session: Session, found: Round) -> Sealed | None:
    """The seal of the newest sealed version."""
    return next(iter(seals(session, found)), None)


def of_version(session: Session, found: Round, version: int) -> Seal | None:
    """The seal of one published version."""
    return session.scalar(
        sa.select(Seal)
        .join(Publication, Publication.id == Seal.publication_id)
        .where(Publication.round_id == found.id, Publication.version == version)
    )


def reopenings(session: Session, found: Round) -> list[Reopening]:
    """Every reopening of a round, newest first."""
    return list(
        session.scalars(
            sa.select(Reopening)
            .where(Reopening.round_id == found.id)
            .order_by(Reopening.number.desc())
        )
    )


def open_reopening(session: Session, found: Round) -> Reopening | None:
    """The reopening that was asked for and is neither refused, withdrawn nor done."""
    return session.scalar(
        sa.select(Reopening).where(Reopening.round_id == found.id, Reopening.outcome == "")
    )


def agreed_reopening(session: Session, found: Round) -> Reopening | None:
    """The open reopening, once a second person has agreed to it."""
    held = open_reopening(session, found)
    return held if held is not None and held.agreed_at is not None else None


def corrections(session: Session, found: Round, held: Reopening) -> list[AuditEntry]:
    """What the audit log tells of values corrected under a reopening, oldest first."""
    query = (
        sa.select(AuditEntry)
        .where(
            AuditEntry.action == "observation.corrected",
            AuditEntry.subject.startswith(f"round:{found.code}/", autoescape=True),
            AuditEntry.at >= held.asked_at,
        )
        .order_by(AuditEntry.number)
    )
    told = f'"authority":"reopening:{found.code}/{held.number}"'
    return [each for each in session.scalars(query) if told in (each.after or "")]
