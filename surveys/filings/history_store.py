"""What stood in cells before."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.filings.models import FilingValueVersion
from surveys.filings.rules import Entry


def versions(
    session: Session, round_id: int, city: str, indicator: str
) -> list[FilingValueVersion]:
    """Every version of a cell, newest first."""
    return list(
        session.scalars(
            sa.select(FilingValueVersion)
            .filter_by(round_id=round_id, city=city, indicator=indicator)
            .order_by(FilingValueVersion.revision.desc())
        )
    )


def entries_at(
    session: Session, round_id: int, city: str, revisions: Mapping[str, int]
) -> dict[str, Entry]:
    """What stood in cells at the given revisions."""
    rows = session.scalars(
        sa.select(FilingValueVersion).where(
            FilingValueVersion.round_id == round_id, FilingValueVersion.city == city
        )
    )
    return {
        row.indicator: Entry(row.value, row.not_applicable, row.note)
        for row in rows
        if revisions.get(row.indicator) == row.revision
    }
