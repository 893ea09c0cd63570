"""Reading, the rule for numbers in cells, and the house style of what we write."""

from __future__ import annotations

import io
import math
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.platform.workbooks import CellProblem, address, read_workbook
from evaluation.platform.workbooks.cells import number, text
from evaluation.platform.workbooks.layout import dropdown, fit_rows, number_range, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House, put


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odd_sheet() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    sheet["B3"] = 1.5
    sheet["C3"] = "=1+1"
    sheet["D3"] = "#DIV/0!"
    sheet["E3"] = 0.98
    sheet["E3"].number_format = "0.0%"
    sheet["F3"] = date(2026, 3, 1)
    sheet["G3"] = True
    sheet.merge_cells("B5:C6")
    book.create_sheet("藏").sheet_state = "hidden"
    return saved(book)


def test_rows_start_at_a1_and_empty_cells_are_none() -> None:
    sheet = read_workbook(odd_sheet(), name="a.xlsx").sheets["数据"]
    assert sheet.cell(0, 0) is None
    assert sheet.cell(2, 1) == 1.5
    assert sheet.cell(99, 99) is None
    assert sheet.address(2, 1) == "B3"
    assert text(sheet.cell(2, 5)) == "2026-03-01"
    assert sheet.cell(2, 6) is True


def test_truth_names_errors_formulas_and_percent_formats() -> None:
    truth = read_workbook(odd_sheet(), name="a.xlsx").sheets["数据"].truth
    assert truth.troubles == {(2, 2): "formula", (2, 3): "#DIV/0!"}
    assert truth.percent == {(2, 4)}


def test_merged_ranges_and_hidden_sheets_are_told() -> None:
    sheets = read_workbook(odd_sheet(), name="a.xlsx").sheets
    assert sheets["数据"].merged == ((4, 1, 5, 2),)
    assert not sheets["数据"].hidden
    assert sheets["藏"].hidden


def test_only_the_sheets_asked_for_are_read() -> None:
    assert list(read_workbook(odd_sheet(), name="a.xlsx", sheets=["藏"]).sheets) == ["藏"]


@pytest.mark.parametrize(
    ("column", "letter"), [(0, "A1"), (25, "Z1"), (26, "AA1"), (701, "ZZ1"), (702, "AAA1")]
)
def test_address(column: int, letter: str) -> None:
    assert address(0, column) == letter


REFUSED = [
    ("１２３", "", "full-width", "123"),
    ("1,234", "", "thousands-separator", "1234"),
    ("1，234.5", "", "thousands-separator", "1234.5"),
    ("98%", "%", "percent-sign", "98"),
    ("９８％", "占造价%", "percent-sign", "98"),
    ("98%", "分", "percent-sign", "0.98"),
    ("12", "个", "number-as-text", "12"),
    ("−3", "", "full-width", "-3"),
    ("3个", "个", "text-with-number", "3"),
    ("约3", "个", "not-a-number", None),
    ("3-5", "个", "not-a-number", None),
    ("无", "个", "not-a-number", None),
    ("NaN", "", "not-finite", None),
    ("1e309", "", "not-finite", None),
    ("#DIV/0!", "", "error-value", None),
    (True, "", "boolean", None),
    (math.inf, "", "not-finite", None),
    (math.nan, "", "not-finite", None),
    (date(2026, 3, 1), "", "date", None),
]


@pytest.mark.parametrize(("value", "unit", "code", "likely"), REFUSED)
def test_what_is_not_a_number_is_refused_and_the_likely_number_shown(
    value: Any, unit: str, code: str, likely: str | None
) -> None:
    problem = number(value, unit=unit)
    assert isinstance(problem, CellProblem)
    assert problem.code == code
    assert problem.facts.get("likely") == likely
    fault = problem.at(file="a.xlsx", sheet="数据", cell="D12")
    assert "D12" in str(fault)
    assert likely is None or likely in fault.remedy()


@pytest.mark.parametrize(("value", "found"), [(None, None), ("  ", None), (3, 3.0), (-0.0, 0.0)])
def test_empty_is_none_and_numbers_are_numbers(value: Any, found: float | None) -> None:
    result = number(value)
    assert result == found
    assert not isinstance(result, float) or math.copysign(1, result) == 1


def test_percent_format_against_a_percent_unit_is_refused_with_what_was_meant() -> None:
    problem = number(0.98, unit="%", percent_format=True)
    assert isinstance(problem, CellProblem)
    assert problem.facts["likely"] == "98"
    assert number(0.98, unit="分", percent_format=True) == 0.98


def test_formula_without_value_and_error_are_told_apart() -> None:
    codes = [number(None, trouble=trouble) for trouble in ("formula", "#REF!")]
    assert [c.code for c in codes if isinstance(c, CellProblem)] == [
        "formula-without-value",
        "error-value",
    ]


@settings(derandomize=True, max_examples=300)
@given(st.text(max_size=30))
def test_no_text_ever_becomes_a_number_or_breaks_the_rule(said: str) -> None:
    result = number(said, unit="%")
    assert result is None or isinstance(result, CellProblem)
    if isinstance(result, CellProblem):
        assert str(result.at(cell="A1"))


@pytest.mark.parametrize("said", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", "=cmd|x"])
def test_a_persons_text_is_never_a_formula(said: str) -> None:
    book = openpyxl.Workbook()
    put(book.active["A1"], said)
    again = openpyxl.load_workbook(io.BytesIO(saved(book)))
    cell = again.active["A1"]
    assert cell.data_type == "s"
    assert str(cell.value).strip() == said.strip()
    assert cell.quotePrefix == said.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_control_characters_and_nan_do_not_break_the_file() -> None:
    book = openpyxl.Workbook()
    put(book.active["A1"], "a\x00b\x0b" + "长" * 40_000)
    put(book.active["B1"], math.nan)
    rows = read_workbook(to_bytes(book), name="a.xlsx").sheets["Sheet"].rows
    assert len(str(rows[0][0])) == 32_767
    assert len(rows[0]) == 1


def laid_out() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    house, sheet = House(book), book.active
    house.title(sheet, 1, 3, "标题")
    house.banner(sheet, 2, 3, "演示数据")
    house.header(sheet, 3, ["代码", "名称", "数值"])
    house.put(sheet["A4"], "N01", "code")
    house.put(sheet["B4"], "很长的说明" * 20, "wrap")
    house.put(sheet["C4"], 1.5, "input-number", decimals=2, unlocked=True)
    dropdown(sheet, "A5:A9", ["是", "否"])
    number_range(sheet, "C4:C9", 0, None, "个")
    fit_rows(sheet)
    set_page(sheet, title_rows="1:3", footer="A&B")
    return book


def test_the_same_workbook_gives_the_same_bytes() -> None:
    assert to_bytes(laid_out(), title="甲") == to_bytes(laid_out(), title="甲")


def test_house_style_survives_the_file() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(to_bytes(laid_out()))).active
    assert sheet["C4"].number_format == "0.00"
    assert not sheet["C4"].protection.locked
    assert sheet["A4"].protection.locked
    assert sheet["A1"].font.name == "微软雅黑"
    assert sheet.row_dimensions[4].height > 100
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.oddFooter.left.text == "A&&B"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "decimal"}


def test_writing_inside_a_merged_range_is_an_error() -> None:
    book = openpyxl.Workbook()
    book.active.merge_cells("A1:B1")
    with pytest.raises(TypeError, match="B1"):
        put(book.active["B1"], "x")
