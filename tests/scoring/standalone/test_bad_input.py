"""What people really hand in: each fault with its place, all of them at once."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from evaluation.platform.errors import Faulty
from scoring.standalone import score_files
from tests.scoring.standalone import handed_in

FRAMEWORK = """code,parent,name,direction,weight,unit,best,worst
I,,Index,1,1,,,
A,I,First,1,2,%,100,0
B,I,Second,-1,1,days,0,50
"""
VALUES = "city,A,B\nx,40,10\ny,80,20\n"


def _files(folder, framework=FRAMEWORK, values=VALUES, method=None):
    return handed_in.files(folder, framework, values, method)


def _faults(folder, framework=FRAMEWORK, values=VALUES, method=None):
    return handed_in.faults(folder, framework, values, method)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("C,Z,Third,1,1,,,", (5, "parent", "unknown-parent")),
        ("A,I,Again,1,1,,,", (5, "code", "code-twice")),
        ("C,,Third,1,1,,,", (5, "parent", "two-roots")),
        (",I,Third,1,1,,,", (5, "code", "no-code")),
        ("C,I,Third,1,-1,,,", (5, "weight", "negative-weight")),
        ("C,I,Third,1,heavy,,,", (5, "weight", "not-a-number")),
        ("C,I,Third,2,1,,,", (5, "direction", "direction")),
        ("C,I,Third,1,1,,7,7", (5, "best", "goalposts-coincide")),
        ("C,I,Third,1,1,,7,", (5, "worst", "half-goalposts")),
        ("C,I,Third,1,1,,0,9", (5, "direction", "direction-contradicts")),
        ("C,I,Third,1,1,,9,0,more", (5, "", "row-too-long")),
    ],
)
def test_a_row_of_the_framework(tmp_path, row, place):
    found = _faults(tmp_path, framework=FRAMEWORK + row + "\n", values="city,A,B,C\nx,1,1,1\n")
    assert ("f.csv", *place) in found
    assert len({fault for fault in found if fault[0] == "f.csv"}) == 1


def test_a_cycle_is_told_once_with_its_way(tmp_path):
    loop = FRAMEWORK + "C,D,Third,1,1,,,\nD,C,Fourth,1,1,,,\n"
    assert _faults(tmp_path, framework=loop) == {("f.csv", 5, "parent", "cycle")}


def test_no_root_at_all(tmp_path):
    found = _faults(tmp_path, framework="code,parent\nA,B\nB,A\n", values="city,A\nx,1\n")
    assert {code for *_, code in found} >= {"no-root", "cycle"}


def test_siblings_that_weigh_nothing_and_an_index_alone(tmp_path):
    light = FRAMEWORK.replace("1,2,%", "1,0,%").replace("-1,1,days", "-1,0,days")
    assert _faults(tmp_path, framework=light) == {("f.csv", 2, "code", "no-weight")}
    alone = "code,parent\nI,\n"
    found = _faults(tmp_path, framework=alone, values="city,I\nx,1\n")
    assert ("f.csv", 2, "", "no-indicators") in found


def test_headers_of_the_framework(tmp_path):
    typo = FRAMEWORK.replace("weight", "wieght")
    assert _faults(tmp_path, framework=typo) == {("f.csv", 1, "wieght", "unknown-column")}
    twice = FRAMEWORK.replace("unit", "权重")
    assert ("f.csv", 1, "权重", "header-twice") in _faults(tmp_path, framework=twice)
    headless = FRAMEWORK.replace("code,", "kode_of_node,")
    assert ("f.csv", 1, "", "missing-column") in _faults(tmp_path, framework=headless)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("４０", "full-width"),
        ('"1,234"', "thousands-separator"),
        ("98%", "percent-sign"),
        ("#DIV/0!", "error-value"),
        ("#N/A", "error-value"),
        ("NaN", "not-finite"),
        ("1e309", "not-finite"),
        ("inf", "not-finite"),
        ("na", "no-value-text"),
        ("—", "no-value-text"),
        ("2024-05-01", "not-a-number"),
        ("约40", "not-a-number"),
        ("40分", "text-with-number"),
        ("1_000", "not-a-number"),
        ("0x1F", "not-a-number"),
        ("٤٠", "number-as-text"),
        ("=1+1", "not-a-number"),
    ],
)
def test_a_cell_that_is_not_a_number(tmp_path, cell, code):
    found = _faults(tmp_path, values=f"city,A,B\nx,40,10\ny,{cell},20\n")
    assert found == {("v.csv", 3, "A", code)}


@pytest.mark.parametrize("cell", ["40", " 40 ", "+40", "40.", "4e1", "40.0"])
def test_a_cell_that_is_one(tmp_path, cell):
    done = score_files(*_files(tmp_path, values=f"city,A,B\nx,{cell},10\n"))
    assert done.sheet.raw[0, 0] == 40


def test_the_converted_number_is_offered(tmp_path):
    with pytest.raises(Faulty) as error:
        score_files(*_files(tmp_path, values="city,A,B\nx,９８．５,10\n"))
    (fault,) = error.value.faults
    assert "98.5" in fault.remedy()


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ("city,A\nx,1\n", (1, "", "missing-column")),
        ("city,A,B,C\nx,1,1,1\n", (1, "C", "unknown-indicator")),
        ("city,A,B,C\nx,1,1,约5\n", (1, "C", "unknown-indicator")),
        ("city,A,B,I\nx,1,1,1\n", (1, "I", "not-an-indicator")),
        ("city,A,B,A\nx,1,1,1\n", (1, "A", "header-twice")),
        ("city,A,B,\nx,1,1,1\n", (1, "D", "no-header")),
        ("city,A,B\nx,1,1\nx,2,2\n", (3, "city", "city-twice")),
        ("city,A,B\n,1,1\n", (2, "city", "no-city")),
        ("city,A,B\nx,1,1,1\n", (2, "", "row-too-long")),
        ("city,A,B\nx,1\n", (2, "", "row-too-short")),
        ("city,A,B\n", (None, "", "no-rows")),
        ("", (None, "", "empty-file")),
        ("\n ,\n", (None, "", "empty-file")),
        ("city;A;B\nx;1;1\n", (None, "", "separator")),
        ('city,A,B\n"x,1,1\n', (None, "", "not-csv")),
        (b"city,A,B\nx,\xff\xff\xff,1\n", (None, "", "encoding")),
        ("city,A,B\nx,1,1\n".encode("utf-16"), (None, "", "encoding")),
    ],
)
def test_a_table_of_values(tmp_path, values, place):
    assert ("v.csv", *place) in _faults(tmp_path, values=values)


def test_a_city_column_that_is_missing(tmp_path):
    assert ("v.csv", 1, "A", "no-city-column") in _faults(tmp_path, values="A,B\n1,2\n")


@pytest.mark.parametrize(
    ("method", "place"),
    [
        ("[rank]\nties = first\n", (2, "8", "not-toml")),
        ('[rank]\nties = "first"\n', (2, "1", "not-allowed")),
        ('[rank]\ntie = "min"\n', (2, "1", "unknown-key")),
        ('[ranking]\nties = "min"\n', (1, "1", "unknown-section")),
        ("[rank]\ndecimals = 99\n", (2, "1", "out-of-range")),
        ("[treat]\nskew = -1\n", (2, "1", "out-of-range")),
        ('[aggregate]\nlevels = ["geometric", "geometric"]\n', (2, "1", "levels-mismatch")),
        ('[normalise]\nmethod = "distance-to-reference"\nreference = "z"\n',
         (3, "1", "unknown-city")),
        ('rank.ties = "first"\n', (1, "1", "not-allowed")),
        ('[impute]\nmethod = "group-mean"\n', (1, "1", "missing-key")),
        (b"\xff", (None, "", "encoding")),
    ],
)  # fmt: skip
def test_a_method(tmp_path, method, place):
    assert _faults(tmp_path, method=method) == {("m.toml", *place)}


def test_a_group_column_that_the_method_needs(tmp_path):
    method = '[impute]\nmethod = "group-mean"\ngroup = "zone"\n'
    assert _faults(tmp_path, method=method) == {("v.csv", 1, "", "no-group-column")}


def test_a_method_that_an_indicator_cannot_serve_is_told_at_its_row(tmp_path):
    method = '[normalise]\nmethod = "distance-to-target"\n'
    assert _faults(tmp_path, method=method) == {
        ("f.csv", 3, "code", "no-target"),
        ("f.csv", 4, "code", "no-target"),
    }


def test_all_three_files_are_told_at_once(tmp_path):
    found = _faults(
        tmp_path,
        framework=FRAMEWORK + "C,Z,Third,1,-1,,,\n",
        values="city,A,B,C\nx,４０,10,1\nx,1,98%,1\n",
        method="[rank]\nties = 1\n[colour]\n",
    )
    assert {(file, code) for file, _, _, code in found} == {
        ("f.csv", "unknown-parent"),
        ("f.csv", "negative-weight"),
        ("v.csv", "full-width"),
        ("v.csv", "city-twice"),
        ("v.csv", "percent-sign"),
        ("m.toml", "not-allowed"),
        ("m.toml", "unknown-section"),
    }


def test_a_logarithm_that_is_not_defined_is_told(tmp_path):
    rows = ["code,parent,transform", "I,,", "A,I,ln", "B,I,"]
    assert _faults(tmp_path, framework="\n".join(rows), values=VALUES.replace("40", "0")) == {
        ("f.csv", 3, "transform", "not-positive")
    }


def test_a_number_beyond_all_units_is_told_at_its_cell(tmp_path):
    assert _faults(tmp_path, values="city,A,B\nx,1e200,1\n") == {("v.csv", 2, "A", "too-large")}


def test_files_that_are_not_there_or_of_another_kind(tmp_path):
    framework, values, _ = _files(tmp_path)
    with pytest.raises(Faulty) as error:
        score_files(tmp_path / "no.csv", values, tmp_path / "no.toml")
    assert [fault.code for fault in error.value.faults] == ["no-file", "no-file"]
    with pytest.raises(Faulty) as error:
        score_files(framework, handed_in.write(tmp_path / "v.ods", "x"))
    assert [fault.code for fault in error.value.faults] == ["file-type"]


def test_a_workbook_tells_the_cell(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for row in (
        ["city", "A", "B"],
        ["x", "４０", 10],
        ["y", "=1/0", True],
        ["z", dt.datetime(2024, 5, 1), 5],  # noqa: DTZ001 - a date as Excel stores it
        ["w", 0.98, "12"],
    ):
        sheet.append(row)
    sheet["B5"].number_format = "0%"
    sheet.merge_cells("E1:F1")
    path = tmp_path / "v.xlsx"
    book.save(path)
    framework, _, _ = _files(tmp_path)
    with pytest.raises(Faulty) as error:
        score_files(framework, path)
    assert {(fault.sheet, fault.cell, fault.code) for fault in error.value.faults} == {
        ("数据", "B2", "full-width"),
        ("数据", "B3", "formula-without-value"),
        ("数据", "C3", "boolean"),
        ("数据", "B4", "date"),
        ("数据", "B5", "percent-format"),
        ("数据", "C5", "number-as-text"),
        ("数据", "E1", "merged"),
    }
    assert "v.xlsx" in error.value.faults[0].place


def test_a_workbook_that_is_none(tmp_path):
    framework, _, _ = _files(tmp_path)
    with pytest.raises(Faulty) as error:
        score_files(framework, handed_in.write(tmp_path / "v.xlsx", "city,A,B\nx,1,1\n"))
    assert all(fault.file == "v.xlsx" for fault in error.value.faults)
