"""Other values and other weights: rescored, nothing approximated, everything wrong at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.composite.problems import ScoringError
from scoring.whatif import Outcome, gains, reweigh, what_if
from tests.scoring.composite.examples import flat, tree
from tests.scoring.whatif.examples import case, province

NAN = math.nan


def _codes(error):
    return [(problem.path, problem.code) for problem in error.value.problems]


class TestValues:
    def test_by_hand(self):
        made = what_if(case([[10, 20], [30, 40], [50, 60]]), "a", {"i0": 90})
        assert made.scores[1].tolist() == [55, 35, 55]
        assert made.rank_change.tolist() == [-2, 1, 0]
        assert made.score_change.tolist() == [40, 0, 0]
        assert made.others("a") == ()
        said = made.as_mapping()["a"]
        assert (said["rank"], said["new_rank"], said["score_change"]) == (3, 1, 40)

    def test_relative_scales_move_the_others_and_say_so(self):
        relative = case([[10, 20], [30, 40], [50, 60]], method={"normalise": {"method": "minmax"}})
        assert what_if(relative, "a", {"i0": 90}).others("a") == ("b", "c")

    def test_a_value_taken_away_and_one_that_was_not_applicable(self):
        absent = np.array([[True, False], [False, False]])
        start = case([[NAN, 20], [30, 40]], not_applicable=absent)
        assert what_if(start, "a", {"i0": 80}).scores[1].tolist() == [50, 35]
        assert what_if(start, "b", {"i0": None}).scores[1].tolist() == [20, 40]
        assert start.absent.tolist() == absent.tolist(), "a case is never written to"

    def test_everything_wrong_at_once(self):
        start = case(np.ones((2, 9)), framework=tree())
        with pytest.raises(ScoringError) as error:
            what_if(start, "z", {"nothing": 1, "d0": 2, "d0i0": math.inf, "d0i1": NAN, "d1i1": 5})
        assert _codes(error) == [
            ("z", "city-unknown"),
            ("nothing", "indicator-unknown"),
            ("d0", "not-an-indicator"),
            ("d0i0", "not-finite"),
            ("d0i1", "not-finite"),
        ]

    def test_one_city(self):
        made = what_if(case([[10, 20]]), "a", {"i0": 30})
        assert (made.score_change.tolist(), made.rank_change.tolist()) == ([10], [0])


class TestWeights:
    def test_siblings_keep_their_proportions(self):
        start = case([[90, 0, 0], [0, 90, 30]], framework=flat(3, weights=(1.0, 1.0, 2.0, 4.0)))
        made = reweigh(start, {"i0": 0.4})
        assert made.scores[1].tolist() == pytest.approx([36, 0.6 * (90 / 3 + 30 * 2 / 3)])

    def test_a_share_as_it_is_changes_nothing(self):
        start = province(1)
        made = reweigh(start, {"d0": 1 / 6, "d2i1": 1 / 3})
        np.testing.assert_allclose(made.score_change, 0, atol=1e-12)

    def test_everything_wrong_at_once(self):
        with pytest.raises(ScoringError) as error:
            reweigh(
                province(1),
                {"x": 0.1, "index": 1, "d0": 1.2, "d1i0": 0.7, "d1i1": 0.6, "d2i0": 0.2,
                 "d2i1": 0.2, "d2i2": 0.2},
            )  # fmt: skip
        assert _codes(error) == [
            ("x", "node-unknown"),
            ("index", "index-has-no-share"),
            ("d0", "share-out-of-range"),
            ("index", "shares-over-one"),
            ("d1", "shares-over-one"),
            ("d2", "shares-not-one"),
        ]


class TestGains:
    def test_the_four_aims_in_both_directions(self):
        start = case(
            [[10, 50], [30, 40], [60, 10], [99, 1]],
            framework=flat(2, directions=(1, 1, -1), best=(None, 100.0, 0.0),
                           worst=(None, 0.0, 100.0), target=(None, 70.0, None)),
            ranked=np.array([True, True, True, False]),
        )  # fmt: skip
        got = {
            (each.goal.code, each.goal.kind): (each.goal.aim, each.score_gain, each.rank_gain)
            for each in gains(start, "a", zones={"a": "east", "b": "east", "c": "west"})
        }
        assert got == {
            ("i0", "target"): (70, 30, 1),
            ("i0", "zone-best"): (30, 10, 0),
            ("i0", "province-best"): (60, 25, 1),
            ("i0", "next-better"): (30, 10, 0),
            ("i1", "target"): (None, 0, 0),
            ("i1", "zone-best"): (40, 5, 0),
            ("i1", "province-best"): (10, 20, 1),
            ("i1", "next-better"): (40, 5, 0),
        }

    def test_ordered_by_gain_and_the_reached_last(self):
        start = case([[80, 10], [30, 90]], framework=flat(2, target=(None, 70.0, 70.0)))
        got = gains(start, "a", kinds=["target", "province-best"])
        assert [(each.goal.code, each.goal.kind, each.goal.state) for each in got] == [
            ("i1", "province-best", "open"),
            ("i1", "target", "open"),
            ("i0", "target", "reached"),
            ("i0", "province-best", "reached"),
        ]
        assert got[2].score_gain == 0, "a target worse than the value gains nothing"

    def test_missing_is_a_gain_and_not_applicable_is_none(self):
        absent = np.array([[False, True], [False, False]])
        start = case([[NAN, NAN], [30, 90]], not_applicable=absent)
        got = {each.goal.code: each for each in gains(start, "a", kinds=["province-best"])}
        assert (got["i0"].goal.value, got["i0"].score, got["i0"].rank) == (None, 30, 2)
        assert math.isnan(got["i0"].score_gain), "it had no score"
        assert got["i1"].goal.state == "not-applicable"
        assert got["i0"].as_mapping()["score_gain"] is None

    def test_others_that_move_are_named(self):
        start = case([[10, 20], [30, 40], [50, 60]], method={"normalise": {"method": "zscore"}})
        assert gains(start, "a")[0].others == ("b", "c")

    def test_a_constant_column_has_nobody_better(self):
        got = gains(case([[7.0], [7.0]]), "a", kinds=["next-better", "province-best"])
        assert {each.goal.state for each in got} == {"no-aim", "reached"}

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 10_000), st.sampled_from(["goalposts", "minmax", "zscore"]))
    def test_each_is_the_scoring_with_that_value(self, seed, scale):
        start = province(seed, method={"normalise": {"method": scale}})
        for each in gains(start, "c")[:5]:
            if each.goal.state == "open":
                alone = what_if(start, "c", {each.goal.code: each.goal.aim})
                assert alone.scores[1][2] == each.score
                assert alone.ranks[1][2] == each.rank

    def test_an_unknown_city_or_aim(self):
        with pytest.raises(ScoringError) as error:
            gains(province(1), "z")
        assert _codes(error) == [("z", "city-unknown")]
        with pytest.raises(ScoringError) as error:
            gains(province(1), "a", kinds=["moon"])
        assert _codes(error) == [("moon", "not-allowed")]


class TestDraws:
    start = province(3, method={"uncertainty": {"draws": 200, "seed": 7}})

    def test_the_interval_is_of_the_difference(self):
        """With the same random numbers on both sides, nothing changed is no interval at all."""
        made = what_if(self.start, "a", {}, draws=True)
        assert set(made.intervals) == set(self.start.cities)
        assert set(made.intervals["a"].values()) == {0.0}
        better = what_if(self.start, "a", dict.fromkeys(("d2i0", "d2i2"), 100.0), draws=True)
        interval = better.intervals["a"]
        assert interval["low"] <= interval["median"] <= interval["high"] <= 0
        assert better.as_mapping()["a"]["interval"] == interval

    def test_by_hand_over_the_draws(self):
        made = what_if(self.start, "c", {"d2i2": 100.0}, draws=True)
        first, second = made.before.draws.ranks[:, 2], made.after.draws.ranks[:, 2]
        assert made.intervals["c"]["median"] == float(np.nanmedian(second - first))

    def test_gains_have_the_interval_of_their_change(self):
        got = gains(self.start, "c", intervals=2)
        assert [bool(each.interval) for each in got[:3]] == [True, True, False]
        first = got[0]
        made = what_if(self.start, "c", {first.goal.code: first.goal.raw}, draws=True)
        assert first.interval["high"] == -made.intervals["c"]["low"]
        assert first.interval["low"] <= first.interval["median"] <= first.interval["high"]
        assert first.as_mapping()["interval"] == first.interval
        assert gains(province(3), "c", intervals=2)[0].interval == {}

    def test_weights_too(self):
        assert reweigh(self.start, {"d0": 0.5}, draws=True).intervals
        assert reweigh(self.start, {"d0": 0.5}).intervals == {}


def test_draws_are_not_run_for_a_question():
    start = province(3, method={"uncertainty": {"draws": 50}})
    assert start.score().intervals == {}
    assert set(start.score(draws=True).intervals) == set(start.cities)
    same = replace(start, method=start.method)
    assert isinstance(what_if(same, "a", {}), Outcome)
