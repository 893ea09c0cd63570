"""A missing value from the city's own other indicators under the same parent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.composite.sheet import Floats


@dataclass(frozen=True)
class Families:
    """Columns by parent, and the common scale on which siblings are compared.

    ``low`` and ``high`` are ``(n_indicators,)``: minimum and maximum, over the cities, of the
    value times its direction.
    """

    members: dict[str, list[int]]
    parents: tuple[str, ...]
    signs: Floats
    low: Floats
    high: Floats


def families(values: Floats, parents: Sequence[str], directions: Sequence[int]) -> Families:
    """Families of the columns of a ``(n_cities, n_indicators)`` array without its gaps."""
    signs = np.array(directions, dtype=float)
    directed = values * signs
    members: dict[str, list[int]] = {}
    for j, parent in enumerate(parents):
        members.setdefault(parent, []).append(j)
    low, high = np.fmin.reduce(directed, axis=0), np.fmax.reduce(directed, axis=0)
    return Families(members, tuple(parents), signs, low, high)


def from_siblings(
    row: Floats, column: int, known: Families, *, median: bool
) -> tuple[float, dict[str, Any]] | None:
    """The value of *column* that stands where the city's siblings of it stand on average.

    Parameters
    ----------
    row : (n_indicators,) array
        The city's own values, NaN where there is none; only given values, nothing imputed.
    column : int
    known : Families
    median : bool
        The median of the siblings instead of their mean.

    Returns
    -------
    (value, what it was made from), or None where no sibling has a value with a scale, or no
    city has a value in *column*.

    Notes
    -----
    Each sibling k gives a share ``(d·x − min)/(max − min)`` of its own min–max scale, direction
    first; the mean share s is put on the column's scale: ``d·(min + s·(max − min))``. Weights
    play no part, as in COINr's ``Impute(impute_by = "row")`` within a group of level 2. A
    sibling that does not differ between cities says nothing and is left out. The sum is exactly
    rounded, so that the order of the columns changes no bit.

    References
    ----------
    .. [1] COINr 1.1, vignette "Imputation".
    """
    shares: dict[int, float] = {}
    for k in known.members[known.parents[column]]:
        span = float(known.high[k] - known.low[k])
        if k != column and not np.isnan(row[k]) and span > 0:
            shares[k] = float(row[k] * known.signs[k] - known.low[k]) / span
    low, high = float(known.low[column]), float(known.high[column])
    if not shares or math.isnan(low):
        return None
    found = list(shares.values())
    share = float(np.median(found)) if median else math.fsum(found) / len(found)
    made = float(known.signs[column]) * (low + share * (high - low))
    return made, {"columns": tuple(shares), "share": share, "minimum": low, "maximum": high}
