"""Denominators, periods, constants and screening through the files an analyst writes."""

from __future__ import annotations

import re

import openpyxl
import pytest

from evaluation.platform.i18n import use_locale
from scoring.composite.trace import trace
from scoring.standalone import as_json, score_files
from tests.scoring.standalone import handed_in

FRAMEWORK = """代码,上级,名称,方向,权重,单位,最优值,最差值,分母,每,填充值
I,,总指数,1,1,,,,,,
A,I,新设企业,1,2,户,100,0,人口,10000,
B,I,办件时间,-1,1,天,0,50,,,25
"""
VALUES = """city,期次,人口,A,B
x,2022,20000,100,9
y,2022,10000,40,
z,2022,,7,8
w,2021,10000,1,1
x,2024,20000,120,10
y,2024,10000,,20
z,2024,10000,30,
"""
SINGLE = "city,人口,A,B\nx,20000,120,10\ny,10000,,20\nz,10000,30,\n"


def _score(folder, framework=FRAMEWORK, values=VALUES, method=None):
    return score_files(*handed_in.files(folder, framework, values, method))


def _faults(folder, framework=FRAMEWORK, values=VALUES, method=None):
    return handed_in.faults(folder, framework, values, method)


def test_the_newest_period_is_scored_and_earlier_ones_fill_its_gaps(tmp_path):
    done = _score(tmp_path, method="[impute]\nmethod = 'latest'")
    said = as_json(done)
    assert said["cities"] == ["x", "y", "z"]
    assert said["stages"]["raw"]["x"] == {"A": 120, "B": 10}
    assert said["stages"]["denominated"]["x"] == {"A": 60, "B": 10}
    assert said["stages"]["imputed"]["y"] == {"A": 40, "B": 20}  # 40 per 10,000 in 2022
    assert said["stages"]["imputed"]["z"] == {"A": 30, "B": 8}
    assert [fault.code for fault in done.warnings] == ["not-in-period"]
    assert done.warnings[0].facts["city"] == "w"


def test_another_period_can_be_scored(tmp_path):
    done = _score(tmp_path, method="[impute]\nperiod = 2022\nmethod = 'linear'\nmax_age = 2")
    said = as_json(done)
    assert said["stages"]["imputed"]["y"] == {"A": 40, "B": 20}
    assert [(cell["city"], cell["value"]) for cell in said["method"]["imputation"]] == [
        ("z", 30.0),
        ("y", 20.0),
    ]
    assert said["method"]["imputation"][1]["from"] == {"periods": [2024.0], "values": [20.0]}
    assert said["stages"]["denominated"]["z"]["A"] is None  # no population, so no value
    assert said["method"]["denominate"]["made_missing"] == 1


def test_a_workbook_does_the_same(tmp_path):
    book = openpyxl.Workbook()
    for row in VALUES.splitlines():
        cells = [float(c) if re.fullmatch(r"\d+", c) else c or None for c in row.split(",")]
        book.active.append(cells)
    book.save(tmp_path / "v.xlsx")
    _score(tmp_path)
    method = tmp_path / "m.toml"
    method.write_text("[impute]\nmethod = 'latest'", encoding="utf-8")
    done = score_files(tmp_path / "f.csv", tmp_path / "v.xlsx", method)
    assert as_json(done)["stages"]["imputed"]["y"] == {"A": 40, "B": 20}


def test_constants_siblings_and_a_trace(tmp_path):
    done = _score(tmp_path, values=SINGLE, method="[impute]\nmethod = 'constant'\nvalue = 1")
    assert as_json(done)["stages"]["imputed"]["z"] == {"A": 30, "B": 25}
    assert as_json(done)["stages"]["imputed"]["y"] == {"A": 1, "B": 20}
    said = trace(done.sheet, "x", "A").as_mapping()
    assert [step["value"] for step in said["steps"]] == [120, 60, 60, 60, 60, 40]
    assert said["steps"][1]["parameters"] == {"column": "人口", "per": 10000, "divisor": 2}
    done = _score(tmp_path, values=SINGLE, method="[impute]\nmethod = 'siblings-mean'")
    assert as_json(done)["stages"]["imputed"]["y"]["A"] == 30  # worst of the other, so worst here


def test_a_denominator_may_be_an_indicator_itself(tmp_path):
    framework = FRAMEWORK.replace("人口,10000", "B,")
    done = _score(tmp_path, framework, SINGLE.replace("人口", "population"))
    assert as_json(done)["stages"]["denominated"]["x"] == {"A": 12, "B": 10}


def test_who_is_screened_out_is_said_and_stays_in_the_file(tmp_path):
    done = _score(tmp_path, values=SINGLE, method="[screen]\nmethod='missing'\nleast_present=0.6")
    said = as_json(done)
    assert said["ranks"]["I"] == {"x": 1, "y": None, "z": None}
    assert said["unscored"]["y"] == {"reason": "too-few-values", "share": 0.5, "least": 0.6}
    warned = [(fault.code, fault.row, fault.facts["share"]) for fault in done.warnings]
    assert warned == [("not-scored", 3, "50.0%"), ("not-scored", 4, "50.0%")]
    with use_locale("en"):
        assert "50.0% of its indicators" in str(done.warnings[0])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"values": SINGLE.replace("20000", "0")}, ("v.csv", 2, "人口", "denominator-zero")),
        ({"values": SINGLE.replace("20000", "-1")}, ("v.csv", 2, "人口", "denominator-zero")),
        (
            {"values": SINGLE.replace("20000", ""), "method": "denominate.missing='refuse'"},
            ("v.csv", 2, "人口", "denominator-missing"),
        ),
        ({"values": SINGLE.replace("20000", "二万")}, ("v.csv", 2, "人口", "not-a-number")),
        ({"values": SINGLE.replace("20000", "1e400")}, ("v.csv", 2, "人口", "not-finite")),
        ({"values": SINGLE.replace("人口", "口")}, ("v.csv", 1, "", "no-denominator-column")),
        (
            {"framework": FRAMEWORK.replace("I,,总指数,1,1,,,,,,", "I,,总指数,1,1,,,,人口,,")},
            ("f.csv", 2, "分母", "denominator-of-group"),
        ),
        ({"framework": FRAMEWORK.replace("10000", "0")}, ("f.csv", 3, "每", "not-above-zero")),
        ({"framework": FRAMEWORK.replace(",25", ",x")}, ("f.csv", 4, "填充值", "not-a-number")),
        (
            {"values": SINGLE, "method": "[impute]\nmethod = 'latest'"},
            ("m.toml", 2, "1", "no-periods"),
        ),
        (
            {"values": SINGLE, "method": "[impute]\nperiod = 2024"},
            ("v.csv", 1, "", "no-period-column"),
        ),
        ({"method": "[impute]\nperiod = 1999"}, ("v.csv", 1, "期次", "unknown-period")),
        ({"values": VALUES.replace("x,2024", "x,")}, ("v.csv", 6, "期次", "no-period")),
        ({"values": VALUES.replace("y,2024", "x,2024")}, ("v.csv", 7, "city", "city-twice")),
        ({"values": VALUES.replace("w,2021", "x,2022")}, ("v.csv", 5, "city", "city-twice")),
        (
            {"method": "[impute]\nmethod='constant'", "framework": FRAMEWORK.replace("25", "")},
            ("m.toml", 1, "1", "missing-key"),
        ),
        ({"method": "[screen]\nkeep = ['q']"}, ("m.toml", 2, "1", "unknown-cities")),
        ({"method": "[screen]\ndrop = ['x','y','z']"}, ("m.toml", 1, "1", "nobody-left")),
        ({"method": "[screen]\ndrop = ['x']\nkeep=['x']"}, ("m.toml", 2, "1", "kept-and-dropped")),
        ({"method": "[treat]\npower = 9"}, ("m.toml", 2, "1", "out-of-range")),
        ({"method": "[screen]\nkeep = 'x'"}, ("m.toml", 2, "1", "wrong-type")),
    ],
)
def test_each_mistake_has_its_place(tmp_path, files, expected):
    assert expected in _faults(tmp_path, **files)


def test_a_period_of_text_is_a_note_where_nothing_needs_it(tmp_path):
    text = SINGLE.replace("city,", "city,period,").replace("\nx,", "\nx,上半年,")
    text = text.replace("\ny,", "\ny,上半年,").replace("\nz,", "\nz,上半年,")
    done = _score(tmp_path, values=text)
    assert [(fault.code, fault.column) for fault in done.warnings] == [("unused-column", "period")]
    assert done.sheet.ranks.shape == (3, 3)


def test_per_without_a_denominator_is_noted(tmp_path):
    framework = FRAMEWORK.replace("人口,10000", ",10000")
    done = _score(tmp_path, framework, "city,A,B\nx,120,10\n")
    assert [fault.code for fault in done.warnings] == ["per-without-denominator"]
    assert done.sheet.denominated is None
