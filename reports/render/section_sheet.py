"""One section of a report as one sheet."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from evaluation.platform.i18n import N_, _
from evaluation.platform.workbooks.layout import text_width
from evaluation.platform.workbooks.writing import FONT, RED
from reports.model import Cell, Column, SummaryKind, plain
from reports.render.formulas import formula, summary
from reports.render.native_charts import draw
from reports.render.paper import runs_on, set_paper, set_widths
from reports.render.placing import quoted
from reports.render.scales import lay_scales
from reports.render.tables import decimals_of, heading

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from reports.model import Report, Section
    from reports.render.cell_looks import Looks
    from reports.render.placing import Place

ROW_POINTS = 17  # room to breathe, where no text wraps
LEAST_COLUMNS = 6  # room for title and notes above a narrow table
TEXT, WEIGHT = Column("", ""), Column("", "", "weight")
SUMMARY_WORDS: dict[SummaryKind, str] = {
    "mean": N_("均值"),
    "max": N_("最高"),
    "min": N_("最低"),
}


class SectionSheet:
    """One section being written."""

    def __init__(
        self,
        report: Report,
        section: Section,
        sheet: Worksheet,
        looks: Looks,
        places: dict[str, Place],
    ) -> None:
        self.report, self.section, self.sheet = report, section, sheet
        self.looks, self.house, self.places = looks, looks.house, places
        self.mine = [places[table.key] for table in section.tables]
        self.across = max([LEAST_COLUMNS, *(len(table.columns) for table in section.tables)])
        self.widths: list[float] = []
        self.known: dict[str, float] = {}
        self._lines: dict[tuple[int, str], int] = {}

    def write(self) -> dict[str, float]:
        """Write everything; returns the values of the formulas by cell."""
        self.widths = set_widths(self.sheet, self.mine, self.across)
        self._top()
        for place in self.mine:
            self._table(place)
            lay_scales(self.sheet, place)
        for chart in self.section.charts:
            draw(self.sheet, chart, self.places[chart.table])
        self._foot(max((place.end for place in self.mine), default=2) + 1)
        set_paper(self.sheet, self.report, self.section, self.mine)
        return self.known

    def _top(self) -> None:
        """Title across the sheet; below it the unit on the left, round and date on the right."""
        title = _("{report}：{section}", report=self.report.title, section=self.section.title)
        if str(self.report.banner):
            title = _("{title}【{banner}】", title=title, banner=self.report.banner)
        self.house.put(self.sheet.cell(1, 1), title, "title")
        self.sheet.row_dimensions[1].height = 32
        self._merge(1, 1, self.across)
        half = self.across // 2
        said = [str(self.report.round_name), str(self.report.organiser), self.report.date]
        self.house.put(self.sheet.cell(2, 1), str(self.section.unit), "meta")
        right = self.sheet.cell(2, half + 1)
        self.house.put(right, "　".join(part for part in said if part), "meta")
        right.alignment = Alignment(horizontal="right", vertical="center")
        for first, last in ((1, half), (half + 1, self.across)):
            self._merge(2, first, last)

    def _table(self, place: Place) -> None:
        table, sheet = place.table, self.sheet
        if place.heading is not None:
            self.house.put(sheet.cell(place.heading, 1), str(table.title), "heading")
        self.house.header(sheet, place.header, [heading(column) for column in table.columns])
        airy = not any(column.width for column in table.columns)
        if place.weights is not None:
            self._weights(place, place.weights)
        for row, line in enumerate(table.rows, place.first):
            if airy:
                sheet.row_dimensions[row].height = ROW_POINTS
            for at, (column, given) in enumerate(zip(table.columns, line.cells, strict=True), 1):
                cell = sheet.cell(row, at)
                self.looks.write(cell, column, given, strong=line.strong)
                if column.width:
                    self._make_room(row, at, cell.value)
                if isinstance(given, Cell) and (given.derived or given.link):
                    self._live(given, place, row, at)
        if runs_on(place, self.mine, self.across):
            for row in range(place.header, place.last + 1):
                self._run_on(row, len(table.columns))
        for row, kind in enumerate(table.summaries, place.last + 1):
            self._summary(place, row, kind)
        if table.filtered and table.rows:
            last = get_column_letter(len(table.columns))
            sheet.auto_filter.ref = f"A{place.header}:{last}{place.last}"

    def _line(self, row: int, text: str, look: str) -> None:
        """One line of text across the sheet."""
        self.house.put(self.sheet.cell(row, 1), text, look)
        self._merge(row, 1, self.across)

    def _run_on(self, row: int, column: int) -> None:
        """Let a cell take the rest of the width, in its own look."""
        own: Any = self.sheet.cell(row, column)
        for at in range(column + 1, self.across + 1):
            neighbour: Any = self.sheet.cell(row, at)
            neighbour._style = own._style
        self._merge(row, column, self.across)

    def _merge(self, row: int, first: int, last: int) -> None:
        """Merge cells of a row. openpyxl's `merge_cells` redraws borders and is slow at it."""
        if last > first:
            ends = get_column_letter(first), get_column_letter(last)
            self.sheet.merged_cells.add(f"{ends[0]}{row}:{ends[1]}{row}")

    def _make_room(self, row: int, at: int, value: object) -> None:
        """A higher row where text wraps: not every program finds the height by itself."""
        if not isinstance(value, str):
            return
        lines = self._lines.get((at, value))
        if lines is None:
            lines = ceil(text_width(value) / (self.widths[at - 1] - 2))
            self._lines[at, value] = lines
        if lines > 1:
            height = self.sheet.row_dimensions[row].height or 0
            self.sheet.row_dimensions[row].height = max(height, 14 * lines + 2)

    def _live(self, given: Cell, place: Place, row: int, at: int) -> None:
        """Make a derived cell a formula, and a linked one a link."""
        cell = self.sheet.cell(row, at)
        value = plain(given)
        if given.derived is not None and isinstance(value, int | float):
            cell.value = formula(given.derived, place, row, self.places)
            self.known[cell.coordinate] = float(value)
        if given.link is not None:
            there = self.places[given.link[0]]
            where = f"{quoted(there.sheet)}!A{there.row_of(given.link[1])}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=where)

    def _weights(self, place: Place, row: int) -> None:
        """The line of weights, its word in the column before the first of them."""
        table = place.table
        for at, column in enumerate(table.columns, 1):
            cell = self.sheet.cell(row, at)
            weight = table.weights.get(column.key)
            if weight is None:
                word = _("权重") if at == min(2, len(table.columns)) else ""
                self.house.put(cell, word, "locked")
            else:
                self.house.put(cell, weight, "locked", decimals=decimals_of(weight, WEIGHT))
                cell.alignment = Alignment(horizontal="right", vertical="center")

    def _summary(self, place: Place, row: int, kind: SummaryKind) -> None:
        """Mean, highest or lowest of the peers, as a formula over them."""
        table = place.table
        for at, column in enumerate(table.columns, 1):
            cell = self.sheet.cell(row, at)
            number = table.summary(kind, column.key) if column.key in table.summarised else None
            if number is None:
                word = _(SUMMARY_WORDS[kind]) if at == min(2, len(table.columns)) else None
                self.looks.write(cell, TEXT, word, strong=True)
                continue
            self.looks.write(cell, column, number, strong=True)
            cell.value = summary(kind, place, column.key)
            self.known[cell.coordinate] = number

    def _foot(self, row: int) -> None:
        """Notes across the sheet and, below them, who filled it in and who checked it."""
        width = sum(self.widths[: self.across])
        for no, note in enumerate(self.section.notes):
            text = _("注：{note}", note=note.text) if no == 0 else str(note.text)
            self._line(row, text, "note")
            cell = self.sheet.cell(row, 1)
            if note.warning:
                cell.font = Font(name=FONT, size=9, bold=True, color=RED)
            lines = ceil(text_width(text) * 0.92 / width)
            self.sheet.row_dimensions[row].height = 15 * max(lines, 1)
            row += 1
        if self.report.signatures:
            signed = "　　　　".join(
                _("{role}：____________", role=role) for role in self.report.signatures
            )
            self._line(row, signed, "prose")
            self.sheet.row_dimensions[row].height = 26
