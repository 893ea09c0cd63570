"""Where every table of a report stands in a workbook: needed before the first formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from reports.model import Report, Section, Table

FIRST_ROW = 3  # below the title and the line of unit and date


@dataclass(frozen=True)
class Place:
    """One table on its sheet; rows and columns count from 1."""

    sheet: str
    table: Table
    heading: int | None  # the row of its own title, where a sheet has several tables
    header: int

    @property
    def weights(self) -> int | None:
        """The row of weights."""
        return self.header + 1 if self.table.weights else None

    @property
    def first(self) -> int:
        """The row of the first line."""
        return self.header + (2 if self.table.weights else 1)

    @property
    def last(self) -> int:
        """The row of the last line; before ``first`` when there is none."""
        return self.first + len(self.table.rows) - 1

    @property
    def last_peer(self) -> int:
        """The row of the last peer: peers stand first."""
        return self.first + sum(row.peer for row in self.table.rows) - 1

    @property
    def end(self) -> int:
        """The last row that the table takes, summaries included."""
        return self.last + len(self.table.summaries)

    def letter(self, column: str) -> str:
        """The letter of a column."""
        return get_column_letter(self.table.position[column] + 1)

    def row_of(self, key: str) -> int:
        """The row of a line."""
        return self.first + self.table.row_position[key]

    def peers(self, column: str) -> str:
        """Absolute reference of the peers' cells in a column."""
        letter = self.letter(column)
        return f"${letter}${self.first}:${letter}${self.last_peer}"


def legible(text: object) -> str:
    """Text for a place that openpyxl does not clean by itself: titles, headers, names."""
    return ILLEGAL_CHARACTERS_RE.sub("", str(text))


def quoted(sheet: str) -> str:
    """A sheet's name as formulas and links write it."""
    return "'" + sheet.replace("'", "''") + "'"


def sheet_names(report: Report) -> list[str]:
    """Names that Excel accepts, in the current language, none twice."""
    names: list[str] = []
    for section in report.sections:
        name = re.sub(r"[\\/*?:\[\]]", " ", legible(section.title)).strip("' ")[:28] or section.key
        taken = {other.lower() for other in names}
        unique, count = name, 2
        while unique.lower() in taken:
            unique, count = f"{name} {count}", count + 1
        names.append(unique)
    return names


def placed(report: Report, names: list[str]) -> dict[str, Place]:
    """Every table's place, by its key."""
    return {
        place.table.key: place
        for name, section in zip(names, report.sections, strict=True)
        for place in _places(name, section)
    }


def _places(sheet: str, section: Section) -> Iterator[Place]:
    at = FIRST_ROW
    for table in section.tables:
        heading = at if str(table.title) else None
        place = Place(sheet, table, heading, at if heading is None else at + 1)
        yield place
        at = place.end + 2
