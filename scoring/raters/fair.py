"""Scores as a rater of average severity would have given them, with their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.composite.sheet import Floats
from scoring.raters.conditional import chances
from scoring.raters.design import Design
from scoring.raters.estimate import Structure
from scoring.raters.measures import moments, weighted_abilities


@dataclass(frozen=True)
class Shrunk:
    """Severities drawn towards the mean by how little is known of them.

    ``severity`` and ``error`` are ``(n_raters,)``, logits; ``covariance`` is of the severities;
    ``sd`` is the standard deviation of severities between raters, errors set aside.
    """

    severity: Floats
    error: Floats
    covariance: Floats
    sd: float


@dataclass(frozen=True)
class FairUnits:
    """One score a unit, ``(n_units,)`` each, in the scale's own values.

    ``score`` is the mean over all items of what a rater of average severity is expected to say;
    ``error`` its standard error; ``observed`` the plain mean of the unit's ratings, ``raters`` how
    many raters gave them. ``ability`` is the place in logits that ``score`` stands for.
    """

    codes: tuple[str, ...]
    score: Floats
    error: Floats
    observed: Floats
    raters: Floats
    ability: Floats


@dataclass(frozen=True)
class FairCells:
    """One score a unit × item that was rated, ``(n_cells,)`` each, in the scale's own values.

    ``score`` is the mean of the ratings, each moved by what its rater's severity is expected to
    have cost there, kept within the scale; ``error`` its standard error, ``observed`` the mean
    as it was given.
    """

    units: tuple[str, ...]
    items: tuple[str, ...]
    score: Floats
    error: Floats
    observed: Floats
    count: Floats


def shrink(design: Design, found: Structure, severity: Floats, error: Floats) -> Shrunk:
    """Draw severities towards the mean: those with few ratings far, those with many hardly.

    Severities are taken as drawn from a normal distribution around zero. Its variance τ² is
    what the observed spread leaves after the errors, zero if nothing is left. A rater whose
    severity has variance v keeps the share τ²/(τ² + v) of it (in matrix form, because errors of
    raters of the same units go together); one of whom nothing is known gets zero and error τ.

    References
    ----------
    .. [1] B. Efron, C. Morris, Journal of the American Statistical Association 70 (1975) 311-319.
    """
    raters = len(severity)
    items = len(found.difficulty)
    inside = np.flatnonzero(~np.isnan(found.severity))
    spread = found.covariance[np.ix_(items + inside, items + inside)]
    seen = found.severity[inside]
    left = float((seen**2).sum() - np.trace(spread)) / max(len(inside) - 1, 1)
    variance = max(left, 0.0)
    kept = np.zeros(raters)
    covariance = np.eye(raters) * variance
    if variance > 0:
        gain = variance * np.linalg.inv(spread + variance * np.eye(len(inside)))
        kept[inside] = (gain * seen).sum(axis=1)
        covariance[np.ix_(inside, inside)] = variance * (np.eye(len(inside)) - gain)
        for at in np.flatnonzero(np.isnan(found.severity) & ~np.isnan(severity)).tolist():
            share = variance / (variance + error[at] ** 2)
            kept[at] = share * severity[at]
            covariance[at, at] = variance * (1 - share)
    own = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return Shrunk(np.round(kept, 8) + 0.0, own, covariance, float(np.sqrt(variance)))


def fair_units(design: Design, thresholds: Floats, difficulty: Floats, shrunk: Shrunk) -> FairUnits:
    """The fair average of each unit.

    The error joins two parts by the delta method: that of the unit's ability from its own
    ratings, and that of the (shrunk) severities of its raters, which more ratings by the same
    raters do not lessen. Errors of difficulties and thresholds are left out: they move all
    units alike.

    References
    ----------
    .. [1] J. M. Linacre, A User's Guide to FACETS, "Fair average": there at the mean difficulty,
       here over all items, so that without severity it is the mean that was observed.
    """
    ratings = design.ratings
    count = len(ratings.units)
    hard = np.nan_to_num(difficulty)
    offset = hard[ratings.item] + shrunk.severity[ratings.rater]
    ability, error = weighted_abilities(ratings.unit, count, design.step, offset, thresholds)
    information = moments(ability[ratings.unit] - offset, thresholds).spread
    share = np.zeros((count, len(ratings.raters)))
    np.add.at(share, (ratings.unit, ratings.rater), information)
    raters = (share > 0).sum(axis=1).astype(np.float64)
    share /= share.sum(axis=1, keepdims=True)
    severity = (np.einsum("ur,rs->us", share, shrunk.covariance) * share).sum(axis=1)
    score, slope = np.zeros(count), np.zeros(count)
    for item in hard.tolist():
        chance = chances(ability - item, thresholds)
        mean = (chance * design.steps).sum(axis=1)
        height = np.arange(len(design.steps))
        step = (chance * height).sum(axis=1)
        score += mean
        slope += (chance * design.steps * height).sum(axis=1) - mean * step
    score, slope = score / len(hard), slope / len(hard)
    given = np.bincount(ratings.unit, minlength=count)
    observed = np.bincount(ratings.unit, weights=ratings.value, minlength=count) / given
    total = slope * np.sqrt(error**2 + np.maximum(severity, 0.0))
    return FairUnits(
        ratings.units, np.round(score, 8), np.round(total, 8), observed, raters, ability
    )


def fair_cells(
    design: Design, thresholds: Floats, difficulty: Floats, shrunk: Shrunk, units: FairUnits
) -> FairCells:
    """The ratings of each unit × item, adjusted for severity.

    The error joins the spread of single ratings under the model over their number with the
    errors of the severities that were taken out.
    """
    ratings = design.ratings
    place = units.ability[ratings.unit] - np.nan_to_num(difficulty)[ratings.item]
    strict = chances(place - shrunk.severity[ratings.rater], thresholds)
    fair = chances(place, thresholds)
    steps = design.steps
    seen = (strict * steps).sum(axis=1)
    cost = (fair * steps).sum(axis=1) - seen
    spread = (strict * steps**2).sum(axis=1) - seen**2
    height = np.arange(len(steps))
    slope = (strict * steps * height).sum(axis=1) - seen * (strict * height).sum(axis=1)
    key = ratings.unit * len(ratings.items) + ratings.item
    cells, at = np.unique(key, return_inverse=True)
    count = np.asarray(np.bincount(at), dtype=np.float64)
    observed = np.bincount(at, weights=ratings.value) / count
    score = np.clip(observed + np.bincount(at, weights=cost) / count, steps[0], steps[-1])
    severity = np.bincount(at, weights=(slope * shrunk.error[ratings.rater]) ** 2)
    error = np.sqrt(np.bincount(at, weights=spread) + severity)
    return FairCells(
        tuple(ratings.units[place] for place in (cells // len(ratings.items)).tolist()),
        tuple(ratings.items[place] for place in (cells % len(ratings.items)).tolist()),
        np.asarray(np.round(score, 8), dtype=np.float64),
        np.round(error / count, 8),
        observed,
        count,
    )
