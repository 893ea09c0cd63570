"""TOPSIS, VIKOR and PROMETHEE II against pymcdm and by hand; rank reversal."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.challengers.distances import shared, topsis, vikor
from scoring.composite.challengers.policy import Challengers
from scoring.composite.challengers.promethee import promethee
from scoring.composite.challengers.reversal import Reversal, reversals
from scoring.composite.challengers.side_by_side import challenge, kendall
from scoring.composite.method import parse_method
from scoring.composite.problems import MethodError
from scoring.composite.rank import rank
from scoring.composite.score import score
from tests.scoring.composite import mcdm
from tests.scoring.composite.examples import flat, provinces, tree

NAN = math.nan
ALL = {"methods": ["topsis", "vikor", "promethee"]}


class TestAgainstPymcdm:
    weights = mcdm.weights()["entropy"]

    def test_topsis_on_minmax(self):
        got = topsis(mcdm.minmax(mcdm.directed()), self.weights)
        np.testing.assert_allclose(got, mcdm.scores()["topsis_default"], atol=1e-14)

    def test_topsis_on_columns_of_length_one(self):
        scaled = mcdm.matrix() / np.sqrt((mcdm.matrix() ** 2).sum(axis=0))
        scaled = np.where(mcdm.weights()["type"] > 0, scaled, 1 - scaled)
        got = topsis(scaled, self.weights)
        np.testing.assert_allclose(got, mcdm.scores()["topsis_vector"], atol=1e-14)

    def test_vikor(self):
        got = vikor(mcdm.directed(), self.weights).compromise
        np.testing.assert_allclose(got, mcdm.scores()["vikor_lower_better"], atol=1e-14)

    def test_promethee(self):
        got = promethee(mcdm.directed(), self.weights)
        np.testing.assert_allclose(got, mcdm.scores()["promethee_usual"], atol=1e-14)


class TestByHand:
    columns = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])

    def test_topsis(self):
        got = topsis(self.columns, np.array([3.0, 1.0]))
        assert got == pytest.approx([3 / 4, 1 / 4, 1 / 2])

    def test_vikor(self):
        found = vikor(self.columns, np.array([3.0, 1.0]))
        assert found.group == pytest.approx([1 / 4, 3 / 4, 1 / 2])
        assert found.regret == pytest.approx([1 / 4, 3 / 4, 3 / 8])
        assert found.compromise == pytest.approx([0, 1, (1 / 2 + 1 / 4) / 2])

    def test_promethee(self):
        """Three quarters prefer the first to the second and to the third, and so on."""
        got = promethee(self.columns, np.array([3.0, 1.0]))
        assert got == pytest.approx([1 / 2, -1 / 2, 0])

    def test_linear_preference_between_its_thresholds(self):
        columns = np.array([[0.0], [10.0], [14.0]])
        got = promethee(columns, np.ones(1), shape="linear", indifference=4, preference=12)
        assert got == pytest.approx([-(0.75 + 1) / 2, 0.75 / 2, 1 / 2])
        with pytest.raises(ValueError, match="threshold"):
            promethee(columns, np.ones(1), shape="linear", indifference=4, preference=4)

    @pytest.mark.parametrize("method", [topsis, vikor, promethee])
    def test_a_negative_weight_is_refused(self, method):
        with pytest.raises(ValueError, match="negative"):
            method(self.columns, np.array([1.0, -0.1]))

    def test_nothing_to_tell_them_apart(self):
        same = np.full((3, 2), 7.0)
        assert topsis(same, np.ones(2)).tolist() == [0.5] * 3
        assert vikor(same, np.ones(2)).compromise.tolist() == [0] * 3
        assert promethee(same, np.ones(2)).tolist() == [0] * 3
        assert promethee(same[:1], np.ones(2)).tolist() == [0]

    def test_a_gap_hands_its_weight_on(self):
        gappy = np.array([[1.0, NAN], [0.0, 1.0], [NAN, NAN]])
        assert shared(gappy, np.array([3.0, 1.0])).tolist() == [[1, 0], [0.75, 0.25], [0, 0]]
        np.testing.assert_allclose(topsis(gappy, np.array([3.0, 1.0])), [1, 0, NAN])
        assert np.isnan(vikor(gappy, np.ones(2)).compromise).tolist() == [False, False, True]
        np.testing.assert_allclose(promethee(gappy, np.ones(2)), [1, -1, NAN])


@given(provinces(columns=4))
def test_the_order_of_the_cities_changes_nothing(province):
    _, columns = province
    turn = np.random.default_rng(1).permutation(len(columns))
    weights = np.array([1.0, 2.0, 3.0, 0.0])
    for method in (
        topsis,
        lambda c, w: vikor(c, w).compromise,
        promethee,
        lambda c, w: promethee(c, w, shape="linear", indifference=1, preference=20),
    ):
        np.testing.assert_array_equal(
            method(columns, weights)[turn], method(columns[turn], weights)
        )


@given(st.lists(st.floats(0, 100, width=32), min_size=2, max_size=12))
def test_one_column_is_ranked_by_that_column(column):
    columns = np.array(column)[:, None]
    want = rank(columns[:, 0])
    beside = challenge(flat(1), [str(i) for i in range(len(column))], columns, want)
    np.testing.assert_array_equal(beside.ranks["promethee"], want)
    for name in ("topsis", "vikor"):  # nothing but the noise of a division ties them
        assert kendall(beside.ranks[name], want) > 0.9 or len(set(column)) < 3


class TestSideBySide:
    values = np.array([[90.0, 10, 50], [40, 60, 55], [10, 95, 60], [NAN, 20, 20]])
    cities = ("a", "b", "c", "d")

    def _sheet(self, **section):
        method = parse_method({"challengers": {**ALL, **section}})
        return score(flat(3), self.cities, self.values, method, ranked=[1, 1, 1, 0])

    def test_ranks_beside_the_own_and_where_they_differ(self):
        beside = self._sheet().further["challengers"]["beside"]
        assert set(beside) == {"topsis", "vikor", "promethee"}
        for said in beside.values():
            assert said["ranks"]["a"] in (1, 2, 3)
            assert math.isnan(said["ranks"]["d"])  # not ranked, and no part of the comparison
            assert -1 <= said["agreement"] <= 1
            for city, own, other in said["disagreements"]:
                assert own != other
                assert said["ranks"][city] == other

    def test_own_ranks_and_scores_stay_as_they_are(self):
        plain = score(flat(3), self.cities, self.values, ranked=[1, 1, 1, 0])
        with_them = self._sheet(reversals=True)
        np.testing.assert_array_equal(plain.scores, with_them.scores)
        np.testing.assert_array_equal(plain.ranks, with_them.ranks)
        assert not plain.further

    def test_kendall(self):
        assert kendall(np.array([1.0, 2, 3]), np.array([1.0, 3, 2])) == pytest.approx(1 / 3)
        assert math.isnan(kendall(np.array([1.0, 1]), np.array([1.0, 2])))

    def test_linear_needs_its_threshold(self):
        for section in (
            {"preference_function": "linear"},
            {"preference_function": "linear", "preference": 2, "indifference": 3},
        ):
            with pytest.raises(MethodError) as error:
                parse_method({"challengers": section})
            assert [p.path for p in error.value.problems] == ["challengers.preference"]
        assert Challengers().methods == ()


class TestReversal:
    def test_fixed_goalposts_never_reverse_and_the_others_can(self):
        rng = np.random.default_rng(7)
        cities = [f"c{i:02d}" for i in range(14)]
        values = rng.uniform(0, 100, (14, 9))
        said = score(tree(), cities, values, parse_method({
            "challengers": {**ALL, "reversals": True},
        })).further["challengers"]["reversals"]  # fmt: skip
        assert said["own"] == {"cities": 0, "pairs": []}
        assert said["vikor"]["cities"] > 0

    @pytest.mark.parametrize(
        ("normalise", "weights", "own", "by_topsis"),
        [("goalposts", "given", 0, 8), ("minmax", "given", 6, 8), ("minmax", "entropy", 14, 14)],
    )
    def test_what_the_design_measured_on_the_golden_matrix(
        self, normalise, weights, own, by_topsis
    ):
        """Of 14 cities, dropping how many reorders the others."""
        kinds = mcdm.weights()["type"].astype(int).tolist()
        ends = {True: 100.0, False: 0.0}
        shape = flat(
            87,
            directions=(1, *kinds),
            best=(None, *(ends[kind > 0] for kind in kinds)),
            worst=(None, *(ends[kind < 0] for kind in kinds)),
        )
        method = {
            "normalise": {"method": normalise},
            "weights": {"method": weights},
            "challengers": {"methods": ["topsis"], "reversals": True},
        }
        cities = [f"c{i:02d}" for i in range(14)]
        sheet = score(shape, cities, mcdm.matrix(), parse_method(method))
        said = sheet.further["challengers"]["reversals"]
        assert {name: said[name]["cities"] for name in said} == {"own": own, "topsis": by_topsis}

    def test_minmax_reverses_where_the_one_that_made_an_end_goes(self):
        method = parse_method(
            {"normalise": {"method": "minmax"}, "challengers": {**ALL, "reversals": True}}
        )
        values = [[0.0, 10.0], [6.0, 6.0], [4.0, 7.9], [100.0, 0.0]]
        said = score(flat(2), list("abcd"), values, method).further["challengers"]["reversals"]
        assert ["d", "a", "c"] in said["own"]["pairs"]

    def test_a_city_that_the_others_are_measured_by_cannot_be_dropped(self):
        method = parse_method({
            "normalise": {"method": "distance-to-reference", "reference": "b"},
            "challengers": {"methods": ["topsis"], "reversals": True},
        })  # fmt: skip
        values = [[1.0, 9.0], [2.0, 8.0], [3.0, 1.0]]
        said = score(flat(2), list("abc"), values, method).further["challengers"]["reversals"]
        assert said["failed"] == ["b"]

    def test_pairs_that_change_their_order(self):
        ranks = {
            (True, True, True): [1.0, 2, 3],
            (False, True, True): [2.0, 1],
            (True, False, True): [1.0, 1],
            (True, True, False): [1.0, 2],
        }
        found = reversals("abc", lambda kept: {"own": np.array(ranks[tuple(kept.tolist())])})
        assert found == {"own": (Reversal("own", "a", "b", "c"), Reversal("own", "b", "a", "c"))}
