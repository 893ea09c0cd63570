"""The many-facet Rasch model: how strict each rater is, and what visits are worth beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.composite.sheet import Bools, Floats
from scoring.raters.conditional import chances
from scoring.raters.design import Design, prepare
from scoring.raters.estimate import Structure, structure
from scoring.raters.fair import FairCells, FairUnits, Shrunk, fair_cells, fair_units, shrink
from scoring.raters.measures import (
    Fit,
    Moments,
    Spread,
    fit_of,
    moments,
    nearly_extreme,
    spread_of,
    weighted_abilities,
)
from scoring.raters.ratings import Ratings


@dataclass(frozen=True)
class Facet:
    """The elements of one facet, ``(n,)`` each, in the order of ``codes``.

    ``measure`` and ``error`` in logits, NaN where nothing informs; ``count`` ratings and their
    ``mean`` in the scale's values; ``extreme`` marks what was set aside from the estimation.
    """

    codes: tuple[str, ...]
    measure: Floats
    error: Floats
    count: Floats
    mean: Floats
    extreme: Bools
    fit: Fit
    spread: Spread | None


@dataclass(frozen=True)
class Severities:
    """One many-facet Rasch analysis.

    Higher is better for ``units``, harder for ``items``, stricter for ``raters``. ``thresholds``
    are ``(top,)``, between neighbouring ``steps``. ``shrunk`` are the severities as they adjust
    ``fair`` (units) and ``cells`` (unit × item). ``merged`` are values counted as their
    neighbour, because only what was set aside has them.
    """

    units: Facet
    items: Facet
    raters: Facet
    thresholds: Floats
    threshold_errors: Floats
    steps: Floats
    shrunk: Shrunk
    fair: FairUnits
    cells: FairCells
    merged: tuple[tuple[float, float], ...]
    ratings: int
    active: int
    likelihood: float
    evaluations: int


def severities(ratings: Ratings) -> Severities:
    """Fit the rating-scale many-facet Rasch model and adjust units for their raters.

    ``log(P(step k) / P(step k - 1)) = ability of the unit - difficulty of the item - severity of
    the rater - threshold k``

    Parameters
    ----------
    ratings : Ratings
        A single item is allowed. Values are categories of one scale, in ascending order.

    Returns
    -------
    Severities
        Difficulties, severities and thresholds each add up to zero over what is estimated.

    Raises
    ------
    RatersError
        As `scoring.raters.design.prepare` (one rater, nothing varies, disconnected) and
        `scoring.raters.estimate.structure` (no finite estimate).

    Notes
    -----
    Difficulties, severities and thresholds maximise the likelihood given each unit's total
    [2]_ [3]_. The units' abilities drop out of it, so that the estimates are consistent however
    few ratings a unit has (joint maximum likelihood, as in FACETS, is biased then), and no
    distribution of units is assumed (as marginal maximum likelihood does). Abilities are Warm's.
    An extreme rater or item gets the place that a total 0.3 nearer the middle has.

    Two runs on any machine agree to the 8 decimals that are kept, in any order of ratings.

    References
    ----------
    .. [1] J. M. Linacre, Many-Facet Rasch Measurement, 1989.
    .. [2] D. Andrich, Psychometrika 43 (1978) 561-573: the rating-scale model.
    .. [3] E. B. Andersen, Psychometrika 42 (1977) 69-81: conditional likelihood.
    """
    design = prepare(ratings)
    found = structure(design)
    items, raters = len(ratings.items), len(ratings.raters)
    errors = np.sqrt(np.maximum(np.diag(found.covariance), 0.0))
    difficulty, difficulty_error = found.difficulty.copy(), errors[:items].copy()
    severity, severity_error = found.severity.copy(), errors[items : items + raters].copy()
    _place_extremes(design, found, difficulty, difficulty_error, severity, severity_error)

    offset = np.nan_to_num(difficulty)[ratings.item] + np.nan_to_num(severity)[ratings.rater]
    ability, ability_error = weighted_abilities(
        ratings.unit, len(ratings.units), design.step, offset, found.thresholds
    )
    seen = moments(ability[ratings.unit] - offset, found.thresholds)
    shrunk = shrink(design, found, severity, severity_error)
    fair = fair_units(design, found.thresholds, difficulty, shrunk)
    return Severities(
        _facet(design, "unit", ability, ability_error, design.extreme_units, seen),
        _facet(
            design,
            "item",
            difficulty,
            difficulty_error,
            design.extreme_items,
            seen,
            found.covariance[:items, :items],
        ),
        _facet(
            design,
            "rater",
            severity,
            severity_error,
            design.extreme_raters,
            seen,
            found.covariance[items : items + raters, items : items + raters],
        ),
        found.thresholds,
        errors[items + raters :],
        design.steps,
        shrunk,
        fair,
        fair_cells(design, found.thresholds, difficulty, shrunk, fair),
        design.merged,
        len(ratings.value),
        int(design.active.sum()),
        found.likelihood,
        found.steps,
    )


def category_chances(found: Severities, place: Floats) -> Floats:
    """Chance of each of ``found.steps``, ``(n, n_steps)``, at *place* ``(n,)`` logits."""
    return chances(place, found.thresholds)


def _place_extremes(
    design: Design,
    found: Structure,
    difficulty: Floats,
    difficulty_error: Floats,
    severity: Floats,
    severity_error: Floats,
) -> None:
    """Fill in, in place, what all-lowest and all-highest raters and items come to."""
    ratings = design.ratings
    if not (design.extreme_items.any() or design.extreme_raters.any()):
        return
    offset = np.nan_to_num(difficulty)[ratings.item] + np.nan_to_num(severity)[ratings.rater]
    known = design.active
    count = np.bincount(ratings.unit[known], minlength=len(ratings.units))
    ability = np.full(len(ratings.units), np.nan)
    codes, unit = np.unique(ratings.unit[known], return_inverse=True)
    ability[codes], _ = weighted_abilities(
        unit, len(codes), design.step[known], offset[known], found.thresholds
    )
    facets = (
        (design.extreme_items, ratings.item, difficulty, difficulty_error),
        (design.extreme_raters, ratings.rater, severity, severity_error),
    )
    for extreme, element, measure, error in facets:
        for at in np.flatnonzero(extreme).tolist():
            whose = (element == at) & (count[ratings.unit] > 0)
            step = design.step[whose]
            if len(step) and (step == step[0]).all() and step[0] in (0, design.top):
                place = ability[ratings.unit[whose]] - offset[whose]
                measure[at], error[at] = nearly_extreme(step, place, found.thresholds)


def _facet(
    design: Design,
    name: str,
    measure: Floats,
    error: Floats,
    extreme: Bools,
    seen: Moments,
    covariance: Floats | None = None,
) -> Facet:
    ratings = design.ratings
    element = getattr(ratings, name)
    size = len(measure)
    count = np.bincount(element, minlength=size).astype(np.float64)
    mean = np.bincount(element, weights=ratings.value, minlength=size) / count
    used = ~design.extreme_units[ratings.unit] & (seen.spread > 1e-12)
    inside = np.where(extreme, np.nan, measure)
    return Facet(
        getattr(ratings, f"{name}s"),
        measure,
        np.where(np.isnan(measure), np.nan, error),
        count,
        mean,
        extreme,
        fit_of(element, size, design.step, seen, used),
        spread_of(inside, error, covariance),
    )
