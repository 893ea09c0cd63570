"""Weights moved by hand are really scored, the draws follow them, and bad weights are named."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.composite.method import parse_method
from scoring.composite.problems import ScoringError
from scoring.composite.stability import stability
from scoring.whatif.sliding import Slider
from tests.scoring.composite.examples import flat
from tests.scoring.whatif.examples import case, province

METHODS = (
    {},
    {"rank": {"decimals": 1}, "normalise": {"method": "minmax"}},
    {"aggregate": {"method": "geometric", "floor": 1}},
    {"aggregate": {"method": "copeland"}},
)


def same(first, second):
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_is_moved_it_is_the_scoring(method):
    made = province(4, method=method)
    sheet = made.score()
    slid = Slider(made, draws=50).at({})
    root = sheet.nodes.index("index")
    same(slid.scores, sheet.scores[:, root])
    same(slid.ranks, sheet.ranks[:, root])


@pytest.mark.parametrize("method", METHODS[:3])
def test_the_draws_are_those_of_the_fast_answer(method):
    made = province(5, gaps=False, method=method)
    slider = Slider(made, draws=200)
    moved = {slider.first[0]: 70.0}
    slid = slider.at(moved)
    weights = list(made.tree.weights)
    total = sum(weights[made.tree.codes.index(code)] for code in slider.first)
    weights[made.tree.codes.index(slider.first[0])] = 0.7 * total
    policy = made.method
    live = stability(
        made.tree, slider.start.normalised, weights, draws=200,
        policy=policy.aggregate, ranking=policy.rank,
    )  # fmt: skip
    same(slid.ranks, live.ranks)
    for name in ("low", "median", "high", "same"):
        same(getattr(slid, name), getattr(live, name))


@given(st.lists(st.floats(0, 100), min_size=3, max_size=3).filter(lambda w: sum(w) > 1))
@settings(max_examples=30, deadline=None)
def test_only_proportions_count(weights):
    made = case([[90, 10, 40], [20, 80, 50], [50, 50, 50]])
    slider = Slider(made, draws=20)
    once = slider.at(dict(zip(slider.first, weights, strict=True)))
    again = slider.at({code: 2 * w for code, w in zip(slider.first, weights, strict=True)})
    np.testing.assert_allclose(once.scores, again.scores)
    np.testing.assert_allclose(once.scores, made.values @ np.array(weights) / sum(weights))
    assert sum(once.shares.values()) == pytest.approx(1)
    assert once.shares == pytest.approx(again.shares)


def test_all_the_weight_on_one_item_is_certain():
    slider = Slider(case([[90, 10], [20, 80]]), draws=100)
    slid = slider.at({slider.first[0]: 100, slider.first[1]: 0})
    assert slid.ranks.tolist() == [1, 2]
    assert slid.same.tolist() == [1, 1]
    assert slid.above(0, 1) == 1
    level = slider.at({slider.first[0]: 50, slider.first[1]: 50})
    assert level.scores.tolist() == [50, 50]
    assert 0.3 < level.above(0, 1) < 0.7


def test_weights_from_the_data_are_where_the_sliders_start():
    made = province(6, gaps=False, method={"weights": {"method": "entropy", "levels": [2]}})
    slider = Slider(made, draws=20)
    sheet = made.score()
    same(slider.at({}).ranks, sheet.ranks[:, sheet.nodes.index("index")])
    assert len({round(given, 6) for given in slider.given.values()}) == len(slider.first)
    moved = slider.at({code: 100.0 * (at == 0) for at, code in enumerate(slider.first)})
    np.testing.assert_allclose(
        moved.scores, slider.start.scores[:, sheet.nodes.index(slider.first[0])]
    )


def test_points_stay_in_every_draw_and_those_not_ranked_have_no_place():
    item = {"city": "b", "code": "x", "kind": "bonus", "points": 60, "reason": "x"}
    made = case([[60, 40], [30, 30], [90, 90]], method={"adjust": {"items": [item]}})
    made = replace(made, ranked=np.array([True, True, False]))
    slid = Slider(made, draws=100).at({})
    assert slid.ranks[:2].tolist() == [2, 1]
    assert slid.same[:2].tolist() == [1, 1]
    assert math.isnan(slid.ranks[2])
    assert math.isnan(slid.low[2])
    assert math.isnan(slid.same[2])


@pytest.mark.parametrize(
    ("weights", "codes"),
    [
        ({"i0": -1.0}, ["weight-out-of-range"]),
        ({"i0": math.nan, "zz": 3.0}, ["weight-out-of-range", "not-first-level"]),
        ({"i0": math.inf}, ["weight-out-of-range"]),
        ({"i0": 1e9}, ["weight-out-of-range"]),
        ({"index": 5.0}, ["not-first-level"]),
        ({"i0": 0.0, "i1": 0.0}, ["weights-all-zero"]),
    ],
)
def test_what_is_wrong_is_named_at_once(weights, codes):
    slider = Slider(case([[1, 2], [3, 4]], framework=flat(2)), draws=10)
    with pytest.raises(ScoringError) as refused:
        slider.at(weights)
    assert [each.code for each in refused.value.problems] == codes


def test_a_case_with_draws_of_its_own_is_not_changed():
    made = province(7, method={"uncertainty": {"draws": 100}})
    method = made.method
    Slider(made, draws=10).at({})
    assert made.method is method
    assert parse_method({"uncertainty": {"draws": 100}}) == method
