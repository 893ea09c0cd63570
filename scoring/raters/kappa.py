"""Agreement beyond chance on categories: Cohen's and Fleiss' kappa, Gwet's AC1."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from scoring.composite.problems import Problem
from scoring.composite.sheet import Floats
from scoring.raters.ratings import RatersError, as_table

WEIGHTS = ("none", "linear", "quadratic")
MOST_CATEGORIES = 100  # more are measurements, of which hardly any two are ever equal


@dataclass(frozen=True)
class Chance:
    """A coefficient that sets aside agreement by chance.

    ``agreed`` is the observed agreement, ``by_chance`` the expected one, both 0–1 (weighted where
    there are weights); ``value`` is ``(agreed - by_chance) / (1 - by_chance)``. ``error`` is its
    standard error and ``low``, ``high`` the 95 % interval, kept within [-1, 1]; they are None
    where the design does not give them (one unit). ``null_error`` is the standard error if there
    were no agreement beyond chance, for a test of exactly that. ``units`` counts units with at
    least two ratings.
    """

    value: float
    agreed: float
    by_chance: float
    units: int
    error: float | None
    low: float | None
    high: float | None
    null_error: float | None = None


def percent_agreement(values: Floats) -> float:
    """Share of pairs of ratings of the same unit that are equal, 0–100.

    Parameters
    ----------
    values : (n_units, n_raters) array
        NaN for no rating. Every unit with two ratings or more counts the same, whatever the
        number of its pairs.

    Raises
    ------
    RatersError
        If the table is not one, has one rater only, no unit rated twice or more than 100
        different values.

    References
    ----------
    .. [1] K. L. Gwet, Handbook of Inter-Rater Reliability, 4th ed., 2014, ch. 2.
    """
    counts = _counts(as_table(values))
    rated = counts.sum(axis=1)
    some = rated > 1
    return float(100 * np.mean(_agreed(counts[some], rated[some])))


def cohen(first: Floats, second: Floats, *, weights: str = "none") -> Chance:
    """Cohen's kappa of two raters, weighted if wanted.

    Parameters
    ----------
    first, second : (n_units,) arrays
        NaN for no rating; a unit without both is left out.
    weights : {"none", "linear", "quadratic"}
        How much of an agreement two different categories are: nothing, or 1 - d or 1 - d² with
        d their distance in steps over the largest. Categories are the distinct values, ascending.

    Returns
    -------
    Chance
        ``error`` is the large-sample standard error of [2]_, ``null_error`` that under
        independence.

    Raises
    ------
    RatersError
        ``wrong-shape`` when the lengths differ, ``no-pairs`` when no unit has both,
        ``all-the-same`` when only one category occurs or chance alone gives full agreement: kappa
        is then 0/0 and says nothing.
    ValueError
        If *weights* is none of the three.

    References
    ----------
    .. [1] J. Cohen, Psychological Bulletin 70 (1968) 213-220.
    .. [2] J. L. Fleiss, J. Cohen, B. S. Everitt, Psychological Bulletin 72 (1969) 323-327.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be one of {WEIGHTS}")
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != two.shape:
        facts = {"first": one.shape, "second": two.shape}
        raise RatersError([Problem("ratings", "wrong-shape", facts)])
    table = as_table(np.column_stack([one, two])) if one.size else _none()
    both = ~np.isnan(table).any(axis=1)
    known, place = np.unique(table[both], return_inverse=True)
    place = place.reshape(-1, 2)
    size, count = len(known), int(both.sum())
    _refuse_measurements(size)
    shares = np.zeros((size, size))
    np.add.at(shares, (place[:, 0], place[:, 1]), 1.0)
    shares /= count
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    credit = _credit(size, weights)
    agreed = float((credit * shares).sum())
    by_chance = float((credit * rows[:, None] * columns).sum())
    if 1 - by_chance < 1e-12:
        raise RatersError([Problem("ratings", "all-the-same", {"value": float(known[0])})])
    kappa = (agreed - by_chance) / (1 - by_chance)
    mean = (credit * columns).sum(axis=1)[:, None] + (credit * rows[:, None]).sum(axis=0)
    spread = (shares * (credit - mean * (1 - kappa)) ** 2).sum()
    spread -= (kappa - by_chance * (1 - kappa)) ** 2
    error = float(np.sqrt(max(spread, 0.0) / count) / (1 - by_chance))
    null = (rows[:, None] * columns * (credit - mean) ** 2).sum() - by_chance**2
    null_error = float(np.sqrt(max(null, 0.0) / count) / (1 - by_chance))
    low, high = max(-1.0, kappa - 1.959963984540054 * error), kappa + 1.959963984540054 * error
    return Chance(kappa, agreed, by_chance, count, error, low, min(1.0, high), null_error)


def fleiss(values: Floats) -> Chance:
    """Fleiss' kappa of any number of raters, in Gwet's form that allows missing ratings.

    Parameters
    ----------
    values : (n_units, n_raters) array
        NaN for no rating.

    Returns
    -------
    Chance
        With every unit rated equally often, ``value`` is Fleiss' own [1]_ and ``null_error`` his
        standard error without agreement [2]_ (None otherwise). ``error`` is Gwet's [3]_, over the
        sampling of units, and the interval is Student's with n_units - 1 degrees.

    Raises
    ------
    RatersError
        As `percent_agreement`, and ``all-the-same`` when one category is all there is.

    References
    ----------
    .. [1] J. L. Fleiss, Psychological Bulletin 76 (1971) 378-382.
    .. [2] J. L. Fleiss, J. C. M. Nee, J. R. Landis, Psychological Bulletin 86 (1979) 974-977.
    .. [3] K. L. Gwet, Handbook of Inter-Rater Reliability, 4th ed., 2014, ch. 5.
    """
    counts = _counts(as_table(values))
    rated = counts.sum(axis=1)
    shares = np.mean(counts / rated[:, None], axis=0)
    by_chance = float((shares**2).sum())
    leaning = (counts / rated[:, None] * shares).sum(axis=1)
    found = _coefficient(counts, rated, by_chance, leaning)
    if not (rated == rated[0]).all():
        return found
    raters = float(rated[0])
    apart = shares * (1 - shares)
    spread = apart.sum() ** 2 - (apart * (1 - 2 * shares)).sum()
    scale = 2 / (len(counts) * raters * (raters - 1))
    null = float(np.sqrt(scale * max(spread, 0.0)) / apart.sum())
    return replace(found, null_error=null)


def ac1(values: Floats) -> Chance:
    """Gwet's AC1: kappa's paradox check.

    Kappa is low when nearly everybody says the same, however often they agree; AC1 is not. Where
    the two are far apart, the categories are used unevenly and kappa should not be read alone.

    Parameters
    ----------
    values : (n_units, n_raters) array
        NaN for no rating.

    Returns
    -------
    Chance

    Raises
    ------
    RatersError
        As `fleiss`.

    References
    ----------
    .. [1] K. L. Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008) 29-48.
    .. [2] A. R. Feinstein, D. V. Cicchetti, J. Clin. Epidemiol. 43 (1990) 543-549: the paradox.
    """
    counts = _counts(as_table(values))
    size = counts.shape[1]
    rated = counts.sum(axis=1)
    shares = np.mean(counts / rated[:, None], axis=0)
    scale = 1 / max(size - 1, 1)
    by_chance = float(scale * (shares * (1 - shares)).sum())
    leaning = scale * (counts / rated[:, None] * (1 - shares)).sum(axis=1)
    return _coefficient(counts, rated, by_chance, leaning)


def _coefficient(counts: Floats, rated: Floats, by_chance: float, leaning: Floats) -> Chance:
    """A chance-corrected coefficient and Gwet's error from the influence of each unit.

    ``leaning`` is ``(n_units,)``: the chance agreement as each unit alone would have it.
    """
    if counts.shape[1] < 2:
        raise RatersError([Problem("ratings", "all-the-same", {"categories": 1})])
    pairs, total = rated > 1, len(counts)
    inside = np.zeros(total)
    inside[pairs] = _agreed(counts[pairs], rated[pairs])
    share = total / int(pairs.sum())
    agreed = float(np.mean(inside[pairs]))
    left = 1 - by_chance
    value = (agreed - by_chance) / left
    error = low = high = None
    if total > 1:
        alone = np.where(pairs, share * (inside - by_chance) / left, 0.0)
        alone -= 2 * (1 - value) * (leaning - by_chance) / left
        error = float(np.sqrt(((alone - value) ** 2).sum() / (total * (total - 1))))
        reach = float(student.ppf(0.975, total - 1)) * error
        low, high = max(-1.0, value - reach), min(1.0, value + reach)
    return Chance(value, agreed, by_chance, int(pairs.sum()), error, low, high)


def _agreed(counts: Floats, rated: Floats) -> Floats:
    """Share of equal pairs within each unit."""
    return np.asarray((counts * (counts - 1)).sum(axis=1) / (rated * (rated - 1)))


def _counts(table: Floats) -> Floats:
    """How often each category was given to each unit; units without a rating left out."""
    given = ~np.isnan(table)
    rows, columns = np.nonzero(given)
    known, category = np.unique(table[rows, columns], return_inverse=True)
    size = len(known)
    _refuse_measurements(size)
    counts = np.bincount(rows * size + category, minlength=len(table) * size)
    counts = counts.reshape(len(table), size)
    return np.asarray(counts[given.any(axis=1)], dtype=np.float64)


def _refuse_measurements(size: int) -> None:
    if size > MOST_CATEGORIES:
        facts = {"count": size, "most": MOST_CATEGORIES}
        raise RatersError([Problem("ratings", "too-many-categories", facts)])


def _credit(size: int, weights: str) -> Floats:
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(size - 1, 1)
    if weights == "none":
        return np.eye(size)
    return np.asarray(1 - steps if weights == "linear" else 1 - steps**2)


def _none() -> Floats:
    raise RatersError([Problem("ratings", "no-pairs")])
