"""What a city could aim at in each indicator, in the unit in which it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.problems import Problem, ScoringError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.composite.sheet import Floats, ScoreSheet
    from scoring.whatif.case import Case

GOALS = ("target", "zone-best", "province-best", "next-better")


@dataclass(frozen=True, slots=True)
class Goal:
    """One aim in one indicator.

    ``value`` is the present one (None when missing), ``aim`` what it would be, and ``raw`` what
    to write into the raw values for that (other only where there is a denominator). ``state``:
    "open", or why there is nothing to gain: "reached" (the aim is no better than the value),
    "no-aim" (no target, no zone, nobody better) or "not-applicable". ``of`` is the city whose
    value it is.
    """

    code: str
    kind: str
    state: str
    value: float | None
    aim: float | None = None
    raw: float | None = None
    of: str = ""


def goals(
    case: Case,
    sheet: ScoreSheet,
    city: str,
    kinds: Sequence[str] = GOALS,
    zones: Mapping[str, str] | None = None,
) -> tuple[Goal, ...]:
    """Every aim of *city*, indicator by indicator.

    Parameters
    ----------
    case : Case
    sheet : ScoreSheet
        What the case scores to.
    city : str
    kinds : sequence of str
        Of ``GOALS``: the framework's target, the best value in the city's zone or in the province,
        the nearest better value of another city. Best and better look at ranked cities only.
    zones : mapping of city to zone, optional

    Raises
    ------
    ScoringError
        For an unknown city or kind.
    """
    i = case.row(city)
    unknown = [kind for kind in kinds if kind not in GOALS]
    if unknown:
        raise ScoringError(
            [Problem(kind, "not-allowed", {"value": kind, "allowed": GOALS}) for kind in unknown]
        )
    tree = case.tree
    at = {code: k for k, code in enumerate(tree.codes)}
    judged, divisors = _judged(case, sheet)
    usable = np.where(case.absent, np.nan, judged)
    zone = (zones or {}).get(city)
    found = []
    for j, code in enumerate(tree.indicators):
        sign, target = tree.directions[at[code]], tree.target[at[code]]
        column = usable[:, j] * sign
        held = None if np.isnan(column[i]) else float(usable[i, j])
        peers = [k for k in range(len(case.cities)) if k != i and case.placed[k]]
        peers = sorted((k for k in peers if column[k] == column[k]), key=lambda k: case.cities[k])
        near = [k for k in peers if zone and (zones or {}).get(case.cities[k]) == zone]
        better = [k for k in peers if held is not None and column[k] > column[i]]
        for kind in kinds:
            if case.absent[i, j]:
                found.append(Goal(code, kind, "not-applicable", None))
                continue
            who = {
                "zone-best": max(near, key=lambda k: column[k], default=None),
                "province-best": max(peers, key=lambda k: column[k], default=None),
                "next-better": min(better, key=lambda k: column[k], default=None),
            }.get(kind)
            aim = target if kind == "target" else None if who is None else float(usable[who, j])
            if aim is None:
                found.append(Goal(code, kind, "no-aim", held))
                continue
            reached = held is not None and sign * aim <= sign * held
            raw = float(aim * divisors[i, j])
            state = "reached" if reached else "open" if raw == raw else "no-aim"
            of = "" if who is None else case.cities[who]
            found.append(Goal(code, kind, state, held, aim, raw, of))
    return tuple(found)


def _judged(case: Case, sheet: ScoreSheet) -> tuple[Floats, Floats]:
    """Values in the unit of goalposts and targets, and what a raw value is divided by for it."""
    judged, divisors = sheet.denominated, sheet.divisors
    if judged is None or divisors is None:
        return sheet.raw, np.ones(sheet.raw.shape)
    named = dict(zip(case.tree.codes, case.tree.denominators, strict=False))
    has = np.array([bool(named.get(code)) for code in case.tree.indicators])
    return judged, np.where(has, divisors, 1.0)
