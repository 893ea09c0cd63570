"""Statistics, correlations and alpha against COINr's, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.audit.correlations import components, critical, cronbach, pairs, pearson
from scoring.audit.statistics import statistics
from scoring.composite.limits import Limits
from tests.golden import tables

NAN = math.nan


@pytest.fixture(scope="module")
def raw():
    rows = tables.rows(tables.ASEM / "stats_raw.csv")
    codes = [row["iCode"] for row in rows]
    units = [row["uCode"] for row in tables.rows(tables.ASEM / "asem_iData.csv")]
    return rows, codes, tables.asem_raw(units, codes)


@pytest.fixture(scope="module")
def scored():
    """Codes, scores of every node, and the parent of each node."""
    codes, _, numbers = tables.matrix("coin_Aggregated")
    return codes, numbers, {node["iCode"]: node["Parent"] for node in tables.asem_nodes()}


class TestAsCoinr:
    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [("Min", "low"), ("Max", "high"), ("Mean", "mean"), ("Median", "median"), ("Std", "sd"),
         ("Skew", "skew"), ("Kurt", "kurtosis"), ("Frc.Avail", "coverage")],
    )  # fmt: skip
    def test_moments(self, raw, theirs, ours):
        rows, codes, values = raw
        want = np.array([float(row[theirs]) for row in rows])
        np.testing.assert_allclose(getattr(statistics(codes, values), ours), want, rtol=1e-11)

    def test_counts(self, raw):
        rows, codes, values = raw
        seen = statistics(codes, values)
        for name, ours in (("N.Avail", seen.n), ("N.Same", seen.same)):
            assert ours.tolist() == [int(row[name]) for row in rows]
        assert (seen.n - seen.zeros).tolist() == [int(row["N.NonZero"]) for row in rows]
        # the reference tells two pairs apart that its own file gives with the same digits
        wrong = [
            (code, int(row["N.Unique"]) - int(ours))
            for code, row, ours in zip(codes, rows, seen.unique, strict=True)
            if int(row["N.Unique"]) != ours
        ]
        assert wrong == [("TolMin", 2)]

    def test_flags(self, raw):
        rows, codes, values = raw
        flags = statistics(codes, values).flags(Limits())
        for code, row in zip(codes, rows, strict=True):
            assert ("outliers" in flags[code]) == (row["Flag.SkewKurt"] == "OUT"), code
            assert ("low-coverage" in flags[code]) == (row["Flag.Avail"] == "LOW"), code
            assert ("many-zeros" in flags[code]) == (row["Flag.NonZero"] == "LOW"), code

    @pytest.mark.parametrize("name", ["corr_ind_pillar_pearson", "corr_sub_index_pearson"])
    def test_correlations_with_the_parent(self, scored, name):
        codes, numbers, _ = scored
        at = {code: i for i, code in enumerate(codes)}
        for row in tables.rows(tables.ASEM / f"{name}.csv"):
            one, two = (
                numbers[
                    :,
                    [at[row["Var1"]]],
                ],
                numbers[:, [at[row["Var2"]]]],
            )
            assert pearson(one, two)[0, 0] == pytest.approx(float(row["Correlation"]), abs=1e-12)

    @pytest.mark.parametrize(
        ("name", "marked"),
        [("corr_flags_high09", lambda r: r > 0.9), ("corr_flags_low-05", lambda r: r < -0.5)],
    )
    def test_flagged_pairs(self, scored, name, marked):
        codes, numbers, parents = scored
        leaves = [code for code in parents if code not in parents.values()]
        families = {
            p: [c for c in leaves if parents[c] == p] for p in set(map(parents.get, leaves))
        }
        found = {
            (parent, frozenset((one, two)), round(r, 3))
            for parent, some in pairs(codes, numbers, families).items()
            for one, two, r in some
            if marked(r)
        }
        want = {
            (row["Group"], frozenset((row["Ind1"], row["Ind2"])), float(row["Corr"]))
            for row in tables.rows(tables.ASEM / f"{name}.csv")
        }
        assert found == want

    def test_cronbach(self, scored):
        codes, numbers, parents = scored
        at = {code: i for i, code in enumerate(codes)}
        leaves = [code for code in parents if code not in parents.values()]
        for row in tables.rows(tables.ASEM / "cronbach.csv"):
            parent = row["group"].removesuffix("_pillars")
            own = [code for code in parents if parents[code] == parent] or leaves
            alpha = cronbach(numbers[:, [at[code] for code in own]])
            assert alpha == pytest.approx(float(row["alpha_norm"]), abs=1e-12), parent


class TestByHand:
    def test_a_small_column(self):
        seen = statistics(
            ["a", "b", "c", "d"],
            np.array([[1, 0, 7, NAN], [2, 0, 7, NAN], [3, 5, 7, NAN], [NAN, NAN, 7, NAN]]),
            not_applicable=np.array([[False] * 4] * 3 + [[True, False, False, False]]),
        )
        assert seen.n.tolist() == [3, 3, 4, 0]
        assert seen.coverage.tolist() == [1, 0.75, 1, 0]
        assert (seen.mean[0], seen.sd[0], seen.skew[0]) == pytest.approx((2, 1, 0))
        assert seen.constant.tolist() == [False, False, True, False]
        assert seen.same.tolist() == [1, 2, 4, 0]
        assert np.isnan(seen.mean[3])
        flags = seen.flags(Limits())
        assert flags == {"a": (), "b": ("many-zeros",), "c": ("constant",), "d": ("low-coverage",)}

    def test_outliers_are_outside_tukeys_fences(self):
        column = np.array([[1.0], [2], [3], [4], [5], [100]])
        assert statistics(["a"], column).outliers.tolist() == [1]

    def test_correlation_takes_the_rows_that_both_have(self):
        x = np.array([[1.0, 5], [2, 5], [3, 5], [NAN, 5]])
        y = np.array([[2.0], [4], [7], [-9]])
        got = pearson(x, y)
        assert got[0, 0] == pytest.approx(5 / math.sqrt(2 * (38 / 3)), abs=1e-12)
        assert np.isnan(got[1, 0]), "a constant column has no correlation"
        assert np.isnan(pearson(x[:2], y[:2])).all(), "two points say nothing"

    def test_a_constant_far_from_zero_has_no_correlation(self):
        x = np.full((6, 1), 0.1) * 1e15
        assert np.isnan(pearson(x, np.arange(6.0)[:, None])).all()

    def test_alpha_of_copies_is_one_and_of_opposites_nothing(self):
        x = np.arange(5.0)
        assert cronbach(np.column_stack([x, x, x])) == pytest.approx(1)
        assert math.isnan(cronbach(np.column_stack([x, -x])))
        assert math.isnan(cronbach(np.column_stack([x, np.ones(5)])))

    def test_the_correlation_that_so_many_cities_can_tell_from_none(self):
        assert critical(14) == pytest.approx(0.532, abs=5e-4)  # any table of r
        assert critical(51) == pytest.approx(0.276, abs=5e-4)
        assert math.isnan(critical(2))

    def test_components_say_when_there_are_too_few_cities(self):
        x = np.random.default_rng(1).normal(size=(14, 87))
        made = components(x)
        assert made.deficient
        assert len(made.shares) == 13
        one = np.random.default_rng(2).normal(size=(30, 1))
        copies = components(one + 0.01 * np.random.default_rng(3).normal(size=(30, 4)))
        assert (copies.deficient, copies.above_one, copies.negative) == (False, 1, 0)
        assert copies.shares[0] > 0.99
