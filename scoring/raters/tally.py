"""One table of ratings counted, so that alpha of any resample of its units is a few sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.composite.problems import Problem
from scoring.composite.sheet import Floats
from scoring.raters.ratings import LEVELS, Places, RatersError

HELD = 2_000_000  # numbers of one step held at once
MOST = 30_000_000  # units × categories that are counted

#: Observed disagreement, expected disagreement and number of values, ``(n_draws,)`` each.
Parts = tuple[Floats, Floats, Floats]


@dataclass(frozen=True)
class Tally:
    """The units of one table with two ratings or more.

    ``counts`` is ``(n_units, n_categories)``, how often each of the ``categories`` was given.
    ``row``, ``one``, ``other`` and ``weight`` are the different pairs of categories within each
    unit, and what they weigh: their number times 2 / (ratings of the unit - 1). ``place`` is
    which resampled unit each row belongs to.
    """

    counts: Floats
    categories: Floats
    row: Places
    one: Places
    other: Places
    weight: Floats
    place: Places
    level: str

    def parts(self, times: Floats) -> Parts:
        """What alpha is made of when row u counts *times*, ``(n_draws, n_rows)``.

        Products of matrices of whole numbers only: these are exact, whatever order a machine's
        BLAS adds in.
        """
        held = times @ self.counts
        total = held.sum(axis=1)
        some = np.maximum(total, 1)
        if self.level == "ordinal":
            observed, expected = self._ordinal(times, held / some[:, None])
            expected *= some**2
        else:
            observed = np.einsum("du,u->d", times, self._inside())
            expected = self._expected(held)
        return observed / some, expected / (some * np.maximum(total - 1, 1)), total

    def _inside(self) -> Floats:
        """Disagreement within each unit."""
        apart = apart_of(self.categories[self.one], self.categories[self.other], self.level)
        made = np.bincount(self.row, weights=self.weight * apart, minlength=len(self.counts))
        return np.asarray(made, dtype=np.float64)

    def _expected(self, held: Floats) -> Floats:
        """Disagreement of all values with all, whichever unit they are of."""
        if self.level == "nominal":
            return np.asarray(held.sum(axis=1) ** 2 - (held**2).sum(axis=1))
        if self.level == "interval":
            middle = self.categories - self.categories.mean()
            sums = np.einsum("dc,c->d", held, middle)
            squares = np.einsum("dc,c->d", held, middle**2)
            return np.asarray(2 * (held.sum(axis=1) * squares - sums**2))
        apart = apart_of(self.categories[:, None], self.categories, self.level)
        return np.asarray((np.einsum("dc,ck->dk", held, apart) * held).sum(axis=1))

    def _ordinal(self, times: Floats, share: Floats) -> tuple[Floats, Floats]:
        """Both disagreements where a category stands at the middle of those at or below it."""
        middle = np.cumsum(share, axis=1) - share / 2
        sums, squares = (share * middle).sum(axis=1), (share * middle**2).sum(axis=1)
        observed = np.zeros(len(times))
        size = max(1, HELD // max(1, len(times)))
        for start in range(0, len(self.row), size):
            part = slice(start, start + size)
            apart = (middle[:, self.one[part]] - middle[:, self.other[part]]) ** 2
            apart *= times[:, self.row[part]]
            observed += np.einsum("dp,p->d", apart, self.weight[part])
        return observed, 2 * (squares - sums**2)


def tally(table: Floats, level: str, *, every: bool = False) -> Tally:
    """Count a checked table.

    Parameters
    ----------
    table : (n_units, n_raters) array
        NaN for no rating, at least one unit with two.
    level : {"nominal", "ordinal", "interval", "ratio"}
    every : bool
        Resample all rows of *table*, not only those with two ratings.

    Raises
    ------
    RatersError
        With every problem: ``negative-value`` at the ratio level, ``all-the-same``,
        ``too-many-categories`` where counting would take more memory than is sensible.
    ValueError
        If *level* is none of the four.
    """
    if level not in LEVELS:
        raise ValueError(f"level must be one of {LEVELS}")
    given = ~np.isnan(table)
    paired = given.sum(axis=1) > 1
    kept, given = table[paired], given[paired]
    known = np.unique(kept[given])
    problems = []
    if level == "ratio" and known[0] < 0:
        problems.append(Problem("ratings", "negative-value", {"value": float(known[0])}))
    if len(known) < 2:
        problems.append(Problem("ratings", "all-the-same", {"value": float(known[0])}))
    most = MOST // len(kept)
    if len(known) > most:
        problems.append(
            Problem("ratings", "too-many-categories", {"count": len(known), "most": most})
        )
    if problems:
        raise RatersError(problems)
    category = np.searchsorted(known, kept)
    rows, columns = np.nonzero(given)
    size = len(known)
    key = rows * size + category[rows, columns]
    counts = np.bincount(key, minlength=len(kept) * size).reshape(len(kept), size)
    row, one, other, weight = _pairs(category, given, size)
    place = np.flatnonzero(paired) if every else np.arange(len(kept))
    return Tally(counts.astype(np.float64), known, row, one, other, weight, place, level)


def apart_of(one: Floats, other: Floats, level: str) -> Floats:
    """Squared difference of values at a level other than the ordinal, elementwise."""
    if level == "nominal":
        return np.asarray((one != other) * 1.0)
    if level == "interval":
        return np.asarray((one - other) ** 2)
    both = one + other
    return np.asarray(((one - other) / np.where(both == 0, 1.0, both)) ** 2)


def _pairs(category: Places, given: np.ndarray, size: int) -> tuple[Places, Places, Places, Floats]:
    """Row, lower and higher category and weight of every different pair within a row."""
    rated = given.sum(axis=1)
    # ratings to the left: there are far fewer pairs of ratings than pairs of raters
    order = np.argsort(~given, axis=1, kind="stable")[:, : int(rated.max())]
    category = np.take_along_axis(category, order, axis=1)
    keys = []
    for second in range(1, category.shape[1]):
        rows = np.flatnonzero(rated > second)
        for first in range(second):
            ends = category[rows][:, [first, second]]
            low, high = ends.min(axis=1), ends.max(axis=1)
            apart = low < high
            keys.append(((rows * size + low) * size + high)[apart])
    key, count = np.unique(np.concatenate(keys), return_counts=True)
    row, one, other = key // size**2, key // size % size, key % size
    return row, one, other, 2.0 * count / (rated[row] - 1)
