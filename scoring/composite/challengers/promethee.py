"""PROMETHEE II: net flows of pairwise preferences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats

BATCH = 4_000_000  # numbers in one array: bounds the memory


def promethee(
    columns: Floats,
    weights: Floats,
    *,
    shape: str = "usual",
    indifference: float | Floats = 0.0,
    preference: float | Floats = 0.0,
) -> Floats:
    """Net outranking flow, ``(n_cities,)``, between −1 and 1, higher better.

    Parameters
    ----------
    columns : (n_cities, k) array
        Higher better. NaN is no value.
    weights : (k,) array
        Not negative; of a pair of cities, shared out over the columns that both have.
    shape : {"usual", "linear"}
        "usual": any difference is full preference. "linear" (type V): none up to ``indifference``,
        full from ``preference`` on, in between in proportion; an indifference of 0 is type III.
    indifference, preference : float or (k,) array
        In the unit of the columns.

    Returns
    -------
    array
        NaN for a city that shares no column with any other, 0 for a single city.

    Raises
    ------
    ValueError
        For thresholds that are negative or the wrong way round, or a negative weight.

    Notes
    -----
    The flow is the mean over the other cities of π(a, b) − π(b, a), with exact sums: the order of
    the cities changes no bit.

    References
    ----------
    .. [1] J. P. Brans, P. Vincke, Manage. Sci. 31 (1985) 647–656.
    """
    least, full = np.asarray(indifference, float), np.asarray(preference, float)
    if shape == "linear" and not (np.all(least >= 0) and np.all(full > least)):
        raise ValueError("the threshold of preference must be above that of indifference")
    if not np.all(weights >= 0):
        raise ValueError("weights must not be negative")
    count, width = columns.shape
    gap = np.isnan(columns)
    net = np.zeros((count, count))
    known = np.ones((count, count), dtype=bool)
    if gap.any():
        held = np.where(gap, 0.0, 1.0)
        total = ((held * weights)[:, None, :] * held).sum(axis=2)
        known = total > 0
    else:
        total = np.full((count, count), float(np.sum(weights)))
    step = max(1, BATCH // max(1, count * width))
    for start in range(0, count, step):
        part = slice(start, start + step)
        ahead = columns[part, None, :] - columns[None, :, :]
        if shape == "usual":
            preferred = np.sign(ahead)
        else:
            preferred = np.copysign(np.clip((np.abs(ahead) - least) / (full - least), 0, 1), ahead)
        preferred *= weights
        if gap.any():
            preferred[np.isnan(preferred)] = 0.0
        net[part] = preferred.sum(axis=2)
    net /= np.where(known, total, 1.0)
    np.fill_diagonal(known, val=False)
    flows = [
        math.fsum(row[some]) / int(some.sum()) if some.any() else math.nan
        for row, some in zip(net, known, strict=True)
    ]
    return np.zeros(1) if count == 1 else np.array(flows)
