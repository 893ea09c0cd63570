"""Thousands of columns at once are treated as one is."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.composite.method import parse_method
from scoring.composite.treat import treat
from scoring.composite.treat_many import treat_many

POLICIES = [
    {"method": "winsorise"},
    {"method": "winsorise", "max_points": 1},
    {"method": "winsorise", "skew": 0.5, "kurtosis": -1.0, "max_points": 3},
    {"method": "winsorise", "skew": 1.0, "then": "mirrored-log", "max_points": 2},
    {"method": "winsorise", "skew": 0.5, "kurtosis": 0.0, "then": "none"},
    {"method": "winsorise", "skew": 0.5, "kurtosis": 0.0, "then": "box-cox", "max_points": 1},
    {"method": "log", "skew": 1.0},
    {"method": "mirrored-box-cox", "power": 0.5},
    {"method": "none"},
]


def _rows(count):
    """Long tails up and down, ties, a column that is constant and one that hardly differs."""
    rng = np.random.default_rng(count)
    rows = np.exp(rng.normal(0, 1.5, (count, 11))) * rng.choice([-1, 1], (count, 1))
    rows[::4] = np.round(rows[::4])
    rows[0], rows[1] = 3.0, [0.0] * 10 + [9.0]
    return rows


@pytest.mark.parametrize("mapping", POLICIES)
@pytest.mark.parametrize("keep_unit", [False, True])
def test_as_one_by_one(mapping, keep_unit):
    policy = parse_method({"treat": mapping}).treat
    rows = _rows(60)
    before = rows.copy()
    want, records = treat(rows.T, policy, codes=["x"] * 60, keep_unit=[keep_unit] * 60)
    got = treat_many(rows, policy, keep_unit=keep_unit)
    np.testing.assert_allclose(got, want.T, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(rows, before)
    if mapping["method"] == "winsorise" and not keep_unit:
        assert {"passes", "constant"} < {record["outcome"] for record in records}


def test_too_few_values_are_left_alone():
    policy = parse_method({"treat": {"method": "winsorise", "skew": 0.0, "kurtosis": -9.0}}).treat
    rows = np.array([[1.0, 2.0, 90.0]])
    assert treat_many(rows, policy, keep_unit=False) is rows
