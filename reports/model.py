"""A report without a format: sections of tables, charts and notes, numbers left unrounded.

Screen, Excel, PDF and Word are made from the same `Report`. Text is kept as a `Phrase` or a
`Name` until it is rendered, so that one report speaks the language of whoever opens it; a plain
``str`` is somebody's own words and is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import Literal

from evaluation.platform.i18n import N_, _, named


@dataclass(frozen=True, slots=True)
class Phrase:
    """Our own words: a message id and its facts, translated when it is turned into text.

    ``tone`` is for lights and absences: colour follows it, the words say the same.
    """

    message: str
    facts: Mapping[str, object] = field(default_factory=dict)
    tone: Literal["", "good", "attention", "bad", "faint"] = ""

    def __str__(self) -> str:
        return _(self.message, **self.facts)


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something in both languages."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return named(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts one after another."""

    parts: tuple[Text, ...]
    separator: Text = Phrase(N_("、"))

    def __str__(self) -> str:
        return str(self.separator).join(str(part) for part in self.parts)


Text = str | Phrase | Name | Joined
Value = float | int | Text | None
Kind = Literal["index", "text", "score", "rank", "change", "value", "weight", "light"]
Hint = Literal["", "heat", "heat-reversed", "bar", "change"]
SummaryKind = Literal["mean", "max", "min"]


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """The mean of the row's cells in *columns* by the table's weights, over those present."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankOf:
    """Competition rank, highest first, of *column* of the row *row* of *table* among its peers."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class SameAs:
    """The cell of another table."""

    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The row's cell in *column* minus the one in *minus*."""

    column: str
    minus: str


Derivation = WeightedMean | RankOf | SameAs | Difference


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with more to say: how a reader can recompute it, its decimals, where it leads.

    ``link`` is the table and row it leads to.
    """

    value: Value
    derived: Derivation | None = None
    decimals: int | None = None
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds and how it is shown. ``decimals`` None means as many as it needs.

    ``hint`` asks for a heat scale, a data bar or the colours of change; ``width`` is the
    most it takes, in characters, longer text wraps; 0 for as wide as its content.
    """

    key: str
    title: Text
    kind: Kind = "text"
    decimals: int | None = None
    unit: Text = ""
    hint: Hint = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Peers (ranked units) stand first and are what ranks and summaries look at."""

    key: str
    cells: tuple[Value | Cell, ...]
    peer: bool = True
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and rows. ``weights`` (by column key) become a line under the header.

    ``frozen`` counts the columns that stay in view; ``summaries`` are lines of the mean, highest
    and lowest of the peers at the foot, of the columns named in ``summarised``.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: Text = ""
    weights: Mapping[str, float] = field(default_factory=dict)
    frozen: int = 2
    summaries: tuple[SummaryKind, ...] = ()
    summarised: tuple[str, ...] = ()
    filtered: bool = False

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each column stands, from 0."""
        return {column.key: at for at, column in enumerate(self.columns)}

    @cached_property
    def row_position(self) -> dict[str, int]:
        """Where each row stands, from 0."""
        return {row.key: at for at, row in enumerate(self.rows)}

    def numbers(self, key: str) -> Iterator[float]:
        """The numbers that the peers have in a column."""
        at = self.position[key]
        for row in self.rows:
            value = plain(row.cells[at])
            if row.peer and isinstance(value, int | float):
                yield value

    def summary(self, kind: SummaryKind, key: str) -> float | None:
        """The mean, highest or lowest of the peers in a column; None when there is no number."""
        numbers = list(self.numbers(key))
        if not numbers:
            return None
        if kind == "mean":
            return sum(numbers) / len(numbers)
        return max(numbers) if kind == "max" else min(numbers)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of some rows of a table: ``label`` names the column of captions.

    ``first`` and ``last`` bound the rows from 0, ``last`` not included. ``beside`` asks for a
    place beside its first row rather than at the top of the section.
    """

    kind: Literal["bar", "radar"]
    title: Text
    table: str
    label: str
    values: tuple[str, ...]
    first: int
    last: int
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line at the foot; a warning stands out."""

    text: Text
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One sheet of a workbook, one chapter of a document, one block of a page."""

    key: str
    title: Text
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[Note, ...] = ()
    unit: Text = ""


@dataclass(frozen=True)
class Report:
    """Everything that a rendering needs. ``banner`` is said in the title of every section."""

    key: str
    title: Text
    sections: tuple[Section, ...]
    round_name: Text = ""
    date: str = ""
    organiser: Text = ""
    banner: Text = ""
    signatures: tuple[Text, ...] = ()
    provenance: tuple[tuple[Text, Text], ...] = ()

    @cached_property
    def tables(self) -> dict[str, tuple[Section, Table]]:
        """Every table by its key, with the section it stands in."""
        return {
            table.key: (section, table) for section in self.sections for table in section.tables
        }


def plain(cell: Value | Cell) -> Value:
    """The value of a cell; a NaN is no value."""
    value = cell.value if isinstance(cell, Cell) else cell
    return None if isinstance(value, float) and isnan(value) else value
