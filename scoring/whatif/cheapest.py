"""Which items are the cheapest that suffice: an integer program, or a search that scores."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from scoring.composite.adjust_policy import Adjust
from scoring.composite.aggregate import kinds_of
from scoring.composite.tree_order import levels
from scoring.composite.weighting.policy import Weights
from scoring.whatif.quick import AT_ONCE, quick

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats
    from scoring.whatif.items import Items

MARGINS = (0.0, 1e-6, 1e-5)  # of a score: a solver's tolerance must not pass for a place
NODES = 100_000  # of the solver's tree: a count, so that no clock decides what is found
QUICKER = 100  # sets that are aggregated in the time of a scoring


def additive(items: Items) -> bool:
    """Whether the items' changes add up exactly, and places are counted as the program does."""
    case, sheet = items.case, items.before
    how, places = case.method.aggregate, case.method.rank
    columns = [sheet.indicators.index(goal.code) for goal in items.goals]
    rules = {case.method.impute.method, *case.tree.missing}
    if not (
        set(kinds_of(how, len(levels(case.tree)))) == {"arithmetic"}
        and case.method.weights == Weights()
        and case.method.adjust == Adjust()
        and places.ties == "min"
        and places.decimals is None
        and not any(rule.startswith("siblings") for rule in rules)
        and not np.isnan(sheet.raw[items.row, columns]).any()
        and not np.isnan(sheet.scores[items.row, items.root])
    ):
        return False
    # weights that follow the data, or a rule not thought of here, would show in the whole
    whole = items.scored(range(len(items.goals))).scores - sheet.scores
    together = items.changes().sum(axis=1)
    return bool(np.allclose(whole[:, items.root], together, atol=1e-8, rtol=0, equal_nan=True))


def cover(items: Items) -> tuple[Sequence[int] | None, str]:
    """The cheapest set by an integer program, of equally cheap ones the one that gains most.

    Returns the set and "program"; None and "impossible" when none suffices; None and "not-found"
    when the solver gave up or its answer did not stand when it was scored.

    Notes
    -----
    With x the items, s the scores, D the changes and y the cities that stay above: minimise
    effort·x subject to ``s_city + D_city·x ≥ s_c + D_c·x − M_c·y_c`` for each other ranked city c,
    and ``Σ y ≤ wanted − 1``.
    """
    changes = items.changes()
    index = items.before.scores[:, items.root]
    ranked = ~np.isnan(items.before.ranks[:, items.root])
    rivals = [c for c in np.flatnonzero(ranked) if c != items.row]
    relative = changes[items.row] - changes[rivals]
    behind = index[rivals] - index[items.row]
    count = len(items.goals)
    reach = np.abs(behind) + np.abs(relative).sum(axis=1) + 1.0
    rows = np.hstack([relative, np.diag(reach)])
    above = np.concatenate([np.zeros(count), np.ones(len(rivals))])
    effort = np.concatenate([items.efforts, np.zeros(len(rivals))])
    gain = np.concatenate([changes[items.row], np.zeros(len(rivals))])
    scale = max(1.0, float(np.abs(index[ranked]).max()))
    for margin in MARGINS:
        rules = [
            LinearConstraint(rows, lb=behind + margin * scale),
            LinearConstraint(above[None], ub=items.wanted - 1),
        ]
        cost = _solve(effort, rules)
        if cost is None:
            return None, "not-found"
        if not cost.size:
            return None, "impossible"
        spent = float(effort @ cost)
        most = LinearConstraint(effort[None], ub=spent * (1 + 1e-9) + 1e-9)
        best = _solve(-gain, [*rules, most])
        for answer in (best, cost):
            if answer is not None and answer.size:
                chosen = [i for i in range(count) if answer[i] > 0.5]
                if items.there(items.scored(chosen)):
                    return chosen, "program"
    return None, "not-found"


def _solve(objective: Floats, rules: Sequence[LinearConstraint]) -> Floats | None:
    """A 0–1 program: the answer, nothing when there is none, None when it was not settled."""
    made = milp(
        objective,
        constraints=rules,
        integrality=np.ones(objective.size),
        bounds=Bounds(0, 1),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if made.status == 2:
        return np.zeros(0)
    return np.round(made.x) if made.status == 0 and made.x is not None else None


def search(items: Items, budget: int) -> tuple[Sequence[int] | None, str]:
    """A greedy set, then every cheaper set in order of effort while the budget lasts.

    Returns the set with "search" (no cheaper one suffices) or "greedy" (perhaps one does); None and
    "not-found" when not even all items together suffice.
    """
    if not items.goals:
        return None, "not-found"
    order = _strongest_first(items)
    greedy = _greedy(items, order)
    if greedy is None:
        return None, "not-found"
    ceiling = float(items.efforts[greedy].sum())
    fast = quick(items)
    step, most = (AT_ONCE, budget * QUICKER) if fast else (1, max(0, budget - items.scorings))
    cheaper = _by_effort(items.efforts, sorted(order, key=lambda i: items.efforts[i]), ceiling)
    tried = 0
    while True:
        some = list(islice(cheaper, min(step, most - tried)))
        if not some:
            return greedy, "search" if next(cheaper, None) is None else "greedy"
        tried += len(some)
        suffices = fast.there(some) if fast else [items.there(items.scored(some[0]))]
        for chosen in (each for each, enough in zip(some, suffices, strict=True) if enough):
            if items.there(items.scored(chosen)):
                return chosen, "search"


def _by_effort(efforts: Floats, order: Sequence[int], ceiling: float) -> Iterator[list[int]]:
    """Every set with less effort than *ceiling*, the least first; *order* is by effort."""
    heap: list[tuple[float, tuple[int, ...]]] = [(float(efforts[order[0]]), (0,))]
    while heap:
        spent, chosen = heapq.heappop(heap)
        if spent >= ceiling - 1e-12:
            return
        yield [order[i] for i in chosen]
        last = chosen[-1] + 1
        if last < len(order):
            more = float(efforts[order[last]])
            heapq.heappush(heap, (spent + more, (*chosen, last)))
            swapped = spent - float(efforts[order[chosen[-1]]]) + more
            heapq.heappush(heap, (swapped, (*chosen[:-1], last)))


def _strongest_first(items: Items) -> list[int]:
    """Items by falling gain for an effort; a city without a score gains what it would get."""
    alone = [items.scored([i]).scores[items.row, items.root] for i in range(len(items.goals))]
    now = items.before.scores[items.row, items.root]
    gain = np.nan_to_num(np.array(alone) - (0.0 if now != now else now)) / items.efforts
    return sorted(range(len(items.goals)), key=lambda i: (-gain[i], items.goals[i].code))


def _greedy(items: Items, order: Sequence[int]) -> list[int] | None:
    """The strongest items until the place is reached, then without those not needed."""
    chosen: list[int] = []
    for i in order:
        chosen.append(i)
        if items.there(items.scored(chosen)):
            break
    else:
        return None
    for i in sorted(chosen, key=lambda i: -items.efforts[i]):
        rest = [other for other in chosen if other != i]
        if rest and items.there(items.scored(rest)):
            chosen = rest
    return chosen
