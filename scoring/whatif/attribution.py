"""Two runs compared: which difference moved which score and place, by how much, adding up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.problems import Problem, ScoringError
from scoring.whatif.between import Between
from scoring.whatif.differences import Difference, told
from scoring.whatif.outcome import plain

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats
    from scoring.whatif.case import Case

EXACT = 9  # differences up to which every set of them is scored: 512 scorings
BUDGET = 1000  # scorings otherwise: some seconds
BY = ("observation", "indicator", "city")
MOST_ORDERS = 64
SEED = 42
Key = frozenset[Difference]


@dataclass(frozen=True)
class Comparison:
    """The change between two cases and its parts.

    ``scores`` and ``ranks`` are ``(n_differences, n_cities)``: what each difference did to the
    score of the index and to the place of each city; their sums over the differences are the
    whole change, ``score_change`` and ``rank_change``. NaN for a city without a score (or place)
    in either case. ``how`` is "shapley" (every order of the differences counts alike) or
    "sequential" (the mean over ``orders`` orders, each with its reverse). ``parts`` names what a
    merged difference stands for, ``shown`` what each was and is.
    """

    cities: tuple[str, ...]
    differences: tuple[Difference, ...]
    scores: Floats
    ranks: Floats
    score_change: Floats
    rank_change: Floats
    how: str
    orders: int
    scorings: int
    parts: dict[Difference, tuple[Difference, ...]] = field(default_factory=dict)
    shown: dict[Difference, tuple[Any, Any]] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON; by city the parts that are not 0, the largest first."""
        cities = {}
        for i, city in enumerate(self.cities):
            some = [
                k for k in range(len(self.differences)) if self.scores[k, i] or self.ranks[k, i]
            ]
            some.sort(key=lambda k: (-abs(np.nan_to_num(self.scores[k, i])), k))
            cities[city] = {
                "score_change": plain(self.score_change[i]),
                "rank_change": plain(self.rank_change[i]),
                "parts": [
                    {"difference": k, "score": plain(self.scores[k, i]),
                     "rank": plain(self.ranks[k, i])}
                    for k in some
                    if not np.isnan(self.scores[k, i])
                ],
            }  # fmt: skip
        return {
            "how": self.how,
            "orders": self.orders,
            "scorings": self.scorings,
            "differences": [
                {
                    "kind": each.kind,
                    "code": each.code,
                    "city": each.city,
                    "before": self.shown.get(each, (None, None))[0],
                    "after": self.shown.get(each, (None, None))[1],
                    "stands_for": [
                        {
                            "kind": p.kind,
                            "code": p.code,
                            "city": p.city,
                            "before": self.shown[p][0],
                            "after": self.shown[p][1],
                        }
                        for p in self.parts.get(each, ())
                    ],
                }
                for each in self.differences
            ],
            "cities": cities,
        }


def compare(
    first: Case,
    second: Case,
    *,
    by: str = "observation",
    exact: int = EXACT,
    budget: int = BUDGET,
    seed: int = SEED,
) -> Comparison:
    """Share the change from *first* to *second* out among what differs.

    Parameters
    ----------
    first, second : Case
        Cities and indicators may come and go; the result has the union of cities, by code.
    by : {"observation", "indicator", "city"}
        Whether observations are one difference each, or together by indicator or by city: two
        rounds differ in every observation, two runs of one round in a few.
    exact : int
        Up to so many differences the Shapley value is exact (2ⁿ scorings).
    budget : int
        About how many scorings the mean over orders may take where there are more.
    seed : int
        Of those orders.

    Returns
    -------
    Comparison
        The parts add up to the whole, and ``compare(second, first)`` has the same parts with the
        other sign (both to rounding).

    Raises
    ------
    ScoringError
        If either case cannot be scored, or *by* is unknown.

    Notes
    -----
    The part of difference d is the mean, over the orders in which the differences could have been
    made, of what changes when d is made [1]_. With more than ``exact`` differences the mean is
    over a sample of orders that holds the reverse of each of its orders, which keeps both
    properties. A city that has a score in both cases and none in one between counts there with
    the middle of the two. Where a mixture of the rules cannot be scored, the rules are one
    difference; where that does not help, there is only one difference: everything.

    References
    ----------
    .. [1] L. S. Shapley, A value for n-person games, 1953.
    """
    if by not in BY:
        raise ScoringError([Problem("by", "not-allowed", {"value": by, "allowed": BY})])
    between = Between(first, second, by)
    found = between.found
    shown = {each: told(each, first, second) for each in between.single}
    first.score()  # an end that cannot be scored is an error of the case, not of a mixture
    second.score()
    for attempt in range(3):
        if attempt:
            found = between.merge(all_of_it=attempt == 2)
        try:
            states = _States(between, found)
            shares, how, orders = _shared(states, exact, budget, seed)
            break
        except ScoringError:
            if attempt == 2:
                raise
    whole = states.of(frozenset(found)) - states.of(frozenset())
    return Comparison(
        cities=between.cities,
        differences=found,
        scores=shares[:, 0],
        ranks=shares[:, 1],
        score_change=whole[0],
        rank_change=whole[1],
        how=how,
        orders=orders,
        scorings=len(states.known),
        parts=dict(between.merged),
        shown=shown,
    )


class _States:
    """Scores and places of the index by set of differences, ``(2, n_cities)``, each made once."""

    def __init__(self, between: Between, found: Sequence[Difference]) -> None:
        self.between, self.found = between, found
        self.at = {city: i for i, city in enumerate(between.cities)}
        self.known: dict[Key, Floats] = {}
        ends = self._made(frozenset()), self._made(frozenset(found))
        self.middle = (ends[0] + ends[1]) / 2  # NaN where an end has none

    def of(self, applied: Key) -> Floats:
        """A city without a score in between stands in the middle of its two."""
        made = self._made(applied)
        inside = 0 < len(applied) < len(self.found)
        return np.where(np.isnan(made), self.middle, made) if inside else made

    def _made(self, applied: Key) -> Floats:
        if applied not in self.known:
            case = self.between.case(applied)
            sheet = case.score()
            root = sheet.nodes.index(case.tree.root)
            made = np.full((2, len(self.at)), np.nan)
            rows = [self.at[city] for city in case.cities]
            made[0, rows], made[1, rows] = sheet.scores[:, root], sheet.ranks[:, root]
            self.known[applied] = made
        return self.known[applied]


def _shared(states: _States, exact: int, budget: int, seed: int) -> tuple[Floats, str, int]:
    """Parts ``(n_differences, 2, n_cities)``, how they were made, and over how many orders."""
    count = len(states.found)
    if count <= exact:
        return _shapley(states), "shapley", factorial(count)
    half = max(1, min(MOST_ORDERS, budget // count) // 2)
    rng = np.random.default_rng(seed)
    halves = [list(range(count)), *(rng.permutation(count).tolist() for _ in range(half - 1))]
    total = np.zeros((count, 2, len(states.at)))
    for order in (way for one in halves for way in (one, one[::-1])):
        done: Collection[Difference] = frozenset()
        here = states.of(frozenset(done))
        for k in order:
            done = frozenset({*done, states.found[k]})
            there = states.of(done)
            total[k] += there - here
            here = there
    return total / (2 * len(halves)), "sequential", 2 * len(halves)


def _shapley(states: _States) -> Floats:
    """Over all sets S without d: |S|!·(n − |S| − 1)!/n! times what d adds to S."""
    found, count = states.found, len(states.found)
    parts = np.zeros((count, 2, len(states.at)))
    for k, each in enumerate(found):
        rest = [other for other in found if other != each]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for some in combinations(rest, size):
                before = frozenset(some)
                parts[k] += weight * (states.of(before | {each}) - states.of(before))
    return parts
