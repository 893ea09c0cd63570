"""The list of findings as a workbook. It may be passed on: no visit, site or day is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from evaluation.platform.i18n import N_, _
from evaluation.platform.workbooks.layout import fit_columns, fit_rows, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from surveys.findings.listing import Line
from surveys.findings.rules import SEVERITIES

#: header, width, look
COLUMNS = (
    (N_("序号"), 6, "code"),
    (N_("编号"), 14, "code"),
    (N_("市州"), 14, "wrap"),
    (N_("严重程度"), 9, "code"),
    (N_("现场问题"), 34, "wrap"),
    (N_("现场情况"), 22, "wrap"),
    (N_("整改措施"), 34, "wrap"),
    (N_("责任部门"), 18, "wrap"),
    (N_("指标"), 18, "wrap"),
    (N_("发现月份"), 10, "code"),
    (N_("照片"), 7, "number"),
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which list it is: the round, whose findings, and for whom it was made."""

    round_name: str
    organiser: str = ""
    selected: str = ""
    demo: bool = False


def write(lines: Sequence[Line], occasion: Occasion) -> bytes:
    """The .xlsx of *lines*, A4 landscape, the header repeated on every page."""
    book = Workbook()
    house = House(book)
    sheet = book.active
    assert sheet is not None
    title = _("现场发现问题清单")
    sheet.title = _("现场发现")
    across, row = len(COLUMNS), 1
    if occasion.demo:
        house.banner(sheet, row, across, _("演示数据：全部为虚构，不代表任何地区的实际情况"))
        row += 1
    house.title(sheet, row, across, title)
    house.merged(sheet, row + 1, across, _subtitle(occasion, len(lines)), "meta")
    head = row + 2
    house.header(sheet, head, [_(name) for name, _width, _look in COLUMNS])
    for at, line in enumerate(lines, head + 1):
        for column, (value, (_name, _width, look)) in enumerate(
            zip(_cells(at - head, line), COLUMNS, strict=True), 1
        ):
            house.put(sheet.cell(at, column), value, look)
    last = head + len(lines)
    note = _("来源：现场采集，经审核、复核采信。时间只到月；不含访查人员、场所和日期。")
    house.merged(sheet, last + 2, across, note, "meta")
    sheet.freeze_panes = f"C{head + 1}"
    if lines:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(across)}{last}"
    fit_columns(sheet, from_row=head, fixed={at: w for at, (_n, w, _l) in enumerate(COLUMNS, 1)})
    fit_rows(sheet, from_row=head + 1)
    set_page(
        sheet,
        title_rows=f"{head}:{head}",
        title_columns="A:B",
        footer=f"{title} · {occasion.round_name}",
    )
    return to_bytes(book, title=f"{title} {occasion.round_name}")


def _subtitle(occasion: Occasion, count: int) -> str:
    parts = [
        _("轮次：{round}", round=occasion.round_name),
        _("共 {count} 项", count=count),
        occasion.selected,
        _("组织单位：{name}", name=occasion.organiser) if occasion.organiser else "",
    ]
    return "　".join(part for part in parts if part)


def _cells(number: int, line: Line) -> tuple[str | int, ...]:
    shown = len(line.pictures) - len(line.kept_back)
    return (
        number,
        line.code,
        line.city,
        _(SEVERITIES[line.severity]),
        line.title,
        line.answer,
        line.measure,
        line.department,
        line.indicator,
        line.month,
        shown,
    )
