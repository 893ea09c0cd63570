"""How sure a gain is: where the city would stand in every draw, and whether it would rise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.challengers.policy import Challengers
from scoring.composite.grades import Grades
from scoring.composite.plan import Sensitivity, Uncertainty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Floats
    from scoring.whatif.case import Case
    from scoring.whatif.goals import Goal

DRAWS = 1000
BUDGET = 45_000_000  # numbers drawn for one city: about a second


@dataclass(frozen=True, slots=True)
class Chance:
    """The place with a goal reached over the draws: 5th, 50th and 95th percentile.

    ``rise`` is the share of draws in which it is better than without the goal, both drawn with
    the same numbers.
    """

    low: float
    median: float
    high: float
    rise: float


def drawn(case: Case, most: int = DRAWS) -> Case:
    """The case with what decides its draws: the method's own plan, at most *most* draws.

    A method that draws nothing gets its weights varied. What does not move a place is left out.
    """
    plan = case.method.uncertainty
    if plan.draws:
        plan = replace(plan, draws=min(plan.draws, most))
    else:
        plan = Uncertainty(draws=most, vary=("weights",))
    method = replace(
        case.method,
        uncertainty=plan,
        sensitivity=Sensitivity(),
        challengers=Challengers(),
        grades=Grades(),
    )
    return replace(case, method=method)


def affordable(case: Case, most: int = DRAWS) -> int:
    """How many goals can be drawn for within the budget; at least 1."""
    draws = drawn(case, most).method.uncertainty.draws
    return max(1, BUDGET // max(1, draws * case.values.size))


def chances(
    case: Case, city: str, goals: Sequence[Goal], *, draws: int = DRAWS
) -> dict[tuple[str, float], Chance]:
    """By code and raw value, the chance of each open goal of *goals*.

    Parameters
    ----------
    case : Case
    city : str
    goals : sequence of Goal
        Each is a simulation of its own; goals that write the same value share one.
    draws : int
        At most so many; fewer where the method asks for fewer.

    Returns
    -------
    dict
        Empty for a city without a place in the draws.

    Raises
    ------
    ScoringError
    """
    wanted = {(g.code, g.raw) for g in goals if g.state == "open" and g.raw is not None}
    if not wanted:
        return {}
    ready = drawn(case, draws)
    before = _places(ready, city)
    found = {}
    for code, raw in sorted(wanted):
        after = _places(ready.with_values(city, {code: raw}), city)
        both = ~np.isnan(before) & ~np.isnan(after)
        if not both.any():
            continue
        low, middle, high = np.percentile(after[both], [5, 50, 95]).tolist()
        found[code, raw] = Chance(low, middle, high, float(np.mean(after[both] < before[both])))
    return found


def _places(case: Case, city: str) -> Floats:
    """The city's place in every draw; NaN in a draw that failed."""
    sheet = case.score(draws=True)
    assert sheet.draws is not None  # the plan draws
    return sheet.draws.ranks[:, sorted(sheet.cities).index(city)].astype(float)
