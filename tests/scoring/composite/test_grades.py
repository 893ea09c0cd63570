"""Bands: boundaries, ties that are not parted, natural breaks that are the best there are."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.grades import Grades, grade
from scoring.composite.method import parse_method
from scoring.composite.natural_breaks import natural_breaks
from scoring.composite.problems import MethodError
from scoring.composite.score import score
from tests.scoring.composite.examples import flat

NAMES = ("优", "良", "中")
NAN = math.nan


def _grades(scores, **policy):
    said = {"names": NAMES, **policy}
    return grade(np.array(scores, dtype=float), Grades(**said)).grades


class TestByScore:
    def test_a_score_on_a_limit(self):
        scores = [90, 80, 79.9, 60, 59]
        assert _grades(scores, by="score", limits=(80, 60)) == ("优", "优", "良", "良", "中")
        lower = _grades(scores, by="score", limits=(80, 60), boundary="lower")
        assert lower == ("优", "良", "良", "中", "中")

    def test_no_score_no_band(self):
        assert _grades([NAN, 70], by="score", limits=(80, 60)) == (None, "良")


class TestByPlace:
    def test_places(self):
        assert _grades([9, 8, 7, 6], by="rank", limits=(1, 3)) == ("优", "良", "良", "中")
        lower = _grades([9, 8, 7, 6], by="rank", limits=(2, 4), boundary="lower")
        assert lower == ("优", "良", "良", "中")

    def test_a_tie_across_a_limit_goes_one_way_together(self):
        scores = [9, 8, 8, 6]
        assert _grades(scores, by="rank", limits=(2, 3)) == ("优", "优", "优", "中")
        lower = _grades(scores, by="rank", limits=(2, 3), ties="lower")
        assert lower == ("优", "良", "良", "中")

    @pytest.mark.parametrize(("rounding", "first"), [("nearest", 4), ("down", 3), ("up", 4)])
    def test_a_share_of_the_cities(self, rounding, first):
        """A quarter of 14 is 3.5."""
        got = _grades(range(14), by="share", limits=(0.25, 0.75), rounding=rounding)
        assert got.count("优") == first

    def test_a_share_that_is_a_whole_number_but_for_rounding(self):
        got = _grades(range(10), by="share", limits=(0.1 + 0.2, 0.7), rounding="up")
        assert got.count("优") == 3


@given(
    st.lists(st.integers(0, 9).map(float) | st.just(NAN), min_size=1, max_size=15),
    st.sampled_from(["score", "rank", "share", "natural-breaks"]),
    st.sampled_from(["upper", "lower"]),
    st.sampled_from(["upper", "lower"]),
)
def test_a_better_city_is_never_in_a_lower_band_and_ties_stay_together(scores, by, edge, ties):
    limits = {"score": (6, 3), "rank": (3, 8), "share": (0.2, 0.6), "natural-breaks": ()}[by]
    policy = Grades(by=by, names=NAMES, limits=limits, boundary=edge, ties=ties)
    bands = grade(np.array(scores), policy).bands
    for (one, high), (two, low) in itertools.product(zip(scores, bands, strict=True), repeat=2):
        if one > two:
            assert high <= low
        if one == two:
            assert high == low


class TestNaturalBreaks:
    def test_what_everybody_sees(self):
        got = _grades([95, 94, 93, 70, 69, 30, 31], by="natural-breaks")
        assert got == ("优", "优", "优", "良", "良", "中", "中")

    @given(st.lists(st.integers(0, 40).map(float), min_size=1, max_size=9), st.integers(1, 4))
    def test_no_other_breaks_are_better(self, values, classes):
        lows = natural_breaks(np.array(values), classes)
        points = sorted(set(values), reverse=True)
        assert len(lows) == min(classes, len(points))
        ours = _variation(values, list(lows))
        for cuts in itertools.combinations(points[:-1], len(lows) - 1):
            assert ours <= _variation(values, [*cuts, points[-1]]) + 1e-9

    def test_fewer_values_than_bands(self):
        assert natural_breaks(np.array([5.0, 5.0, NAN]), 3).tolist() == [5]
        assert _grades([5, 5, 7], by="natural-breaks") == ("良", "良", "优")
        assert natural_breaks(np.array([NAN]), 3).size == 0
        with pytest.raises(ValueError, match="one class"):
            natural_breaks(np.array([1.0]), 0)

    def test_large_numbers_lose_no_digits(self):
        values = np.array([1, 2, 3, 10, 11, 12, 20.0])
        want = natural_breaks(values, 3)
        np.testing.assert_array_equal(natural_breaks(values + 2.0**40, 3) - 2.0**40, want)


def _variation(values, lows):
    """Squared deviations within classes that end at *lows*, falling."""
    total, above = 0.0, math.inf
    for low in lows:
        some = [x for x in values if low <= x < above]
        total += sum((x - sum(some) / len(some)) ** 2 for x in some)
        above = low
    return total


class TestFromTheMethod:
    def test_a_run_has_grades_of_those_ranked(self):
        method = parse_method({"grades": {"by": "score", "names": ["A", "B"], "limits": [50]}})
        values = [[80.0], [49.996], [30.0], [90.0]]
        sheet = score(flat(1), list("wxyz"), values, method, ranked=[1, 1, 1, 0])
        assert sheet.further["grades"]["cities"] == {"w": "A", "x": "B", "y": "B", "z": None}

    def test_rounding_before_ranking_is_rounding_before_grading(self):
        grades = {"by": "score", "names": ["A", "B"], "limits": [50]}
        method = parse_method({"grades": grades, "rank": {"decimals": 2}})
        sheet = score(flat(1), list("wx"), [[80.0], [49.996]], method)
        assert sheet.further["grades"]["cities"]["x"] == "A"

    @pytest.mark.parametrize(
        ("section", "code"),
        [
            ({"by": "score", "names": ["A", "B"]}, "limits-count"),
            ({"by": "score", "names": ["A", "B", "C"], "limits": [1, 2]}, "limits-order"),
            ({"by": "rank", "names": ["A", "B", "C"], "limits": [2, 2]}, "limits-order"),
            ({"by": "share", "names": ["A", "B"], "limits": [1.5]}, "out-of-range"),
            ({"by": "rank", "names": ["A", "B"], "limits": [0]}, "out-of-range"),
            ({"by": "rank"}, "missing-key"),
            ({"by": "natural-breaks", "names": ["A", "B"], "limits": [1]}, "limits-count"),
            ({"by": "score", "names": ["A", "A"], "limits": [1]}, "listed-twice"),
        ],
    )
    def test_a_policy_that_contradicts_itself(self, section, code):
        with pytest.raises(MethodError) as error:
            parse_method({"grades": section})
        assert [problem.code for problem in error.value.problems] == [code]
