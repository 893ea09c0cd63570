"""Heat scales, data bars and the colours of change, laid over whole columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import ColorScale, DataBar, FormatObject, Rule
from openpyxl.styles import Font
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle

from evaluation.platform.workbooks.writing import RED, TEAL
from reports.render.tables import HEAT_ENDS, heat_range

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.render.placing import Place

BAR = "9DB8D9"


def lay_scales(sheet: Worksheet, place: Place) -> None:
    """Conditional formats of every column that has a hint; the ends are those of the screen."""
    if not place.table.rows:
        return
    for column in place.table.columns:
        letter = place.letter(column.key)
        cells = f"{letter}{place.first}:{letter}{place.last}"
        if column.hint == "change":
            first = f"{letter}{place.first}"
            for sign, colour in ((">", TEAL), ("<", RED)):
                test = f"AND(ISNUMBER({first}),{first}{sign}0)"
                sheet.conditional_formatting.add(cells, _coloured(test, colour))
            continue
        ends = heat_range(place.table, column.key)
        if not column.hint or ends is None or ends[0] == ends[1]:
            continue
        if column.hint == "bar":
            sheet.conditional_formatting.add(cells, _bar(min(0.0, ends[0]), ends[1]))
        else:
            reverse = column.hint == "heat-reversed"
            sheet.conditional_formatting.add(cells, _heat(*ends, reverse=reverse))


def _coloured(test: str, colour: str) -> Rule:
    """Text in *colour* where the test holds for the cell."""
    return Rule(type="expression", formula=[test], dxf=DifferentialStyle(font=Font(color=colour)))


def _bar(low: float, high: float) -> Rule:
    ends = [FormatObject(type="num", val=low), FormatObject(type="num", val=high)]
    return Rule(type="dataBar", dataBar=DataBar(cfvo=ends, color=Color(rgb="FF" + BAR)))


def _heat(low: float, high: float, *, reverse: bool) -> Rule:
    stops = [FormatObject(type="num", val=at) for at in (low, (low + high) / 2, high)]
    colours = [Color(rgb="FF" + colour) for colour in HEAT_ENDS]
    if reverse:
        colours.reverse()
    return Rule(type="colorScale", colorScale=ColorScale(cfvo=stops, color=colours))
