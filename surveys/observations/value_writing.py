"""The values workbook out: prefilled, locked but for its values, with ranges and drop-downs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from evaluation.framework.methods import method_name
from evaluation.framework.tree import Framework, Node
from evaluation.platform.i18n import _, named
from evaluation.platform.workbooks.layout import number_range, protect, set_page, span, text_width
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from surveys.observations.value_sheet import LABELS, NOT_APPLICABLE, SHEET, Cell, columns_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FIRST_ROW = 2 + len(LABELS)
FIRST_COLUMN = 3
PRINTED_COLUMNS = 10  # a sheet of paper


def write_values(
    framework: Framework, method: str, present: Mapping[Cell, float | bool], *, title: str
) -> bytes:
    """The workbook of every unit for *method*, with the *present* values filled in."""
    book = Workbook()
    house = House(book)
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    nodes = columns_of(framework, method)
    _head(house, sheet, nodes)
    for row, unit in enumerate(framework.units, FIRST_ROW):
        house.put(sheet.cell(row, 1), unit.code, "locked")
        house.put(sheet.cell(row, 2), named(unit.name, unit.name_en), "locked")
        for column, node in enumerate(nodes, FIRST_COLUMN):
            value = present.get((unit.code, node.code))
            shown = NOT_APPLICABLE if value is True else value
            look = "input-number"
            house.put(sheet.cell(row, column), shown, look, unlocked=True)
    last = max(FIRST_ROW, FIRST_ROW + len(framework.units) - 1)
    for column, node in enumerate(nodes, FIRST_COLUMN):
        letter = get_column_letter(column)
        _range(sheet, f"{letter}{FIRST_ROW}:{letter}{last}", f"{letter}{FIRST_ROW}", node)
        sheet.column_dimensions[letter].width = 13
    widest = max((text_width(named(u.name, u.name_en)) for u in framework.units), default=10)
    sheet.column_dimensions["A"].width = 13
    sheet.column_dimensions["B"].width = min(30, max(12, widest + 2))
    sheet.freeze_panes = f"{get_column_letter(FIRST_COLUMN)}{FIRST_ROW}"
    protect(sheet)
    set_page(sheet, title_rows=f"1:{FIRST_ROW - 1}", title_columns="A:B", footer=title)
    sheet.page_setup.fitToWidth = -(-len(nodes) // PRINTED_COLUMNS)  # legible, not one strip
    _guide(house, book.create_sheet("说明"), title, method)
    return to_bytes(book, title=title)


def _head(house: House, sheet: Worksheet, nodes: list[Node]) -> None:
    house.header(sheet, 1, ["城市代码", "城市名称", *(node.code for node in nodes)])
    lines = (
        [named(node.name, node.name_en) for node in nodes],
        [node.unit for node in nodes],
        [span(node.minimum, node.maximum) for node in nodes],
    )
    for row, (label, said) in enumerate(zip(LABELS, lines, strict=True), 2):
        house.header(sheet, row, [label, "", *said], "locked")
    sheet.row_dimensions[2].height = 48


def _range(sheet: Worksheet, cells: str, first: str, node: Node) -> None:
    if not node.allow_not_applicable:
        if node.minimum is not None or node.maximum is not None:
            number_range(sheet, cells, node.minimum, node.maximum, node.unit)
        return
    tests = [f"ISNUMBER({first})"]
    if node.minimum is not None:
        tests.append(f"{first}>={node.minimum:.15g}")
    if node.maximum is not None:
        tests.append(f"{first}<={node.maximum:.15g}")
    formula = f'OR({first}="{NOT_APPLICABLE}",AND({",".join(tests)}))'
    rule = DataValidation(type="custom", formula1=formula, allow_blank=True)
    rule.showErrorMessage = rule.showInputMessage = True
    said = span(node.minimum, node.maximum)
    rule.errorTitle = _("数字超出范围")
    rule.error = _(
        "请填写数字，范围：{range} {unit}；没有这项业务的填“不适用”", range=said, unit=node.unit
    )
    rule.promptTitle = _("填写范围")
    rule.prompt = _("{range} {unit}，或“不适用”", range=said, unit=node.unit).strip()
    rule.add(cells)
    sheet.add_data_validation(rule)


def _guide(house: House, sheet: Worksheet, title: str, method: str) -> None:
    house.title(sheet, 1, 2, title)
    lines = (
        (_("采集方式"), method_name(method)),
        (_("填写"), _("只填黄色单元格：一行一个参评单位，一列一项指标。可以删去不用的行和列。")),
        (_("空白"), _("空白表示这次不提供，系统中已有的值保持不变。")),
        (_("不适用"), _("没有这项业务的，填“不适用”；只有体系允许的指标可以填。")),
        (_("数字"), _("填半角数字，不带单位、千位分隔符和百分号；单位为 % 时 98% 填 98。")),
        (_("导入"), _("上传后先预览，确认之前不会保存；有任何一处错误都不会导入。")),
    )
    for row, (name, line) in enumerate(lines, 3):
        house.put(sheet.cell(row, 1), name, "prose")
        house.put(sheet.cell(row, 2), line, "prose")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 84
    sheet.sheet_view.showGridLines = False
    set_page(sheet, landscape=False)
