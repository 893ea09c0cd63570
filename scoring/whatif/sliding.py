"""First-level weights moved by hand: the ranking at once, and how firm it is around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.adjust_policy import Adjust
from scoring.composite.aggregate import aggregate, kinds_of
from scoring.composite.index import families, index_of
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.rank import rank_rows, rounded
from scoring.composite.weighting.policy import Weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.composite.sheet import Bools, Floats, ScoreSheet
    from scoring.whatif.case import Case

DRAWS = 1000
MOST = 1000.0  # per cent: beyond, one weight is all there is and digits are lost


@dataclass(frozen=True)
class Slid:
    """By city, ``(n_cities,)``: the score and the place that the weights give, really scored.

    ``low``, ``median`` and ``high`` are the 5th, 50th and 95th percentile of the place over the
    draws around these weights, ``same`` the share of draws that give the very place. ``shares``
    are the first-level weights as they count, adding up to 1.
    """

    cities: tuple[str, ...]
    scores: Floats
    ranks: Floats
    low: Floats
    median: Floats
    high: Floats
    same: Floats
    shares: Mapping[str, float]
    places: Floats

    def above(self, first: int, second: int) -> float:
        """Share of draws in which one city stands above another; a tie counts as half."""
        one, two = self.places[:, first], self.places[:, second]
        return float(np.mean(one < two) + np.mean(one == two) / 2)


class Slider:
    """A case prepared once, so that each new set of weights is answered while it is dragged.

    Parameters
    ----------
    case : Case
    draws : int
        At least 1.
    seed : int
        The same numbers for all weights: the answer moves with the slider, not with chance.

    Notes
    -----
    A draw multiplies every weight of the tree by a factor uniform on [1 − spread, 1 + spread];
    the spread is the method's. Where the method takes its weights from the data, the sliders
    start at those it found and are given weights from there on. Points for and against a city
    enter every draw; a list that caps a place is only in the place itself.
    """

    def __init__(self, case: Case, *, draws: int = DRAWS, seed: int = 42) -> None:
        self.start: ScoreSheet = case.score()
        assert self.start.tree is not None  # a sheet that was just scored has its tree
        tree = self.start.tree
        self.case = replace(case, tree=tree, method=replace(case.method, weights=Weights()))
        self.spread = case.method.uncertainty.weight_spread
        self.tie_level = case.method.uncertainty.tie_level
        self.draws = draws
        self.first = tree.children[tree.root]
        self._at = {code: i for i, code in enumerate(tree.codes)}
        self._total = sum(tree.weights[self._at[code]] for code in self.first)
        self._families = families(tree, case.method.aggregate, ~case.absent)
        rng = np.random.default_rng(seed)
        self._factors = 1 + self.spread * (2 * rng.random((draws, len(tree.codes))) - 1)

    @property
    def given(self) -> dict[str, float]:
        """The first-level weights that the method scores with, in per cent of their sum."""
        weights = self.case.tree.weights
        return {code: 100 * weights[self._at[code]] / self._total for code in self.first}

    def at(self, percents: Mapping[str, float]) -> Slid:
        """Score and rank with other first-level weights.

        Parameters
        ----------
        percents : mapping of first-level code to float
            The weight in per cent of what the method gives them all. Those not named keep
            theirs; what counts is each one's part of the sum.

        Raises
        ------
        ScoringError
            Naming every unknown code, every weight that is no number from 0 to ``MOST``, and
            weights that are all 0; as ``score`` otherwise.
        """
        problems = list(self._wrong(percents))
        if problems:
            raise ScoringError(problems)
        weights = list(self.case.tree.weights)
        for code, percent in percents.items():
            weights[self._at[code]] = percent * self._total / 100
        tree = replace(self.case.tree, weights=tuple(weights))
        case = replace(self.case, tree=tree)
        sheet = case.score()
        root = self._at[tree.root]
        ranks = sheet.ranks[:, root]
        places = self._places(case, sheet, ~np.isnan(ranks))
        low, median, high = _percentiles(places)
        total = sum(weights[self._at[code]] for code in self.first)
        return Slid(
            cities=sheet.cities,
            scores=sheet.scores[:, root],
            ranks=ranks,
            low=low,
            median=median,
            high=high,
            same=np.where(np.isnan(ranks), np.nan, np.mean(places == ranks, axis=0)),
            shares={code: weights[self._at[code]] / total for code in self.first},
            places=places,
        )

    def _places(self, case: Case, sheet: ScoreSheet, placed: Bools) -> Floats:
        """The place of every city in every draw, ``(n_draws, n_cities)``."""
        policy, ranking, root = case.method.aggregate, case.method.rank, self._at[case.tree.root]
        columns = list(np.ascontiguousarray(sheet.normalised.T)[:, None, :])
        weights = self._factors * np.array(case.tree.weights)
        index = index_of(
            self._families, columns, weights, kinds_of(policy, len(self._families.ladder))
        )
        if case.method.adjust != Adjust():
            plain, _ = aggregate(case.tree, sheet.normalised, policy, not_applicable=case.absent)
            index = index + (sheet.scores[:, root] - plain[:, root])
        if ranking.decimals is not None:
            index = rounded(index, ranking.decimals)
        return rank_rows(np.where(placed, index, np.nan), ranking.ties)

    def _wrong(self, percents: Mapping[str, float]) -> Iterator[Problem]:
        for code, percent in percents.items():
            if code not in self.first:
                yield Problem(code, "not-first-level", {"value": code})
            elif not 0 <= percent <= MOST:
                yield Problem(code, "weight-out-of-range", {"value": percent, "most": MOST})
        known = {**self.given, **percents}
        if not any(known[code] > 0 for code in self.first):
            yield Problem(self.first[0], "weights-all-zero", {})


def _percentiles(places: Floats) -> tuple[Floats, Floats, Floats]:
    """5th percentile, median and 95th of each column; NaN for a city without places."""
    found = np.full((3, places.shape[1]), np.nan)
    some = np.flatnonzero(~np.isnan(places).any(axis=0))
    if some.size:
        found[:, some] = np.percentile(places[:, some], [5, 50, 95], axis=0)
    return found[0], found[1], found[2]
