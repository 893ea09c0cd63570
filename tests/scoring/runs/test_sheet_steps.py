"""A stored sheet keeps every data step: any of its cells still opens, as before."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scoring.composite.contributions import contributions
from scoring.composite.method import parse_method
from scoring.composite.panel import Panel
from scoring.composite.score import score
from scoring.composite.trace import trace
from scoring.runs.sheets import sheet_bytes, sheet_from_bytes
from tests.scoring.composite.examples import tree

TREE = tree(
    posts=False,
    denominators=("", "", "people", *("",) * 10),
    missing=(*("",) * 12, "constant"),
    constants=(*(None,) * 12, 4.0),
)
CITIES = tuple("abcdefgh")


@pytest.fixture(scope="module")
def sheet():
    """Eight cities with a gap of each kind, an outlier, one screened out, one not ranked."""
    values = np.random.default_rng(5).uniform(1, 99, (8, 9)).round(1)
    values[0, :3] = np.nan
    values[1, 8] = np.nan
    values[2] = np.nan
    values[3, 4] = 9000
    absent = np.zeros(values.shape, dtype=bool)
    absent[4, 5] = True
    method = parse_method(
        {
            "impute": {"method": "latest"},
            "screen": {"method": "missing", "drop": ["h"]},
            "treat": {"method": "winsorise"},
            "normalise": {"method": "minmax", "reference_set": "ranked"},
            "aggregate": {"method": "geometric", "floor": 1},
        }
    )
    past = values[None] / 2
    past[:, 0] = 7.0
    past[:, 2] = np.nan
    return score(
        TREE, CITIES, values, method, not_applicable=absent,
        ranked=[True] * 5 + [False] + [True] * 2,
        denominators={"people": np.arange(1, 9)},
        panel=Panel(2.0, (1.0,), past, {"people": np.ones((1, 8))}),
    )  # fmt: skip


def test_the_bytes_come_back_and_say_the_same(sheet):
    content = sheet_bytes(sheet)
    back = sheet_from_bytes(content)
    assert sheet_bytes(back) == content
    for stage, values in sheet.stages.items():
        np.testing.assert_array_equal(back.stages[stage], values)
    assert {city: entry["reason"] for city, entry in back.unscored.items()} == {
        "c": "too-few-values",
        "h": "dropped",
    }
    parts = contributions(back, TREE)
    np.testing.assert_array_equal(parts.to_index, contributions(sheet).to_index)


def test_every_cell_opens_as_it_did_before(sheet):
    back = sheet_from_bytes(sheet_bytes(sheet))
    rules = set()
    for city in CITIES:
        for code in TREE.indicators:
            opened = trace(sheet, city, code), trace(back, city, code, tree=TREE)
            fresh, stored = (json.dumps(each.as_mapping(), sort_keys=True) for each in opened)
            assert stored == fresh
            rules |= {step.rule for step in trace(sheet, city, code).steps}
    assert rules >= {
        "given", "missing", "not-applicable", "divided", "latest", "constant", "left-missing",
        "screened-out", "winsorised-high", "minmax", "geometric",
    }  # fmt: skip


def test_a_sheet_without_its_tree_asks_for_it(sheet):
    with pytest.raises(ValueError, match="tree"):
        trace(sheet_from_bytes(sheet_bytes(sheet)), "a", TREE.indicators[0])
