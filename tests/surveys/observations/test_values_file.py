"""A values file: what is read, what is refused and where."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import use_locale
from surveys.observations.value_reading import read_values
from surveys.observations.value_sheet import Values, columns_of
from surveys.observations.value_writing import write_values
from tests.factories.province import small_framework

FRAMEWORK = small_framework()


def xlsx(rows: list[list[Any]], *, sheet: str = "数据") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, name: str = "值.xlsx", method: str = "full_filing") -> Values:
    return read_values(data, name=name, framework=FRAMEWORK, method=method)


def faults(rows: list[list[Any]], **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(Faulty) as refused:
        read(xlsx(rows), **more)
    return [(fault.code, fault.cell) for fault in refused.value.faults]


HEAD = ["城市代码", "城市名称", "I1", "I2", "I4"]


def test_values_blanks_and_not_applicable() -> None:
    found = read(
        xlsx(
            [
                HEAD,
                ["指标名称", "", "开办时间"],
                ["C1", "甲市", 3, 98.5, "不适用"],
                ["C2", "乙市", None, 0, 2],
            ]
        )
    )
    assert found.cities == ["C1", "C2"]
    assert found.columns == {"I1": [3, None], "I2": [98.5, 0.0], "I4": [True, 2.0]}
    assert found.count == 5
    assert found.warnings == []


def test_only_what_differs_is_a_change() -> None:
    found = read(xlsx([HEAD, ["C1", "甲市", 3, 98.5, "NA"], ["C2", "", 1, None, 1]]))
    present = {("C1", "I1"): 3.0, ("C1", "I4"): True, ("C2", "I4"): True, ("C2", "I1"): 2.0}
    assert found.differing(present) == {("C2", "I1"): 1, ("C1", "I2"): 98.5, ("C2", "I4"): 1.0}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([HEAD, ["C9", "", 1]], [("unknown-city", "A2")]),
        ([HEAD, ["C1", "", 1], ["C1", "", 2]], [("repeated-city", "A3")]),
        ([HEAD, [None, "", 1]], [("no-city", "A2")]),
        ([["城市代码", "X9"], ["C1", 1]], [("unknown-indicator", "B1")]),
        ([["城市代码", "I1", "D1"], ["C1", 1]], [("unknown-indicator", "C1")]),
        ([["城市代码", "I1", "I1"], ["C1", 1, 1]], [("repeated-column", "C1")]),
        ([["城市代码", "I5"], ["C1", 1]], [("method-not-allowed", "B1")]),
        ([["城市代码", "I1", None], ["C1", 1, 5]], [("no-header", "C1")]),
        ([["城市代码", "城市名称"], ["C1", "甲市"]], [("no-indicators", "A1")]),
        ([HEAD, ["C1", "甲市"]], [("no-values", "A1")]),
        ([["什么", "I1"], ["C1", 1]], [("no-city-column", "")]),
        ([HEAD, ["C1", "", "1,234"]], [("thousands-separator", "C2")]),
        ([HEAD, ["C1", "", "１２"]], [("full-width", "C2")]),
        ([HEAD, ["C1", "", "12"]], [("number-as-text", "C2")]),
        ([HEAD, ["C1", "", 1, "98%"]], [("percent-sign", "D2")]),
        ([HEAD, ["C1", "", True]], [("boolean", "C2")]),
        ([HEAD, ["C1", "", 61]], [("out-of-range", "C2")]),
        (
            [HEAD, ["C1", "", -1], ["C2", "", 1, 101]],
            [("out-of-range", "C2"), ("out-of-range", "D3")],
        ),
        ([HEAD, ["C1", "", "不适用"]], [("not-applicable-refused", "C2")]),
        ([HEAD, ["C1", "", "=1/0"]], [("formula-without-value", "C2")]),
    ],
)  # fmt: skip
def test_every_fault_has_its_place(rows: list[list[Any]], expected: list[tuple[str, str]]) -> None:
    assert faults(rows) == expected


def test_a_percent_format_is_refused_against_a_unit_in_percent() -> None:
    book = load_workbook(io.BytesIO(xlsx([HEAD, ["C1", "", 0.98, 0.98]])))
    for cell in ("C2", "D2"):
        book["数据"][cell].number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Faulty) as refused:
        read(out.getvalue())
    assert [(f.code, f.cell) for f in refused.value.faults] == [("percent-format", "D2")]


def test_odd_but_possible_things_are_warnings() -> None:
    rows = [HEAD, ["C1", "乙市", 1, 0.9], ["C2", "乙市", 1, 0.8], ["C3", "丙市", 1, 0.7]]
    found = read(xlsx(rows))
    assert [(w.code, w.cell, w.severity) for w in found.warnings] == [
        ("other-name", "B2", "warning"),
        ("fractions", "D2", "warning"),
    ]


def test_merged_cells_are_named() -> None:
    book = load_workbook(io.BytesIO(xlsx([HEAD, ["C1", "", 1], ["C2", "", 1]])))
    book["数据"].merge_cells("C2:C3")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Faulty) as refused:
        read(out.getvalue())
    assert [(f.code, f.cell) for f in refused.value.faults] == [("merged-cells", "C2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_the_field(encoding: str) -> None:
    said = "城市代码,城市名称,I1,I2,I4\r\nC1,甲市,3,98.5,不适用\r\nC2,乙市,,0\r\n"
    found = read(said.encode(encoding), "值.csv")
    assert found.columns == {"I1": [3.0, None], "I2": [98.5, 0.0], "I4": [True, None]}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ('城市代码,I1\nC1,"1,234"\n', ["thousands-separator"]),
        ("城市代码,I1\nC1,1e309\n", ["not-finite"]),
        ("城市代码,I1\nC1,nan\n", ["not-finite"]),
        ("城市代码,I1\nC1,１\n", ["full-width"]),
        ('城市代码,I1\nC1,"1\n', ["not-csv"]),
        ("", ["not-csv"]),
        ("\0\0", ["not-csv"]),
    ],
)
def test_csv_faults(said: str, codes: list[str]) -> None:
    with pytest.raises(Faulty) as refused:
        read(said.encode(), "值.csv")
    assert [fault.code for fault in refused.value.faults] == codes


def test_the_template_comes_back_as_it_went_out() -> None:
    present: dict[tuple[str, str], float | bool] = {
        ("C1", "I1"): 3.5,
        ("C2", "I4"): True,
        ("C4", "I2"): 0.0,
    }
    data = write_values(FRAMEWORK, "full_filing", present, title="演示")
    found = read(data)
    assert found.cities == ["C1", "C2", "C3", "C4"]
    assert list(found.columns) == ["I1", "I2", "I3", "I4"]
    assert found.differing({}) == present
    assert found.differing(present) == {}
    assert data == write_values(FRAMEWORK, "full_filing", present, title="演示")


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    units = (replace(FRAMEWORK.units[0], name='=HYPERLINK("x")'), *FRAMEWORK.units[1:])
    data = write_values(replace(FRAMEWORK, units=units), "full_filing", {}, title="=1+1")
    book = load_workbook(io.BytesIO(data))
    assert book["数据"]["B5"].data_type == "s"
    assert book["说明"]["A1"].data_type == "s"


def test_columns_are_those_the_method_may_supply() -> None:
    assert [n.code for n in columns_of(FRAMEWORK, "basic_data")] == ["I5"]


def test_faults_read_well_in_both_languages() -> None:
    with pytest.raises(Faulty) as refused:
        read(xlsx([HEAD, ["C9", "", 1]]))
    fault: Fault = refused.value.faults[0]
    assert str(fault).startswith("值.xlsx 工作表“数据” 单元格 A2：没有代码为“C9”的参评单位。")
    with use_locale("en"):
        assert fault.explain() == "No evaluated unit has the code “C9”."
