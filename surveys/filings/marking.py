"""The workbook somebody uploaded, given back with its bad cells marked and commented."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import _
from evaluation.platform.workbooks import read_workbook
from evaluation.platform.workbooks.layout import fit_columns, fit_rows, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import PALE_RED, PALE_YELLOW, House
from surveys.filings import columns

AUTHOR = "营商"
PALE_AMBER = "FBE3C0"
LARGEST = 200_000  # cells: openpyxl holds every one of them as an object


def marked(content: bytes, faults: Sequence[Fault], *, name: str) -> bytes | None:
    """The same workbook with the faults' cells filled and commented, and a sheet listing all.

    Marks of an earlier turn are taken off first. None when the workbook is too large for it.
    """
    read = read_workbook(content, name=name)
    if sum(len(row) for sheet in read.sheets.values() for row in sheet.rows) > LARGEST:
        return None
    book = load_workbook(io.BytesIO(content))
    listed = set(columns.spellings(columns.FAULTS))
    for title in listed & set(book.sheetnames):
        del book[title]
    form = next((t for t in columns.spellings(columns.SHEET) if t in book.sheetnames), None)
    for sheet in book.worksheets:
        _clean(sheet)
    for fault in faults:
        title = fault.sheet or form or ""
        if fault.cell and title in book.sheetnames:
            _mark(book[title], fault)
    _list(book, faults, form)
    return to_bytes(book, title=name)


def _clean(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill("solid", fgColor=PALE_YELLOW)


def _mark(sheet: Worksheet, fault: Fault) -> None:
    cell = sheet[fault.cell]
    if isinstance(cell, MergedCell):
        return
    said = f"{fault.explain()} {fault.remedy()}".strip()
    if cell.comment is not None and cell.comment.author == AUTHOR:
        said = f"{cell.comment.text}\n{said}"
    comment = Comment(said, AUTHOR)
    comment.width, comment.height = 280, 40 + 20 * (1 + len(said) // 22)
    cell.comment = comment
    fill = PALE_RED if fault.severity == "error" else PALE_AMBER
    cell.fill = PatternFill("solid", fgColor=fill)


def _list(book: Workbook, faults: Iterable[Fault], form: str | None) -> None:
    house = House(book)
    sheet = book.create_sheet(_(columns.FAULTS), 0)
    house.title(sheet, 1, 4, _("校验结果"))
    house.header(sheet, 2, [_("序号"), _("位置"), _("问题"), _("怎样修改")])
    for row, fault in enumerate(faults, 3):
        house.put(sheet.cell(row, 1), row - 2, "code")
        place = f"{fault.sheet or form or ''}!{fault.cell}" if fault.cell else _("全文件")
        house.put(sheet.cell(row, 2), place, "link" if fault.cell else "text")
        if fault.cell:
            sheet.cell(row, 2).hyperlink = f"#'{fault.sheet or form}'!{fault.cell}"
        house.put(sheet.cell(row, 3), fault.explain(), "wrap")
        house.put(sheet.cell(row, 4), fault.remedy(), "wrap")
    sheet.freeze_panes = "A3"
    fit_columns(sheet, from_row=2, fixed={1: 6, 2: 14, 3: 52, 4: 52})
    fit_rows(sheet)
    set_page(sheet, title_rows="2:2")
    book.active = 0
