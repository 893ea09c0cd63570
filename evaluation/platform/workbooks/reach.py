"""How far a sheet reaches, so that a dense reader is never asked for more than memory holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from evaluation.platform.workbooks.package import DAMAGED, FEWER, TOO_MANY, refuse

if TYPE_CHECKING:
    from evaluation.platform.workbooks.package import Package

MAX_AREA = 2_000_000  # cells of the rectangle from A1 that holds everything
MAX_TEXT = 24 * 2**20  # characters of all text cells, shared strings counted at every use

# Cells are looked for with patterns first: parsing costs more than reading the sheet does.
_NOT_NEAR = re.compile(rb'<(?:\w+:)?c\b(?! r="[A-Z]{1,2}[0-9]{1,3}")')
_NOT_PLAIN = re.compile(rb'<(?:\w+:)?c\b(?! r="[A-Z]{1,3}[0-9]{1,7}")')
_COLUMNS = re.compile(rb'<c r="([A-Z]+)')
_ROWS = re.compile(rb'<c r="[A-Z]+([0-9]+)"')


def check_reach(package: Package, path: str, longest: int) -> None:
    """Refuse a sheet whose cells or texts would unfold beyond the limits.

    *longest* is an upper bound of the length of a shared string, from ``longest_string``.
    """
    part = package.part(path)
    if part.count(b"<") // 4 * longest < MAX_TEXT and _looks_small(part):
        return
    try:
        extent = measure(part, string_lengths(package.part("xl/sharedStrings.xml")))
    except expat.ExpatError:
        refuse(package.name, "damaged", DAMAGED)
    if extent.rows * extent.columns > MAX_AREA or extent.text > MAX_TEXT:
        refuse(
            package.name,
            "too-many-cells",
            TOO_MANY,
            FEWER,
        )


def _looks_small(part: bytes) -> bool:
    """Whether every cell carries its address, and none is far from A1."""
    if not _NOT_NEAR.search(part):
        return True  # at most 702 columns by 999 rows
    if _NOT_PLAIN.search(part):
        return False
    columns, rows = set(_COLUMNS.findall(part)), set(_ROWS.findall(part))
    return max(map(_number, columns)) * max(map(int, rows)) <= MAX_AREA


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@dataclass
class Extent:
    """The last row and column that hold something (1-based), and the length of all text."""

    rows: int = 0
    columns: int = 0
    text: int = 0


def longest_string(shared: bytes) -> int:
    """No shared string is longer than this: the widest gap between ends of items, in bytes."""
    widest = 0
    start = 0
    for end in re.finditer(rb"/(?:\w+:)?si>", shared):
        widest = max(widest, end.start() - start)
        start = end.end()
    return widest


def string_lengths(shared: bytes) -> list[int]:
    """The length of every shared string. Raises ``ExpatError``."""
    lengths: list[int] = []
    if not shared:
        return lengths

    def start(tag: str, _: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.Parse(shared, True)
    return lengths


def measure(part: bytes, lengths: list[int]) -> Extent:
    """Walk a sheet as a reader would, counting rows and cells that carry no address.

    Raises ``ExpatError``.
    """
    extent = Extent()
    row = column = 0
    shared = False
    value: list[str] | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, shared, value
        local = tag.rpartition(":")[2]
        if local == "row":
            given = attributes.get("r", "")
            row = int(given) if given.isdigit() and len(given) < 9 else row + 1
            column = 0
        elif local == "c":
            row, column = place(attributes.get("r", ""), row, column + 1)
            shared = attributes.get("t") == "s"
        elif local in ("v", "is", "f"):
            extent.rows = max(extent.rows, row)
            extent.columns = max(extent.columns, column)
            value = [] if local != "f" else None

    def text(data: str) -> None:
        if value is not None:
            value.append(data)

    def end(tag: str) -> None:
        nonlocal value
        if value is not None and tag.rpartition(":")[2] in ("v", "is"):
            said = "".join(value)
            if shared and said.isdigit() and len(said) < 9:
                extent.text += lengths[int(said)] if int(said) < len(lengths) else 0
            else:
                extent.text += len(said)
            value = None

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    parser.Parse(part, True)
    return extent


def place(reference: str, row: int, column: int) -> tuple[int, int]:
    """Row and column of a cell, counting from 1: by its address, or else the ones given."""
    found = re.fullmatch(r"([A-Za-z]{1,4})([0-9]{1,8})", reference)
    if not found:
        return row, column
    return int(found.group(2)), _number(found.group(1).upper().encode())
