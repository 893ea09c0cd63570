"""The treatment of outliers for thousands of columns at once, without a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.curves import SHIFT, bent
from scoring.composite.moments import LEAST_VALUES

if TYPE_CHECKING:
    from scoring.composite.policies import Treat
    from scoring.composite.sheet import Bools, Floats


def treat_many(values: Floats, policy: Treat, *, keep_unit: bool) -> Floats:
    """As ``treat``, for columns given as rows.

    Parameters
    ----------
    values : (n_columns, n_values) array without NaN
        Not changed.
    policy : Treat
    keep_unit : bool
        Whether the columns are never put on a curve.

    Returns
    -------
    (n_columns, n_values) array
        ``values`` itself when nothing fails.
    """
    if policy.method == "none" or values.shape[1] < LEAST_VALUES:
        return values
    skew, fails = _judged(values, policy)
    failing = np.flatnonzero(fails)
    if not failing.size:
        return values
    made = values.copy()
    raw = values[failing]
    some, curve = raw, policy.method
    if policy.method == "winsorise":
        some, curve = _winsorised(raw.copy(), skew[failing], policy), policy.then
        still = np.flatnonzero(_judged(some, policy)[1])
    else:
        still = np.arange(failing.size)
    if curve == "none" or keep_unit or not still.size:
        made[failing] = some
        return made
    some = some.copy()
    some[still] = _bent(raw[still], skew[failing][still], curve, policy)
    made[failing] = some
    return made


def _winsorised(rows: Floats, skew: Floats, policy: Treat) -> Floats:
    """Rows that all fail, one point at a time until they pass or the points are used up."""
    touched = np.zeros(rows.shape, dtype=bool)
    open_ = np.flatnonzero(np.full(len(rows), policy.max_points > 0))
    while open_.size:
        some = rows[open_]
        sign = np.where(skew >= 0, 1.0, -1.0)[:, None]
        directed = some * sign  # the tail is at the top
        edge = directed == directed.max(axis=1)[:, None]
        below = np.where(edge, -np.inf, directed).max(axis=1)
        floor = np.where(edge, np.inf, directed).min(axis=1)
        moves = below > floor  # else the only difference between the cities would be gone
        edge &= moves[:, None]
        rows[open_] = np.where(edge, below[:, None] * sign, some)
        touched[open_] |= edge
        skew, fails = _judged(rows[open_], policy)
        go = fails & moves & (touched[open_].sum(axis=1) < policy.max_points)
        open_, skew = open_[go], skew[go]
    return rows


def _bent(rows: Floats, skew: Floats, curve: str, policy: Treat) -> Floats:
    if not curve.endswith("log"):
        return np.array([bent(row, curve, policy.power)[0] for row in rows])
    low, high = rows.min(axis=1)[:, None], rows.max(axis=1)[:, None]
    shift = SHIFT * (high - low)
    made = np.log(rows - low + shift)
    if curve == "mirrored-log":
        made = np.where(skew[:, None] < 0, -np.log(high - rows + shift), made)
    return np.asarray(made)


def _judged(rows: Floats, policy: Treat) -> tuple[Floats, Bools]:
    """Skewness of each row, and whether it and the kurtosis both reach their limits.

    The formulas of ``skewness`` and ``kurtosis``; a constant row does not fail.
    """
    n = rows.shape[1]
    centred = rows - rows.mean(axis=1)[:, None]
    squares = centred * centred
    with np.errstate(all="ignore"):
        m2 = squares.sum(axis=1)
        skew = np.sqrt(n) * np.einsum("ij,ij->i", squares, centred) / (m2 * np.sqrt(m2))
        skew *= np.sqrt(n * (n - 1)) / (n - 2)
        kurt = n * np.einsum("ij,ij->i", squares, squares) / m2**2
        kurt = ((n + 1) * (kurt - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
        fails = (np.abs(skew) >= policy.skew) & (kurt >= policy.kurtosis)
    constant = rows.max(axis=1) == rows.min(axis=1)
    return np.where(constant, 0.0, skew), fails & ~constant
