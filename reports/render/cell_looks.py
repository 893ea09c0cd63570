"""The look of every cell of a report's workbook, each look made once and shared."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError

from evaluation.platform.workbooks.writing import (
    FONT,
    GREY,
    INK,
    PALE_RED,
    PALE_TEAL,
    PALE_YELLOW,
    STARTS_FORMULA,
    TEAL,
    House,
    number_format,
    put,
)
from reports.model import Cell, Column, Phrase, plain
from reports.render.tables import EMPTY, decimals_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.model import Value

TONES = {"good": PALE_TEAL, "attention": PALE_YELLOW, "bad": PALE_RED}
WORDS = ("text", "light")


class Looks:
    """Styles by what a cell is: its column, its number of decimals, its tone."""

    def __init__(self, house: House, scratch: Worksheet) -> None:
        self.house = house
        self._scratch: Any = scratch.cell(1, 1)  # the published types know no style array
        self._made: dict[tuple[object, ...], Any] = {}

    def style(
        self,
        form: str = "General",
        *,
        align: str = "left",
        wrap: bool = False,
        strong: bool = False,
        tone: str = "",
        link: bool = False,
    ) -> Any:
        """A shared style array; never change the cell's style afterwards without a copy."""
        key = (form, align, wrap, strong, tone, link)
        made = self._made.get(key)
        if made is None:
            cell = self._scratch
            self.house.dress(cell, "text", form)
            colour = TEAL if link else GREY if tone == "faint" else INK
            cell.font = Font(name=FONT, size=10, bold=strong, color=colour)
            indent = 0 if align == "center" else 1
            cell.alignment = Alignment(
                horizontal=align, vertical="center", wrap_text=wrap, indent=indent
            )
            fill = TONES.get(tone) or (PALE_TEAL if strong else "")
            if fill:
                cell.fill = PatternFill("solid", fgColor=fill)
            made = self._made[key] = copy.copy(cell._style)
        return made

    def write(self, at: Any, column: Column, given: Value | Cell, *, strong: bool) -> None:
        """One value as its column wants it; a person's text never becomes a formula."""
        value = plain(given)
        words = column.kind in WORDS
        if isinstance(value, int | float):
            decimals = given.decimals if isinstance(given, Cell) else None
            align = "center" if column.kind in ("rank", "index", "change") else "right"
            form = form_of(column, value, decimals)
            at._style = self.style(form, align=align, strong=strong)
            at.value = value
            return
        if value is None:
            at._style = self.style(align="left" if words else "center", tone="faint", strong=strong)
            if not words:
                at.value = EMPTY
            return
        text = str(value)
        tone = value.tone if isinstance(value, Phrase) else ""
        style = self.style(
            align="left" if column.kind == "text" else "center",
            wrap=bool(column.width),
            strong=strong,
            tone=tone,
            link=isinstance(given, Cell) and given.link is not None,
        )
        if text.startswith(STARTS_FORMULA):
            at._style = copy.copy(style)  # `put` marks the cell in its style
            put(at, text)
            return
        at._style = style
        try:  # as `put`, without its second look at every character
            at.value = text
            at.data_type = "s"
        except IllegalCharacterError:
            at._style = copy.copy(style)
            put(at, text)


def form_of(column: Column, value: float, decimals: int | None) -> str:
    """The number format that shows what `tables.format_value` says."""
    if column.kind in ("rank", "index"):
        return "0" if float(value).is_integer() else "0.0"
    places = decimals_of(value, column, decimals)
    if column.kind == "change":
        figure = number_format(places)
        return f'"▲"{figure};"▼"{figure};"{EMPTY}"'
    return number_format(places, grouped=True)
