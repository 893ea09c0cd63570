"""A report as a workbook, the way a Chinese office expects one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from reports.render.cached import with_cached_values
from reports.render.cell_looks import Looks
from reports.render.placing import legible, placed, sheet_names
from reports.render.section_sheet import SectionSheet

if TYPE_CHECKING:
    from reports.model import Report


def render_xlsx(report: Report) -> bytes:
    """The workbook of *report* in the current language.

    A sheet a section: title, unit and date, tables, notes, signatures. Derived cells are live
    formulas that carry our value as their cached one; an office program recomputes them when it
    opens the file. The same report gives the same bytes.
    """
    return with_cached_values(*_written(report))


def _written(report: Report) -> tuple[bytes, dict[str, dict[str, float]]]:
    """The file without cached values, and the values by part and cell."""
    book = Workbook()
    scratch = book.worksheets[0]
    looks = Looks(House(book), scratch)
    names = sheet_names(report)
    places = placed(report, names)
    values: dict[str, dict[str, float]] = {}
    for at, (name, section) in enumerate(zip(names, report.sections, strict=True), 1):
        sheet = book.create_sheet(name)
        known = SectionSheet(report, section, sheet, looks, places).write()
        values[f"xl/worksheets/sheet{at}.xml"] = known
    book.remove(scratch)
    book.active = 0
    book.calculation.fullCalcOnLoad = True
    return to_bytes(book, title=legible(report.title)), values
