"""Ratings of which no severity can be had, and those with extremes: refused or placed by rule."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.raters.agreement import agreement
from scoring.raters.ratings import RatersError, gather
from scoring.raters.severity import severities
from tests.scoring.raters.designs import long, simulated


def test_ratings_in_two_worlds_are_refused_by_name():
    table = np.full((6, 4), np.nan)
    table[:3, :2] = [[1, 2], [2, 1], [2, 3]]
    table[3:, 2:] = [[1, 2], [3, 2], [2, 3]]
    with pytest.raises(RatersError) as error:
        severities(long(table))
    (problem,) = error.value.problems
    assert problem.code == "disconnected"
    assert problem.facts["groups"] == (("r00", "r01"), ("r02", "r03"))
    assert problem.facts["units"] == (("u000", "u001", "u002"), ("u003", "u004", "u005"))


def test_items_in_two_worlds_are_refused_by_name():
    one = np.array([[1, 2], [2, 1], [2, 3], [3, 2]], dtype=float)
    first, second = np.full((8, 2), np.nan), np.full((8, 2), np.nan)
    first[:4], second[4:] = one, one[::-1]
    with pytest.raises(RatersError) as error:
        severities(long([first, second], items=("a", "b")))
    (problem,) = error.value.problems
    assert (problem.code, problem.facts["groups"]) == ("disconnected-items", (("a",), ("b",)))


def test_one_rater_a_visit_compares_nobody():
    made, *_ = simulated(units=30, raters=4, each=1, seed=1)
    with pytest.raises(RatersError) as error:
        severities(made)
    assert [problem.code for problem in error.value.problems] == ["disconnected"]
    assert len(error.value.problems[0].facts["groups"]) == 4


def test_other_refusals_all_at_once():
    with pytest.raises(RatersError) as error:
        severities(gather(["u"], ["i"], ["r"], [1.0]))
    assert {p.code for p in error.value.problems} == {"one-rater", "one-unit", "all-the-same"}
    with pytest.raises(RatersError) as error:
        severities(long(np.arange(60.0).reshape(30, 2)))
    assert {p.code for p in error.value.problems} == {"too-many-categories"}
    with pytest.raises(RatersError) as error:  # wherever they differ, the second is higher
        severities(long([[1, 2], [1, 2], [2, 3], [2, 2]]))
    assert {p.code for p in error.value.problems} == {"no-finite-estimate"}
    with pytest.raises(RatersError) as error:
        severities(long([[1, 1], [2, 2]]))
    assert {p.code for p in error.value.problems} == {"all-extreme"}


def test_extremes_get_a_place_by_rule():
    made, *_ = simulated(units=80, raters=5, each=3, seed=6)
    value = made.value.copy()
    value[made.rater == 1] = 5  # sees nothing but the best
    value[made.unit == 0] = 1  # a unit at the bottom, even by the lenient
    easy = gather(
        [made.units[u] for u in made.unit],
        [made.items[i] for i in made.item],
        [made.raters[r] for r in made.rater],
        np.where((made.rater == 1) & (made.unit == 0), 5, value),
    )
    found = severities(easy)
    assert found.raters.extreme.tolist() == [False, True, False, False, False]
    assert found.raters.measure[1] < np.delete(found.raters.measure, 1).min()
    assert np.isfinite(found.raters.measure).all()
    assert np.isfinite(found.units.measure).all()
    assert np.isfinite(found.fair.error).all()


@given(st.integers(0, 100_000))
@settings(max_examples=60, deadline=None)
def test_small_odd_designs_are_estimated_or_refused_and_never_nan(seed):
    random = np.random.default_rng(seed)
    units, items, raters = random.integers(2, 7), random.integers(1, 4), random.integers(2, 5)
    top = random.integers(1, 5)
    tables = [
        np.where(
            random.random((units, raters)) < 0.7, random.integers(0, top, (units, raters)), np.nan
        )
        for _ in range(items)
    ]
    tables[0][0, 0] = 0
    ratings = long(tables, items=tuple(f"i{at}" for at in range(items)))
    level = str(random.choice(["nominal", "ordinal", "interval", "ratio"]))
    with suppress(RatersError):
        overall, by_item = agreement(ratings, level=level, draws=20)
        for found in (overall, *by_item.values()):
            for each in (found.alpha, found.kappa, found.ac1, *found.icc):
                assert each is None or each.value == each.value
    with suppress(RatersError):
        found = severities(ratings)
        assert np.isfinite(found.fair.score).all()
        assert np.isfinite(found.fair.error).all()
        assert np.isfinite(found.cells.score).all()
        assert np.isfinite(found.units.measure).all()
