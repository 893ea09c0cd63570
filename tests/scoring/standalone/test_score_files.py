"""The contract of the stand-alone scorer: what is read, and what comes out."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import openpyxl
import pytest

from evaluation.framework.demo_province import demo_framework
from evaluation.framework.workbook_write import export_framework
from scoring.standalone import as_json, score_files

ENGLISH = [
    ["code", "parent", "name", "direction", "weight", "unit", "best", "worst"],
    ["I", None, "Index", 1, 1, None, None, None],
    ["A", "I", "First", 1, 2, "%", 100, 0],
    ["B", "I", "Second", -1, 1, "days", 0, 50],
]
CHINESE = [["代码", "上级", "名称", "方向", "权重", "单位", "最优值", "最差值"], *ENGLISH[1:]]
VALUES = [["city", "A", "B"], ["620100", 40, 10], ["620200", 80, None], ["620300", None, None]]


def _csv(rows, encoding):
    lines = (",".join("" if v is None else str(v) for v in row) for row in rows)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _file(folder, name, rows, encoding="utf-8"):
    path = folder / name
    if name.endswith(".csv"):
        path.write_bytes(_csv(rows, encoding))
        return path
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("rows", [ENGLISH, CHINESE])
@pytest.mark.parametrize(
    ("ending", "encoding"),
    [("csv", "utf-8"), ("csv", "utf-8-sig"), ("csv", "gb18030"), ("xlsx", "")],
)
def test_headers_encodings_and_workbooks_give_the_same(tmp_path, rows, ending, encoding):
    numeric = [[int(row[0]) if row[0].isdigit() else row[0], *row[1:]] for row in VALUES]
    done = as_json(
        score_files(
            _file(tmp_path, f"f.{ending}", rows, encoding),
            _file(tmp_path, f"v.{ending}", numeric, encoding),
        )
    )
    assert done["cities"] == ["620100", "620200", "620300"]
    assert done["nodes"] == ["I", "A", "B"]
    assert done["scores"] == {
        "620100": {"I": pytest.approx(160 / 3), "A": 40.0, "B": 80.0},
        "620200": {"I": 80.0, "A": 80.0, "B": None},
        "620300": {"I": None, "A": None, "B": None},
    }
    assert done["ranks"]["I"] == {"620100": 2, "620200": 1, "620300": None}


def test_the_json_is_the_contracts(tmp_path):
    framework, values = _file(tmp_path, "f.csv", ENGLISH), _file(tmp_path, "v.csv", VALUES)
    method = tmp_path / "m.toml"
    method.write_bytes('\ufeff[impute]\r\nmethod = "mean"\r\n[uncertainty]\r\ndraws = 50'.encode())
    done = as_json(score_files(framework, values, method))
    assert set(done) >= {
        "cities",
        "nodes",
        "scores",
        "ranks",
        "stages",
        "intervals",
        "method",
        "input_sha256",
    }
    stages = ["raw", "denominated", "imputed", "treated", "normalised", "contribution"]
    assert list(done["stages"]) == stages
    assert done["stages"]["imputed"]["620300"] == {"A": 60.0, "B": 10.0}
    assert set(done["intervals"]["620100"]) == {"median", "low", "high"}
    assert done["method"]["impute"]["method"] == "mean"
    assert done["method"]["rank"]["rounding"] == "none"
    whole = framework.read_bytes() + values.read_bytes() + method.read_bytes()
    assert done["input_sha256"] == hashlib.sha256(whole).hexdigest()
    assert json.loads(json.dumps(done, allow_nan=False)) == done


def test_not_applicable_names_and_who_is_ranked(tmp_path):
    rows = [
        ["城市", "名称", "参与排名", "A", "B"],
        ["a", "兰州", "是", 40, "不适用"],
        ["b", "新区", "否", 90, 10],
        ["c", "天水", None, 30, "N/A"],
    ]
    method = tmp_path / "m.toml"
    method.write_text('[impute]\nmethod = "mean"\n', encoding="utf-8")
    done = score_files(_file(tmp_path, "f.csv", ENGLISH), _file(tmp_path, "v.csv", rows), method)
    assert done.city_names == {"a": "兰州", "b": "新区", "c": "天水"}
    assert done.sheet.not_applicable[:, 1].tolist() == [True, False, True]
    ours = as_json(done)
    assert ours["scores"]["a"] == {"I": 40.0, "A": 40.0, "B": None}
    assert ours["ranks"]["I"] == {"a": 1, "b": None, "c": 2}


def test_a_column_of_text_and_an_odd_header_are_warned_of(tmp_path):
    framework = [[*row, extra] for row, extra in zip(ENGLISH, ["审核意见", *"abc"], strict=True)]
    values = [[*row, extra] for row, extra in zip(VALUES, ["remark", *"xyz"], strict=True)]
    done = score_files(_file(tmp_path, "f.csv", framework), _file(tmp_path, "v.csv", values))
    assert [(fault.file, fault.column) for fault in done.warnings] == [
        ("f.csv", "审核意见"),
        ("v.csv", "remark"),
    ]


def test_a_direction_left_empty_follows_the_goalposts(tmp_path):
    rows = [[*row[:3], None, *row[4:]] if row[0] == "B" else row for row in ENGLISH]
    done = score_files(_file(tmp_path, "f.csv", rows), _file(tmp_path, "v.csv", VALUES))
    assert done.tree.directions == (1, 1, -1)


def test_nothing_heavy_is_imported(tmp_path):
    code = (
        "import sys; from pathlib import Path; from scoring.standalone import as_json, score_files;"
        f"as_json(score_files(Path({str(_file(tmp_path, 'f.csv', ENGLISH))!r}),"
        f" Path({str(_file(tmp_path, 'v.csv', VALUES))!r})));"
        "print([n for n in ('sqlalchemy', 'litestar', 'babel', 'pandas', 'openpyxl')"
        " if n in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_platforms_own_framework_workbook_is_read(tmp_path):
    framework = demo_framework()
    path = tmp_path / "framework.xlsx"
    path.write_bytes(export_framework(framework))
    codes = [node.code for node in framework.indicators]
    rows = [["city", *codes], *([f"c{i}", *[50 + i] * len(codes)] for i in range(3))]
    done = score_files(path, _file(tmp_path, "v.csv", rows))
    assert done.tree.indicators == tuple(codes)
    assert done.names == {node.code: node.name for node in framework.nodes}
    assert done.tree.directions == tuple(node.direction for node in framework.nodes)
