"""How firm the ranks are: what the places in thousands of draws say about each city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.composite.sheet import Bools, Floats


@dataclass(frozen=True)
class Firmness:
    """Ranks of every draw, ``(n_draws, n_cities)``; NaN throughout a failed draw.

    ``normalisation``, ``aggregation``, ``imputation`` and ``points`` say what ran in each draw:
    positions in ``normalisations``, in ``aggregations``, in ``imputations``, and the number of
    winsorised points (0: as configured). ``because`` is why a draw failed, empty where it did
    not. ``block`` is the block of draws with a random stream of its own for the errors of
    observations, −1 without errors; ``errors`` says what was drawn again, None without errors.
    """

    ranks: NDArray[np.float32]
    failed: Bools
    normalisations: tuple[str, ...]
    aggregations: tuple[str, ...]
    normalisation: NDArray[np.intp]
    aggregation: NDArray[np.intp]
    points: NDArray[np.intp]
    seed: int
    rescaled: bool
    imputations: tuple[str, ...]
    imputation: NDArray[np.intp]
    because: NDArray[np.str_]
    block: NDArray[np.intp]
    errors: Mapping[str, Any] | None = None

    def interval(self, city: int) -> dict[str, float]:
        """Median, 5th and 95th percentile of a city's rank over the draws that did not fail."""
        places = self.ranks[~self.failed, city].astype(float)
        places = places[~np.isnan(places)]
        if not places.size:
            return {"median": float("nan"), "low": float("nan"), "high": float("nan")}
        low, middle, high = np.percentile(places, [5, 50, 95])
        return {"median": float(middle), "low": float(low), "high": float(high)}

    @cached_property
    def mean(self) -> Floats:
        """Mean rank of each city over the draws in which it has one, ``(n_cities,)``."""
        known = ~np.isnan(self.ranks)
        total = np.where(known, self.ranks, 0).sum(axis=0, dtype=float)
        count = known.sum(axis=0)
        return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))

    @cached_property
    def above(self) -> Floats:
        """P(row city above column city), ``(n_cities, n_cities)``; a tie counts as half.

        Over the draws in which both have a rank; NaN where there is none, and for a city and
        itself 0.5. ``above[a, b] + above[b, a] == 1``.
        """
        columns = np.ascontiguousarray(self.ranks.T)
        count = len(columns)
        found = np.full((count, count), np.nan)
        whole = not np.isnan(columns[:, ~self.failed]).any()
        ok = int(np.sum(~self.failed))
        both = ok
        for a in range(count):
            for b in range(a, count):
                won = np.count_nonzero(columns[a] < columns[b])
                if whole:
                    lost = np.count_nonzero(columns[a] > columns[b])
                else:
                    lost = np.count_nonzero(columns[b] < columns[a])
                    both = int(np.sum(~(np.isnan(columns[a]) | np.isnan(columns[b]))))
                if both:
                    found[a, b] = (won + (both - won - lost) / 2) / both
                    found[b, a] = (lost + (both - won - lost) / 2) / both
        return found

    @cached_property
    def acceptability(self) -> Floats:
        """Share of draws in which each city has each place, ``(n_cities, n_places)``.

        ``n_places`` is the number of cities with a rank in some draw. A row adds to 1, or is 0
        throughout for a city without ranks. An average place of 1.5 is half a first place and
        half a second one.

        References
        ----------
        .. [1] R. Lahdelma, P. Salminen, Operations Research 49 (2001) 444–454: SMAA-2.
        """
        ranked = ~np.isnan(self.ranks).all(axis=0)
        places = int(ranked.sum())
        found = np.zeros((self.ranks.shape[1], places))
        for city in np.flatnonzero(ranked):
            held = self.ranks[:, city]
            held = held[~np.isnan(held)].astype(float)
            lower, upper = np.floor(held).astype(np.intp), np.ceil(held).astype(np.intp)
            counts = np.bincount(lower - 1, minlength=places) + np.bincount(
                upper - 1, minlength=places
            )
            found[city] = counts / (2 * held.size)
        return found

    def bands(self, places: Sequence[float] | Floats, level: float) -> NDArray[np.intp]:
        """Tie bands: neighbours in the published ranking that the draws cannot tell apart.

        Parameters
        ----------
        places : (n_cities,) array
            The published ranks; NaN for a city without one.
        level : float
            Two cities are told apart when one is above the other in at least this share.

        Returns
        -------
        (n_cities,) array of int
            The band of each city, 1 for the first; 0 for a city without a rank.

        Notes
        -----
        From the top: the cities at the first place lead the first band. The cities of the next
        place join it unless every leader is above each of them with probability ``level`` or
        more; then they lead the next band. Cities that share a place share a band, so nothing
        depends on the order in which the cities are given.
        """
        held = np.asarray(places, dtype=float)
        band = np.zeros(held.size, dtype=np.intp)
        leaders: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        number = 0
        for place in np.unique(held[~np.isnan(held)]):
            here = np.flatnonzero(held == place)
            apart = leaders.size == 0 or bool(np.all(self.above[np.ix_(leaders, here)] >= level))
            if apart:
                leaders, number = here, number + 1
            band[here] = number
        return band

    def executed(self) -> dict[str, Any]:
        """What really ran: how many draws of each kind, how many failed, and why."""
        used = [int(np.sum(self.normalisation == i)) for i in range(len(self.normalisations))]
        means = [int(np.sum(self.aggregation == i)) for i in range(len(self.aggregations))]
        said = {
            "draws": int(self.failed.size),
            "failed": int(self.failed.sum()),
            "seed": self.seed,
            "generator": "numpy PCG64",
            "normalise": dict(zip(self.normalisations, used, strict=True)),
            "aggregate": dict(zip(self.aggregations, means, strict=True)),
            "treat_points": {
                str(n): int(np.sum(self.points == n)) for n in np.unique(self.points) if n
            },
            "scale": "1–100; zscore 50 ± 10" if self.rescaled else "as configured",
            "interval": "5th to 95th percentile of the rank",
        }
        if len(self.imputations) > 1:
            fills = [int(np.sum(self.imputation == i)) for i in range(len(self.imputations))]
            said["impute"] = dict(zip(self.imputations, fills, strict=True))
        if self.failed.any():
            reasons, counts = np.unique(self.because[self.failed], return_counts=True)
            said["failed_because"] = dict(zip(reasons.tolist(), counts.tolist(), strict=True))
        if self.errors is not None:
            said["errors"] = {**self.errors, "blocks": int(self.block.max()) + 1}
        return said

    def executed_draws(self) -> dict[str, list[Any]]:
        """One row a draw as columns: what ran in it, and why it failed (empty: it did not)."""
        return {
            "draw": list(range(1, self.failed.size + 1)),
            "seed": [self.seed] * self.failed.size,
            "block": self.block.tolist(),
            "normalise": [self.normalisations[i] for i in self.normalisation],
            "aggregate": [self.aggregations[i] for i in self.aggregation],
            "impute": [self.imputations[i] for i in self.imputation],
            "treat_points": self.points.tolist(),
            "failed_because": self.because.tolist(),
        }

    def summary(self, cities: Sequence[str], places: Floats, level: float) -> dict[str, Any]:
        """What is published beside the intervals: plain lists over the cities with a rank.

        ``cities`` in the order given, ``mean_rank``, ``above`` (P of the row's city above the
        column's), ``acceptability`` (by city, of place 1, 2, …), ``bands`` and the ``tie_level``
        behind them.
        """
        some = np.flatnonzero(~np.isnan(places))
        return {
            "cities": [cities[int(i)] for i in some],
            "mean_rank": self.mean[some].tolist(),
            "above": self.above[np.ix_(some, some)].tolist(),
            "acceptability": self.acceptability[some].tolist(),
            "bands": self.bands(places, level)[some].tolist(),
            "tie_level": level,
        }
