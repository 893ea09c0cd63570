"""AHP and best–worst: published examples that were computed again, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.method import parse_method
from scoring.composite.problems import MethodError, ScoringError
from scoring.composite.score import score
from scoring.composite.weighting.best_worst import best_worst, contradictions
from scoring.composite.weighting.pairwise import (
    joined,
    joined_priorities,
    priorities,
    random_index,
)
from tests.scoring.composite.examples import flat


def reciprocal(*rows):
    """A matrix from what stands above its diagonal."""
    count = len(rows) + 1
    made = np.ones((count, count))
    for i, row in enumerate(rows):
        for j, value in enumerate(row, start=i + 1):
            made[i, j], made[j, i] = value, 1 / value
    return made


#: Saaty's estimate of drinks consumed in the United States (Decision making with the AHP, 2008).
DRINKS = reciprocal(
    [9, 5, 2, 1, 1, 1 / 2],
    [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 1, 1 / 3],
    [2, 1 / 2],
    [1 / 3],
)
#: Saaty's choice of a school (The Analytic Hierarchy Process, 1980): not consistent enough.
SCHOOL = reciprocal(
    [4, 3, 1, 3, 4], [7, 3, 1 / 5, 1], [1 / 5, 1 / 5, 1 / 6], [1, 1 / 3], [3]
)  # fmt: skip


class TestAhp:
    def test_drinks(self):
        found = priorities(DRINKS)
        want = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
        assert found.weights.round(3).tolist() == want
        assert round(found.ratio, 3) == 0.022

    def test_school(self):
        found = priorities(SCHOOL)
        assert found.weights.round(2).tolist() == [0.32, 0.14, 0.03, 0.13, 0.24, 0.14]
        assert found.ratio > 0.1

    def test_the_eigenvalue_is_lapacks(self):
        for matrix in (DRINKS, SCHOOL):
            want = np.linalg.eigvals(matrix).real.max()
            assert priorities(matrix).eigenvalue == pytest.approx(want, abs=1e-10)

    @given(st.tuples(*[st.sampled_from([1 / 9, 1 / 5, 1 / 2, 1, 3, 7, 9])] * 3))
    def test_three_things_by_the_closed_form(self, values):
        """λ = 1 + k + 1/k with k³ = a₁₂a₂₃/a₁₃; priorities are geometric means of the rows."""
        one, two, three = values
        matrix = reciprocal([one, two], [three])
        found = priorities(matrix)
        k = (one * three / two) ** (1 / 3)
        assert found.eigenvalue == pytest.approx(1 + k + 1 / k)
        means = np.prod(matrix, axis=1) ** (1 / 3)
        assert found.weights == pytest.approx(means / means.sum())
        assert found.worst == (0, 1, 2)
        assert found.implied == pytest.approx(one * three)

    @pytest.mark.parametrize("count", [1, 2, 4, 9, 25])
    def test_consistent_judgements_give_their_weights_back(self, count):
        weights = np.arange(1.0, count + 1)
        found = priorities(weights[:, None] / weights)
        assert found.weights == pytest.approx(weights / weights.sum())
        assert found.ratio == pytest.approx(0, abs=1e-12)

    def test_the_worst_triple_is_the_spoilt_one(self):
        weights = np.array([1.0, 2, 3, 4, 5])
        matrix = weights[:, None] / weights
        matrix[1, 3], matrix[3, 1] = 5.0, 1 / 5
        found = priorities(matrix)
        assert {1, 3} < set(found.worst)

    def test_reciprocals_may_be_rounded_but_not_wrong(self):
        rounded = np.array([[1, 3], [0.33, 1]])
        assert priorities(rounded).weights == pytest.approx([0.75, 0.25], abs=2e-3)
        for wrong in ([[1, 3], [0.5, 1]], [[1, -3], [-1 / 3, 1]], [[1, 2, 3]], [[2]]):
            with pytest.raises(ValueError, match="comparisons"):
                priorities(np.array(wrong, dtype=float))

    def test_the_random_index_goes_on_beyond_saatys_table(self):
        assert [random_index(n) for n in (1, 2, 3, 9)] == [0, 0, 0.58, 1.45]
        assert random_index(12) == pytest.approx((2.7699 * 12 - 4.3513 - 12) / 11)
        grown = [random_index(n) for n in range(3, 40)]
        assert grown == sorted(grown)

    def test_judges_in_any_order_are_one_matrix(self):
        other = reciprocal([2, 3, 1, 2, 2], [5, 2, 1 / 3, 1], [1 / 3, 1 / 4, 1 / 5], [1, 1], [2])
        one = joined([SCHOOL, other])
        assert one[0, 1] == pytest.approx(math.sqrt(8))
        np.testing.assert_array_equal(one, joined([other, SCHOOL]))
        made = joined_priorities([np.array([0.5, 0.5]), np.array([0.8, 0.2])])
        assert made == pytest.approx([2 / 3, 1 / 3])


class TestBestWorst:
    car = (np.array([2, 1, 4, 3, 8.0]), np.array([4, 8, 4, 2, 1.0]))

    def test_weights_that_a_hand_can_check(self):
        """ξ = 4/65: four of the comparisons miss by exactly that, none by more."""
        found = best_worst(*self.car)
        assert found.weights * 65 == pytest.approx([16, 28, 8, 10, 3], abs=1e-9)
        assert found.xi == pytest.approx(4 / 65)
        assert found.ratio == pytest.approx(8 / 56)  # |4·4 − 8| over 8² − 8
        assert found.against == 2

    def test_no_other_weights_fit_better(self):
        from_best, to_worst = self.car
        tried = np.random.default_rng(0).dirichlet(np.ones(5), 20_000)
        off = np.maximum(
            np.abs(tried[:, [1]] - from_best * tried).max(axis=1),
            np.abs(tried - to_worst * tried[:, [4]]).max(axis=1),
        )
        assert off.min() >= best_worst(*self.car).xi

    def test_judgements_that_fit_give_their_weights(self):
        weights = np.array([0.4, 0.2, 0.1, 0.3])
        found = best_worst(0.4 / weights, weights / 0.1)
        assert found.weights == pytest.approx(weights)
        assert found.xi == pytest.approx(0, abs=1e-9)
        assert found.against is None or found.ratio < 1e-9

    @pytest.mark.parametrize(
        ("from_best", "to_worst", "code"),
        [
            ([1, 2, 10], [5, 2, 1], "judgement-range"),
            ([1, 2, 0.5], [5, 2, 1], "judgement-range"),
            ([2, 2, 5], [5, 2, 1], "judgement-self"),
            ([1, 2, 5], [5, 2, 2], "judgement-self"),
            ([1, 2, 5], [4, 2, 1], "judgement-widest"),
        ],
    )
    def test_vectors_that_contradict_each_other(self, from_best, to_worst, code):
        vectors = np.array(from_best, dtype=float), np.array(to_worst, dtype=float)
        assert {said for _, said in contradictions(*vectors)} == {code}
        with pytest.raises(ValueError, match="do not fit"):
            best_worst(*vectors)


class TestFromTheMethod:
    values = np.random.default_rng(0).uniform(0, 100, (5, 3))

    def _weights(self, **section):
        method = parse_method({"weights": section})
        sheet = score(flat(3), list("abcde"), self.values, method)
        return sheet.tree.weights[1:], sheet.method["weights"]["executed"]["families"]

    def _refused(self, **section):
        with pytest.raises(ScoringError) as error:
            self._weights(**section)
        return {problem.code: problem.facts for problem in error.value.problems}

    pairs = (("i0", "i1", 3), ("i0", "i2", 5), ("i2", "i1", "1/2"))

    def test_pairs_and_a_matrix_say_the_same(self):
        matrix = [[1, 3, 5], ["1/3", 1, 2], [0.2, 0.5, 1]]
        by_pairs = self._weights(
            method="ahp", judgements=[{"parent": "index", "pairs": self.pairs}]
        )
        said = {"parent": "index", "codes": ["i0", "i1", "i2"], "matrix": matrix}
        by_matrix = self._weights(method="ahp", judgements=[said])
        assert by_pairs[0] == pytest.approx(by_matrix[0], abs=1e-11)
        assert by_pairs[0] == pytest.approx((0.648, 0.230, 0.122), abs=5e-4)
        assert by_pairs[1]["index"]["consistency_ratio"][0] < 0.01

    def test_an_inconsistent_matrix_is_refused_with_its_triple_or_flagged(self):
        circle = [("i0", "i1", 5), ("i1", "i2", 5), ("i2", "i0", 5)]
        said = {"method": "ahp", "judgements": [{"parent": "index", "pairs": circle}]}
        facts = self._refused(**said)["inconsistent"]
        assert (facts["first"], facts["second"], facts["third"]) == ("i0", "i1", "i2")
        assert (facts["stated"], facts["implied"]) == ("0.2", "25")
        weights, families = self._weights(**said, inconsistent="flag")
        assert weights == pytest.approx((1 / 3,) * 3)
        assert families["index"]["inconsistent"][0]["implied"] == "25"

    def test_judges_are_joined_by_judgements_or_by_priorities(self):
        two = [
            {"parent": "index", "judge": "甲", "pairs": self.pairs},
            {"parent": "index", "judge": "乙", "pairs": [(a, b, 1) for a, b, _ in self.pairs]},
        ]
        weights, families = self._weights(method="ahp", judgements=two)
        assert families["index"]["judges"] == 2
        assert len(families["index"]["consistency_ratio"]) == 1
        other, families = self._weights(method="ahp", judgements=two, join="priorities")
        assert len(families["index"]["consistency_ratio"]) == 2
        assert weights == pytest.approx(other, abs=0.02)

    def test_every_fault_of_the_judgements_at_once(self):
        said = [
            {"parent": "index", "pairs": [("i0", "i1", 3), ("i1", "i0", 2), ("i0", "x", 2)]},
            {"parent": "index", "pairs": [("i0", "i1", 3), ("i1", "i0", 2), ("i0", "i2", -2)]},
            {"parent": "i0", "pairs": self.pairs},
            {"parent": "index", "codes": ["i0", "i1", "i2"],
             "matrix": [[1, 3, 5], [3, 1, 2], [0.2, 0.5, 1]]},
        ]  # fmt: skip
        assert set(self._refused(method="ahp", judgements=said)) == {
            "not-a-child", "compared-twice", "judgement-not-positive", "judgement-parent",
            "not-reciprocal",
        }  # fmt: skip

    def test_a_pair_that_was_not_compared(self):
        said = [{"parent": "index", "pairs": self.pairs[:2]}]
        facts = self._refused(method="ahp", judgements=said)["not-compared"]
        assert (facts["first"], facts["second"]) == ("i1", "i2")

    def test_best_worst(self):
        said = {
            "parent": "index",
            "from_best": {"i0": 1, "i1": 2, "i2": 8},
            "to_worst": {"i0": 8, "i1": 4, "i2": 1},
        }
        weights, families = self._weights(method="best-worst", judgements=[said])
        assert weights == pytest.approx((8 / 13, 4 / 13, 1 / 13))
        assert families["index"]["consistency_ratio"] == [0]
        said["to_worst"] = {"i0": 8, "i1": 4}
        assert set(self._refused(method="best-worst", judgements=[said])) == {"not-judged"}

    def test_what_the_method_alone_shows_wrong(self):
        with pytest.raises(MethodError) as error:
            parse_method({
                "weights": {
                    "method": "ahp",
                    "judgements": [
                        {"parent": "index"},
                        {"pairs": self.pairs},
                        {"parent": "index", "pairs": [["i0", "i1"]], "colour": 1},
                    ],
                },
            })  # fmt: skip
        assert {(p.path, p.code) for p in error.value.problems} == {
            ("weights.judgements[1]", "judgement-form"),
            ("weights.judgements[2].parent", "missing-key"),
            ("weights.judgements[3].pairs", "wrong-type"),
            ("weights.judgements[3].colour", "unknown-key"),
        }
        with pytest.raises(MethodError) as error:
            parse_method({"weights": {"method": "best-worst"}})
        assert [p.path for p in error.value.problems] == ["weights.judgements"]
