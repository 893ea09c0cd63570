"""The cheapest set as an integer program, where the items' changes add up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from scoring.composite.adjust_policy import Adjust
from scoring.composite.aggregate import kinds_of
from scoring.composite.tree_order import levels
from scoring.composite.weighting.policy import Weights
from scoring.whatif.quick import Quick, quick

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats
    from scoring.whatif.items import Items

Set = tuple[Sequence[int] | None, str]
MARGINS = (0.0, 1e-6, 1e-5)  # of a score: a solver's tolerance must not pass for a place
NODES = 100_000  # of the solver's tree: a count, so that no clock decides what is found
MOST_GAPS = 7  # cells without a value whose filling is gone through: 128 programs
EVEN = 1e-12


def program(items: Items) -> Set:
    """The cheapest set, proved, with "program"; None and "impossible" when none suffices.

    None and "not-found" where no program can be written, the solver gave up, or its answer did
    not stand when it was scored.

    Notes
    -----
    Under arithmetic means a cell that has a value has a fixed weight, so its change adds to
    what the others change, for every city. Filling a gap moves the weights of its siblings; with
    few gaps, each choice of gaps to fill is a program of its own.
    """
    if not _adds_up(items):
        return None, "not-found"
    columns = [items.before.indicators.index(goal.code) for goal in items.goals]
    gaps = np.flatnonzero(np.isnan(items.before.normalised[items.row, columns]))
    if not gaps.size:
        # weights that follow the data, or a rule not thought of here, would show in the whole
        whole = items.scored(range(len(items.goals))).scores - items.before.scores
        together = items.changes().sum(axis=1)
        same = np.allclose(whole[:, items.root], together, atol=1e-8, rtol=0, equal_nan=True)
        return cover(items) if same else (None, "not-found")
    fast = quick(items) if gaps.size <= MOST_GAPS else None
    return _gap_by_gap(items, fast, gaps.tolist()) if fast else (None, "not-found")


def _adds_up(items: Items) -> bool:
    """Whether the rules let changes add up, and places are counted as the program does."""
    case, sheet = items.case, items.before
    how, places = case.method.aggregate, case.method.rank
    rules = {case.method.impute.method, *case.tree.missing}
    return (
        set(kinds_of(how, len(levels(case.tree)))) == {"arithmetic"}
        and case.method.weights == Weights()
        and case.method.adjust == Adjust()
        and places.ties == "min"
        and places.decimals is None
        and not any(rule.startswith("siblings") for rule in rules)
        and not np.isnan(sheet.scores[items.row, items.root])
    )


def cover(items: Items) -> Set:
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


def _gap_by_gap(items: Items, fast: Quick, gaps: list[int]) -> Set:
    """For every choice of gaps to fill, the cheapest of the other items; nobody else moves."""
    index = items.before.scores[:, items.root]
    ranked = ~np.isnan(items.before.ranks[:, items.root])
    ranked[items.row] = False
    rivals = np.sort(index[ranked])[::-1]
    need = rivals[items.wanted - 1] if items.wanted <= rivals.size else -np.inf
    rest = [i for i in range(len(items.goals)) if i not in gaps]
    fills = [list(some) for size in range(len(gaps) + 1) for some in combinations(gaps, size)]
    fills.sort(key=lambda some: float(items.efforts[some].sum()))
    best: list[int] | None = None
    ceiling = np.inf
    for some in fills:
        filled = float(items.efforts[some].sum())
        if filled >= ceiling - EVEN:
            break
        base, *alone = fast.index([some, *([*some, i] for i in rest)]).tolist()
        if base != base:
            return None, "not-found"
        gain = np.array(alone) - base
        for margin in MARGINS:
            short = need + margin * max(1.0, abs(need)) - base
            chosen = _enough(items.efforts[rest], gain, short)
            if chosen is None:
                return None, "not-found"
            made = sorted([*some, *(rest[i] for i in chosen)])
            if not chosen and short > 0:
                break  # not even everything suffices
            if fast.there([made])[0]:
                if float(items.efforts[made].sum()) < ceiling - EVEN:
                    best, ceiling = made, float(items.efforts[made].sum())
                break
        else:
            return None, "not-found"
    if best is None:
        return None, "impossible"
    return (best, "program") if items.there(items.scored(best)) else (None, "not-found")


def _enough(efforts: Floats, gain: Floats, short: float) -> list[int] | None:
    """The cheapest items whose gains add up to *short*; none when nothing does or is needed."""
    if short <= 0 or not gain.size:
        return []
    rule = LinearConstraint(gain[None], lb=short)
    cost = _solve(efforts, [rule])
    if cost is None or not cost.size:
        return None if cost is None else []
    most = LinearConstraint(efforts[None], ub=float(efforts @ cost) * (1 + 1e-9) + 1e-9)
    best = _solve(-gain, [rule, most])
    answer = best if best is not None and best.size else cost
    return [int(i) for i in np.flatnonzero(answer > 0.5)]


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
