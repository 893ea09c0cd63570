"""What a filing looks like: every row of one city's grid, and every city's progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evaluation.framework.tree import Node, Unit
from evaluation.platform import clock
from evaluation.platform.errors import Fault
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import files_store, progress_store, rules, store
from surveys.filings.models import Filing, FilingEvidence
from surveys.filings.store import Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of a city's filing."""

    node: Node
    dimension: Node
    cell: Cell
    last: float | None
    oddities: tuple[Fault, ...]
    evidence: tuple[FilingEvidence, ...]
    editable: bool

    @property
    def lacks_evidence(self) -> bool:
        """A number that must be proved and is not."""
        return (
            self.node.evidence_required and self.cell.entry.value is not None and not self.evidence
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A city's filing with its rows in the framework's order."""

    city: Unit
    filing: Filing
    rows: tuple[Row, ...]

    @property
    def filled(self) -> int:
        """Rows that say something."""
        return sum(row.cell.entry.filled for row in self.rows)

    @property
    def missing(self) -> list[Row]:
        """Rows that say nothing."""
        return [row for row in self.rows if not row.cell.entry.filled]

    @property
    def returned(self) -> list[Row]:
        """Rows that were returned and not changed since."""
        return [row for row in self.rows if row.cell.state == rules.RETURNED]

    @property
    def lacking_evidence(self) -> list[Row]:
        """Rows whose evidence is missing."""
        return [row for row in self.rows if row.lacks_evidence]

    @property
    def odd(self) -> list[Row]:
        """Rows worth a second look."""
        return [row for row in self.rows if row.oddities]

    @property
    def groups(self) -> list[tuple[Node, list[Row]]]:
        """Rows by first-level indicator."""
        found: dict[str, tuple[Node, list[Row]]] = {}
        for row in self.rows:
            found.setdefault(row.dimension.code, (row.dimension, []))[1].append(row)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one city stands; ``light`` is empty once nothing is expected of it."""

    city: Unit
    state: str
    filled: int
    total: int
    last_saved: datetime | None
    lacking_evidence: int
    light: str


def sheet(session: Session, found: Round, city: str) -> Sheet:
    """A city's filing with everything its grid shows."""
    framework = rounds.framework(found)
    filing = store.filing(session, found.id, city)
    held = store.cells(session, found.id, city)
    last = progress_store.last_values(session, found, city)
    attached: dict[str, list[FilingEvidence]] = {}
    for each in files_store.evidence(session, found.id, city):
        attached.setdefault(each.indicator, []).append(each)
    now = clock.now()
    rows = []
    for node in rules.indicators(framework):
        cell = held.get(node.code, store.EMPTY)
        rows.append(
            Row(
                node,
                framework.path(node.code)[1],
                cell,
                last.get(node.code),
                tuple(rules.oddities(node, cell.entry, last.get(node.code))),
                tuple(attached.get(node.code, ())),
                rules.is_editable(
                    round_state=found.state,
                    closes_at=found.filing_closes_at,
                    filing_state=filing.state,
                    cell_state=cell.state,
                    now=now,
                ),
            )
        )
    return Sheet(framework.unit_by_code[city], filing, tuple(rows))


def standings(
    session: Session, found: Round, cities: Sequence[str] | None = None
) -> list[Standing]:
    """Every city's progress (or that of *cities*), in the framework's order."""
    framework = rounds.framework(found)
    total = len(rules.indicators(framework))
    begun = store.filings(session, found.id)
    progress = progress_store.progress(session, found.id)
    lacking = _lacking(session, found)
    light = rules.light(found.filing_closes_at, clock.now())
    listed = []
    for unit in framework.units:
        if cities is not None and unit.code not in cities:
            continue
        filled, saved = progress.get(unit.code, (0, None))
        state = begun[unit.code].state if unit.code in begun else rules.OPEN
        waiting = found.state == round_rules.COLLECTING and state in (rules.OPEN, rules.RETURNED)
        listed.append(
            Standing(
                unit,
                state,
                filled,
                total,
                saved,
                lacking.get(unit.code, 0),
                light if waiting else "",
            )
        )
    return listed


def _lacking(session: Session, found: Round) -> dict[str, int]:
    needed = {
        node.code for node in rules.indicators(rounds.framework(found)) if node.evidence_required
    }
    proved = {(each.city, each.indicator) for each in files_store.evidence(session, found.id)}
    lacking: dict[str, int] = {}
    for city, indicator in progress_store.filled_cells(session, found.id, needed):
        if (city, indicator) not in proved:
            lacking[city] = lacking.get(city, 0) + 1
    return lacking
