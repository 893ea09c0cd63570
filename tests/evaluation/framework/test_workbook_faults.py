"""Every fault of a framework's workbook is told with its cell and its mend."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.framework.checks import check_framework
from evaluation.framework.tree import Framework, Node, Unit
from evaluation.framework.workbook import import_framework
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import use_locale
from tests.evaluation.framework.examples import edited


def faults(data: bytes) -> list[Fault]:
    with pytest.raises(Faulty) as refusal:
        import_framework(data, name="体系.xlsx")
    return list(refusal.value.faults)


def at(sheet: Worksheet, key: str, row: int) -> str:
    """Address of a key's cell in a data row, counting from 0."""
    column = [cell.value for cell in sheet[2]].index(key) + 1
    return sheet.cell(row + 3, column).coordinate


def put(sheet: str, key: str, row: int, value: object) -> Callable[[openpyxl.Workbook], object]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][at(book[sheet], key, row)] = value

    return change


def percent(book: openpyxl.Workbook) -> None:
    cell = book["指标"][at(book["指标"], "best", 2)]
    cell.value, cell.number_format = 0.98, "0%"


CELLS = {
    "full-width": put("指标", "weight", 2, "１"),
    "thousands-separator": put("指标", "best", 2, "1,234"),
    "percent-sign": put("指标", "best", 2, "98%"),
    "percent-format": percent,
    "text-with-number": put("指标", "worst", 3, "9天"),
    "formula-without-value": put("指标", "worst", 3, "=4+5"),
    "error-value": put("指标", "worst", 3, "#DIV/0!"),
    "duplicate-code": put("指标", "code", 3, "x"),
    "bad-code": put("指标", "code", 3, "a/b"),
    "empty-code": put("参评单位", "code", 1, None),
    "empty-name": put("参评单位", "name", 1, " "),
    "unknown-parent": put("指标", "parent", 3, "Q"),
    "several-roots": put("指标", "parent", 1, None),
    "negative-weight": put("指标", "weight", 3, -1),
    "not-a-choice": put("指标", "direction", 3, "斜向"),
    "goalposts-against-direction": put("指标", "direction", 2, "逆向"),
    "equal-goalposts": put("指标", "worst", 3, 1),
    "half-goalposts": put("指标", "worst", 3, None),
    "minimum-above-maximum": put("指标", "minimum", 2, 200),
    "out-of-range": put("指标", "target", 2, 150),
    "not-whole": put("指标", "decimals", 2, 1.5),
    "unknown-method": put("指标", "methods", 3, "全量数据填报、神算"),
    "unknown-zone": put("参评单位", "zones", 0, "z、东"),
    "unknown-indicator": put("整改措施", "indicators", 0, "x,没有"),
    "bad-date": put("整改措施", "deadline", 0, "2026-02-30"),
    "bad-number": put("整改措施", "no", 1, 1),
    "empty-text": put("整改措施", "text", 1, None),
    "empty-value": put("评分方法", "value", 0, None),
    "bad-method-row": put("评分方法", "value", 0, '["a"'),
    "duplicate-method-key": put("评分方法", "key", 1, "rank.ties"),
}


@pytest.mark.parametrize("code", CELLS)
def test_every_bad_cell_is_told_with_its_place_and_mend(code: str) -> None:
    found = [fault for fault in faults(edited(CELLS[code])) if fault.code == code]
    assert found, code
    assert found[0].sheet
    assert found[0].cell
    assert found[0].file == "体系.xlsx"
    assert found[0].remedy()
    with use_locale("en"):
        assert found[0].explain() != found[0].what


def test_place_is_the_cell_itself() -> None:
    (fault,) = faults(edited(put("指标", "best", 2, "1,234")))
    assert (fault.sheet, fault.cell, fault.column) == ("指标", "H5", "最优值")
    assert "1234" in fault.remedy()


def test_a_cycle_is_told_with_its_way() -> None:
    found = faults(edited(put("指标", "parent", 0, "D")))
    cycle = next(fault for fault in found if fault.code == "cycle")
    assert "I → D → I" in cycle.explain()
    assert "no-root" in {fault.code for fault in found}


def test_renamed_header_is_told_with_the_nearest() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["指标"]["H1"], book["指标"]["H2"] = "最优数值", None

    (fault,) = faults(edited(change))
    assert (fault.code, fault.cell) == ("unknown-header", "H1")
    assert "最优值" in fault.remedy()


def test_missing_required_column_is_told() -> None:
    codes = [f.code for f in faults(edited(lambda book: book["指标"].delete_cols(1)))]
    assert "missing-column" in codes


def test_unknown_column_and_sheet_are_told() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["分区"]["Z1"] = "我的想法"
        book.create_sheet("草稿")["A1"] = "x"

    assert {f.code for f in faults(edited(change))} == {"unknown-header", "unknown-sheet"}


def test_renamed_sheet_is_told_once_with_the_right_name() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["指标"].title = "指标表"

    found = [fault for fault in faults(edited(change)) if fault.code == "missing-sheet"]
    assert len(found) == 1
    assert "指标表" in found[0].remedy()


def test_merged_cells_are_told() -> None:
    found = faults(edited(lambda book: book["指标"].merge_cells("B5:B6")))
    assert ("merged-cells", "B5") in {(f.code, f.cell) for f in found}


def test_an_empty_workbook_is_told() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert {f.code for f in faults(out.getvalue())} >= {"missing-sheet", "unknown-sheet"}


def test_every_fault_comes_at_once() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for code in ("full-width", "text-with-number", "unknown-zone", "bad-date", "empty-value"):
            CELLS[code](book)

    found = [fault.code for fault in faults(edited(change))]
    assert sorted(found) == [
        "bad-date",
        "empty-value",
        "full-width",
        "text-with-number",
        "unknown-zone",
    ]


def test_zero_weights_no_indicators_and_no_units() -> None:
    nodes = (Node("I", None, "总"), Node("x", "I", "指", weight=0.0))
    codes = [finding.code for finding in check_framework(Framework("F", "名", nodes=nodes))]
    assert codes == ["no-units", "zero-weights"]
    units = (Unit("a", "甲"),)
    lone = Framework("F", "名", units=units, nodes=(Node("I", None, "总"),))
    assert [finding.code for finding in check_framework(lone)] == ["no-indicators"]
    assert "no-indicators" in [f.code for f in check_framework(Framework("F", "名", units=units))]
