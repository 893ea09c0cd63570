"""Krippendorff's alpha at four levels of measurement, missing ratings and all, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scoring.composite.sheet import Floats
from scoring.raters.ratings import RatersError, Ratings, as_table
from scoring.raters.tally import Parts, Tally
from scoring.raters.tally import tally as tally_of

DRAWS = 1000
SEED = 42
BATCH = 2_000_000  # numbers held at once while drawing


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha: 1 for perfect agreement, 0 for chance.

    ``observed`` and ``expected`` are the disagreements it is made of (``1 - observed /
    expected``); ``units`` counts units with two ratings or more, ``values`` the ratings in them,
    ``pairs`` the pairs of ratings of the same unit. ``low`` and ``high`` are the 2.5th and 97.5th
    percentile of the resampled alphas, None without draws; ``undefined`` draws had no variation
    at all and are left out.
    """

    value: float
    observed: float
    expected: float
    units: int
    values: int
    pairs: int
    level: str
    low: float | None = None
    high: float | None = None
    draws: int = 0
    undefined: int = 0
    seed: int | None = None


def alpha(values: Floats, *, level: str = "nominal", draws: int = 0, seed: int = SEED) -> Alpha:
    """Krippendorff's alpha of one table of ratings.

    Parameters
    ----------
    values : (n_units, n_raters) array
        NaN for no rating. A unit with fewer than two ratings says nothing and is left out.
    level : {"nominal", "ordinal", "interval", "ratio"}
        How different two values are: whether they are equal; what share of all ratings lies
        between them; their squared distance; their squared distance in proportion to their sum.
    draws : int
        Resamples for the interval; 0 for none.
    seed : int
        Of the resampling.

    Returns
    -------
    Alpha

    Raises
    ------
    RatersError
        With every problem: ``wrong-shape``, ``not-finite``, ``one-rater``, ``no-pairs``,
        ``all-the-same`` when every paired rating is the same value (0/0), ``negative-value`` at
        the ratio level, where a negative value has no meaning, and ``too-many-categories`` when
        units × different values would not fit into memory.
    ValueError
        If *level* is none of the four.

    Notes
    -----
    The interval resamples units with replacement and takes percentiles [3]_, which lets the
    expected disagreement vary too; Krippendorff's own bootstrap resamples pairs of values as if
    those of one unit were independent, and his intervals are too short when they are not.

    References
    ----------
    .. [1] K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.
    .. [2] K. Krippendorff, Content Analysis, 2nd ed., 2004, ch. 11.
    .. [3] A. Zapf, S. Castell, L. Morawietz, A. Karch, BMC Medical Research Methodology 16:93
       (2016).
    """
    tally = tally_of(as_table(values), level)
    (drawn,) = _drawn((tally,), len(tally.counts), draws, seed)
    return _alpha((tally,), (drawn,), level, seed)


def alphas(
    ratings: Ratings, *, level: str = "nominal", draws: int = 0, seed: int = SEED
) -> tuple[Alpha | None, Mapping[str, Alpha | RatersError]]:
    """Alpha of all items together and of each item.

    Parameters
    ----------
    ratings : Ratings
    level, draws, seed
        As for `alpha`. A draw resamples units with all their items, because items of one visit
        are not independent of each other.

    Returns
    -------
    overall : Alpha or None
        Observed and expected disagreements of the items added up, each by its number of paired
        values, before they are divided [1]_, so that an item on which nearly everybody says the
        same does not swing the whole. None when no item varies.
    by_item : mapping from item to Alpha, or to the RatersError that says why there is none

    References
    ----------
    .. [1] H. De Vries, M. N. Elliott, D. E. Kanouse, S. S. Teleki, Field Methods 20 (2008)
       272-282, for kappa.
    """
    by_item: dict[str, Alpha | RatersError] = {}
    tallies: dict[str, Tally] = {}
    for item in ratings.items:
        try:
            tallies[item] = tally_of(as_table(ratings.table(item)), level, every=True)
        except RatersError as error:
            by_item[item] = error
    drawn = _drawn(tuple(tallies.values()), len(ratings.units), draws, seed)
    for (item, tally), mine in zip(tallies.items(), drawn, strict=True):
        by_item[item] = _alpha((tally,), (mine,), level, seed)
    overall = _alpha(tuple(tallies.values()), drawn, level, seed) if tallies else None
    return overall, {item: by_item[item] for item in ratings.items}


def _drawn(tallies: tuple[Tally, ...], units: int, draws: int, seed: int) -> tuple[Parts, ...]:
    """Parts of each table, ``(n_draws,)`` each, over the same resampled units."""
    random = np.random.default_rng(seed)
    size = max(1, BATCH // max(1, units))
    found: list[list[Parts]] = [[] for _ in tallies]
    for start in range(0, draws, size):
        count = min(size, draws - start)
        drawn = random.integers(0, units, (count, units))
        drawn += units * np.arange(count)[:, None]
        times = np.bincount(drawn.ravel(), minlength=count * units).astype(np.float64)
        times = times.reshape(count, units)
        for tally, parts in zip(tallies, found, strict=True):
            whole = len(tally.place) == units
            parts.append(tally.parts(times if whole else times[:, tally.place]))
    return tuple(_joined(parts) for parts in found)


def _joined(parts: Sequence[Parts]) -> Parts:
    """Batches of draws one after another."""
    if not parts:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    observed, expected, values = zip(*parts, strict=True)
    return np.concatenate(observed), np.concatenate(expected), np.concatenate(values)


def _alpha(
    tallies: Sequence[Tally],
    drawn: Sequence[Parts],
    level: str,
    seed: int,
) -> Alpha:
    observed, expected, values = _pooled([
        tally.parts(np.ones((1, len(tally.counts)))) for tally in tallies
    ])  # fmt: skip
    rated = [tally.counts.sum(axis=1) for tally in tallies]
    made = Alpha(
        float(1 - observed[0] / expected[0]),
        float(observed[0]),
        float(expected[0]),
        sum(len(each) for each in rated),
        int(values[0]),
        int(sum((each * (each - 1)).sum() for each in rated)) // 2,
        level,
    )
    observed, expected, _ = _pooled(drawn)
    some = expected > 0
    if not some.any():
        return replace(made, draws=len(some), undefined=len(some)) if len(some) else made
    low, high = np.percentile(1 - observed[some] / expected[some], [2.5, 97.5])
    return replace(
        made,
        low=float(low),
        high=float(high),
        draws=len(some),
        undefined=int((~some).sum()),
        seed=seed,
    )


def _pooled(parts: Sequence[Parts]) -> Parts:
    """Parts of several tables as one, each weighted by its number of values."""
    if len(parts) == 1:
        return parts[0]
    total = np.maximum(sum(values for _, _, values in parts), 1)
    observed = sum(part * values for part, _, values in parts) / total
    expected = sum(part * values for _, part, values in parts) / total
    return np.asarray(observed), np.asarray(expected), np.asarray(total)
