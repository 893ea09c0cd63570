"""Each column's steps, on numbers small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.composite.impute import impute
from scoring.composite.method import Method, parse_method
from scoring.composite.policies import Treat
from scoring.composite.problems import ScoringError
from scoring.composite.score import score
from scoring.composite.treat import kurtosis, logged, skewness, treat
from tests.scoring.composite.examples import flat

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
