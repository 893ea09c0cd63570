"""How far filings are, and what stood last round: questions over many cells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.rounds.models import Round
from surveys.filings.models import FilingValue
from surveys.observations.models import Observation


def last_values(session: Session, found: Round, city: str) -> dict[str, float | None]:
    """Last round's values of a city: adopted observations, else what was filed."""
    if found.previous_code is None:
        return {}
    before = sa.select(Round.id).where(Round.code == found.previous_code).scalar_subquery()
    values: dict[str, float | None] = {}
    for table in (FilingValue, Observation):
        query = sa.select(table.indicator, table.value).where(
            table.round_id == before, table.city == city, table.value.is_not(None)
        )
        if table is Observation:
            query = query.where(Observation.adopted)
        values |= dict(session.execute(query).tuples().all())
    return values


def progress(session: Session, round_id: int) -> dict[str, tuple[int, datetime | None]]:
    """Cells filled and the moment of the last save, by city."""
    filled = sa.case((sa.or_(FilingValue.value.is_not(None), FilingValue.not_applicable), 1))
    query = (
        sa.select(FilingValue.city, sa.func.count(filled), sa.func.max(FilingValue.updated_at))
        .where(FilingValue.round_id == round_id)
        .group_by(FilingValue.city)
    )
    return {city: (count, at) for city, count, at in session.execute(query)}


def filled_cells(
    session: Session, round_id: int, indicators: Collection[str]
) -> set[tuple[str, str]]:
    """City and indicator of the cells with a number, among *indicators*."""
    query = sa.select(FilingValue.city, FilingValue.indicator).where(
        FilingValue.round_id == round_id, FilingValue.value.is_not(None)
    )
    return {(c, i) for c, i in session.execute(query) if i in indicators}


def supplied(session: Session, round_id: int, indicators: Collection[str]) -> dict[str, int]:
    """How many of *indicators* have an adopted observation, by city."""
    query = (
        sa.select(Observation.city, sa.func.count())
        .where(
            Observation.round_id == round_id,
            Observation.adopted,
            Observation.indicator.in_(indicators),
        )
        .group_by(Observation.city)
    )
    return dict(session.execute(query).tuples().all())
