"""Each step's policies, on numbers small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.composite.impute import impute
from scoring.composite.means import mean
from scoring.composite.method import Method, Treat, parse_method
from scoring.composite.problems import ScoringError
from scoring.composite.rank import rank
from scoring.composite.score import score
from scoring.composite.treat import kurtosis, logged, skewness, treat
from scoring.composite.weigh import effective_weights, redistribute
from tests.golden import tables
from tests.scoring.composite.examples import flat, tree

NAN = math.nan


def _codes(error):
    return [(problem.path, problem.code) for problem in error.value.problems]


class TestImpute:
    values = np.array([[1.0], [3.0], [NAN], [NAN], [8.0]])

    def test_centres(self):
        assert impute(self.values, ["mean"])[2, 0] == 4.0
        assert impute(self.values, ["median"])[3, 0] == 3.0

    @pytest.mark.parametrize(("rule", "expected"), [("none", NAN), ("zero", NAN)])
    def test_gaps_left_alone(self, rule, expected):
        np.testing.assert_array_equal(impute(self.values, [rule])[2, 0], expected)

    def test_a_group_without_a_value_stays_missing_unless_told(self):
        groups = ["a", "a", "a", "b", None]
        kept = impute(self.values, ["group-mean"], groups=groups)
        assert kept[2, 0] == 2.0
        assert np.isnan(kept[3, 0])
        told = impute(self.values, ["group-mean"], groups=groups, empty_group="overall")
        assert told[3, 0] == 4.0

    def test_cities_without_a_group_are_no_group(self):
        kept = impute(self.values, ["group-mean"], groups=[None, "a", None, "a", "a"])
        assert np.isnan(kept[2, 0])
        assert kept[3, 0] == 5.5

    def test_not_applicable_is_neither_filled_nor_counted(self):
        absent = np.array([[False], [False], [True], [False], [True]])
        filled = impute(self.values, ["mean"], not_applicable=absent)
        assert filled[3, 0] == 2.0
        assert np.isnan(filled[[2, 4], 0]).all()


class TestTreat:
    def test_moments_are_those_of_excel(self):
        values = np.array([3.0, 4, 5, 2, 3, 4, 5, 6, 4, 7])  # the examples of SKEW and KURT
        assert skewness(values) == pytest.approx(0.359543071)
        assert kurtosis(values) == pytest.approx(-0.151799637)

    @pytest.mark.parametrize(
        ("column", "outcome"),
        [
            ([1, 2, 3, 4, 5, 6, 7, 8], "passes"),
            ([5, 5, 5, 5, 5], "constant"),
            ([1, 2, 1000], "too-few"),
            ([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000], "winsorised"),
        ],
    )
    def test_outcomes(self, column, outcome):
        values = np.array(column, dtype=float)[:, None]
        treated, (record,) = treat(
            values, Treat(method="winsorise"), codes=["x"], keep_unit=[False]
        )
        assert record["outcome"] == outcome
        assert (treated != values).any() == (outcome == "winsorised")

    @pytest.mark.parametrize("unit", [1e-90, 1.0, 1e90])
    def test_moments_do_not_depend_on_the_unit(self, unit):
        values = np.array([3.0, 4, 5, 2, 3, 4, 5, 6, 4, 7]) * unit
        assert skewness(values) == pytest.approx(0.359543071)
        assert kurtosis(values) == pytest.approx(-0.151799637)

    def test_too_many_outliers_take_the_logarithm_of_the_raw_values(self):
        column = np.array([1.0, 1, 2, 2, 3, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 900, 950, 1000])
        column = np.concatenate([column, np.tile([1.0, 2, 3], 20)])
        once = Treat(method="winsorise", max_points=1)
        treated, (record,) = treat(column[:, None], once, codes=["x"], keep_unit=[False])
        assert record["outcome"] == "log"
        np.testing.assert_array_equal(treated[:, 0], logged(column, "log"))
        np.testing.assert_allclose(treated[:, 0], np.log(column - 1 + 9.99))

    def test_fixed_goalposts_keep_the_unit(self):
        column = np.concatenate([np.tile([1.0, 2, 3], 20), [900, 950, 1000]])
        once = Treat(method="winsorise", max_points=1)
        treated, (record,) = treat(column[:, None], once, codes=["x"], keep_unit=[True])
        assert record["outcome"] == "still-fails"
        assert treated.max() == 950

    def test_a_negative_skew_can_be_measured_from_the_top(self):
        column = 1000 - np.array([1.0, 1, 2, 2, 3, 3, 900, 950])
        assert (np.argsort(logged(column, "mirrored-log")) == np.argsort(column)).all()
        skews = [abs(skewness(logged(column, kind))) for kind in ("log", "mirrored-log")]
        assert skews[1] < skews[0]


class TestNormalise:
    cities = ("a", "b", "c")

    def _one(self, column, mapping, **more):
        values = np.array(column, dtype=float)[:, None]
        sheet = score(flat(1, **more), self.cities, values, parse_method({"normalise": mapping}))
        return sheet.normalised[:, 0].tolist(), sheet.method["normalise"]["by_indicator"]

    def test_goalposts_clip_unless_told_not_to(self):
        assert self._one([-50, 25, 150], {})[0] == [0, 25, 100]
        assert self._one([-50, 25, 150], {"clip": False})[0] == [-50, 25, 150]

    def test_without_goalposts_minmax_is_used_and_said(self):
        got, said = self._one([1, 2, 5], {}, best=(None, None), worst=(None, None))
        assert got == [0, 25, 100]
        assert said == {"i0": {"method": "minmax"}}

    def test_without_goalposts_it_can_refuse(self):
        with pytest.raises(ScoringError) as error:
            self._one([1, 2, 5], {"without_goalposts": "refuse"}, best=(None,) * 2)
        assert _codes(error) == [("i0", "no-goalposts")]

    @pytest.mark.parametrize(
        ("policy", "expected"), [("midpoint", 50.0), ("upper", 100.0), ("missing", NAN)]
    )
    def test_a_constant_column_has_a_policy(self, policy, expected):
        got, said = self._one([7, 7, 7], {"method": "minmax", "constant": policy})
        np.testing.assert_array_equal(got, [expected] * 3)
        assert said["i0"]["no_spread"] == policy

    @pytest.mark.parametrize("method", ["zscore", "distance-to-max", "fraction-of-max"])
    def test_no_method_turns_a_constant_column_into_nan(self, method):
        got, _ = self._one([0, 0, 0], {"method": method})
        assert got == ([0.0] * 3 if method == "zscore" else [0.5] * 3)

    @pytest.mark.parametrize("unit", [1e-90, 1e90])
    def test_scores_do_not_depend_on_the_unit(self, unit):
        for method in ("minmax", "zscore", "distance-to-max", "fraction-of-max"):
            plain = self._one([1, 2, 4], {"method": method})[0]
            large = self._one([unit, 2 * unit, 4 * unit], {"method": method})[0]
            assert large == pytest.approx(plain)

    def test_a_missing_value_stays_missing_in_a_constant_column(self):
        got, _ = self._one([7, NAN, 7], {"method": "minmax"})
        np.testing.assert_array_equal(got, [50, NAN, 50])

    def test_ln_takes_value_and_goalposts(self):
        got, _ = self._one([1, 10, 100], {}, transform=("", "ln"), best=(None, 100.0),
                           worst=(None, 1.0))  # fmt: skip
        assert got == pytest.approx([0, 50, 100])

    def test_ln_of_nothing_is_refused(self):
        with pytest.raises(ScoringError) as error:
            self._one([0, 10, 100], {"method": "minmax"}, transform=("", "ln"))
        assert _codes(error) == [("i0", "not-positive")]

    def test_an_own_method_of_the_unit_scale_is_put_on_the_frameworks(self):
        got, said = self._one([1, 2, 4], {}, normalise=("", "percentile-rank"))
        assert got == [0, 50, 100]
        assert said == {"i0": {"method": "percentile-rank"}}

    def test_the_reference_set_can_leave_out_who_is_not_ranked(self):
        method = parse_method({"normalise": {"method": "minmax", "reference_set": "ranked"}})
        sheet = score(flat(1), self.cities, [[1.0], [3.0], [5.0]], method, ranked=[1, 1, 0])
        assert sheet.normalised[:, 0].tolist() == [0, 100, 200]

    def test_missing_as_zero_scores_the_lower_end(self):
        absent = np.array([[False, False], [False, False], [False, True]])
        sheet = score(
            flat(2, missing=("", "", "zero")),
            self.cities,
            [[10.0, 10.0], [10.0, NAN], [10.0, NAN]],
            not_applicable=absent,
        )
        np.testing.assert_array_equal(sheet.normalised[:, 1], [10, 0, NAN])
        assert sheet.scores[:, 0].tolist() == [10, 5, 10]

    def test_an_unknown_reference_city_is_refused(self):
        with pytest.raises(ScoringError) as error:
            self._one([1, 2, 3], {"method": "distance-to-reference", "reference": "z"})
        assert _codes(error) == [("normalise.reference", "unknown-city")]


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


class TestInput:
    def test_everything_wrong_is_listed(self):
        with pytest.raises(ScoringError) as error:
            score(flat(1, missing=("", "guess")), ["a", "a"], [[1.0, 2.0]], groups=["x"])
        assert sorted(_codes(error)) == [
            ("cities", "twice"),
            ("groups", "wrong-shape"),
            ("i0", "not-allowed"),
            ("not_applicable", "wrong-shape"),
            ("values", "wrong-shape"),
        ]

    def test_infinity_is_refused_and_minus_zero_is_zero(self):
        for number in (math.inf, -math.inf, 1e300):
            with pytest.raises(ScoringError) as error:
                score(flat(1), ["a", "b"], [[number], [1.0]])
            assert _codes(error) == [("i0", "too-large")]
        assert math.copysign(1, score(flat(1), ["a"], [[-0.0]]).raw[0, 0]) == 1

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"parents": (None, None, "index")}, "not-one-root"),
            ({"parents": (None, "i1", "i0")}, "cycle"),
            ({"weights": (1.0, 0.0, 0.0)}, "no-weight"),
            ({"directions": (1, 2, 1)}, "direction"),
        ],
    )
    def test_a_tree_that_is_none_is_refused(self, more, code):
        broken = flat(2, **more)
        values = np.ones((1, len(broken.indicators)))
        with pytest.raises(ScoringError) as error:
            score(broken, ["a"], values)
        assert [problem.code for problem in error.value.problems] == [code]

    def test_a_value_that_is_not_applicable_is_disregarded(self):
        absent = np.array([[False, True]])
        sheet = score(flat(2), ["a"], [[20.0, 90.0]], Method(), not_applicable=absent)
        assert sheet.scores[0, 0] == 20
        assert sheet.raw[0, 1] == 90
        assert np.isnan(sheet.imputed[0, 1])


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
