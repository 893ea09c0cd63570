"""Weights from the data: entropy, standard deviation, Gini, CRITIC and MEREC."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite import elementary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scoring.composite.sheet import Bools, Floats

NOTHING = 1e-12  # less information than this is what rounding leaves of a constant column
FEWEST = 3  # cities: two always correlate by ±1


def entropy(columns: Floats) -> Floats:
    """Weights by how far a column's shares are from even.

    Parameters
    ----------
    columns : (n_cities, k) array
        Not negative, higher better, on a common scale. NaN is left out of its column.

    Returns
    -------
    (k,) array
        Adding to 1; equal where no column has any spread.

    Raises
    ------
    ValueError
        For a negative number or fewer than three numbers in a column.

    Notes
    -----
    ``e = −Σ p ln p / ln n`` with ``p = x/Σx`` and ``0 ln 0 = 0``; the weight is ``1 − e`` as a
    share. (pymcdm 1.4 takes the entropy of a column that holds a zero as 0, which gives that column
    the largest weight possible; here a zero only adds nothing.)

    References
    ----------
    .. [1] C. E. Shannon, Bell Syst. Tech. J. 27 (1948) 379–423.
    .. [2] C. L. Hwang, K. Yoon, Multiple Attribute Decision Making, Springer 1981, ch. 3.
    """
    _refuse(columns, least=0.0)

    def told(column: list[float]) -> float:
        total = math.fsum(column)
        if total == 0:
            return 0.0
        parts = [x / total for x in column if x > 0]
        return 1 + math.fsum(p * math.log(p) for p in parts) / math.log(len(column))

    return shares(_each(columns, told))


def standard_deviation(columns: Floats) -> Floats:
    """Weights in proportion to the standard deviation (n − 1) of each column.

    Parameters, returns and raises as `entropy`; negative numbers are allowed.

    References
    ----------
    .. [1] D. Diakoulaki, G. Mavrotas, L. Papayannakis, Comput. Oper. Res. 22 (1995) 763–770.
    """
    _refuse(columns)
    return shares(_each(columns, _deviation))


def gini(columns: Floats) -> Floats:
    """Weights in proportion to the Gini coefficient of each column.

    Parameters, returns and raises as `entropy`.

    Notes
    -----
    ``G = Σᵢ Σⱼ |xᵢ − xⱼ| / (2 n² x̄)``, computed from the sorted values.

    References
    ----------
    .. [1] G. Li, G. Chi, Int. J. Inf. Technol. Decis. Mak. 8 (2009): a weighting by Gini.
    """
    _refuse(columns, least=0.0)

    def told(column: list[float]) -> float:
        total, count = math.fsum(column), len(column)
        if total == 0:
            return 0.0
        placed = ((2 * place - count - 1) * x for place, x in enumerate(sorted(column), start=1))
        return math.fsum(placed) / (count * total)

    return shares(_each(columns, told))


def critic(columns: Floats) -> Floats:
    """Weights by contrast and conflict: the deviation times the sum of 1 − r over the others.

    Parameters, returns and raises as `standard_deviation`. A correlation is over the cities that
    have both values; a column without spread conflicts with nobody and weighs nothing.

    Notes
    -----
    The columns are taken as they are. The paper puts them on min–max 0–1 in the direction of better
    first; pymcdm 1.4 takes min–max 0–1 but not the direction, so that a cost criterion's
    correlations have the opposite sign there.

    References
    ----------
    .. [1] D. Diakoulaki, G. Mavrotas, L. Papayannakis, Comput. Oper. Res. 22 (1995) 763–770.
    """
    _refuse(columns)
    deviations = _each(columns, _deviation)
    count = columns.shape[1]
    conflict: list[list[float]] = [[] for _ in range(count)]
    for i in range(count):
        for j in range(i):
            if deviations[i] > 0 and deviations[j] > 0:
                apart = 1 - correlation(columns[:, i], columns[:, j])
                conflict[i].append(apart)
                conflict[j].append(apart)
    return shares(deviations * np.array([math.fsum(terms) for terms in conflict]))


def merec(columns: Floats) -> Floats:
    """Weights by how much the overall performance changes when a column is removed.

    Parameters, returns and raises as `entropy`, but every number must be above 0. Over the cities
    that have every value; fewer than three of them is an error.

    Notes
    -----
    With ``n = min(x)/x`` in a column and k columns, ``S = ln(1 + Σ|ln n|/k)`` of a city, ``S′ⱼ``
    the same without column j (still divided by k): the weight is ``Σ|S′ⱼ − S|`` over the cities.

    References
    ----------
    .. [1] M. Keshavarz-Ghorabaee et al., Symmetry 13 (2021) 525.
    """
    whole = columns[~np.isnan(columns).any(axis=1)]
    _refuse(whole, least=0.0, above=True)
    count = whole.shape[1]
    far = np.abs(elementary.log(whole.min(axis=0) / whole))
    total = np.array([[math.fsum(row)] for row in far.tolist()])
    change = np.abs(elementary.log1p((total - far) / count) - elementary.log1p(total / count))
    return shares(np.array([math.fsum(column) for column in change.T.tolist()]))


METHODS: dict[str, Callable[[Floats], Floats]] = {
    "entropy": entropy,
    "critic": critic,
    "merec": merec,
    "standard-deviation": standard_deviation,
    "gini": gini,
}


def correlation(one: Floats, two: Floats) -> float:
    """Pearson's r over the places that have both; NaN without spread. Exact sums, any order."""
    both = ~(np.isnan(one) | np.isnan(two))
    x, y = one[both].tolist(), two[both].tolist()
    if len(x) < FEWEST or min(x) == max(x) or min(y) == max(y):
        return math.nan
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    x, y = [a - mean_x for a in x], [b - mean_y for b in y]
    product = math.fsum(a * b for a, b in zip(x, y, strict=True))
    scale = math.sqrt(math.fsum(a * a for a in x)) * math.sqrt(math.fsum(b * b for b in y))
    return max(-1.0, min(1.0, product / scale)) if scale > 0 else math.nan


def shares(told: Floats) -> Floats:
    """What each column tells, as shares that add to 1; equal where none tells anything."""
    told = np.where(told > NOTHING, told, 0.0)
    total = math.fsum(told.tolist())
    return np.asarray(told / total if total > 0 else np.full(told.shape, 1 / told.size))


def unspread(columns: Floats) -> Bools:
    """Which columns hold one value only, ``(k,)``."""
    return np.asarray(np.fmin.reduce(columns, axis=0) == np.fmax.reduce(columns, axis=0))


def _each(columns: Floats, told: Callable[[list[float]], float]) -> Floats:
    present = [column[~np.isnan(column)].tolist() for column in columns.T]
    return np.array([told(column) if min(column) < max(column) else 0.0 for column in present])


def _deviation(column: Sequence[float]) -> float:
    mean = math.fsum(column) / len(column)
    return math.sqrt(math.fsum((x - mean) ** 2 for x in column) / (len(column) - 1))


def _refuse(columns: Floats, *, least: float | None = None, above: bool = False) -> None:
    if columns.size == 0 or (np.sum(~np.isnan(columns), axis=0) < FEWEST).any():
        raise ValueError("weights from the data need three cities with values")
    low = np.fmin.reduce(columns, axis=None)
    if least is not None and (low <= least if above else low < least):
        raise ValueError(f"weights by this rule need numbers {'above' if above else 'of'} {least}")
