"""The workbook a city fills: prefilled, locked but for its inputs, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from evaluation.framework.tree import Framework, Node
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import moment
from evaluation.platform.workbooks.layout import (
    dropdown,
    fit_columns,
    fit_rows,
    number_range,
    protect,
    set_page,
)
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from surveys.filings import rules
from surveys.filings.columns import (
    COLUMN,
    GUIDE,
    HEADERS,
    META_SHEET,
    SHEET,
    TEMPLATE_VERSION,
    YES,
)
from surveys.filings.store import EMPTY, Cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LOOKS = {
    **dict.fromkeys(HEADERS, "locked"),
    "number": "code",
    "code": "code",
    "name": "wrap",
    "value": "input-number",
    "not_applicable": "input",
    "note": "input",
}
OPEN_COLUMNS = ("value", "not_applicable", "note")
WIDTHS = {"number": 5, "code": 9, "dimension": 14, "name": 26, "unit": 11, "how": 34, "last": 11}
WIDTHS |= {"value": 13, "not_applicable": 8, "note": 26}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whose workbook it is: the round, the city, the framework version, the deadline."""

    round_code: str
    round_name: str
    city: str
    city_name: str
    framework_sha256: str
    framework_version: int
    closes_at: datetime
    timezone: str
    organiser: str = ""
    demo: bool = False


def template(
    framework: Framework,
    occasion: Occasion,
    cells: Mapping[str, Cell],
    last: Mapping[str, float | None],
) -> bytes:
    """The prefilled .xlsx of one city: 填报, 说明 and a hidden sheet that says whose it is."""
    book = Workbook()
    house = House(book)
    sheet = book.active
    assert sheet is not None
    sheet.title = _(SHEET)
    _form(house, sheet, framework, occasion, cells, last)
    _guide(house, book.create_sheet(_(GUIDE)), occasion)
    _meta(book.create_sheet(META_SHEET), framework, occasion, cells)
    return to_bytes(book, title=f"{occasion.city_name} {occasion.round_name}")


def _form(
    house: House,
    sheet: Worksheet,
    framework: Framework,
    occasion: Occasion,
    cells: Mapping[str, Cell],
    last: Mapping[str, float | None],
) -> None:
    width = len(HEADERS)
    row = 1
    if occasion.demo:
        house.banner(sheet, row, width, _("演示数据：全部为虚构，不代表任何地区的实际情况"))
        row += 1
    title = _("{city}全量数据填报表", city=occasion.city_name)
    house.title(sheet, row, width, title)
    house.merged(sheet, row + 1, width, _subtitle(occasion), "meta")
    head = row + 2
    house.header(sheet, head, [_(name) for name in HEADERS.values()])
    at = head
    for number, node in enumerate(rules.indicators(framework), 1):
        at += 1
        held = cells.get(node.code, EMPTY)
        _line(house, sheet, at, number, node, framework, held, last.get(node.code))
        if node.allow_not_applicable:
            dropdown(sheet, f"{_letter('not_applicable')}{at}", [_(YES)])
        number_range(sheet, f"{_letter('value')}{at}", node.minimum, node.maximum, node.unit[:60])
    sign = "＿" * 8
    foot = _("填表人：{sign}　审核人：{sign}　联系电话：{sign}　日期：{sign}", sign=sign)
    house.merged(sheet, at + 2, width, foot, "meta")
    sheet.freeze_panes = f"{_letter('unit')}{head + 1}"
    fit_columns(sheet, from_row=head, fixed={COLUMN[k]: w for k, w in WIDTHS.items()})
    fit_rows(sheet, from_row=head + 1)
    set_page(sheet, title_rows=f"{head}:{head}", footer=f"{title} · {occasion.round_name}")
    protect(sheet)


def _subtitle(occasion: Occasion) -> str:
    said = _(
        "轮次：{round}　截止：{closes}　单位见各行　只填黄色单元格",
        round=occasion.round_name,
        closes=moment(occasion.closes_at, occasion.timezone),
    )
    return said + (_("　组织单位：{name}", name=occasion.organiser) if occasion.organiser else "")


def _line(
    house: House,
    sheet: Worksheet,
    row: int,
    number: int,
    node: Node,
    framework: Framework,
    held: Cell,
    last: float | None,
) -> None:
    dimension = framework.path(node.code)[1]
    entry = held.entry
    values = {
        "number": number,
        "code": node.code,
        "dimension": named(dimension.name, dimension.name_en),
        "name": named(node.name, node.name_en)
        + ("" if node.official else _("（{unit}）", unit=_("示例/非官方"))),
        "unit": node.unit,
        "how": _advice(node, held),
        "last": last,
        "value": entry.value,
        "not_applicable": _(YES) if entry.not_applicable else None,
        "note": entry.note,
    }
    for key, value in values.items():
        look, open_cell = LOOKS[key], key in OPEN_COLUMNS
        if key == "not_applicable" and not node.allow_not_applicable:
            look, open_cell, value = "locked", False, "—"
        elif key == "last":
            look = "number"
        house.put(sheet.cell(row, COLUMN[key]), value, look, unlocked=open_cell)


def _advice(node: Node, held: Cell) -> str:
    parts = [node.definition]
    span = rules.span(node)
    if span:
        parts.append(_("范围 {range} {unit}", range=span, unit=node.unit))
    if node.decimals == 0:
        parts.append(_("填整数"))
    elif node.decimals is not None:
        parts.append(_("{decimals} 位小数", decimals=node.decimals))
    if node.evidence_required:
        parts.append(_("须上传佐证"))
    if held.state == rules.RETURNED:
        parts.append(_("退回原因：{reason}", reason=held.return_reason))
    return _("；").join(part for part in parts if part)


def guide_lines(occasion: Occasion) -> list[str]:
    """How to fill, as the 说明 sheet says it."""
    return [
        _("截止时间：{closes}", closes=moment(occasion.closes_at, occasion.timezone)),
        _("只填黄色单元格；不要改动表头、代码、工作表名称，不要合并单元格或增删行。"),
        _("本期值只填数字，不带单位、千位逗号和百分号；单位为 % 的，98% 请填 98。"),
        _("没有数据请留空；空单元格不会清除系统中已存的数值。要清除，请在网页填报表中清空。"),
        _("不适用的指标在“不适用”列选“是”，并在备注写明原因；“不适用”与数值不能同时填写。"),
        _("上传后先预览：逐格显示将要改变的内容，确认后才保存。有错误的单元格会标红并加批注退还。"),
        _("本表只用于这一市州、这一轮次和这一版指标体系；其他市州、轮次或旧版的表不能上传。"),
        _("填报问题联系：{contact}", contact=occasion.organiser or "＿" * 12),
    ]


def _guide(house: House, sheet: Worksheet, occasion: Occasion) -> None:
    row = 1
    if occasion.demo:
        house.banner(sheet, row, 2, _("演示数据：全部为虚构，不代表任何地区的实际情况"))
        row += 1
    house.title(sheet, row, 2, _("填报说明"))
    for number, line in enumerate(guide_lines(occasion), 1):
        house.put(sheet.cell(row + number, 1), number, "code")
        house.put(sheet.cell(row + number, 2), line, "wrap")
        sheet.row_dimensions[row + number].height = 34
    fit_columns(sheet, fixed={1: 6, 2: 88})
    set_page(sheet, landscape=False)
    protect(sheet)


def _meta(
    sheet: Worksheet, framework: Framework, occasion: Occasion, cells: Mapping[str, Cell]
) -> None:
    """Keys and values, then the revision of every cell that was written into the workbook."""
    rows: list[tuple[str, str | int]] = [
        ("template", TEMPLATE_VERSION),
        ("round", occasion.round_code),
        ("city", occasion.city),
        ("framework_sha256", occasion.framework_sha256),
        ("framework_version", occasion.framework_version),
    ]
    rows += [
        (f"revision:{node.code}", cells[node.code].revision)
        for node in rules.indicators(framework)
        if node.code in cells
    ]
    for row, (key, value) in enumerate(rows, 1):
        for column, said in enumerate((key, value), 1):
            cell = sheet.cell(row, column, said)
            if isinstance(said, str):
                cell.data_type = "s"
    sheet.sheet_state = "veryHidden"
    protect(sheet)


def _letter(key: str) -> str:
    return get_column_letter(COLUMN[key])
