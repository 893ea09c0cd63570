"""From the normalised columns to the index: weights, means, ranks and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.composite.index import families, index_of
from scoring.composite.means import mean
from scoring.composite.method import parse_method
from scoring.composite.problems import ScoringError
from scoring.composite.rank import rank
from scoring.composite.score import score
from scoring.composite.weigh import effective_weights, redistribute
from tests.golden import tables
from tests.scoring.composite.examples import flat, tree

NAN = math.nan


def _codes(error):
    return [(problem.path, problem.code) for problem in error.value.problems]


class TestWeigh:
    def test_shares_of_the_absent_go_to_those_present(self):
        present = np.array([[True, True], [True, False], [False, False]])
        shares = redistribute(np.array([1.0, 3.0, 4.0])[:, None], present)
        np.testing.assert_array_equal(shares, [[0.25, 1], [0.75, 0], [0, 0]])

    def test_a_negative_weight_is_refused(self):
        with pytest.raises(ValueError, match="negative"):
            redistribute(np.array([[1.0], [-1.0]]), np.ones((2, 1), dtype=bool))
        with pytest.raises(ScoringError) as error:
            score(flat(2, weights=(1.0, 1.0, -1.0)), ["a"], [[1.0, 2.0]])
        assert _codes(error) == [("i1", "negative-weight")]

    def test_effective_weights_are_coinrs(self):
        nodes = tables.asem_nodes()
        count = len(nodes)
        asem = tree(
            codes=tuple(node["iCode"] for node in nodes),
            parents=tuple(node["Parent"] or None for node in nodes),
            directions=(1,) * count,
            weights=tuple(float(node["Weight"]) for node in nodes),
        )
        ours = dict(zip(asem.codes, effective_weights(asem), strict=True))
        for row in tables.rows(tables.ASEM / "weights_effective.csv"):
            assert ours[row["iCode"]] == pytest.approx(float(row["EffWeight"]), abs=1e-12)


class TestAggregate:
    def _index(self, rows, mapping, **more):
        values = np.array(rows, dtype=float)
        cities = [f"c{i}" for i in range(len(rows))]
        sheet = score(
            flat(values.shape[1], **more), cities, values, parse_method({"aggregate": mapping})
        )
        return sheet.scores[:, 0].tolist()

    @pytest.mark.parametrize(
        ("mapping", "expected"),
        [
            ({"method": "arithmetic"}, 34),
            ({"method": "geometric"}, 16),
            ({"method": "harmonic"}, 128 / 17),
            ({"method": "generalised", "power": 0.5}, 25),
            ({"method": "generalised", "power": 0}, 16),
            ({"method": "generalised", "power": 1}, 34),
            ({"method": "generalised", "power": -1}, 128 / 17),
        ],
    )
    def test_means(self, mapping, expected):
        assert self._index([[4, 64]], mapping) == pytest.approx([expected])

    @pytest.mark.parametrize("method", ["geometric", "harmonic"])
    def test_a_zero_gives_zero_or_is_lifted(self, method):
        assert self._index([[0, 50]], {"method": method}) == [0]
        (lifted,) = self._index([[0, 50]], {"method": method, "floor": 1})
        assert lifted > 1

    def test_a_zero_without_weight_counts_for_nothing(self):
        got = self._index([[0, 50]], {"method": "geometric"}, weights=(1.0, 0.0, 1.0))
        assert got == pytest.approx([50])

    def test_the_generalised_mean_goes_on_over_what_is_present(self):
        """COINr's returns missing on any missing value."""
        got = self._index([[NAN, 50]], {"method": "generalised", "power": 2})
        assert got == pytest.approx([50])

    def test_a_negative_score_is_refused_by_name(self):
        method = {"normalise": {"method": "zscore"}, "aggregate": {"method": "geometric"}}
        with pytest.raises(ScoringError) as error:
            score(flat(1), ["a", "b"], [[1.0], [2.0]], parse_method(method))
        assert _codes(error) == [("index", "negative-score")]

    def test_levels_must_fit_the_tree(self):
        with pytest.raises(ScoringError) as error:
            self._index([[1, 2]], {"levels": ["arithmetic", "geometric"]})
        assert _codes(error) == [("aggregate.levels", "levels-mismatch")]

    def test_a_leaf_beside_a_dimension_belongs_to_the_upper_level(self):
        ragged = flat(3, parents=(None, "index", "i0", "i0"))
        method = parse_method({"aggregate": {"levels": ["arithmetic", "geometric"]}})
        sheet = score(ragged, ["a"], [[20.0, 80.0]], method)
        assert sheet.indicators == ("i1", "i2")
        assert sheet.scores[0].tolist() == pytest.approx([50, 50, 20, 80])

    def test_the_threshold_counts_applicable_children_only(self):
        method = parse_method({"aggregate": {"threshold": 0.6}})
        values = np.array([[10.0, NAN, 30.0, NAN]])
        absent = np.array([[False, True, False, False]])
        assert np.isnan(score(flat(4), ["a"], values, method).scores[0, 0])
        assert score(flat(4), ["a"], values, method, not_applicable=absent).scores[0, 0] == 20

    def test_nothing_present_is_no_score_and_no_rank(self):
        sheet = score(flat(2), ["a", "b"], [[NAN, NAN], [1.0, NAN]])
        assert np.isnan(sheet.scores[0, 0])
        np.testing.assert_array_equal(sheet.ranks[:, 0], [NAN, 1])
        assert sheet.weights[0].tolist() == [0, 0, 0]

    def test_copeland_counts_majorities_and_skips_what_either_lacks(self):
        rows = [[3, 3, 1], [2, 2, 2], [1, NAN, 3], [NAN, NAN, NAN]]
        got = self._index(rows, {"method": "copeland"})
        np.testing.assert_array_equal(got, [1, -1, 0, NAN])

    def test_the_mean_of_nothing_is_nan(self):
        nothing = np.array([NAN])
        assert np.isnan(mean([nothing, nothing], [np.zeros(1), np.zeros(1)], "geometric")).all()


class TestRank:
    scores = np.array([90.0, 80.0, 80.0, 70.0, NAN])

    @pytest.mark.parametrize(
        ("ties", "expected"),
        [
            ("min", [1, 2, 2, 4, NAN]),
            ("max", [1, 3, 3, 4, NAN]),
            ("average", [1, 2.5, 2.5, 4, NAN]),
            ("dense", [1, 2, 2, 3, NAN]),
        ],
    )
    def test_ties(self, ties, expected):
        np.testing.assert_array_equal(rank(self.scores, ties=ties), expected)

    def test_unrounded_scores_do_not_tie(self):
        assert rank(np.array([1.0004, 1.0003])).tolist() == [1, 2]
        assert rank(np.array([1.0004, 1.0003]), decimals=3).tolist() == [1, 1]

    @pytest.mark.parametrize(
        ("score_", "decimals", "same_as"),
        [(0.125, 2, 0.13), (1.005, 2, 1.01), (2.5, 0, 3), (-2.5, 0, -3), (0.1249, 2, 0.12)],
    )
    def test_rounding_is_half_up(self, score_, decimals, same_as):
        assert rank(np.array([score_, same_as]), decimals=decimals).tolist() == [1, 1]

    def test_a_city_not_ranked_takes_no_place(self):
        got = rank(self.scores, ranked=np.array([False, True, True, True, True]))
        np.testing.assert_array_equal(got, [NAN, 1, 1, 3, NAN])


class TestUncertainty:
    def test_the_seed_decides_and_what_ran_is_counted(self):
        rng = np.random.default_rng(5)
        values = rng.uniform(0, 100, (14, 9))
        cities = [f"c{i}" for i in range(14)]

        def run(seed):
            return score(tree(), cities, values,
                         parse_method({"uncertainty": {"draws": 300, "seed": seed}}))  # fmt: skip

        one, same, other = run(1), run(1), run(2)
        assert one.intervals == same.intervals
        assert one.intervals != other.intervals
        executed = one.method["uncertainty"]["executed"]
        assert sum(executed["normalise"].values()) == 300
        assert set(executed["normalise"]) == {"goalposts", "minmax", "zscore"}
        assert (executed["failed"], executed["seed"]) == (0, 1)
        for interval in one.intervals.values():
            assert 1 <= interval["low"] <= interval["median"] <= interval["high"] <= 14

    def test_nothing_varied_gives_the_rank_itself(self):
        values = np.random.default_rng(6).uniform(0, 100, (8, 9))
        values[2, 3] = NAN
        cities = [f"c{i}" for i in range(8)]
        sheet = score(
            tree(), cities, values, parse_method({"uncertainty": {"draws": 3, "vary": []}})
        )
        for city, place in zip(cities, sheet.ranks[:, 0], strict=True):
            assert sheet.intervals[city] == {"median": place, "low": place, "high": place}

    def test_copeland_is_drawn_as_it_is_scored(self):
        values = np.random.default_rng(8).uniform(0, 100, (8, 9))
        values[2, 3] = NAN
        cities = [f"c{i}" for i in range(8)]
        copeland = {"aggregate": {"method": "copeland"}}
        still = {"draws": 3, "vary": []}
        sheet = score(tree(), cities, values, parse_method({**copeland, "uncertainty": still}))
        for city, place in zip(cities, sheet.ranks[:, 0], strict=True):
            assert sheet.intervals[city] == {"median": place, "low": place, "high": place}
        moved = {"draws": 200, "vary": ["weights"], "weight_spread": 0.9}
        sheet = score(tree(), cities, values, parse_method({**copeland, "uncertainty": moved}))
        assert any(interval["low"] < interval["high"] for interval in sheet.intervals.values())
        assert sheet.method["uncertainty"]["executed"]["aggregate"] == {"copeland": 200}

    def test_a_draw_with_copeland_is_a_scoring_with_the_drawn_weights(self):
        rng = np.random.default_rng(9)
        values = rng.uniform(0, 100, (7, 9))
        drawn = np.array(tree().weights) * rng.uniform(0.5, 1.5, (5, 13))
        method = parse_method({"aggregate": {"method": "copeland"}})
        cities = list("abcdefg")
        scaled = score(tree(), cities, values, method).normalised
        made = families(tree(), method.aggregate, np.ones(scaled.shape, dtype=bool))
        index = index_of(made, list(scaled.T[:, None]), drawn, ("copeland",) * 2)
        for weights, got in zip(drawn, index, strict=True):
            alone = score(tree(weights=tuple(weights)), cities, values, method)
            np.testing.assert_array_equal(got, alone.scores[:, 0])

    def test_failed_draws_are_counted_and_left_out(self):
        values = np.random.default_rng(7).uniform(0, 100, (8, 9))
        method = {
            "normalise": {"method": "zscore"},
            "uncertainty": {"draws": 60, "vary": ["aggregate"], "aggregate": ["geometric"]},
        }
        sheet = score(tree(normalise=("scaled",) * 13, directions=(-1,) * 13), list("abcdefgh"),
                      values, parse_method(method))  # fmt: skip
        executed = sheet.method["uncertainty"]["executed"]
        assert executed["failed"] == executed["aggregate"]["geometric"] > 0
        assert not np.isnan(list(sheet.intervals["a"].values())).any()
