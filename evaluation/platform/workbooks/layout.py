"""Widths, paper, drop-downs, ranges and locks of a worksheet."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties

from evaluation.platform.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet


def text_width(value: object) -> float:
    """Width in Excel's character units: a Chinese character takes two and a little."""
    lines = str(value).split("\n") if value is not None else [""]
    return max(
        sum(2.1 if unicodedata.east_asian_width(sign) in "WFA" else 1.05 for sign in line)
        for line in lines
    )


def fit_columns(
    sheet: Worksheet,
    *,
    from_row: int = 1,
    least: float = 7,
    most: float = 46,
    fixed: Mapping[int, float] | None = None,
) -> None:
    """Widths by the widest text of the first 400 rows; *fixed* maps columns (from 1) to widths."""
    for at, cells in enumerate(
        sheet.iter_cols(min_row=from_row, max_row=min(sheet.max_row, from_row + 400)), 1
    ):
        widest = max((text_width(cell.value) for cell in cells), default=0.0)
        width = (fixed or {}).get(at, min(most, max(least, widest + 2)))
        sheet.column_dimensions[get_column_letter(at)].width = round(width, 1)


def fit_rows(sheet: Worksheet, *, from_row: int = 1, line: float = 15) -> None:
    """Heights for wrapped text, after the widths are set: office programs do not grow rows alone.

    Heights already given are kept; merged ranges are not counted.
    """
    merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row}
    widths = {
        column: sheet.column_dimensions[get_column_letter(column)].width or 8
        for column in range(1, sheet.max_column + 1)
    }
    for at, row in enumerate(sheet.iter_rows(min_row=from_row), from_row):
        lines = 1
        for cell in row:
            if cell.value is None or (cell.row, cell.column) in merged:
                continue
            if cell.alignment is not None and cell.alignment.wrap_text:
                room = max(widths[cell.column] - 1.5, 1)
                lines = max(
                    lines,
                    sum(
                        math.ceil(text_width(part) / room) or 1
                        for part in str(cell.value).split("\n")
                    ),
                )
        if sheet.row_dimensions[at].height is None:
            sheet.row_dimensions[at].height = max(18, lines * line + 3)


def set_page(
    sheet: Worksheet,
    *,
    landscape: bool = True,
    paper: int = 9,
    title_rows: str = "",
    title_columns: str = "",
    footer: str = "",
) -> None:
    """Fitted to the width, titles repeated (``"1:3"``, ``"A:B"``), numbered pages.

    *paper* is Excel's number: 9 for A4, 8 for A3.
    """
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top, margins.bottom, margins.footer = 0.6, 0.7, 0.3
    sheet.print_options.horizontalCentered = True
    if title_rows:
        sheet.print_title_rows = title_rows
    if title_columns:
        sheet.print_title_cols = title_columns
    foot = HeaderFooterItem()
    foot.left.text = footer.replace("&", "&&")
    foot.right.text = _("第 {page} 页，共 {pages} 页", page="&P", pages="&N")
    foot.left.size = foot.right.size = 8
    sheet.oddFooter = foot


def dropdown(sheet: Worksheet, cells: str, options: Sequence[str] | str) -> None:
    """Choices for *cells* (``"C3:C40"``): words, or a reference such as ``"=参评单位!$A$3:$A$17"``.

    Words must be free of commas and together within 255 characters: Excel's own limits.
    """
    formula = options if isinstance(options, str) else '"' + ",".join(options) + '"'
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = _("不在可选范围内"), _("请从下拉列表中选择。")
    rule.add(cells)
    sheet.add_data_validation(rule)


def span(minimum: float | None, maximum: float | None) -> str:
    """``0 – 100``, ``≥ 0``, ``≤ 100`` or nothing."""
    if minimum is None:
        return "" if maximum is None else f"≤ {maximum:.10g}"
    return f"≥ {minimum:.10g}" if maximum is None else f"{minimum:.10g} – {maximum:.10g}"


def number_range(
    sheet: Worksheet, cells: str, minimum: float | None, maximum: float | None, unit: str = ""
) -> None:
    """Only numbers within the range may be typed; the warning says the range and the unit."""
    low = -1e15 if minimum is None else minimum
    high = 1e15 if maximum is None else maximum
    rule = DataValidation(
        type="decimal", operator="between", formula1=f"{low:.15g}", formula2=f"{high:.15g}",
        allow_blank=True,
    )  # fmt: skip
    rule.showErrorMessage = rule.showInputMessage = True
    said = span(minimum, maximum)
    rule.errorTitle = _("数字超出范围")
    rule.error = _("请填写数字，范围：{range} {unit}", range=said, unit=unit)
    rule.promptTitle, rule.prompt = _("填写范围"), f"{said} {unit}".strip()
    rule.add(cells)
    sheet.add_data_validation(rule)


def protect(sheet: Worksheet) -> None:
    """Lock all but the unlocked cells. No password: it guards against slips, not against people."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.autoFilter = False
    sheet.protection.sort = False
