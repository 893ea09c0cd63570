"""Saving cells: one at a time from the grid, or a whole workbook at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evaluation.framework.methods import FULL_FILING
from evaluation.framework.tree import Framework, Node
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Faulty, NotFound
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import rules, store
from surveys.filings.errors import EditConflict
from surveys.filings.rules import Entry
from surveys.filings.store import Cell, Gate
from surveys.observations.rules import may_supply


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell is to become; ``read`` is the revision it was read at, 0 for none."""

    entry: Entry
    read: int


def save_value(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002 - the story's own noun
    city: str,
    indicator: str,
    entry: Entry,
    *,
    read: int,
    key: str = "",
    how: str = "grid",
) -> Cell:
    """Save one cell that was read at revision *read*, and give what then stands in it.

    The same save again (same *key*, or the same content) changes nothing. Raises `FilingLocked`,
    `Faulty`, and `EditConflict` when somebody else changed the cell in between.
    """
    node = require_indicator(rounds.framework(round), city, indicator)
    gate, held = store.approach(session, round.id, city, indicator)
    now = clock.now()
    if held.entry == entry or (
        key and held.revision != read and store.sent(session, round.id, city, indicator, key)
    ):
        return held
    _require_editable(gate, held, now)
    found = list(rules.faults(node, entry))
    if found:
        raise Faulty(found)
    if held.revision != read:
        raise _conflict(held, entry)
    new = next_cell(held, entry, who, now)
    if not store.write(session, round.id, city, indicator, read, new, how=how, key=key):
        raise _conflict(store.cell(session, round.id, city, indicator), entry)
    audit.record(
        session,
        who,
        "filing.saved",
        f"round:{round.code}/city:{city}/indicator:{indicator}",
        before=held.entry.facts() if held.revision else None,
        after=entry.facts(),
    )
    return new


def save_many(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    changes: Mapping[str, Change],
    *,
    how: str,
    about: Mapping[str, object],
) -> int:
    """Save many cells under one audit row, which also holds *about*; all or none.

    Raises as `save_value` does; gives the number of cells that changed.
    """
    framework = rounds.framework(round)
    gate = store.gate(session, round.id, city)
    now = clock.now()
    held = store.cells(session, round.id, city)
    before, after = {}, {}
    for indicator, change in changes.items():
        node = require_indicator(framework, city, indicator)
        old = held.get(indicator, store.EMPTY)
        if old.entry == change.entry:
            continue
        _require_editable(gate, old, now)
        found = list(rules.faults(node, change.entry))
        if found:
            raise Faulty(found)
        new = next_cell(old, change.entry, who, now)
        moved = old.revision != change.read
        if moved or not store.write(session, round.id, city, indicator, change.read, new, how=how):
            raise _conflict(store.cell(session, round.id, city, indicator), change.entry)
        before[indicator] = old.entry.facts() if old.revision else None
        after[indicator] = change.entry.facts()
    if after:
        audit.record(
            session,
            who,
            "filing.workbook_saved",
            f"round:{round.code}/city:{city}",
            before=before,
            after={**about, "changes": after},
        )
    return len(after)


def require_indicator(framework: Framework, city: str, indicator: str) -> Node:
    """The indicator. Raises `NotFound` unless the round asks *city* to file it."""
    node = framework.by_code.get(indicator)
    if (
        node is None
        or city not in framework.unit_by_code
        or framework.children[indicator]
        or not may_supply(node, FULL_FILING)
    ):
        raise NotFound(city=city, indicator=indicator)
    return node


def next_cell(held: Cell, entry: Entry, who: Actor, now: datetime) -> Cell:
    """The next version of a cell: one that was returned is mended, and keeps why."""
    returned = held.state in (rules.RETURNED, rules.MENDED)
    return Cell(
        entry,
        held.revision + 1,
        rules.MENDED if returned else rules.SAVED,
        held.return_reason if returned else "",
        who.username,
        now,
    )


def _require_editable(gate: Gate, held: Cell, now: datetime) -> None:
    rules.require_editable(
        round_state=gate.round_state,
        closes_at=gate.closes_at,
        filing_state=gate.filing_state,
        cell_state=held.state,
        now=now,
    )


def _conflict(held: Cell, entry: Entry) -> EditConflict:
    return EditConflict(
        who=held.updated_by,
        at=held.updated_at,
        revision=held.revision,
        held=held.entry,
        given=entry,
        theirs=rules.say(held.entry),
        yours=rules.say(entry),
    )
