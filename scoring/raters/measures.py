"""Places of units on the model's scale, and how well ratings fit it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from scoring.composite.sheet import Bools, Floats
from scoring.raters.conditional import chances
from scoring.raters.ratings import Places

WIDEST = 40.0  # logits
HALVINGS = 60


@dataclass(frozen=True)
class Moments:
    """Of each rating under the model: mean, variance, third and fourth central moment, steps."""

    mean: Floats
    spread: Floats
    third: Floats
    fourth: Floats


@dataclass(frozen=True)
class Fit:
    """How ratings of each element fit, ``(n,)`` each, NaN where there is nothing to judge.

    ``infit`` and ``outfit`` are mean squares (1 expected; above 1.5 noisy, below 0.5 muted),
    ``infit_z`` and ``outfit_z`` the same as standard normal deviates.
    """

    infit: Floats
    outfit: Floats
    infit_z: Floats
    outfit_z: Floats


@dataclass(frozen=True)
class Spread:
    """Whether elements differ by more than their errors.

    ``separation`` is true over error standard deviation, ``reliability`` the true share of the
    observed variance (0–1); ``chi2``, ``df`` and ``p`` test that all are the same. None with
    fewer than two elements.
    """

    separation: float
    reliability: float
    chi2: float
    df: int
    p: float


def moments(place: Floats, thresholds: Floats) -> Moments:
    """Moments of ratings at *place* = ability - difficulty - severity."""
    chance = chances(place, thresholds)
    height = np.arange(chance.shape[1])
    mean = (chance * height).sum(axis=1)
    gap = height - mean[:, None]
    return Moments(
        mean,
        (chance * gap**2).sum(axis=1),
        (chance * gap**3).sum(axis=1),
        (chance * gap**4).sum(axis=1),
    )


def weighted_abilities(
    unit: Places, count: int, step: Places, offset: Floats, thresholds: Floats
) -> tuple[Floats, Floats]:
    """Warm's weighted likelihood estimate of each unit's ability and its standard error.

    Parameters
    ----------
    unit : (n_ratings,) places
    count : int
        Number of units; each must have a rating.
    step : (n_ratings,) int array
    offset : (n_ratings,) array
        Difficulty + severity of each rating, in logits.
    thresholds : (top,) array

    Returns
    -------
    ability, error : (count,) arrays, logits
        Finite for a unit rated only in the lowest or highest category too.

    References
    ----------
    .. [1] T. A. Warm, Psychometrika 54 (1989) 427-450.
    .. [2] H. A. Penfield, J. M. Bergeron, Applied Psychological Measurement 29 (2005) 218-233.
    """
    total = np.bincount(unit, weights=step, minlength=count)
    low, high = np.full(count, -WIDEST), np.full(count, WIDEST)
    middle = np.zeros(count)
    for _ in range(HALVINGS):  # Newton's steps, halving the bracket where one would leave it
        found = moments(middle[unit] - offset, thresholds)
        information = np.bincount(unit, weights=found.spread, minlength=count)
        information = np.maximum(information, 1e-300)
        lean = np.bincount(unit, weights=found.third, minlength=count)
        mean = np.bincount(unit, weights=found.mean, minlength=count)
        over = total - mean + lean / (2 * information)
        low, high = np.where(over > 0, middle, low), np.where(over > 0, high, middle)
        next_ = middle + over / information
        next_ = np.where((next_ > low) & (next_ < high), next_, (low + high) / 2)
        moved, middle = float(np.abs(next_ - middle).max()), next_
        if moved < 1e-11:
            break
    found = moments(middle[unit] - offset, thresholds)
    information = np.bincount(unit, weights=found.spread, minlength=count)
    return np.round(middle, 8) + 0.0, 1 / np.sqrt(np.maximum(information, 1e-300))


def nearly_extreme(step: Places, place: Floats, thresholds: Floats) -> tuple[float, float]:
    """Severity of a rater, or difficulty of an item, whose ratings are all at one end.

    The total is moved 0.3 of a step towards the middle, everything else held.

    Parameters
    ----------
    step : (n,) int array
        All 0 or all the highest.
    place : (n,) array
        Ability less the other facet's part, logits.
    thresholds : (top,) array

    Returns
    -------
    severity, error : float, logits

    References
    ----------
    .. [1] J. M. Linacre, A User's Guide to FACETS, "Xtreme=": the same adjustment.
    """
    goal = float(step.sum()) + (0.3 if step[0] == 0 else -0.3)
    low, high = -WIDEST, WIDEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if float(moments(place - middle, thresholds).mean.sum()) > goal:
            low = middle
        else:
            high = middle
    information = float(moments(place - middle, thresholds).spread.sum())
    return round(middle, 8) + 0.0, float(1 / np.sqrt(information))


def fit_of(element: Places, count: int, step: Places, found: Moments, used: Bools) -> Fit:
    """Infit and outfit of the elements of one facet.

    Parameters
    ----------
    element : (n_ratings,) places among *count* elements
    step : (n_ratings,) int array
    found : Moments
    used : (n_ratings,) bool array

    References
    ----------
    .. [1] B. D. Wright, G. N. Masters, Rating Scale Analysis, 1982, ch. 5.
    """
    element, step = element[used], step[used]
    spread, fourth = found.spread[used], found.fourth[used]
    gap = (step - found.mean[used]) ** 2

    def over(weights: Floats) -> Floats:
        return np.bincount(element, weights=weights, minlength=count).astype(np.float64)

    number, information = over(np.ones(len(gap))), over(spread)
    some = np.where(number > 0, number, np.nan)
    known = np.where(number > 0, information, np.nan)
    outfit = over(gap / spread) / some
    infit = over(gap) / known
    out_q = np.sqrt(np.maximum(over(fourth / spread**2) / some**2 - 1 / some, 1e-12))
    in_q = np.sqrt(np.maximum(over(fourth - spread**2), 1e-12)) / known
    return Fit(infit, outfit, _deviate(infit, in_q), _deviate(outfit, out_q))


def spread_of(measure: Floats, error: Floats, covariance: Floats | None = None) -> Spread | None:
    """Separation, reliability and the test of no difference; NaN measures are left out.

    Parameters
    ----------
    measure, error : (n,) arrays, logits
    covariance : (n, n) array, optional
        Of measures that add up to zero; without it they are taken as independent.

    References
    ----------
    .. [1] B. D. Wright, G. N. Masters, Rating Scale Analysis, 1982, ch. 5.
    .. [2] L. V. Hedges, I. Olkin, Statistical Methods for Meta-Analysis, 1985, ch. 6.
    """
    known = ~np.isnan(measure)
    measure, error = measure[known], error[known]
    if len(measure) < 2:
        return None
    observed = float(measure.var(ddof=1))
    noise = float((error**2).mean())
    true = max(observed - noise, 0.0)
    if covariance is None:
        weight = 1 / error**2
        apart = float((weight * measure**2).sum() - (weight * measure).sum() ** 2 / weight.sum())
    else:  # Wald's test, without the last, which the others determine
        inside = covariance[np.ix_(known, known)][:-1, :-1]
        apart = float((np.linalg.solve(inside, measure[:-1]) * measure[:-1]).sum())
    apart = round(apart, 8)  # a solver's last digits are its machine's
    return Spread(
        float(np.sqrt(true / noise)),
        true / observed if observed > 0 else 0.0,
        apart,
        len(measure) - 1,
        float(chi2.sf(apart, len(measure) - 1)),
    )


def _deviate(square: Floats, q: Floats) -> Floats:
    """A mean square as a standard normal deviate, by Wilson and Hilferty's cube root."""
    return np.asarray((np.cbrt(square) - 1) * 3 / q + q / 3)
