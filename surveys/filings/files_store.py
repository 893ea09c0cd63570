"""Attached files and uploaded workbooks in the database."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.filings.models import FilingEvidence, FilingUpload


def evidence(
    session: Session, round_id: int, city: str | None = None, indicator: str | None = None
) -> list[FilingEvidence]:
    """Attached files that were not removed, oldest first."""
    query = sa.select(FilingEvidence).where(
        FilingEvidence.round_id == round_id, FilingEvidence.removed_at.is_(None)
    )
    if city is not None:
        query = query.where(FilingEvidence.city == city)
    if indicator is not None:
        query = query.where(FilingEvidence.indicator == indicator)
    return list(session.scalars(query.order_by(FilingEvidence.id)))


def all_evidence(
    session: Session, round_id: int, city: str, indicator: str
) -> list[FilingEvidence]:
    """Attached files of a cell, removed ones too."""
    return list(
        session.scalars(
            sa.select(FilingEvidence)
            .filter_by(round_id=round_id, city=city, indicator=indicator)
            .order_by(FilingEvidence.id)
        )
    )


def upload(session: Session, round_id: int, city: str, code: str) -> FilingUpload | None:
    """An upload of a city by its code."""
    return session.scalar(
        sa.select(FilingUpload).filter_by(round_id=round_id, city=city, code=code)
    )


def uploads_of(session: Session, round_id: int, city: str, sha256: str) -> Sequence[FilingUpload]:
    """Earlier uploads of the same content, newest first."""
    return session.scalars(
        sa.select(FilingUpload)
        .filter_by(round_id=round_id, city=city, sha256=sha256)
        .order_by(FilingUpload.id.desc())
    ).all()
