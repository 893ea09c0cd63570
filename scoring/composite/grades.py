"""Grades and tiers: bands of cities by score, by place, by share or by natural breaks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.keys import key, one_of
from scoring.composite.natural_breaks import natural_breaks
from scoring.composite.problems import Problem
from scoring.composite.rank import HALF_NOISE, rank
from scoring.composite.records import numbers, texts

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats


@dataclass(frozen=True)
class Grades:
    """How cities are put into bands; ``names`` from the best band down.

    ``limits`` are one fewer than names: the lowest score, the last place or the cumulative share
    of cities of each band but the last (natural breaks need none). ``boundary``: whether a score
    or a place exactly on a limit belongs to the "upper" or the "lower" band. ``rounding``: which
    whole number of cities a share is. ``ties``: cities level across a limit of place or share all
    go to the "upper" or the "lower" band; they are never parted.
    """

    by: str = key("none", one_of("none", "score", "rank", "share", "natural-breaks"))
    names: tuple[str, ...] = key((), texts)
    limits: tuple[float, ...] = key((), numbers)
    boundary: str = key("upper", one_of("upper", "lower"))
    rounding: str = key("nearest", one_of("nearest", "down", "up"))
    ties: str = key("upper", one_of("upper", "lower"))


@dataclass(frozen=True)
class Graded:
    """``bands`` (n_cities,) from 0 for the best, −1 for none; ``limits`` as they were applied:
    lowest scores, or last places, one a band but the last."""

    names: tuple[str, ...]
    bands: tuple[int, ...]
    limits: tuple[float, ...]

    @property
    def grades(self) -> tuple[str | None, ...]:
        """The name of each city's band; None for a city that is not ranked."""
        return tuple(None if band < 0 else self.names[band] for band in self.bands)


def grade(scores: Floats, policy: Grades) -> Graded:
    """Put every city with a score into its band.

    Parameters
    ----------
    scores : (n_cities,) array
        NaN for a city that takes no part. Rounded already where ranks are on rounded scores: a
        score is compared as it is given.
    policy : Grades
        ``by`` is not "none".

    Returns
    -------
    Graded

    Raises
    ------
    ValueError
        If the policy contradicts itself (see `grades_problems`).

    Notes
    -----
    A city's place is 1 + the number strictly ahead; cities with the same score have the same place
    and, by ``ties``, count by it or by the last place that they share. A share s of n cities ends
    at place s·n, rounded; half is rounded up.

    References
    ----------
    .. [1] G. F. Jenks, Int. Yearb. Cartogr. 7 (1967) 186–190, for natural breaks.
    """
    if policy.by == "none" or grades_problems(policy):
        raise ValueError("these bands cannot be made")
    if policy.by in ("score", "natural-breaks"):
        limits = list(policy.limits)
        upper = policy.boundary == "upper"
        if policy.by == "natural-breaks":
            limits = natural_breaks(scores, len(policy.names)).tolist()[:-1]
            upper = True  # a limit is a city's own score
        behind = [scores < limit if upper else scores <= limit for limit in limits]
    else:
        places = rank(scores, ties="min" if policy.ties == "upper" else "max")
        count = int(np.sum(~np.isnan(scores)))
        upper = policy.boundary == "upper" or policy.by == "share"
        limits = list(policy.limits)
        if policy.by == "share":
            limits = [float(_whole(limit * count, policy.rounding)) for limit in limits]
        behind = [places > limit if upper else places >= limit for limit in limits]
    bands = np.sum(behind, axis=0) if behind else np.zeros(scores.shape, dtype=int)
    bands = np.where(np.isnan(scores), -1, bands)
    return Graded(policy.names, tuple(int(band) for band in bands), tuple(limits))


def grades_problems(policy: Grades) -> list[Problem]:
    """What single keys cannot show."""
    if policy.by == "none":
        return []
    found = []
    if not policy.names:
        found.append(Problem("grades.names", "missing-key", {"because": policy.by}))
    wanted = 0 if policy.by == "natural-breaks" else max(len(policy.names) - 1, 0)
    if len(policy.limits) != wanted:
        facts = {"value": len(policy.limits), "expected": wanted, "names": len(policy.names)}
        found.append(Problem("grades.limits", "limits-count", facts))
    steps = list(zip(policy.limits, policy.limits[1:], strict=False))
    falling = policy.by == "score"
    if any(one <= two if falling else one >= two for one, two in steps):
        found.append(
            Problem(
                "grades.limits", "limits-order", {"value": list(policy.limits), "by": policy.by}
            )
        )
    if policy.by in ("share", "rank"):
        high = 1 if policy.by == "share" else None
        found += [
            Problem("grades.limits", "out-of-range",
                    {"value": limit, "low": 0, "high": high, "above": True})
            for limit in policy.limits
            if limit <= 0 or (high is not None and limit > high)
        ]  # fmt: skip
    return found


def _whole(number: float, rounding: str) -> int:
    """A number of cities; what rounding noise left of a whole number is that number."""
    near = round(number)
    if abs(number - near) < HALF_NOISE:
        return near
    if rounding == "nearest":
        return math.floor(number + 0.5 + HALF_NOISE)
    return math.floor(number) if rounding == "down" else math.ceil(number)
