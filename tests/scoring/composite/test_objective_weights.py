"""Weights from the data, against pymcdm and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.weigh import effective_weights
from scoring.composite.weighting.advisory import equal_importance, loadings
from scoring.composite.weighting.importance import importance, squares
from scoring.composite.weighting.objective import (
    METHODS,
    correlation,
    critic,
    entropy,
    gini,
    merec,
    standard_deviation,
)
from tests.golden import tables
from tests.scoring.composite import mcdm
from tests.scoring.composite.examples import flat, tree

NAN = math.nan


def _agrees(got, want):
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-13)
    assert math.isclose(math.fsum(got), 1.0, abs_tol=1e-12)


class TestAgainstPymcdm:
    def test_entropy(self):
        _agrees(entropy(mcdm.matrix()), mcdm.weights()["entropy"])

    def test_standard_deviation(self):
        _agrees(standard_deviation(mcdm.matrix()), mcdm.weights()["std"])

    def test_gini(self):
        _agrees(gini(mcdm.matrix()), mcdm.weights()["gini"])

    def test_critic_of_columns_without_their_direction(self):
        _agrees(critic(mcdm.minmax(mcdm.matrix())), mcdm.weights()["critic"])

    def test_critic_differs_where_the_direction_counts(self):
        """The paper directs the columns first; pymcdm does not, so correlations change sign."""
        ours = critic(mcdm.minmax(mcdm.directed()))
        assert np.abs(ours - mcdm.weights()["critic"]).max() > 1e-4

    def test_merec_of_a_cost_is_merec_of_its_inverse(self):
        kinds = mcdm.weights()["type"]
        benefits = np.where(kinds > 0, mcdm.matrix(), 1 / mcdm.matrix())
        _agrees(merec(benefits), mcdm.weights()["merec"])


class TestByHand:
    def test_entropy_of_halves_and_of_everything_in_one(self):
        """(1,1,0): e = ln 2/ln 3; (2,0,0): e = 0; their complements as shares."""
        half = 1 - math.log(2) / math.log(3)
        got = entropy(np.array([[1.0, 2.0], [1.0, 0.0], [0.0, 0.0]]))
        assert got == pytest.approx([half / (half + 1), 1 / (half + 1)])

    def test_gini_of_one_who_has_all(self):
        """Of three, G = 2/3 where one has all, 4/9 where it is (0, 1, 2)."""
        got = gini(np.array([[0.0, 0.0], [0.0, 1.0], [3.0, 2.0]]))
        assert got == pytest.approx([3 / 5, 2 / 5])

    def test_critic_of_two_twins_and_an_opponent(self):
        """Deviations are equal; the twins conflict with the opponent only, it with both."""
        column = np.array([1.0, 2.0, 4.0])
        got = critic(np.column_stack([column, column, -column]))
        assert got == pytest.approx([1 / 4, 1 / 4, 1 / 2])

    def test_merec_of_a_column_that_changes_nothing(self):
        got = merec(np.array([[2.0, 5.0], [4.0, 5.0], [8.0, 5.0]]))
        assert got.tolist() == [1, 0]


@pytest.mark.parametrize("name", METHODS)
class TestEveryRule:
    columns = np.random.default_rng(3).uniform(1, 100, (12, 5))

    def test_the_order_of_the_cities_changes_no_bit(self, name):
        shuffled = self.columns[np.random.default_rng(4).permutation(12)]
        np.testing.assert_array_equal(METHODS[name](self.columns), METHODS[name](shuffled))

    def test_a_constant_column_weighs_nothing(self, name):
        columns = self.columns.copy()
        columns[:, 2] = 7.3
        got = METHODS[name](columns)
        assert got[2] == 0
        assert got.sum() == pytest.approx(1)

    def test_all_constant_is_equal(self, name):
        assert METHODS[name](np.full((4, 5), 3.0)).tolist() == [0.2] * 5

    def test_a_gap_counts_in_no_column(self, name):
        columns = self.columns.copy()
        columns[0, 1] = NAN
        assert np.isfinite(METHODS[name](columns)).all()

    def test_two_cities_are_too_few(self, name):
        with pytest.raises(ValueError, match="three cities"):
            METHODS[name](self.columns[:2])

    def test_a_negative_number(self, name):
        columns = self.columns - 50
        if name in ("critic", "standard-deviation"):
            assert (METHODS[name](columns) >= 0).all()
        else:
            with pytest.raises(ValueError, match="numbers"):
                METHODS[name](columns)


@given(
    st.lists(
        st.lists(st.floats(0.5, 100, width=32), min_size=4, max_size=4), min_size=3, max_size=9
    ),
    st.sampled_from(sorted(METHODS)),
)
def test_weights_are_never_negative_and_add_to_one(rows, name):
    got = METHODS[name](np.array(rows))
    assert (got >= 0).all()
    assert math.fsum(got) == pytest.approx(1)


class TestAdvice:
    def test_loadings_are_coinrs_up_to_the_sign(self):
        codes, _, normalised = tables.matrix("coin_Normalised")
        nodes = {node["iCode"]: node["Parent"] for node in tables.asem_nodes()}
        want = {
            row["iCode"]: float(row["Weight"])
            for row in tables.rows(tables.ASEM / "weights_pca_level1_normalised.csv")
            if row["iCode"] in codes and row["Level"] == "1"
        }
        assert len(want) == 49
        negative = 0
        for pillar in dict.fromkeys(nodes[code] for code in codes):
            some = [code for code in codes if nodes[code] == pillar]
            got = loadings(normalised[:, [codes.index(code) for code in some]])
            theirs = np.array([want[code] for code in some])
            sign = 1 if theirs.sum() >= 0 else -1
            np.testing.assert_allclose(got, sign * theirs, atol=1e-8)
            negative += int((got < 0).sum())
        assert negative > 0  # why they may not be weights

    def test_equal_importance_is_equal(self):
        rng = np.random.default_rng(1)
        common = rng.normal(size=(20, 1))
        columns = common + rng.normal(size=(20, 4)) * np.array([0.5, 1.0, 2.0, 0.2])
        weights, residual = equal_importance(columns)
        assert residual < 1e-6
        assert squares(columns, weights) == pytest.approx([0.25] * 4, abs=1e-5)

    def test_an_opponent_cannot_be_made_equal_and_that_is_told(self):
        column = np.arange(8.0)
        columns = np.column_stack([column, column**1.1, -column + np.cos(column)])
        weights, residual = equal_importance(columns)
        assert (weights >= 0).all()
        assert residual > 0.01

    def test_importance_beside_nominal_and_effective_weights(self):
        scores = np.array([[50.0, 40, 60], [30.0, 20, 40], [80.0, 90, 70], [20.0, 10, 30]])
        found = importance(flat(2, weights=(1.0, 1.0, 3.0)), scores)
        assert [each.nominal for each in found] == [0.25, 0.75]
        assert [each.effective for each in found] == [0.25, 0.75]
        assert found[0].correlation == correlation(scores[:, 0], scores[:, 1])
        assert math.fsum(each.importance for each in found) == pytest.approx(1)

    def test_effective_weights_multiply_down_the_tree(self):
        want = {"d2": 3 / 6, "d2i2": 3 / 6 * 3 / 6, "d0i0": 1 / 6 * 1 / 6}
        ours = dict(zip(tree().codes, effective_weights(tree()), strict=True))
        assert {code: ours[code] for code in want} == pytest.approx(want)
