"""Who rated what, and how: the ratings that everything in this package starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.composite.problems import CompositeError, Problem
from scoring.composite.sheet import Floats

Places = NDArray[np.intp]

#: How values are compared: only whether they are equal, by their order, by their distance,
#: or by their distance in proportion to their size.
LEVELS = ("nominal", "ordinal", "interval", "ratio")


class RatersError(CompositeError):
    """Ratings that cannot be judged as asked."""


@dataclass(frozen=True)
class Ratings:
    """Ratings as parallel arrays, sorted by unit, item and rater.

    ``unit``, ``item`` and ``rater`` are ``(n_ratings,)`` places in the sorted codes ``units``,
    ``items`` and ``raters``; ``value`` is ``(n_ratings,)``, finite, in the scale's own numbers.
    A rater gives a unit at most one value for an item.
    """

    units: tuple[str, ...]
    items: tuple[str, ...]
    raters: tuple[str, ...]
    unit: Places
    item: Places
    rater: Places
    value: Floats

    @cached_property
    def categories(self) -> Floats:
        """Every value that occurs, ascending."""
        return np.unique(self.value)

    def table(self, item: str) -> Floats:
        """The ratings of one item as ``(n_units, n_raters)``; NaN where there is none."""
        made = np.full((len(self.units), len(self.raters)), np.nan)
        here = self.item == self.items.index(item)
        made[self.unit[here], self.rater[here]] = self.value[here]
        return made


def gather(
    units: Sequence[str], items: Sequence[str], raters: Sequence[str], values: Sequence[float]
) -> Ratings:
    """Ratings in any order, one entry a rating, as `Ratings`.

    Parameters
    ----------
    units, items, raters : sequence of str, each of length n_ratings
        What was looked at (a visit, a city), on which item, by whom.
    values : sequence of float, of length n_ratings

    Returns
    -------
    Ratings
        The same whatever the order of the input.

    Raises
    ------
    RatersError
        With ``wrong-shape`` when the lengths differ, ``no-ratings``, ``not-finite`` for each
        rating that is no number, and ``rated-twice`` for each repeated unit × item × rater.
    """
    lengths = {"units": len(units), "items": len(items), "raters": len(raters)}
    lengths["values"] = len(values)
    if len(set(lengths.values())) > 1:
        raise RatersError([Problem("ratings", "wrong-shape", lengths)])
    if not lengths["values"]:
        raise RatersError([Problem("ratings", "no-ratings")])
    value = np.asarray(values, dtype=np.float64)
    problems: list[Problem] = []
    seen: set[tuple[str, str, str]] = set()
    for key, number in zip(zip(units, items, raters, strict=True), value.tolist(), strict=True):
        facts = {"unit": key[0], "item": key[1], "rater": key[2]}
        if not np.isfinite(number):
            problems.append(Problem(key[0], "not-finite", facts))
        if key in seen:
            problems.append(Problem(key[0], "rated-twice", facts))
        seen.add(key)
    if problems:
        raise RatersError(problems)
    unit_codes, unit = _places(units)
    item_codes, item = _places(items)
    rater_codes, rater = _places(raters)
    order = np.lexsort((rater, item, unit))
    return Ratings(
        unit_codes, item_codes, rater_codes, unit[order], item[order], rater[order], value[order]
    )


def as_table(values: Floats, *, least_raters: int = 2, complete: bool = False) -> Floats:
    """*values* as a checked ``(n_units, n_raters)`` array, NaN for no rating.

    Raises
    ------
    RatersError
        With every problem: ``wrong-shape`` when it is no table, ``not-finite`` for infinite
        values, ``one-rater`` when fewer than *least_raters* rated anything, ``no-pairs`` when
        no unit was rated twice, and with *complete* ``incomplete`` when ratings are missing.
    """
    made = np.asarray(values, dtype=np.float64)
    if made.ndim != 2 or 0 in made.shape:
        raise RatersError([Problem("ratings", "wrong-shape", {"shape": made.shape})])
    problems = []
    given = ~np.isnan(made)
    infinite = int(np.isinf(made).sum())
    if infinite:
        problems.append(Problem("ratings", "not-finite", {"count": infinite}))
    active = int(given.any(axis=0).sum())
    if active < least_raters:
        problems.append(Problem("ratings", "one-rater", {"count": active, "least": least_raters}))
    elif not (given.sum(axis=1) > 1).any():
        problems.append(Problem("ratings", "no-pairs"))
    if complete and not given.all():
        problems.append(Problem("ratings", "incomplete", {"missing": int((~given).sum())}))
    if problems:
        raise RatersError(problems)
    return made


def _places(codes: Sequence[str]) -> tuple[tuple[str, ...], Places]:
    """The distinct codes, sorted, and where each entry stands among them."""
    known = sorted(set(codes))
    at = {code: place for place, code in enumerate(known)}
    return tuple(known), np.array([at[code] for code in codes], dtype=np.intp)
