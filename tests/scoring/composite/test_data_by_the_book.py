"""The data steps against the rules read aloud in plain Python, on provinces of 14 cities."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.composite.impute import Sources, fill
from scoring.composite.policies import Impute, Treat
from scoring.composite.treat import treat


def _moments(x):
    """Skewness and excess kurtosis of type 2, term by term."""
    n, mean = len(x), math.fsum(x) / len(x)
    m2, m3, m4 = (math.fsum((v - mean) ** p for v in x) / n for p in (2, 3, 4))
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    skew = g1 * math.sqrt(n * (n - 1)) / (n - 2)
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))


def _fails(x):
    skew, kurtosis = _moments(x)
    return abs(skew) >= 2 and kurtosis >= 3.5


def _by_the_book(x, most=5):
    """Winsorise one point at a time; if that is not enough, the logarithm of the raw values."""
    y, moved = list(x), set()
    while len(set(y)) > 1 and _fails(y) and len(moved) < most:
        end = max(y) if _moments(y)[0] >= 0 else min(y)
        rest = [v for v in y if v != end]
        if len(set(rest)) == 1:
            break
        moved |= {i for i, v in enumerate(y) if v == end}
        new = max(rest) if end == max(y) else min(rest)
        y = [new if v == end else v for v in y]
    if len(set(y)) > 1 and _fails(y):
        low, high = min(x), max(x)
        return [math.log(v - low + 0.01 * (high - low)) for v in x], set()
    return y, moved


@pytest.mark.parametrize("seed", range(40))
def test_fourteen_cities_with_outliers_ties_and_gaps(seed):
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(0, rng.uniform(0.5, 3), (14, 12)))
    values[:, ::3] = np.round(values[:, ::3])  # ties
    values[:, 1::4] *= -1
    values[rng.random(values.shape) < 0.08] = np.nan
    codes = [f"i{j}" for j in range(12)]
    treated, records = treat(values, Treat(method="winsorise"), codes=codes, keep_unit=[False] * 12)
    for j, record in enumerate(records):
        known = ~np.isnan(values[:, j])
        column = values[known, j].tolist()
        if len(set(column)) == 1:
            assert record["outcome"] == "constant"
            continue
        want, moved = _by_the_book(column)
        np.testing.assert_allclose(treated[known, j], want, rtol=1e-12)
        assert np.isnan(treated[~known, j]).all()
        assert record["points"] == len(moved)
        if record["outcome"] == "winsorised":
            rows = np.flatnonzero(known)[sorted(moved)].tolist()
            assert [cell["row"] for cell in record["cells"]] == rows


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("median", [False, True])
def test_by_row_as_the_table_would_be_scaled_filled_and_scaled_back(seed, median):
    """Min–max the whole family first, fill along the row, undo the scale: COINr's three steps."""
    rng = np.random.default_rng(seed)
    values = rng.normal(50, 20, (14, 6))
    values[rng.random(values.shape) < 0.2] = np.nan
    signs = np.array([1, -1, 1, 1, -1, 1])
    directed = values * signs
    low, high = np.nanmin(directed, axis=0), np.nanmax(directed, axis=0)
    share = (directed - low) / (high - low)
    centre = np.nanmedian if median else np.nanmean
    rows = np.flatnonzero(~np.isnan(share).all(axis=1))
    want = values.copy()
    for i in rows:
        middle = centre(share[i])
        back = (low + middle * (high - low)) * signs
        want[i] = np.where(np.isnan(values[i]), back, values[i])
    rule = "siblings-median" if median else "siblings-mean"
    got, _ = fill(
        values, [rule] * 6, Impute(), Sources(parents=["p"] * 6, directions=signs.tolist())
    )
    np.testing.assert_allclose(got, want, rtol=1e-12)
