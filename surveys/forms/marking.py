"""The author's workbook given back: what is mechanical mended and green, the rest marked red."""

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
from evaluation.platform.i18n import N_, _, english
from evaluation.platform.workbooks import read_workbook
from evaluation.platform.workbooks.layout import fit_columns, fit_rows, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import PALE_RED, House, put
from surveys.forms.doctor import Diagnosis
from surveys.forms.mechanical import REASONS
from surveys.forms.mending import Mend

AUTHOR = "营商"
PALE_AMBER, PALE_GREEN = "FBE3C0", "DDF0DC"
LARGEST = 200_000  # cells: openpyxl holds every one of them as an object
SHEET = N_("表单体检")


def marked(content: bytes, diagnosis: Diagnosis, *, name: str) -> bytes | None:
    """The same workbook with mended cells, marked cells, and a first sheet that lists all.

    Marks of an earlier turn are taken off. None when the workbook is too large for it.
    """
    read = read_workbook(content, name=name)
    if sum(len(row) for sheet in read.sheets.values() for row in sheet.rows) > LARGEST:
        return None
    book = load_workbook(io.BytesIO(content))
    for title in {SHEET, english().get(SHEET, SHEET)} & set(book.sheetnames):
        del book[title]
    for sheet in book.worksheets:
        _clean(sheet)
    mended = {(each.sheet, each.cell) for each in diagnosis.mends if each.cell}
    for mend in diagnosis.mends:
        if mend.cell and mend.sheet in book.sheetnames:
            _mend(book[mend.sheet], mend)
    left = [fault for fault in diagnosis.faults if not _is_mended(fault, mended)]
    for fault in left:
        if fault.cell and fault.sheet in book.sheetnames:
            _mark(book[fault.sheet], fault)
    _list(book, left, diagnosis.mends)
    return to_bytes(book, title=name)


def _is_mended(fault: Fault, mended: set[tuple[str, str]]) -> bool:
    return fault.code in REASONS and (fault.sheet, fault.cell) in mended


def _clean(sheet: Worksheet) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mend(sheet: Worksheet, mend: Mend) -> None:
    cell = sheet[mend.cell]
    if isinstance(cell, MergedCell):
        return
    put(cell, mend.after)
    cell.number_format = "@"
    _note(sheet, mend.cell, _("已修改。原来是：{before}", before=mend.before), PALE_GREEN)


def _mark(sheet: Worksheet, fault: Fault) -> None:
    said = f"{fault.explain()} {fault.remedy()}".strip()
    _note(sheet, fault.cell, said, PALE_RED if fault.severity == "error" else PALE_AMBER)


def _note(sheet: Worksheet, address: str, said: str, fill: str) -> None:
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        return
    if cell.comment is not None and cell.comment.author == AUTHOR:
        said = f"{cell.comment.text}\n{said}"
        if fill == PALE_AMBER:
            fill = PALE_RED if cell.fill.fgColor.rgb == f"00{PALE_RED}" else fill
    comment = Comment(said, AUTHOR)
    comment.width, comment.height = 300, 40 + 20 * (1 + len(said) // 22)
    cell.comment = comment
    cell.fill = PatternFill("solid", fgColor=fill)


def _list(book: Workbook, faults: Iterable[Fault], mends: Sequence[Mend]) -> None:
    house = House(book)
    sheet = book.create_sheet(_(SHEET), 0)
    house.title(sheet, 1, 4, _("表单体检"))
    house.header(sheet, 2, [_("类别"), _("位置"), _("问题"), _("怎样修改")])
    row = 3
    for fault in faults:
        kind = _("错误") if fault.severity == "error" else _("提醒")
        _line(house, sheet, row, kind, fault.sheet, fault.cell, fault.explain(), fault.remedy())
        row += 1
    for mend in mends:
        said = _("原来是：{before}", before=mend.before)
        done = _("已改为：{after}", after=mend.after)
        _line(house, sheet, row, _("已修改"), mend.sheet, mend.cell, said, done)
        row += 1
    sheet.freeze_panes = "A3"
    fit_columns(sheet, from_row=2, fixed={1: 10, 2: 16, 3: 56, 4: 56})
    fit_rows(sheet)
    set_page(sheet, title_rows="2:2")
    book.active = 0


def _line(
    house: House, sheet: Worksheet, row: int, kind: str, title: str, cell: str, what: str, mend: str
) -> None:
    house.put(sheet.cell(row, 1), kind, "code")
    place = f"{title}!{cell}" if cell else title or _("全文件")
    house.put(sheet.cell(row, 2), place, "link" if cell else "text")
    if cell:
        quoted = title.replace("'", "''")
        sheet.cell(row, 2).hyperlink = f"#'{quoted}'!{cell}"
    house.put(sheet.cell(row, 3), what, "wrap")
    house.put(sheet.cell(row, 4), mend, "wrap")
