"""What a sheet is like to scroll and to print: widths, frozen panes, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.pagebreak import Break

from evaluation.platform.workbooks.layout import set_page, text_width
from reports.model import plain
from reports.render.placing import legible
from reports.render.tables import heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from reports.model import Column, Report, Section, Value
    from reports.render.placing import Place

NARROWEST, WIDEST, USUAL = 7.0, 32.0, 11.0  # characters
SAMPLED = 400  # rows that decide a column's width
PAGE_ROWS = 42  # that a landscape page surely holds


def set_widths(sheet: Worksheet, places: Sequence[Place], across: int) -> list[float]:
    """Widths by header and the widest text of the first rows; returns them, in characters."""
    widths = []
    for at in range(across):
        wanted = [
            _needed(place, place.table.columns[at], at)
            for place in places
            if at < len(place.table.columns) - runs_on(place, places, across)
        ]
        widths.append(min(WIDEST, max([NARROWEST, *wanted])) if wanted else USUAL)
        sheet.column_dimensions[get_column_letter(at + 1)].width = round(widths[-1], 1)
    return widths


def runs_on(place: Place, places: Sequence[Place], across: int) -> bool:
    """Whether the last column of one of several tables takes the rest of the width."""
    return len(places) > 1 and len(place.table.columns) < across


def set_paper(sheet: Worksheet, report: Report, section: Section, places: Sequence[Place]) -> None:
    """Frozen header and unit columns; A4 landscape with both repeated on every page."""
    rows, columns = "1:2", ""
    if len(places) == 1:
        frozen, first = places[0].table.frozen, places[0].first
        sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{first}"
        rows = f"1:{first - 1}"
        columns = f"A:{get_column_letter(frozen)}" if frozen else ""
    said = [legible(part) for part in (report.title, section.title, report.round_name)]
    footer = "　".join(part for part in said if part)
    set_page(sheet, title_rows=rows, title_columns=columns, footer=footer)
    sheet.page_margins.top, sheet.page_margins.header = 0.75, 0.35  # inches
    banner = legible(report.banner).replace("&", "&&")
    if banner and sheet.oddFooter is not None:
        head = HeaderFooterItem()
        for part in (head.center, sheet.oddFooter.center):
            part.text, part.size = banner, 9
        sheet.oddHeader = head
    _break_between_blocks(sheet, section, places)


def _break_between_blocks(sheet: Worksheet, section: Section, places: Sequence[Place]) -> None:
    """Pages end between blocks, so that no chart beside one is cut."""
    beside = [chart for chart in section.charts if chart.beside]
    if len(beside) < 2:
        return
    place = next(place for place in places if place.table.key == beside[0].table)
    step = max(1, PAGE_ROWS // (beside[1].first - beside[0].first))
    for chart in beside[step::step]:
        sheet.row_breaks.append(Break(id=place.first + chart.first - 2))


def _needed(place: Place, column: Column, at: int) -> float:
    """Width that a column wants: its header may take two lines."""
    title = text_width(heading(column))
    header = title if title <= 9 else max(9.0, title / 2 + 1.5)
    texts = {_shown(plain(row.cells[at])) for row in place.table.rows[:SAMPLED]}
    wanted = max([header, *(text_width(text) for text in texts)]) + 2
    return min(wanted, max(column.width, header + 2)) if column.width else wanted


def _shown(value: Value) -> str:
    """A number takes a few places however long its digits are."""
    return "0000.00" if isinstance(value, float) else str(value or "")
