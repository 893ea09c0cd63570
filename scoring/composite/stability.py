"""New weights, at once: the ranking they give and how firm it is, fast enough for a slider."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.aggregate import aggregate, kinds_of
from scoring.composite.index import families, index_of
from scoring.composite.policies import Aggregate, Rank
from scoring.composite.rank import rank, rank_rows, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from scoring.composite.sheet import Bools, Floats, Tree


@dataclass(frozen=True)
class Stability:
    """By city, ``(n_cities,)``: the score and the place that the weights give.

    ``median``, ``low`` and ``high`` are the median, 5th and 95th percentile of the place over
    the draws around these weights, ``same`` the share of draws that give the very place.
    """

    scores: Floats
    ranks: Floats
    median: Floats
    low: Floats
    high: Floats
    same: Floats


def stability(
    tree: Tree,
    normalised: Floats,
    weights: Sequence[float] | Floats,
    *,
    draws: int = 1000,
    seed: int = 42,
    spread: float = 0.25,
    policy: Aggregate | None = None,
    ranking: Rank | None = None,
    not_applicable: Bools | None = None,
    ranked: ArrayLike | None = None,
) -> Stability:
    """Aggregate and rank with other weights, and again with weights around them.

    Parameters
    ----------
    tree : Tree
    normalised : (n_cities, n_indicators) array
        As in a score sheet, in an order of the cities of its own.
    weights : (n_nodes,) array
        In the order of ``tree.codes``; in the place of the tree's.
    draws : int
        At least 1.
    seed : int
        The same seed gives the same factors whatever the weights are: the answer moves with
        the slider, not with chance.
    spread : float
        A draw multiplies each weight by a factor uniform on [1 − spread, 1 + spread].
    policy, ranking : Aggregate, Rank
        The house's defaults where not given.
    not_applicable, ranked
        As in ``score``.

    Returns
    -------
    Stability

    Raises
    ------
    ScoringError
        If the weights cannot be used: negative, or zero for all siblings.

    References
    ----------
    .. [1] M. Saisana, A. Saltelli, S. Tarantola, J. R. Statist. Soc. A 168 (2005) 307–323.
    """
    policy, ranking = policy or Aggregate(), ranking or Rank()
    moved = replace(tree, weights=tuple(float(weight) for weight in weights))
    absent = np.zeros(normalised.shape, bool) if not_applicable is None else not_applicable
    placed = np.ones(len(normalised), bool) if ranked is None else np.asarray(ranked, dtype=bool)
    scores, _ = aggregate(moved, normalised, policy, not_applicable=absent)
    index = scores[:, moved.codes.index(moved.root)]
    ranks = rank(index, ties=ranking.ties, decimals=ranking.decimals, ranked=placed)
    made = families(moved, policy, ~absent)
    rng = np.random.default_rng(seed)
    factors = 1.0 + spread * (2.0 * rng.random((draws, len(moved.codes))) - 1.0)
    columns = list(np.ascontiguousarray(normalised.T)[:, None, :])
    drawn = index_of(
        made, columns, factors * np.array(moved.weights), kinds_of(policy, len(made.ladder))
    )
    if ranking.decimals is not None:
        drawn = rounded(drawn, ranking.decimals)
    places = rank_rows(np.where(placed, drawn, np.nan), ranking.ties)
    low, median, high = _percentiles(places)
    return Stability(index, ranks, median, low, high, np.mean(places == ranks, axis=0))


def _percentiles(places: Floats) -> tuple[Floats, Floats, Floats]:
    """5th percentile, median and 95th of each column; NaN for a city without places."""
    found = np.full((3, places.shape[1]), np.nan)
    some = np.flatnonzero(~np.isnan(places).any(axis=0))
    if some.size:
        found[:, some] = np.percentile(places[:, some], [5, 50, 95], axis=0)
    return found[0], found[1], found[2]
