"""The house style of every workbook we write. A person's text is never a formula."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "微软雅黑"
TEAL, INK, GREY, RED = "0F5C5C", "1F2328", "6B7280", "B42318"
PALE_TEAL, PALE_GREY, PALE_YELLOW, PALE_RED = "E6F0EF", "F3F4F1", "FFF8DC", "FBE3DF"
LONGEST = 32_767  # characters in one cell, Excel's own limit
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_HAIR = Side(style="thin", color="D5D8D3")
_BOX = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)

# look: font size, bold, colour, fill, horizontal, wrapped, boxed
LOOKS: dict[str, tuple[float, bool, str, str, str, bool, bool]] = {
    "title": (16, True, INK, "", "center", False, False),
    "meta": (9, False, GREY, "", "left", False, False),
    "heading": (12, True, TEAL, "", "left", False, False),
    "head": (10, True, "FFFFFF", TEAL, "center", True, True),
    "key": (8, False, GREY, PALE_GREY, "center", False, True),
    "text": (10, False, INK, "", "left", False, True),
    "wrap": (10, False, INK, "", "left", True, True),
    "code": (10, False, INK, "", "center", False, True),
    "number": (10, False, INK, "", "right", False, True),
    "group": (10, True, INK, PALE_TEAL, "left", True, True),
    "group-code": (10, True, INK, PALE_TEAL, "center", False, True),
    "total": (10, True, INK, PALE_TEAL, "right", False, True),
    "input": (10, False, INK, PALE_YELLOW, "left", True, True),
    "input-number": (10, False, INK, PALE_YELLOW, "right", False, True),
    "locked": (10, False, GREY, PALE_GREY, "left", True, True),
    "bad": (10, True, RED, PALE_RED, "right", False, True),
    "note": (9, False, GREY, "", "left", True, False),
    "prose": (10, False, INK, "", "left", True, False),
    "banner": (11, True, RED, PALE_RED, "center", False, False),
    "link": (10, False, TEAL, "", "left", False, True),
}


def put(cell: Cell | MergedCell, value: Any) -> Cell:
    """Write a value; text stays text whatever it begins with, NaN becomes an empty cell.

    Raises ``TypeError`` for a cell hidden inside a merged range.
    """
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} lies inside a merged range")
    if isinstance(value, str):
        said = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST]
        cell.value = said
        cell.data_type = "s"
        if said.startswith(STARTS_FORMULA):
            cell.quotePrefix = True  # stays text when somebody edits the cell and presses Enter
    elif isinstance(value, float) and not math.isfinite(value):
        cell.value = None
    else:
        cell.value = value
    return cell


def number_format(decimals: int | None, *, grouped: bool = False) -> str:
    """``2`` → ``0.00``, or ``#,##0.00`` with thousands grouped; None leaves it to Excel."""
    if decimals is None:
        return "General"
    whole = "#,##0" if grouped else "0"
    return whole + ("." + "0" * decimals if decimals > 0 else "")


class House:
    """The looks of one workbook, each made once and copied: openpyxl styles cells slowly."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._made: dict[tuple[str, str, bool], Any] = {}

    def put(
        self,
        cell: Cell | MergedCell,
        value: Any,
        look: str = "text",
        *,
        decimals: int | None = None,
        grouped: bool = False,
        unlocked: bool = False,
    ) -> Cell:
        """Write *value* in one of ``LOOKS``; *unlocked* cells stay open on a protected sheet."""
        self.dress(cell, look, number_format(decimals, grouped=grouped), unlocked=unlocked)
        return put(cell, value)

    def dress(
        self, cell: Cell | MergedCell, look: str, form: str = "General", *, unlocked: bool = False
    ) -> None:
        """Give a cell a look without touching its value."""
        styled: Any = cell  # the style array is not in the published types
        key = (look, form, unlocked)
        made = self._made.get(key)
        if made is None:
            size, bold, colour, fill, horizontal, wrapped, boxed = LOOKS[look]
            cell.font = Font(name=FONT, size=size, bold=bold, color=colour)
            cell.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()
            cell.border = _BOX if boxed else Border()
            cell.alignment = Alignment(
                horizontal=horizontal,
                vertical="center",
                wrap_text=wrapped,
                shrink_to_fit=look == "key",
            )
            cell.number_format = form
            cell.protection = Protection(locked=not unlocked)
            self._made[key] = copy.copy(styled._style)
        else:
            styled._style = copy.copy(made)

    def banner(self, sheet: Worksheet, row: int, columns: int, text: str) -> None:
        """One merged line across the sheet, e.g. the 演示数据 notice."""
        self.merged(sheet, row, columns, text, "banner")
        sheet.row_dimensions[row].height = 22

    def title(self, sheet: Worksheet, row: int, columns: int, text: str) -> None:
        """The merged title line."""
        self.merged(sheet, row, columns, text, "title")
        sheet.row_dimensions[row].height = 32

    def merged(self, sheet: Worksheet, row: int, columns: int, text: str, look: str) -> None:
        """Text across the first *columns* cells of *row*."""
        self.put(sheet.cell(row, 1), text, look)
        if columns > 1:
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)

    def header(self, sheet: Worksheet, row: int, names: Sequence[str], look: str = "head") -> None:
        """A header row; the height leaves room for two lines."""
        for column, name in enumerate(names, 1):
            self.put(sheet.cell(row, column), name, look)
        sheet.row_dimensions[row].height = 30 if look == "head" else 15
