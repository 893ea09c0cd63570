"""Observations in the database; the bulk paths use plain statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.observations.models import Observation

Key = tuple[str, str, str]  # city, indicator, method
BATCH = 2_000


class Row(NamedTuple):
    """What recording needs to know of a row that is there."""

    id: int
    city: str
    indicator: str
    method: str
    value: float | None
    not_applicable: bool
    unit: str
    source: str
    visits: int | None
    spread: float | None
    evidence: list[str]
    reason: str
    adopted: bool
    chosen_by: str | None
    revision: int


_TABLE = Observation.metadata.tables["observations"]
_COLUMNS = [getattr(Observation, name) for name in Row._fields]


def rows(session: Session, round_id: int, cities: Collection[str] | None = None) -> list[Row]:
    """The rows of a round, or of some of its cities."""
    query = sa.select(*_COLUMNS).where(Observation.round_id == round_id)
    if cities is not None and len(cities) <= 50:
        query = query.where(Observation.city.in_(cities))
    return [Row(*row) for row in session.execute(query)]


def observations(
    session: Session,
    round_id: int,
    *,
    cities: Collection[str] | None = None,
    indicators: Collection[str] | None = None,
    method: str | None = None,
) -> list[Observation]:
    """Observations of a round by city, indicator and method; None means all."""
    query = sa.select(Observation).where(Observation.round_id == round_id)
    if cities is not None:
        query = query.where(Observation.city.in_(cities))
    if indicators is not None:
        query = query.where(Observation.indicator.in_(indicators))
    if method is not None:
        query = query.where(Observation.method == method)
    query = query.order_by(Observation.id).execution_options(populate_existing=True)
    return list(session.scalars(query))


def of_cell(session: Session, round_id: int, city: str, indicator: str) -> list[Observation]:
    """What every method says of one city and indicator."""
    return list(
        session.scalars(
            sa.select(Observation)
            .where(
                Observation.round_id == round_id,
                Observation.city == city,
                Observation.indicator == indicator,
            )
            .order_by(Observation.id)
            .execution_options(populate_existing=True)
        )
    )


def adopted(session: Session, round_id: int) -> list[Observation]:
    """The adopted observations of a round, by city and indicator."""
    return list(
        session.scalars(
            sa.select(Observation)
            .where(Observation.round_id == round_id, Observation.adopted)
            .order_by(Observation.city, Observation.indicator)
            .execution_options(populate_existing=True)
        )
    )


def adopted_counts(session: Session, round_id: int) -> list[tuple[str, str, int]]:
    """City, method and the number of adopted observations."""
    query = (
        sa.select(Observation.city, Observation.method, sa.func.count())
        .where(Observation.round_id == round_id, Observation.adopted)
        .group_by(Observation.city, Observation.method)
    )
    return [(city, method, count) for city, method, count in session.execute(query)]


def unvisited_counts(session: Session, round_id: int, cities: Collection[str]) -> dict[str, int]:
    """By city, the number of indicators of which something is known without a visit."""
    query = (
        sa.select(Observation.city, sa.func.count(Observation.indicator.distinct()))
        .where(
            Observation.round_id == round_id,
            Observation.city.in_(cities),
            Observation.visits.is_(None),
        )
        .group_by(Observation.city)
    )
    return {city: int(count) for city, count in session.execute(query)}


def insert(session: Session, new: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, a batch at a time."""
    for start in range(0, len(new), BATCH):
        session.execute(sa.insert(_TABLE), [dict(row) for row in new[start : start + BATCH]])


def update(session: Session, changed: Sequence[Mapping[str, Any]]) -> None:
    """Change rows; each mapping has ``id`` and the columns that change, the same in every one."""
    if not changed:
        return
    names = [name for name in changed[0] if name != "id"]
    statement = (
        sa.update(_TABLE)
        .where(_TABLE.c.id == sa.bindparam("row_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in names})
    )
    for start in range(0, len(changed), BATCH):
        session.execute(
            statement,
            [
                {"row_id": row["id"], **{f"new_{name}": row[name] for name in names}}
                for row in changed[start : start + BATCH]
            ],
        )


def delete(session: Session, ids: Sequence[int]) -> None:
    """Remove rows."""
    for start in range(0, len(ids), 500):
        session.execute(sa.delete(Observation).where(Observation.id.in_(ids[start : start + 500])))


def set_adopted(session: Session, off: Iterable[int], on: Iterable[int]) -> None:
    """Move adoption between rows; off comes first, because only one of a cell may be on."""
    update(
        session,
        [{"id": i, "adopted": False, "chosen_by": None, "chosen_reason": ""} for i in off],
    )
    update(session, [{"id": i, "adopted": True} for i in on])


def values(session: Session, round_id: int, method: str) -> dict[tuple[str, str], float | bool]:
    """What *method* says by city and indicator; True stands for not applicable."""
    query = sa.select(
        Observation.city, Observation.indicator, Observation.value, Observation.not_applicable
    ).where(Observation.round_id == round_id, Observation.method == method)
    return {
        (city, indicator): True if not_applicable else value
        for city, indicator, value, not_applicable in session.execute(query)
    }
