"""A way to a place, step by step: the strongest item for its effort first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.whatif.case import Case
    from scoring.whatif.goals import Goal
    from scoring.whatif.reach import Route


@dataclass(frozen=True, slots=True)
class Step:
    """One item of a way. ``score`` and ``rank`` are the city's once it and all before are done."""

    goal: Goal
    effort: float
    score: float
    rank: float


def steps(case: Case, route: Route, efforts: Mapping[str, float]) -> tuple[Step, ...]:
    """The items of *route* in order of what each alone brings for its effort.

    Every step is a scoring of its own, so the last is the outcome of the route.

    Parameters
    ----------
    case : Case
        The one that the route was found for.
    route : Route
    efforts : mapping of indicator code to float
        As in ``reach``; 1 where not given.

    Raises
    ------
    ScoringError
    """
    i = case.row(route.city)
    root = case.tree.codes.index(case.tree.root)
    now = float(route.outcome.scores[0][i])
    start = 0.0 if now != now else now
    alone = {
        goal.code: float(
            case.with_values(route.city, {goal.code: goal.raw}).score().scores[i, root]
        )
        for goal in route.items
    }

    def strength(goal: Goal) -> tuple[float, str]:
        gained = alone[goal.code] - start
        worth = float("-inf") if gained != gained else gained / efforts.get(goal.code, 1.0)
        return -worth, goal.code

    made, done = [], case
    for goal in sorted(route.items, key=strength):
        done = done.with_values(route.city, {goal.code: goal.raw})
        sheet = done.score()
        made.append(
            Step(
                goal,
                float(efforts.get(goal.code, 1.0)),
                float(sheet.scores[i, root]),
                float(sheet.ranks[i, root]),
            )
        )
    return tuple(made)
