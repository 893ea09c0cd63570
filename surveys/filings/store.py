"""Filings in the database. The path of one cell uses plain statements: it is walked all day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from evaluation.rounds.models import Round
from surveys.filings.models import (
    Filing,
    FilingValue,
    FilingValueVersion,
)
from surveys.filings.rules import OPEN, Entry


@dataclass(frozen=True, slots=True)
class Cell:
    """One stored cell. ``revision`` 0 stands for a cell that was never saved."""

    entry: Entry
    revision: int = 0
    state: str = ""
    return_reason: str = ""
    updated_by: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """What decides whether a city may edit: read and held for the length of a change."""

    round_state: str
    closes_at: datetime
    filing_state: str


EMPTY = Cell(Entry())
_VALUES = cast(sa.Table, FilingValue.__table__)
_VERSIONS = cast(sa.Table, FilingValueVersion.__table__)
_FILINGS = cast(sa.Table, Filing.__table__)
_ROUNDS = cast(sa.Table, Round.__table__)
_INSERT: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_HERE = (
    _VALUES.c.round_id == sa.bindparam("at_round"),
    _VALUES.c.city == sa.bindparam("at_city"),
)
_CELL_COLUMNS = (
    _VALUES.c.indicator,
    _VALUES.c.value,
    _VALUES.c.not_applicable,
    _VALUES.c.note,
    _VALUES.c.revision,
    _VALUES.c.state,
    _VALUES.c.return_reason,
    _VALUES.c.updated_by,
    _VALUES.c.updated_at,
)
_READ_CITY = sa.select(*_CELL_COLUMNS).where(*_HERE)
_READ_CELL = _READ_CITY.where(_VALUES.c.indicator == sa.bindparam("at_indicator"))
_GATE = (
    sa.select(_ROUNDS.c.state, _ROUNDS.c.filing_closes_at, _FILINGS.c.state.label("filing_state"))
    .join(_FILINGS, _FILINGS.c.round_id == _ROUNDS.c.id)
    .where(_ROUNDS.c.id == sa.bindparam("at_round"), _FILINGS.c.city == sa.bindparam("at_city"))
    .with_for_update(read=True)
)
_APPROACH = (
    sa.select(
        _ROUNDS.c.state.label("round_state"),
        _ROUNDS.c.filing_closes_at,
        _FILINGS.c.state.label("filing_state"),
        *_CELL_COLUMNS,
    )
    .select_from(_ROUNDS)
    .join(_FILINGS, _FILINGS.c.round_id == _ROUNDS.c.id)
    .outerjoin(
        _VALUES,
        sa.and_(
            _VALUES.c.round_id == _ROUNDS.c.id,
            _VALUES.c.city == _FILINGS.c.city,
            _VALUES.c.indicator == sa.bindparam("at_indicator"),
        ),
    )
    .where(_ROUNDS.c.id == sa.bindparam("at_round"), _FILINGS.c.city == sa.bindparam("at_city"))
    .with_for_update(read=True, of=[_ROUNDS, _FILINGS])
)
_APPEND = sa.insert(_VERSIONS)
_UPDATE = (
    sa.update(_VALUES)
    .where(
        *_HERE,
        _VALUES.c.indicator == sa.bindparam("at_indicator"),
        _VALUES.c.revision == sa.bindparam("at_revision"),
    )
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in (
                *("value", "not_applicable", "note", "state", "return_reason"),
                *("revision", "updated_by", "updated_at"),
            )
        }
    )
)


def gate(session: Session, round_id: int, city: str) -> Gate:
    """The state of round and filing, held until the transaction ends; opens a new filing."""
    where = {"at_round": round_id, "at_city": city}
    connection = session.connection()
    row = connection.execute(_GATE, where).one_or_none()
    if row is None:
        open_filing(session, round_id, city)
        row = connection.execute(_GATE, where).one()
    return Gate(row.state, row.filing_closes_at, row.filing_state)


def approach(session: Session, round_id: int, city: str, indicator: str) -> tuple[Gate, Cell]:
    """`gate` and `cell` in one question; the cell is guarded by its revision, not by a lock."""
    where = {"at_round": round_id, "at_city": city, "at_indicator": indicator}
    connection = session.connection()
    row = connection.execute(_APPROACH, where).one_or_none()
    if row is None:
        open_filing(session, round_id, city)
        row = connection.execute(_APPROACH, where).one()
    held = EMPTY if row.revision is None else _cell(row)
    return Gate(row.round_state, row.filing_closes_at, row.filing_state), held


def open_filing(session: Session, round_id: int, city: str) -> None:
    """Make the row of a city's filing unless it is there."""
    insert = _INSERT[session.get_bind().dialect.name]
    session.execute(
        insert(_FILINGS)
        .values(round_id=round_id, city=city, state=OPEN, revision=0)
        .on_conflict_do_nothing()
    )


def filing(session: Session, round_id: int, city: str) -> Filing:
    """A city's filing; one that has not begun is an open one, not stored."""
    found = session.scalar(
        sa.select(Filing).where(Filing.round_id == round_id, Filing.city == city)
    )
    return found or Filing(round_id=round_id, city=city, state=OPEN, revision=0)


def lock_filing(session: Session, round_id: int, city: str) -> Filing:
    """A city's filing, held against saves and other steps until the transaction ends."""
    open_filing(session, round_id, city)
    return session.scalars(
        sa.select(Filing)
        .where(Filing.round_id == round_id, Filing.city == city)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def filings(session: Session, round_id: int) -> dict[str, Filing]:
    """Filings that have begun, by city."""
    return {f.city: f for f in session.scalars(sa.select(Filing).filter_by(round_id=round_id))}


def cell(session: Session, round_id: int, city: str, indicator: str) -> Cell:
    """One cell; `EMPTY` where nothing was ever saved."""
    row = (
        session.connection()
        .execute(_READ_CELL, {"at_round": round_id, "at_city": city, "at_indicator": indicator})
        .one_or_none()
    )
    return EMPTY if row is None else _cell(row)


def cells(session: Session, round_id: int, city: str) -> dict[str, Cell]:
    """Every stored cell of a city, by indicator."""
    rows = session.connection().execute(_READ_CITY, {"at_round": round_id, "at_city": city})
    return {row.indicator: _cell(row) for row in rows}


def write(
    session: Session,
    round_id: int,
    city: str,
    indicator: str,
    read: int,
    new: Cell,
    *,
    how: str,
    key: str = "",
) -> bool:
    """Put *new* over the cell read at revision *read*, with its version.

    False, and nothing written, when the cell has moved on since.
    """
    connection = session.connection()
    if read == 0:
        insert = _INSERT[connection.dialect.name]
        added = connection.execute(
            insert(_VALUES).on_conflict_do_nothing().returning(_VALUES.c.id),
            {"round_id": round_id, "city": city, "indicator": indicator, **_columns(new)},
        )
        if added.first() is None:
            return False
    else:
        where = {"at_round": round_id, "at_city": city, "at_indicator": indicator}
        fresh = {f"new_{name}": value for name, value in _columns(new).items()}
        done = connection.execute(_UPDATE, {**where, "at_revision": read, **fresh})
        if done.rowcount != 1:
            return False
    connection.execute(_APPEND, _version(round_id, city, indicator, new, how=how, key=key))
    return True


def sent(session: Session, round_id: int, city: str, indicator: str, key: str) -> bool:
    """Whether a save with this key was already carried out."""
    return (
        session.scalar(
            sa.select(FilingValueVersion.id).filter_by(
                round_id=round_id, city=city, indicator=indicator, key=key
            )
        )
        is not None
    )


def set_cell_states(
    session: Session, round_id: int, city: str, indicators: Iterable[str], state: str
) -> None:
    """Change the state of cells without a new version: nothing in them changed."""
    session.execute(
        sa.update(FilingValue)
        .where(
            FilingValue.round_id == round_id,
            FilingValue.city == city,
            FilingValue.indicator.in_(list(indicators)),
        )
        .values(state=state, return_reason="")
    )


def _cell(row: Any) -> Cell:
    return Cell(
        Entry(row.value, row.not_applicable, row.note),
        row.revision,
        row.state,
        row.return_reason,
        row.updated_by,
        row.updated_at,
    )


def _columns(new: Cell) -> dict[str, Any]:
    return {
        "value": new.entry.value,
        "not_applicable": new.entry.not_applicable,
        "note": new.entry.note,
        "state": new.state,
        "return_reason": new.return_reason,
        "revision": new.revision,
        "updated_by": new.updated_by,
        "updated_at": new.updated_at,
    }


def _version(
    round_id: int, city: str, indicator: str, new: Cell, *, how: str, key: str
) -> dict[str, Any]:
    return {
        "round_id": round_id,
        "city": city,
        "indicator": indicator,
        "revision": new.revision,
        "value": new.entry.value,
        "not_applicable": new.entry.not_applicable,
        "note": new.entry.note,
        "state": new.state,
        "return_reason": new.return_reason,
        "how": how,
        "key": key,
        "by": new.updated_by,
        "at": new.updated_at,
    }
