"""Denominate, screen, impute by siblings and periods: small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.composite.denominate import Denominate, denominate
from scoring.composite.impute import Sources, fill
from scoring.composite.method import Method, parse_method
from scoring.composite.panel import Panel
from scoring.composite.policies import Impute
from scoring.composite.problems import MethodError, ScoringError
from scoring.composite.score import score
from tests.scoring.composite.examples import flat, tree

NAN = math.nan


def _codes(error):
    return [(problem.path, problem.code) for problem in error.value.problems]


class TestDenominate:
    tree = flat(2, denominators=("", "people", ""), per=(1.0, 10_000.0, 1.0))
    cities = ("a", "b", "c")

    def _made(self, people, policy=None, column=(10.0, 20.0, 30.0)):
        values = np.array([[value, 7.0] for value in column])
        given = {"people": np.array(people, dtype=float)}
        return denominate(
            values, policy or Denominate(), tree=self.tree, cities=self.cities, denominators=given
        )

    def test_per_ten_thousand_people(self):
        made = self._made([20_000, 50_000, 10_000])
        np.testing.assert_array_equal(made.values, [[5, 7], [4, 7], [30, 7]])
        np.testing.assert_array_equal(made.divisors, [[2, NAN], [5, NAN], [1, NAN]])

    def test_a_denominator_of_zero_or_less_is_refused_by_its_cell(self):
        with pytest.raises(ScoringError) as error:
            self._made([0, -3, 10])
        facts = [problem.facts for problem in error.value.problems]
        assert _codes(error) == [("i0", "denominator-zero")] * 2
        assert facts[1] == {"column": "people", "city": "b", "value": -3.0}

    def test_or_makes_a_missing_value_that_is_counted(self):
        made = self._made([0, NAN, 10_000], Denominate(zero="missing"))
        np.testing.assert_array_equal(made.values[:, 0], [NAN, NAN, 30])
        assert made.lost[:, 0].tolist() == [True, True, False]

    def test_a_missing_denominator_can_be_refused(self):
        with pytest.raises(ScoringError) as error:
            self._made([NAN, 1, 1], Denominate(missing="refuse"))
        assert _codes(error) == [("i0", "denominator-missing")]

    def test_a_missing_value_needs_no_denominator(self):
        made = self._made([0, 10_000, 10_000], column=(NAN, 1.0, 2.0))
        np.testing.assert_array_equal(made.values[:, 0], [NAN, 1, 2])

    def test_a_column_that_is_not_there_is_refused(self):
        with pytest.raises(ScoringError) as error:
            score(self.tree, ["a"], [[1.0, 2.0]])
        assert _codes(error) == [("i0", "no-denominator")]

    def test_a_quotient_beyond_all_measure_is_refused(self):
        with pytest.raises(ScoringError) as error:
            score(self.tree, ["a"], [[1e90, 2.0]], denominators={"people": [1e-50]})
        assert _codes(error) == [("i0", "too-large")]

    def test_goalposts_are_in_the_unit_of_the_result(self):
        sheet = score(self.tree, ["a"], [[10.0, 2.0]], denominators={"people": [20_000]})
        assert sheet.normalised[0].tolist() == [5, 2]
        assert sheet.raw[0, 0] == 10
        assert sheet.stages["denominated"][0, 0] == 5
        assert sheet.method["denominate"]["by_indicator"] == {
            "i0": {"column": "people", "per": 10_000.0}
        }


class TestScreen:
    values = np.array([[1, 2, 3, 4], [1, NAN, NAN, NAN], [0, 0, 0, 5], [1, 1, NAN, NAN]])
    cities = ("a", "b", "c", "d")

    def _scored(self, mapping, values=None, **more):
        method = parse_method({"screen": mapping, **more})
        return score(flat(4), self.cities, self.values if values is None else values, method)

    def test_who_has_too_little_stays_listed_with_the_reason(self):
        sheet = self._scored({"method": "missing", "least_present": 0.5})
        assert sheet.cities == self.cities
        assert sheet.unscored == {"b": {"reason": "too-few-values", "share": 0.25, "least": 0.5}}
        assert np.isnan(sheet.scores[1]).all()
        assert np.isnan(sheet.ranks[1]).all()
        assert sheet.ranks[[0, 2, 3], 0].tolist() == [1, 2, 3]
        assert sheet.raw[1, 0] == 1

    def test_by_zeros_and_by_both(self):
        zeros = self._scored({"method": "zeros", "least_nonzero": 0.3})
        assert zeros.unscored == {"c": {"reason": "too-few-nonzero", "share": 0.25, "least": 0.3}}
        both = self._scored({"method": "both", "least_present": 0.5, "least_nonzero": 0.3})
        assert list(both.unscored) == ["b", "c"]

    def test_lists_come_before_shares(self):
        said = {"method": "missing", "least_present": 0.5, "keep": ["b"], "drop": ["a"]}
        assert self._scored(said).unscored == {"a": {"reason": "dropped"}}
        assert list(self._scored({"drop": ["d"]}).unscored) == ["d"]

    def test_screened_before_imputing_nobody_learns_from_the_city(self):
        minmax = {"normalise": {"method": "minmax"}, "impute": {"method": "mean"}}
        said = {"method": "missing", "least_present": 0.6}
        early = self._scored(said, **minmax)
        assert list(early.unscored) == ["b", "d"]
        assert np.isnan(early.imputed[1]).all()
        late = self._scored({**said, "before": "treat"}, **minmax)
        assert late.unscored == {}  # once imputed nothing is missing

    def test_screened_before_treating_the_city_is_imputed_but_not_scored(self):
        said = {"method": "zeros", "least_nonzero": 0.3, "before": "treat"}
        sheet = self._scored(said, impute={"method": "mean"}, normalise={"method": "minmax"})
        assert list(sheet.unscored) == ["c"]
        assert sheet.imputed[2].tolist() == [0, 0, 0, 5]
        assert np.isnan(sheet.treated[2]).all()
        assert sheet.normalised[0].tolist() == [50, 100, 100, 0]  # c's zeros make no minimum

    def test_what_does_not_apply_is_no_gap(self):
        absent = np.isnan(self.values)
        method = parse_method({"screen": {"method": "missing", "least_present": 1.0}})
        sheet = score(flat(4), self.cities, self.values, method, not_applicable=absent)
        assert sheet.unscored == {}

    def test_poor_indicators_are_reported(self):
        sheet = self._scored({"method": "missing", "least_present": 0.6, "keep": ["b", "d"]})
        assert sheet.method["screen"]["indicators"] == {
            "i2": {"present": 0.5}, "i3": {"present": 0.5},
        }  # fmt: skip
        assert sheet.method["screen"]["left_out"] == {}

    def test_nobody_left_and_unknown_cities_are_refused(self):
        with pytest.raises(ScoringError) as error:
            self._scored({"drop": [*self.cities, "z"], "keep": ["y"]})
        assert _codes(error) == [
            ("screen.keep", "unknown-cities"),
            ("screen.drop", "unknown-cities"),
            ("screen", "nobody-left"),
        ]
        with pytest.raises(MethodError) as error:
            parse_method({"screen": {"keep": ["a"], "drop": ["a"]}})
        assert _codes(error) == [("screen.drop", "kept-and-dropped")]


class TestSiblings:
    """d0's three indicators: the second is lower-better."""

    def _filled(self, rows, rule="siblings-mean", **policy):
        sources = Sources(parents=["d0"] * 3, directions=[1, -1, 1])
        return fill(np.array(rows), [rule] * 3, Impute(**policy), sources)

    def test_the_city_stands_where_its_siblings_stand(self):
        rows = [[0.0, 10.0, 0.0], [10.0, 0.0, 100.0], [5.0, 2.5, NAN]]
        filled, (record,) = self._filled(rows)
        assert filled[2, 2] == 62.5  # half way on the first, three quarters on the second
        assert record["from"]["columns"] == (0, 1)
        assert record["from"]["share"] == 0.625
        assert self._filled(rows, "siblings-median")[0][2, 2] == 62.5

    def test_direction_decides_what_high_means(self):
        filled, _ = self._filled([[0.0, 10.0, 0.0], [10.0, 0.0, 100.0], [10.0, NAN, 100.0]])
        assert filled[2, 1] == 0.0

    def test_a_flat_sibling_says_nothing(self):
        filled, (record,) = self._filled([[7.0, 10.0, 0.0], [7.0, 0.0, 100.0], [7.0, 0.0, NAN]])
        assert filled[2, 2] == 100
        assert record["from"]["columns"] == (1,)

    def test_without_siblings_the_gap_stays_unless_told(self):
        rows = [[0.0, 10.0, 0.0], [10.0, 0.0, 100.0], [NAN, NAN, NAN]]
        assert np.isnan(self._filled(rows)[0][2]).all()
        assert self._filled(rows, empty_group="overall")[0][2].tolist() == [5, 5, 50]

    def test_a_column_without_values_stays_empty(self):
        filled, records = self._filled([[0.0, 10.0, NAN], [10.0, 0.0, NAN]])
        assert np.isnan(filled[:, 2]).all()
        assert records == ()

    def test_only_the_family_counts(self):
        sheet = score(
            tree(dimensions=2, each=2, posts=False),
            ["a", "b", "c"],
            [[0.0, 10.0, 5.0, 5.0], [10.0, 0.0, 9.0, 6.0], [10.0, NAN, 5.0, 5.0]],
            parse_method({"impute": {"method": "siblings-mean"}}),
        )
        assert sheet.imputed[2, 1] == 0
        assert sheet.imputation[0]["from"]["indicators"] == ["d0i0"]


class TestPeriods:
    panel = Panel(
        2024.0,
        (2020.0, 2022.0, 2026.0),
        np.array([[[1.0, 1.0]], [[2.0, NAN]], [[6.0, NAN]]]),
    )

    def _filled(self, rule, panel=None, **policy):
        sources = Sources(panel=panel or self.panel)
        return fill(np.array([[NAN, NAN]]), [rule] * 2, Impute(**policy), sources)

    def test_the_newest_earlier_value(self):
        filled, records = self._filled("latest")
        assert filled.tolist() == [[2, 1]]
        assert records[0]["from"] == {"periods": [2022.0], "values": [2.0]}
        kept, _ = self._filled("latest", max_age=2.0)
        np.testing.assert_array_equal(kept, [[2, NAN]])

    def test_a_line_between_before_and_after(self):
        filled, records = self._filled("linear")
        assert filled.tolist() == [[4, 1]]
        assert records[0]["from"] == {"periods": [2022.0, 2026.0], "values": [2.0, 6.0]}

    def test_beyond_the_last_value_it_is_held_or_the_trend_followed(self):
        past = Panel(2024.0, (2022.0, 2020.0), self.panel.values[[1, 0]])
        assert self._filled("linear", past)[0].tolist() == [[2, 1]]
        assert self._filled("linear", past, extrapolate="trend")[0].tolist() == [[3, 1]]

    def test_without_periods_the_rule_is_refused(self):
        for rule in ("latest", "linear"):
            with pytest.raises(ScoringError) as error:
                score(flat(1), ["a"], [[NAN]], parse_method({"impute": {"method": rule}}))
            assert _codes(error) == [("impute.method", "no-periods")]

    def test_other_periods_are_divided_by_their_own_denominators(self):
        panel = Panel(2.0, (1.0,), np.array([[[30.0], [8.0]]]), {"people": np.array([[3.0, 0.0]])})
        sheet = score(
            flat(1, denominators=("", "people")), ["b", "a"], [[NAN], [NAN]],
            parse_method({"impute": {"method": "latest"}}),
            denominators={"people": [2.0, 2.0]}, panel=panel,
        )  # fmt: skip
        np.testing.assert_array_equal(sheet.imputed, [[10], [NAN]])
        assert sheet.unscored == {"a": {"reason": "no-values"}}

    def test_a_panel_that_does_not_fit_is_refused(self):
        wrong = Panel(1.0, (1.0,), np.zeros((2, 1, 1)))
        with pytest.raises(ScoringError) as error:
            score(flat(1), ["a"], [[1.0]], panel=wrong)
        assert _codes(error) == [("panel", "wrong-shape"), ("panel", "period-twice")]


class TestConstant:
    def test_the_methods_or_the_indicators_own(self):
        method = parse_method({"impute": {"method": "constant", "value": 3}})
        sheet = score(flat(2, constants=(None, None, 8.0)), ["a"], [[NAN, NAN]], method)
        assert sheet.imputed.tolist() == [[3, 8]]
        assert sheet.was_imputed.all()

    def test_without_one_it_is_refused(self):
        with pytest.raises(ScoringError) as error:
            score(flat(1), ["a"], [[NAN]], parse_method({"impute": {"method": "constant"}}))
        assert _codes(error) == [("impute.value", "missing-key")]


def test_defaults_leave_the_method_as_it_was():
    said = Method().as_mapping()
    assert "screen" not in said
    assert "denominate" not in said
