"""Scores to places, with the tie and rounding policies in the open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Bools, Floats

HALF_NOISE = 1e-9  # of the last place kept: 1.005 is stored as 1.00499999999999989


def rank(
    scores: Floats,
    *,
    ties: str = "min",
    decimals: int | None = None,
    ranked: Bools | None = None,
) -> Floats:
    """Places of cities, 1 for the highest score.

    Parameters
    ----------
    scores : (n_cities, ...) array
        Each trailing position is ranked by itself.
    ties : {"min", "max", "average", "dense"}
        "min" is competition ranking: 1 + the number of cities strictly above.
    decimals : int, optional
        Round the score half up to so many decimals before comparing. None compares the
        unrounded scores: only identical numbers tie.
    ranked : (n_cities,) bool array, optional
        False for a city evaluated but not ranked: it takes no place and moves nobody.

    Returns
    -------
    array of the same shape
        NaN for a city without a score or not ranked.

    References
    ----------
    .. [1] World Bank, Doing Business 2020: ranks on unrounded scores.
    .. [2] UNDP, Human Development Report 2021/22: ranks on the index to three decimals.
    """
    columns = np.moveaxis(np.asarray(scores, dtype=float), 0, -1)
    if decimals is not None:
        columns = rounded(columns, decimals)
    if ranked is not None:
        columns = np.where(ranked, columns, np.nan)
    return np.moveaxis(rank_rows(columns, ties), -1, 0)


def rank_rows(scores: Floats, ties: str = "min") -> Floats:
    """Places along the last axis of ``(..., n_cities)``, 1 for the highest; NaN stays NaN."""
    count = scores.shape[-1]
    order = np.argsort(-scores, axis=-1)  # NaN sorts last
    ordered = np.take_along_axis(scores, order, axis=-1)
    first = np.ones(ordered.shape, dtype=bool)
    first[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    place = np.arange(1, count + 1)
    if ties == "dense":
        places = np.cumsum(first, axis=-1).astype(float)
    else:
        lowest = np.maximum.accumulate(np.where(first, place, 0), axis=-1)
        if ties == "min":
            places = lowest.astype(float)
        else:
            last = np.ones(ordered.shape, dtype=bool)
            last[..., :-1] = first[..., 1:]
            backwards = np.where(last, place, count + 1)[..., ::-1]
            highest = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
            places = highest.astype(float) if ties == "max" else (lowest + highest) / 2
    places[np.isnan(ordered)] = np.nan
    back = np.empty_like(places)
    np.put_along_axis(back, order, places, axis=-1)
    return back


def rounded(scores: Floats, decimals: int) -> Floats:
    """Round half up (away from zero); within 1e-9 of a half in the last place counts as half."""
    scaled = np.abs(scores) * 10.0**decimals
    return np.asarray(np.copysign(np.floor(scaled + 0.5 + HALF_NOISE) / 10.0**decimals, scores))
