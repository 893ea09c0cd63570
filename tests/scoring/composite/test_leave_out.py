"""Who moves when an indicator, a dimension or a city is left out; and the slider's answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from scoring.composite.leave_out import leave_out, without_nodes
from scoring.composite.method import parse_method
from scoring.composite.policies import Aggregate, Rank
from scoring.composite.problems import ScoringError
from scoring.composite.score import score
from scoring.composite.sheet import Tree
from scoring.composite.stability import stability
from tests.golden import tables
from tests.scoring.composite.examples import flat, provinces, tree
from tests.scoring.composite.test_properties import quietly


def test_removing_a_pillar_shifts_ranks_as_in_coinr():
    codes, units, treated = tables.matrix("coin_Treated")
    nodes = {node["iCode"]: node for node in tables.asem_nodes()}
    order = [*codes, *(code for code in nodes if code not in codes)]
    nothing = (None,) * len(order)
    asem = Tree(
        codes=tuple(order),
        parents=tuple(nodes[code]["Parent"] or None for code in order),
        directions=tuple(int(nodes[code]["Direction"]) for code in order),
        weights=tuple(float(nodes[code]["Weight"]) for code in order),
        best=nothing,
        worst=nothing,
        target=nothing,
    )
    method = parse_method({"normalise": {"method": "minmax"}})
    held = {
        each.code: each for each in without_nodes(asem, score(asem, units, treated, method), method)
    }
    for row in tables.rows(tables.ASEM / "remove_pillar_meanabsrankdiff.csv"):
        if row["code"] != "Nominal":
            want = pytest.approx(float(row["MeanAbsDiff"]), rel=1e-12)
            assert held[row["code"]].mean_shift == want, row["code"]
            assert held[row["code"]].kind == "dimension"


def test_by_hand():
    """Without i0 the order turns round; without a city nobody else moves."""
    values = np.array([[90.0, 10.0], [50.0, 40.0], [10.0, 60.0]])
    said = {each.code: each for each in leave_out(flat(2), "abc", values)}
    assert score(flat(2), "abc", values).ranks[:, 0].tolist() == [1, 2, 3]
    np.testing.assert_array_equal(said["i0"].shifts, [2, 0, -2])
    assert said["i0"].mean_shift == pytest.approx(4 / 3)
    assert said["i0"].largest == 2
    assert said["i0"].reorders
    assert not said["i1"].reorders
    assert said["i0"].summary("abc")["shifts"] == {"a": 2.0, "c": -2.0}
    np.testing.assert_array_equal(said["a"].before, [np.nan, 1, 2])
    np.testing.assert_array_equal(said["a"].after, [np.nan, 1, 2])
    assert not said["a"].reorders


def test_a_city_less_can_reorder_the_others_under_min_max():
    values = np.array([[100.0, 50.0], [12.0, 20.0], [0.0, 28.0], [6.0, 0.0]])
    relative = {"normalise": {"method": "minmax"}}
    said = {each.code: each for each in leave_out(flat(2), "abcd", values, parse_method(relative))}
    assert said["a"].reorders
    np.testing.assert_array_equal(said["a"].shifts, [np.nan, -1, 1, 0])
    fixed = {each.code: each for each in leave_out(flat(2), "abcd", values)}
    assert not fixed["a"].reorders


@given(province=provinces(least=4))
@quietly
def test_with_fixed_goalposts_no_city_less_moves_anybody(province):
    cities, values = province
    groups = ["east"] * len(cities)
    for each in leave_out(tree(), cities, values, groups=groups):
        assert each.kind in ("indicator", "dimension", "city")
        if each.kind == "city":
            assert not each.failed
            assert not each.reorders
            assert not np.nansum(np.abs(each.shifts))


def test_what_cannot_be_scored_says_why():
    method = parse_method({"normalise": {"method": "distance-to-reference", "reference": "b"}})
    values = np.array([[1.0], [2.0], [4.0]])
    said = {each.code: each for each in leave_out(flat(1), "abc", values, method)}
    assert said["b"].failed == "unknown-city"
    assert said["i0"].failed == "nothing-left"
    assert np.isnan(said["i0"].largest)
    assert said["a"].failed == ""


def test_the_only_city_left_out_leaves_nothing():
    (city,) = (each for each in leave_out(flat(2), ["a"], [[1.0, 2.0]]) if each.kind == "city")
    assert city.failed == "nothing-left"


def _example():
    values = np.random.default_rng(2).uniform(0, 100, (9, 9))
    values[3, 4] = np.nan
    return [f"c{i}" for i in range(9)], values


def test_the_slider_ranks_as_a_scoring_would():
    cities, values = _example()
    weights = np.array(tree().weights) * np.linspace(0.2, 2, 13)
    for policy in (Aggregate(), Aggregate(method="geometric", floor=1.0)):
        moved = replace(tree(), weights=tuple(weights))
        method = parse_method({
            "aggregate": {"method": policy.method, "floor": policy.floor},
            "uncertainty": {"draws": 1000, "vary": ["weights"]},
        })  # fmt: skip
        sheet = score(moved, cities, values, method)
        live = stability(tree(), sheet.normalised, weights, policy=policy)
        np.testing.assert_array_equal(live.ranks, sheet.ranks[:, 0])
        np.testing.assert_array_equal(live.scores, sheet.scores[:, 0])
        for i, city in enumerate(cities):
            want = sheet.intervals[city]
            assert (live.low[i], live.median[i], live.high[i]) == (
                want["low"], want["median"], want["high"],
            )  # fmt: skip
        assert ((live.same >= 0) & (live.same <= 1)).all()


def test_the_slider_knows_who_is_ranked_and_refuses_bad_weights():
    _cities, values = _example()
    normalised = np.clip(values, 0, 100)
    ranked = np.arange(9) != 2
    live = stability(
        tree(), normalised, tree().weights, ranked=ranked, ranking=Rank(decimals=1), draws=50
    )
    assert np.isnan(live.ranks[2])
    assert np.isnan(live.low[2])
    assert not np.isnan(live.high[3])
    with pytest.raises(ScoringError):
        stability(tree(), normalised, [-1.0] * 13)
    with pytest.raises(ScoringError):
        stability(tree(), normalised, [0.0] * 13)
