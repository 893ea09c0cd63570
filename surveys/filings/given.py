"""What a filled workbook says, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from evaluation.framework.tree import Node
from evaluation.platform.errors import Fault
from surveys.filings.rules import Entry


@dataclass(frozen=True, slots=True)
class Given:
    """One row of the workbook: what its input cells say, and where the value stands."""

    node: Node
    value: float | None
    not_applicable: bool
    note: str
    cell: str

    def over(self, held: Entry) -> Entry:
        """What the cell becomes: an empty cell of the workbook leaves what is stored."""
        note = self.note or held.note
        if self.value is None and not self.not_applicable:
            return replace(held, note=note)
        return Entry(self.value, self.not_applicable, note)


@dataclass
class Filled:
    """A workbook as read. ``revisions`` is empty and ``checked`` false without our own sheet."""

    given: list[Given] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)
    checked: bool = False

    @property
    def errors(self) -> list[Fault]:
        """Faults that keep the workbook from being saved."""
        return [fault for fault in self.faults if fault.severity == "error"]
