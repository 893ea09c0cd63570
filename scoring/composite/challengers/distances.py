"""TOPSIS and VIKOR: how near a city is to the best of every column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats


@dataclass(frozen=True)
class Compromise:
    """VIKOR's three measures, ``(n_cities,)``, all lower better: ``group`` is S, ``regret`` is R,
    ``compromise`` is Q."""

    group: Floats
    regret: Floats
    compromise: Floats


def topsis(columns: Floats, weights: Floats) -> Floats:
    """Relative closeness to the ideal, ``(n_cities,)``, 1 the ideal itself.

    Parameters
    ----------
    columns : (n_cities, k) array
        On comparable scales, higher better. NaN is no value.
    weights : (k,) or (n_cities, k) array
        Not negative. A city's weights are shared out over what it has.

    Returns
    -------
    array
        ``D⁻/(D⁻ + D⁺)`` with D the Euclidean distances of the weighted row to the lowest and the
        highest of every column. NaN for a city with nothing that weighs; 0.5 where no column has
        spread.

    Notes
    -----
    The columns are not normalised again; give them on min–max 0–1 or divided by their length for
    the usual forms. (Giving back pymcdm 1.4: min–max 0–1, a cost column as 1 − x; or x/‖x‖, a cost
    column as 1 − x/‖x‖.)

    References
    ----------
    .. [1] C. L. Hwang, K. Yoon, Multiple Attribute Decision Making, Springer 1981.
    """
    shares = shared(columns, weights)
    high, low = np.fmax.reduce(columns, axis=0), np.fmin.reduce(columns, axis=0)
    gap = np.isnan(columns)
    to_best = np.where(gap, 0.0, shares * (high - columns))
    to_worst = np.where(gap, 0.0, shares * (columns - low))
    above = np.sqrt((to_best**2).sum(axis=1))
    below = np.sqrt((to_worst**2).sum(axis=1))
    total = above + below
    made = np.where(total > 0, below / np.where(total > 0, total, 1.0), 0.5)
    return np.where(shares.sum(axis=1) > 0, made, np.nan)


def vikor(columns: Floats, weights: Floats, *, v: float = 0.5) -> Compromise:
    """Compromise between the group's utility and the widest regret.

    Parameters
    ----------
    columns, weights
        As in `topsis`; any scale, since every column is taken from its highest to its lowest.
    v : float
        Weight of the group's utility against the regret, 0 to 1.

    Returns
    -------
    Compromise
        NaN for a city with nothing that weighs.

    Notes
    -----
    ``S = Σ wⱼ (x⁺ − x)/(x⁺ − x⁻)``, R the largest term, ``Q = v (S − S*)/(S⁻ − S*) + (1 − v)
    (R − R*)/(R⁻ − R*)``. A column without spread counts 0 (pymcdm 1.4 refuses it), and so does a
    part of Q whose measure is the same for all cities (where pymcdm divides 0 by 0).

    References
    ----------
    .. [1] S. Opricovic, G.-H. Tzeng, Eur. J. Oper. Res. 156 (2004) 445–455.
    """
    shares = shared(columns, weights)
    high, low = np.fmax.reduce(columns, axis=0), np.fmin.reduce(columns, axis=0)
    span = high - low
    behind = (high - columns) / np.where(span > 0, span, 1.0)
    terms = np.where(np.isnan(columns), 0.0, shares * behind)
    held = shares.sum(axis=1) > 0
    group = np.where(held, terms.sum(axis=1), np.nan)
    regret = np.where(held, terms.max(axis=1), np.nan)
    return Compromise(group, regret, v * _placed(group) + (1 - v) * _placed(regret))


def shared(columns: Floats, weights: Floats) -> Floats:
    """Weights of each city over what it has, adding to 1; 0 throughout where it has nothing.

    Raises ValueError for a negative or missing weight.
    """
    if not np.all(weights >= 0):
        raise ValueError("weights must not be negative")
    kept = np.where(np.isnan(columns), 0.0, weights)
    total = kept.sum(axis=1, keepdims=True)
    return np.asarray(kept / np.where(total > 0, total, 1.0))


def _placed(measure: Floats) -> Floats:
    low, high = np.fmin.reduce(measure), np.fmax.reduce(measure)
    if not high > low:
        return measure * 0.0
    return np.asarray((measure - low) / (high - low))
