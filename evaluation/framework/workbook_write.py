"""A framework as one workbook: Chinese headers over English keys, drop-downs, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from evaluation.framework import workbook_columns as columns
from evaluation.framework.method_cells import flatten
from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Framework, Measure, Node, Unit, Zone
from evaluation.platform.i18n import _
from evaluation.platform.workbooks.layout import dropdown, fit_columns, fit_rows, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from evaluation.framework.workbook_columns import Column, Table

SPARE_ROWS = 50  # rows below the last one that already have their drop-downs
FIRST_ROW = 3  # under the Chinese header and the key row
YES, NO = "是", "否"
HIGHER, LOWER = "正向", "逆向"
WIDTHS = {"name": 26, "name_en": 30, "text": 44, "text_en": 36, "definition": 32, "source": 32}
WRAPPED = (
    *("text", "text_en", "definition", "source", "note", "name", "name_en"),
    *("methods", "responsible_unit", "lead_unit", "organiser"),
)


def export_framework(framework: Framework) -> bytes:
    """The workbook; importing it again gives an equal framework. The same bytes every time."""
    book = Workbook()
    house = House(book)
    guide = book.active
    assert guide is not None
    guide.title = columns.GUIDE_SHEET
    _guide(house, guide, framework)
    _head(house, book.create_sheet(columns.HEAD_SHEET), framework)
    for table in columns.TABLES:
        _table(house, book.create_sheet(table.sheet), table, framework)
    _method(house, book.create_sheet(columns.METHOD_SHEET), framework)
    return to_bytes(book, title=framework.name)


def shown(value: Any, column: Column) -> Any:
    """A field's value as its cell holds it."""
    if value is None or value == ():
        return None
    if column.kind == columns.FLAG:
        return YES if value else NO
    if column.kind == columns.DIRECTION:
        return {1: HIGHER, -1: LOWER}.get(value, value)
    if column.kind == columns.METHOD:
        return "、".join(METHODS.get(method, method) for method in value)
    if column.kind in (columns.CODES, columns.WORDS):
        return "、".join(value)
    return value if value != "" else None


def _table(house: House, sheet: Worksheet, table: Table, framework: Framework) -> None:
    items: tuple[Unit | Zone | Node | Measure, ...] = getattr(framework, table.part)
    _headers(house, sheet, table.columns)
    parents = {node.parent for node in framework.nodes}
    groups = {
        at for at, item in enumerate(items) if isinstance(item, Node) and item.code in parents
    }
    for row, item in enumerate(items, FIRST_ROW):
        for at, column in enumerate(table.columns, 1):
            value = shown(getattr(item, column.key), column)
            house.put(sheet.cell(row, at), value, _look(column, row - FIRST_ROW in groups))
    last = FIRST_ROW + len(items) + SPARE_ROWS
    for at, column in enumerate(table.columns, 1):
        letter = get_column_letter(at)
        cells = f"{letter}{FIRST_ROW}:{letter}{last}"
        if column.kind == columns.FLAG:
            dropdown(sheet, cells, [YES, NO])
        elif column.kind == columns.DIRECTION:
            dropdown(sheet, cells, [HIGHER, LOWER])
    frozen = next((at for at, c in enumerate(table.columns, 1) if c.key == "name"), 1)
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{FIRST_ROW}"
    fixed = {at: WIDTHS[c.key] for at, c in enumerate(table.columns, 1) if c.key in WIDTHS}
    fit_columns(sheet, from_row=FIRST_ROW, least=11, most=30, fixed=fixed)
    fit_rows(sheet)
    paper = 8 if len(table.columns) > 15 else 9
    set_page(sheet, paper=paper, title_rows="1:2", footer=framework.name)


def _headers(house: House, sheet: Worksheet, shape: tuple[Column, ...]) -> None:
    house.header(sheet, 1, [column.header for column in shape])
    house.header(sheet, 2, [column.key for column in shape], "key")
    for at, column in enumerate(shape, 1):
        if column.note:
            comment = Comment(_(column.note), "营商")
            comment.width, comment.height = 240, 60
            sheet.cell(1, at).comment = comment


def _look(column: Column, group: bool) -> str:
    if column.kind in (columns.NUMBER, columns.WHOLE):
        return "total" if group else "number"
    if column.kind in (columns.CODE, columns.FLAG, columns.DIRECTION):
        return "group-code" if group else "code"
    if group:
        return "group"
    return "wrap" if column.key in WRAPPED else "text"


def _pairs(house: House, sheet: Worksheet, rows: list[tuple[str, str, Any, str]]) -> None:
    _headers(house, sheet, columns.PAIRS)
    for row, (item, key, value, note) in enumerate(rows, FIRST_ROW):
        house.put(sheet.cell(row, 1), item, "text")
        house.put(sheet.cell(row, 2), key, "code")
        house.put(sheet.cell(row, 3), value, "wrap")
        house.put(sheet.cell(row, 4), note, "wrap")
    sheet.freeze_panes = "C3"
    fit_columns(sheet, fixed={1: 18, 2: 24, 3: 50, 4: 44})
    fit_rows(sheet)
    set_page(sheet, title_rows="1:2")


def _head(house: House, sheet: Worksheet, framework: Framework) -> None:
    rows = [
        (c.header, c.key, shown(getattr(framework, c.key), c), _(c.note) if c.note else "")
        for c in columns.HEAD
    ]
    _pairs(house, sheet, rows)
    at = FIRST_ROW + [c.key for c in columns.HEAD].index("official")
    dropdown(sheet, f"C{at}", [YES, NO])


def _method(house: House, sheet: Worksheet, framework: Framework) -> None:
    notes = method_notes()
    rows = []
    for path, value in flatten(framework.method):
        name, choices = notes.get(path, ("", ""))
        rows.append((name, path, value, choices))
    _pairs(house, sheet, rows)


def method_notes() -> dict[str, tuple[str, str]]:
    """Name and choices of the usual keys of a METHOD, in the current language."""
    return {
        "impute.method": (
            _("缺失填补"),
            (
                "none, mean, median, group-mean, group-median, siblings-mean, siblings-median, "
                "constant"
            ),
        ),
        "screen.method": (_("数据太少的单位"), "none, missing, zeros, both"),
        "treat.method": (
            _("异常值处理"),
            "none, winsorise, log, mirrored-log, box-cox, mirrored-box-cox",
        ),
        "normalise.method": (
            _("标准化"),
            (
                "goalposts, minmax, zscore, scaled, rank, percentile-rank, borda, distance-to-max, "
                "distance-to-target, distance-to-reference, fraction-of-max"
            ),
        ),
        "normalise.lower": (_("标准化后的下限"), ""),
        "normalise.upper": (_("标准化后的上限"), ""),
        "aggregate.method": (
            _("合成"),
            "arithmetic, geometric, harmonic, generalised, copeland",
        ),
        "aggregate.levels": (
            _("各层合成"),
            _("从指标往上逐层写，例如 {example}", example='["arithmetic", "geometric"]'),
        ),
        "rank.ties": (_("并列名次"), "min, max, average, dense"),
        "rank.decimals": (_("排名前的小数位数"), _("先舍入再排名；没有这一行则不舍入")),
        "uncertainty.draws": (_("不确定性抽样次数"), _("本平台每次计算至少 4000 次")),
    }


def _guide(house: House, sheet: Worksheet, framework: Framework) -> None:
    house.title(sheet, 1, 2, framework.name)
    row = 2
    if not framework.official:
        house.banner(sheet, row, 2, _("示例/非官方：不是主管部门发布的文件，请勿直接用于正式评价"))
        row += 1
    row += 1
    for heading, lines in guide():
        house.put(sheet.cell(row, 1), heading, "heading")
        for name, line in lines:
            row += 1
            house.put(sheet.cell(row, 1), name, "prose")
            house.put(sheet.cell(row, 2), line, "prose")
        row += 2
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 84
    fit_rows(sheet)
    sheet.sheet_view.showGridLines = False
    set_page(sheet, landscape=False)


def guide() -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings with pairs of name and explanation, in the current language."""
    return [
        (
            _("怎样填写"),
            [
                (_("表头"), _("第 1 行是中文表头，第 2 行是英文键；两行留一行即可，但不要改名。")),
                (_("数据"), _("从表头下一行起，每行一项；不要合并单元格，可以增删行。")),
                (_("数字"), _("填半角数字，不带单位、千位分隔符和百分号；单位为 % 时 98% 填 98。")),
                (_("公式"), _("可以用公式，但须在 Excel 中打开并保存过，使文件里有计算结果。")),
                (_("代码"), _("代码是各版本之间认定“同一项”的依据，名称可改，代码不要改。")),
                (_("权重"), _("同一上级之内的相对权重，系统自动归一，不必合计为 1。")),
                (_("导入"), _("有任何一处错误都不会保存；所有错误会连同单元格位置一次列出。")),
            ],
        ),
        (
            _("工作表"),
            [
                (columns.HEAD_SHEET, _("体系的代码、名称、版本和组织单位。")),
                (columns.UNITS.sheet, _("被评价的市州或其他单位；可以只评价、不排名。")),
                (columns.ZONES.sheet, _("经济带、片区等分组；一个单位可属于多个分区。")),
                (columns.NODES.sheet, _("指标树：上级留空的一行是总指数，没有下级的是指标。")),
                (columns.MEASURES.sheet, _("整改措施及其责任单位、时限、目标和对应指标。")),
                (columns.METHOD_SHEET, _("评分方法：键（例如 rank.ties）和值。")),
            ],
        ),
        (_("采集方式"), [(_(name), key) for key, name in METHODS.items()]),
    ]
