"""Which ratings can say something about severity, and whether they hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.composite.problems import Problem
from scoring.composite.sheet import Bools, Floats
from scoring.raters.ratings import Places, RatersError, Ratings

MOST_CATEGORIES = 25


@dataclass(frozen=True)
class Design:
    """Ratings made ready for the model.

    ``step`` is ``(n_ratings,)``: the category of each rating, 0 to ``top``; ``steps`` are the
    values of the categories. ``active`` marks the ratings that inform the estimation;
    ``extreme_units``, ``extreme_items`` and ``extreme_raters`` those set aside because all that
    was said of (or by) them is the lowest or the highest category. ``merged`` are values that
    only occur in what was set aside, and the value they count as.
    """

    ratings: Ratings
    step: Places
    steps: Floats
    active: Bools
    extreme_units: Bools
    extreme_items: Bools
    extreme_raters: Bools
    merged: tuple[tuple[float, float], ...]

    @property
    def top(self) -> int:
        """Number of the highest category; the lowest is 0."""
        return len(self.steps) - 1


def prepare(ratings: Ratings) -> Design:
    """Find categories and extremes, and refuse what the model cannot compare.

    Values are the scale's categories in ascending order; one that nobody used is closed up.
    A unit rated only in the lowest or only in the highest category, and a rater or an item of
    which the same holds among the other units, has no finite place and is set aside, until
    nothing extreme is left.

    Raises
    ------
    RatersError
        With every problem: ``one-rater``, ``one-unit``, ``too-many-categories`` (a measurement,
        not a rating scale), ``all-the-same``; ``all-extreme`` when nothing is left to compare;
        ``disconnected`` with the groups of raters that no chain of units rated in common links,
        each with its units; ``disconnected-items`` with the groups of items of which the same
        holds.
    """
    problems = []
    if len(ratings.raters) < 2:
        problems.append(Problem("raters", "one-rater", {"count": len(ratings.raters), "least": 2}))
    if len(ratings.units) < 2:
        problems.append(Problem("units", "one-unit"))
    size = len(ratings.categories)
    if size > MOST_CATEGORIES:
        facts = {"count": size, "most": MOST_CATEGORIES}
        problems.append(Problem("values", "too-many-categories", facts))
    if size < 2:
        problems.append(Problem("values", "all-the-same", {"value": float(ratings.value[0])}))
    if problems:
        raise RatersError(problems)
    design = _set_aside(ratings)
    groups = groups_of(design)
    if len(groups["raters"]) > 1 or len(groups["items"]) > 1:
        raise RatersError(_disconnected(design, groups))
    return design


def groups_of(design: Design) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Groups of raters, and of items, that can be compared among themselves only.

    Notes
    -----
    Given its total, a unit informs about differences between its (item, rater) pairs only. Two
    raters are comparable when every combination of severities that no unit can see treats both
    alike: when they have the same place in the null space of those differences. This covers
    links through items as well as through units, and is exact where following chains is not.

    References
    ----------
    .. [1] D. L. Weeks, D. R. Williams, Technometrics 6 (1964) 319-324: connectedness.
    """
    ratings, active = design.ratings, design.active
    raters, items = len(ratings.raters), len(ratings.items)
    unit, item = ratings.unit[active], ratings.item[active]
    rater = ratings.rater[active]
    size = items + raters
    sums = np.zeros((len(ratings.units), size))
    np.add.at(sums, (unit, item), 1.0)
    np.add.at(sums, (unit, items + rater), 1.0)
    count = np.bincount(unit, minlength=len(ratings.units)).astype(np.float64)
    seen = np.zeros((size, size))
    for one, two in ((item, item), (rater + items, rater + items), (item, rater + items)):
        np.add.at(seen, (one, two), 1.0)
    seen[items:, :items] = seen[:items, items:].T
    seen -= np.einsum("up,uq->pq", sums / np.maximum(count, 1)[:, None], sums)
    roots, vectors = np.linalg.eigh(seen)
    null = vectors[:, roots < 1e-9 * max(1.0, float(roots[-1]))]
    # the place of an element in the null space, free of the choice of its basis
    place = np.einsum("pi,qi->pq", null, null)
    return {
        "items": _alike(ratings.items, place[:items], np.bincount(item, minlength=items) > 0),
        "raters": _alike(ratings.raters, place[items:], np.bincount(rater, minlength=raters) > 0),
    }


def _alike(codes: Sequence[str], place: Floats, used: Bools) -> tuple[tuple[str, ...], ...]:
    groups: list[tuple[Floats, list[str]]] = []
    for at in np.flatnonzero(used).tolist():
        for where, members in groups:
            if np.abs(where - place[at]).max() < 1e-7:
                members.append(codes[at])
                break
        else:
            groups.append((place[at], [codes[at]]))
    return tuple(tuple(members) for _, members in groups)


def _disconnected(design: Design, groups: dict[str, tuple[tuple[str, ...], ...]]) -> list[Problem]:
    ratings = design.ratings
    problems = []
    if len(groups["raters"]) > 1:
        units = []
        for members in groups["raters"]:
            whose = np.isin(ratings.rater, [ratings.raters.index(code) for code in members])
            units.append(tuple(ratings.units[at] for at in np.unique(ratings.unit[whose])))
        facts = {"groups": groups["raters"], "units": tuple(units)}
        problems.append(Problem("raters", "disconnected", facts))
    if len(groups["items"]) > 1:
        facts = {"groups": groups["items"]}
        problems.append(Problem("items", "disconnected-items", facts))
    return problems


def _set_aside(ratings: Ratings) -> Design:
    active = np.ones(len(ratings.value), dtype=bool)
    extreme = {
        "unit": np.zeros(len(ratings.units), dtype=bool),
        "item": np.zeros(len(ratings.items), dtype=bool),
        "rater": np.zeros(len(ratings.raters), dtype=bool),
    }
    while True:
        steps = np.unique(ratings.value[active])
        if len(steps) < 2:
            raise RatersError([Problem("units", "all-extreme")])
        step = np.clip(np.searchsorted(steps, ratings.value), 0, len(steps) - 1)
        before = int(active.sum())
        for name, found in extreme.items():
            place = getattr(ratings, name)
            count = np.bincount(place[active], minlength=len(found))
            total = np.bincount(place[active], weights=step[active], minlength=len(found))
            ends = (total == 0) | (total == (len(steps) - 1) * count)
            found |= (count > 0) & ends
            active &= ~found[place]
        if int(active.sum()) == before:
            break
    gone = [value for value in ratings.categories.tolist() if value not in set(steps.tolist())]
    merged = tuple(
        (value, float(steps[min(int(np.searchsorted(steps, value)), len(steps) - 1)]))
        for value in gone
    )
    # a unit with a single rating left compares nothing, but is not extreme
    alone = np.bincount(ratings.unit[active], minlength=len(ratings.units)) == 1
    active &= ~alone[ratings.unit]
    if not active.any():
        raise RatersError([Problem("units", "no-pairs")])
    return Design(
        ratings, step.astype(np.intp), steps, active,
        extreme["unit"], extreme["item"], extreme["rater"], merged,
    )  # fmt: skip
