"""The cheapest set of items that takes a city to a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.problems import Problem, ScoringError
from scoring.whatif.goals import Goal, goals
from scoring.whatif.items import Items
from scoring.whatif.outcome import Outcome, plain
from scoring.whatif.program import program
from scoring.whatif.searching import search

if TYPE_CHECKING:
    from scoring.whatif.case import Case

PREFERRED = ("target", "province-best")
BUDGET = 2000  # scorings that a search may take: some seconds


@dataclass(frozen=True)
class Route:
    """How a city reaches ``wanted``.

    ``how`` says what was proved: "there" (nothing is needed), "program" (an integer program over
    exact gains: no cheaper set exists), "search" (every cheaper set was scored: none reaches it),
    "greedy" (a set that does, perhaps not the cheapest), "impossible" (not even all items
    together, and no subset can do better), "not-found" (not even all together).
    ``outcome`` is the scoring with the items, always really scored; ``effort`` is their sum.
    """

    city: str
    wanted: int
    how: str
    items: tuple[Goal, ...]
    effort: float
    outcome: Outcome
    scorings: int

    @property
    def reached(self) -> bool:
        """Whether the city has the place, or a better one, with the items."""
        place = self.outcome.ranks[1][self.outcome.before.cities.index(self.city)]
        return bool(place <= self.wanted)

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON."""
        i = self.outcome.before.cities.index(self.city)
        return {
            "city": self.city,
            "wanted": self.wanted,
            "reached": self.reached,
            "how": self.how,
            "effort": self.effort,
            "items": [
                {"code": g.code, "kind": g.kind, "value": g.value, "aim": g.aim, "of": g.of}
                for g in self.items
            ],
            "score": plain(self.outcome.scores[0][i]),
            "new_score": plain(self.outcome.scores[1][i]),
            "rank": plain(self.outcome.ranks[0][i]),
            "new_rank": plain(self.outcome.ranks[1][i]),
            "others": list(self.outcome.others(self.city)),
            "scorings": self.scorings,
        }


def reach(
    case: Case,
    city: str,
    wanted: int,
    *,
    kinds: Sequence[str] = PREFERRED,
    zones: Mapping[str, str] | None = None,
    efforts: Mapping[str, float] | None = None,
    budget: int = BUDGET,
) -> Route:
    """The least effort that takes *city* to place *wanted* or better.

    Parameters
    ----------
    case : Case
    city : str
        A ranked city.
    wanted : int
        1 to the number of ranked cities.
    kinds : sequence of str
        What is aimed at in each indicator: the first of these that is open.
    zones : mapping of city to zone, optional
    efforts : mapping of indicator code to float, optional
        Above 0, in any unit; 1 where not given.
    budget : int
        Most scorings of the search where no program can be written.

    Returns
    -------
    Route

    Raises
    ------
    ScoringError
        With everything that is wrong: the city, the place, an effort.

    Notes
    -----
    Where every mean is arithmetic, ties take the lowest place and scores are not rounded, an item
    changes every city's score by an amount that does not depend on the other items, provided the
    city has a value in each (with few gaps: for each choice of gaps to fill) and gaps are not
    filled from siblings. The gains, each scored, then make an integer program: least effort such
    that at most ``wanted − 1`` cities stay above.
    Otherwise a greedy set is found, and sets cheaper than it are scored in order of effort until
    one does, none is left, or the budget is used up.
    """
    before = case.score()
    _check(case, city, wanted, efforts or {}, before.ranks[:, before.nodes.index(case.tree.root)])
    aims = _open(goals(case, before, city, kinds, zones), kinds)
    effort = np.array([float((efforts or {}).get(goal.code, 1.0)) for goal in aims])
    items = Items(case, city, wanted, before, aims, effort)
    still = Outcome(before, before, case.tree.root)
    if items.there(before):
        return Route(city, wanted, "there", (), 0.0, still, items.scorings)
    found, how = program(items) if aims else (None, "impossible")
    if how == "not-found":
        found, how = search(items, budget)
    return _route(items, found, how, still)


def _route(items: Items, found: Sequence[int] | None, how: str, still: Outcome) -> Route:
    chosen = range(len(items.goals)) if found is None else found
    after = items.scored(chosen) if len(chosen) else items.before
    picked = tuple(items.goals[i] for i in sorted(chosen))
    effort = float(sum(items.efforts[i] for i in sorted(chosen)))
    outcome = Outcome(items.before, after, still.root)
    return Route(items.city, items.wanted, how, picked, effort, outcome, items.scorings)


def _open(found: Sequence[Goal], kinds: Sequence[str]) -> tuple[Goal, ...]:
    """One open goal an indicator, of the first kind that is."""
    best: dict[str, Goal] = {}
    for goal in sorted(found, key=lambda goal: kinds.index(goal.kind)):
        if goal.state == "open":
            best.setdefault(goal.code, goal)
    return tuple(best[goal.code] for goal in found if best.get(goal.code) is goal)


def _check(case: Case, city: str, wanted: int, efforts: Mapping[str, float], ranks: Any) -> None:
    problems = []
    if city not in case.cities:
        problems.append(Problem(city, "city-unknown", {"value": city}))
    elif not case.placed[case.cities.index(city)]:
        problems.append(Problem(city, "city-not-ranked", {"value": city}))
    known = ~np.isnan(ranks)
    if city in case.cities and case.placed[case.cities.index(city)]:
        known[case.cities.index(city)] = True  # without a score yet, it can come to have a place
    count = int(known.sum())
    if not 1 <= wanted <= max(count, 1):
        problems.append(Problem(city, "no-such-rank", {"value": wanted, "ranked": count}))
    for code, effort in efforts.items():
        if code not in case.tree.indicators:
            problems.append(Problem(code, "indicator-unknown", {"value": code}))
        if not 0 < effort < float("inf"):
            problems.append(Problem(code, "effort-not-positive", {"value": effort}))
    if problems:
        raise ScoringError(problems)
