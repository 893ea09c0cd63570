"""Errors of observations in files, and what the JSON says about the firmness of the ranks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from evaluation.platform.errors import Faulty
from scoring.standalone import as_json, score_files

FRAMEWORK = """code,parent,name,direction,weight,unit,best,worst
I,,Index,1,1,,,
A,I,Days,-1,2,,0,100
B,I,Share,1,1,%,100,0
"""
VALUES = "city,A,A.se,B,B.误差\nx,10,5,50,4\ny,20,5,60,\nz,12,,55,不适用\n"
METHOD = """[uncertainty]
draws = 200
vary = ["weights", "impute"]
[sensitivity]
base = 16
leave_out = true
"""


def _scored(folder, values=VALUES, method=METHOD):
    paths = []
    for name, said in (("f.csv", FRAMEWORK), ("v.csv", values), ("m.toml", method)):
        (folder / name).write_text(said, encoding="utf-8")
        paths.append(folder / name)
    return score_files(*paths)


def test_errors_are_read_and_drawn_from(tmp_path):
    scored = _scored(tmp_path)
    np.testing.assert_array_equal(scored.given.errors, [[5, 4], [5, np.nan], [np.nan, np.nan]])
    said = as_json(scored)
    executed = said["method"]["uncertainty"]["executed"]
    assert executed["errors"] == {
        "observations": 3, "error_shape": "normal", "error_limits": "sign", "blocks": 1,
    }  # fmt: skip
    assert said["firmness"]["cities"] == ["x", "y", "z"]
    assert np.array(said["firmness"]["above"]).shape == (3, 3)
    assert np.array(said["firmness"]["acceptability"]).shape == (3, 3)
    assert set(said["firmness"]["bands"]) <= {1, 2, 3}
    assert len(said["draws"]["impute"]) == 200
    assert said["sensitivity"]["factors"] == ["weights", "impute", "errors"]
    assert said["method"]["sensitivity"]["executed"]["evaluations"] == 16 * 5
    left = {each["code"]: each["kind"] for each in said["sensitivity"]["leave_out"]}
    assert left == {"A": "indicator", "B": "indicator", "x": "city", "y": "city", "z": "city"}
    json.dumps(said, allow_nan=False)


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    head, *rows = VALUES.splitlines()
    one = as_json(_scored(tmp_path))
    two = as_json(_scored(tmp_path, values="\n".join([head, *rows[::-1]]) + "\n"))
    for key in ("firmness", "draws", "intervals"):
        assert one[key] == two[key]
    assert one["sensitivity"]["rank_shift"] == two["sensitivity"]["rank_shift"]


def test_without_draws_nothing_is_added_and_errors_are_noted(tmp_path):
    scored = _scored(tmp_path, method="")
    assert [fault.code for fault in scored.warnings] == ["errors-unused"]
    assert not {"firmness", "draws", "sensitivity"} & set(as_json(scored))


@pytest.mark.parametrize(
    ("values", "method", "want"),
    [
        (VALUES.replace("10,5", "10,-5"), METHOD, ("bad-error", "v.csv", 2, "A.se")),
        (VALUES.replace("B.误差", "C.se"), METHOD, ("unknown-indicator", "v.csv", 1, "C.se")),
        (VALUES.replace("10,5", "10,much"), METHOD, ("not-a-number", "v.csv", 2, "A.se")),
        (VALUES, METHOD.replace("200", "1000000"), ("out-of-range", "m.toml", 2, "1")),
        (VALUES, METHOD.replace("16", "20"), ("not-a-power-of-two", "m.toml", 5, "1")),
        (
            "city,A,B\nx,1,2\ny,3,4\n",
            METHOD.replace("leave_out = true", 'factors = ["errors"]'),
            ("no-errors", "m.toml", 6, "1"),
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, values, method, want):
    with pytest.raises(Faulty) as refused:
        _scored(tmp_path, values, method)
    said = [(f.code, f.file, f.row, f.column) for f in refused.value.faults]
    assert want in said, said
    assert all(str(fault) for fault in refused.value.faults)
