"""The challengers beside the method's own ranking, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.challengers.distances import topsis, vikor
from scoring.composite.challengers.policy import Challengers
from scoring.composite.challengers.promethee import promethee
from scoring.composite.rank import rank
from scoring.composite.weigh import effective_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scoring.composite.sheet import Bools, Floats, Tree

DECIMALS = 12  # a challenger's scores are compared so far: noise of sums makes no difference


@dataclass(frozen=True)
class Challenge:
    """``own`` ranks ``(n_cities,)``; ``scores`` and ``ranks`` of each challenger likewise.

    VIKOR's scores are lower better, the others' higher better; ranks are 1 for the best.
    """

    cities: tuple[str, ...]
    own: Floats
    scores: Mapping[str, Floats]
    ranks: Mapping[str, Floats]

    def agreement(self, name: str) -> float:
        """Kendall's tau-b between the method's ranks and a challenger's; NaN where undefined."""
        return kendall(self.own, self.ranks[name])

    def disagreements(self, name: str) -> tuple[tuple[str, float, float], ...]:
        """City, own rank, challenger's rank where the two differ; the widest first."""
        pairs = zip(self.cities, self.own.tolist(), self.ranks[name].tolist(), strict=True)
        apart = [each for each in pairs if abs(each[1] - each[2]) > 0]  # NaN is no difference
        return tuple(sorted(apart, key=lambda each: (-abs(each[1] - each[2]), each[0])))

    def as_mapping(self) -> dict[str, Any]:
        """Everything by name and city, for a record."""
        return {
            name: {
                "scores": dict(zip(self.cities, self.scores[name].tolist(), strict=True)),
                "ranks": dict(zip(self.cities, self.ranks[name].tolist(), strict=True)),
                "agreement": round(self.agreement(name), 6),
                "disagreements": [list(each) for each in self.disagreements(name)],
            }
            for name in self.scores
        }


def challenge(
    tree: Tree,
    cities: Sequence[str],
    normalised: Floats,
    own: Floats,
    policy: Challengers | None = None,
    *,
    weights: Floats | None = None,
    ranked: Bools | None = None,
    ties: str = "min",
) -> Challenge:
    """Rank the same normalised scores by other methods.

    Parameters
    ----------
    tree : Tree
    cities : sequence of str
    normalised : (n_cities, n_indicators) array
        Higher better, in the order of ``tree.indicators``; not normalised again.
    own : (n_cities,) array
        The method's own ranks.
    policy : Challengers, optional
        Without it all methods with their defaults.
    weights : (n_indicators,) array, optional
        Instead of the tree's effective weights.
    ranked : (n_cities,) bool array, optional
        A city that is not ranked is no part of the comparison.
    ties : str
        As in `rank`.

    Returns
    -------
    Challenge

    Raises
    ------
    ScoringError
        If the tree cannot be scored.
    """
    policy = policy or Challengers(methods=("topsis", "vikor", "promethee"))
    if weights is None:
        at = {code: i for i, code in enumerate(tree.codes)}
        weights = effective_weights(tree)[[at[code] for code in tree.indicators]]
    placed = np.ones(len(cities), bool) if ranked is None else ranked
    scores, ranks = {}, {}
    for name in policy.methods:
        made = np.full(len(cities), np.nan)
        if placed.any():
            made[placed] = np.round(
                CHALLENGERS[name](normalised[placed], weights, policy), DECIMALS
            )
        scores[name] = made + 0.0
        ranks[name] = rank(-made if name == "vikor" else made, ties=ties)
    return Challenge(tuple(cities), own, scores, ranks)


def kendall(one: Floats, two: Floats) -> float:
    """Kendall's tau-b of two rankings over the cities in both; NaN where either is one tie.

    References
    ----------
    .. [1] M. G. Kendall, Biometrika 33 (1945) 239–251.
    """
    both = ~(np.isnan(one) | np.isnan(two))
    first = np.sign(one[both][:, None] - one[both])
    second = np.sign(two[both][:, None] - two[both])
    scale = np.sqrt(float((first != 0).sum()) * float((second != 0).sum()))
    return float((first * second).sum() / scale) if scale > 0 else float("nan")


def _promethee(columns: Floats, weights: Floats, policy: Challengers) -> Floats:
    return promethee(
        columns,
        weights,
        shape=policy.preference_function,
        indifference=policy.indifference,
        preference=policy.preference or 0.0,
    )


CHALLENGERS: dict[str, Callable[[Floats, Floats, Challengers], Floats]] = {
    "topsis": lambda columns, weights, policy: topsis(columns, weights),
    "vikor": lambda columns, weights, policy: vikor(columns, weights, v=policy.vikor_v).compromise,
    "promethee": _promethee,
}
