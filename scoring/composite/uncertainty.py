"""How firm the ranks are: many scorings with other weights, scales and means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.composite.normalise import keeps_unit, normalise
from scoring.composite.problems import ScoringError
from scoring.composite.rank import rank_rows, rounded
from scoring.composite.sheet import Bools, Floats
from scoring.composite.treat import treat
from scoring.composite.tree_order import levels
from scoring.composite.variants import (
    aggregations,
    drawn_weights,
    index_of,
    normalisations,
    rescales,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.method import Method
    from scoring.composite.policies import Treat
    from scoring.composite.sheet import Tree

BATCH = 1_500_000  # numbers in one array: bounds the memory of a simulation to some 200 MB


@dataclass(frozen=True)
class Firmness:
    """Ranks of every draw, ``(n_draws, n_cities)``; NaN throughout a failed draw.

    ``normalisation``, ``aggregation`` and ``points`` say what ran in each draw: positions in
    ``normalisations``, in ``aggregations``, and the number of winsorised points (0: as configured).
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

    def interval(self, city: int) -> dict[str, float]:
        """Median, 5th and 95th percentile of a city's rank over the draws that did not fail."""
        places = self.ranks[~self.failed, city].astype(float)
        places = places[~np.isnan(places)]
        if not places.size:
            return {"median": float("nan"), "low": float("nan"), "high": float("nan")}
        low, middle, high = np.percentile(places, [5, 50, 95])
        return {"median": float(middle), "low": float(low), "high": float(high)}

    def executed(self) -> dict[str, Any]:
        """What really ran: how many draws of each kind, and how many failed."""
        used = [int(np.sum(self.normalisation == i)) for i in range(len(self.normalisations))]
        means = [int(np.sum(self.aggregation == i)) for i in range(len(self.aggregations))]
        return {
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


def simulate(
    tree: Tree,
    cities: Sequence[str],
    imputed: Floats,
    method: Method,
    *,
    not_applicable: Bools | None = None,
    ranked: Bools | None = None,
    zero_when_missing: Sequence[bool] | None = None,
) -> Firmness:
    """Score ``method.uncertainty.draws`` times and rank each time.

    Parameters
    ----------
    tree : Tree
    cities : sequence of str, ``n_cities``
        In an order that does not depend on the input's (``score`` sorts by code).
    imputed : (n_cities, n_indicators) array
    method : Method
        ``uncertainty`` says what is varied; what is not varied runs as configured.
    not_applicable, ranked, zero_when_missing
        As in ``normalise``.

    Returns
    -------
    Firmness

    Notes
    -----
    A draw multiplies weights by independent factors uniform on [1 − spread, 1 + spread], picks a
    normalisation and a mean with equal chance, and a number of winsorised points. Normalisation and
    treatment are computed once for each combination. When normalisation or the mean is varied,
    every bounded scale runs from 1 to 100 and z-scores have mean 50 and deviation 10, so that a
    geometric mean is defined whichever is picked. A draw in which a ranked city has no score
    although it had values (the mean of negative numbers, say) has failed: counted, left out.

    References
    ----------
    .. [1] M. Saisana, A. Saltelli, S. Tarantola, J. R. Statist. Soc. A 168 (2005) 307–323.
    .. [2] COINr 1.1, vignette "Sensitivity analysis".
    """
    plan = method.uncertainty
    draws, vary = plan.draws, plan.vary
    rng = np.random.default_rng(plan.seed)
    scales = normalisations(method)
    means = aggregations(method, len(levels(tree)))
    # always drawn in the same sequence, so that varying one thing leaves the others' draws alone
    factors = 1.0 + plan.weight_spread * (2.0 * rng.random((draws, len(tree.codes))) - 1.0)
    scale = rng.integers(0, len(scales), draws)
    kind = rng.integers(0, len(means), draws)
    least, most = plan.treat_points
    points = rng.integers(least, most + 1, draws)
    if "treat" not in vary:
        points = np.zeros(draws, dtype=points.dtype)
    weights = drawn_weights(tree, method, factors)
    placed = np.ones(len(cities), bool) if ranked is None else ranked
    expected = placed & ~np.isnan(imputed).all(axis=1)
    ranks = np.full((draws, len(cities)), np.nan, dtype=np.float32)  # exact to 16 million
    failed = np.zeros(draws, dtype=bool)
    for n in np.unique(points):
        policy = replace(method.treat, method="winsorise", max_points=int(n)) if n else method.treat
        treated = _treated(tree, imputed, policy, method)
        for s, variant in enumerate(scales.values()):
            here = np.flatnonzero((points == n) & (scale == s))
            if not here.size:
                continue
            try:
                scaled, _ = normalise(
                    tree, cities, treated, variant, not_applicable=not_applicable,
                    ranked=placed, zero_when_missing=zero_when_missing,
                )  # fmt: skip
            except ScoringError:
                failed[here] = True
                continue
            for k, ladder in enumerate(means.values()):
                some = here[kind[here] == k]
                batch = max(1, BATCH // max(1, len(cities)))
                for start in range(0, some.size, batch):
                    part = some[start : start + batch]
                    index = index_of(tree, scaled, weights[part], ladder, method, not_applicable)
                    failed[part] = np.isnan(index[:, expected]).any(axis=1)
                    if method.rank.decimals is not None:
                        index = rounded(index, method.rank.decimals)
                    ranks[part] = rank_rows(np.where(placed, index, np.nan), method.rank.ties)
    ranks[failed] = np.nan
    return Firmness(
        ranks,
        failed,
        tuple(scales),
        tuple(means),
        scale,
        kind,
        points.astype(np.intp),
        plan.seed,
        rescales(method),
    )


def _treated(tree: Tree, imputed: Floats, policy: Treat, method: Method) -> Floats:
    keep = keeps_unit(tree, method.normalise)
    treated, _ = treat(imputed, policy, codes=tree.indicators, keep_unit=keep)
    return treated
