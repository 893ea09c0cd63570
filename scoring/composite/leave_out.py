"""The ranking without one indicator, one dimension, one city: who moves, and who is reordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.aggregate import aggregate
from scoring.composite.method import Method
from scoring.composite.problems import ScoringError
from scoring.composite.rank import rank
from scoring.composite.score import score

if TYPE_CHECKING:
    from scoring.composite.sheet import Bools, Floats, ScoreSheet, Tree


@dataclass(frozen=True)
class LeftOut:
    """What moved when ``code`` was left out; ``kind`` is "indicator", "dimension" or "city".

    ``before`` and ``after`` are the places of every city, ``(n_cities,)``; NaN for a city
    without one and for the city that is left out. Without a city, ``before`` are the places
    among the others. ``failed`` is why it could not be scored, empty where it could.
    """

    kind: str
    code: str
    before: Floats
    after: Floats
    failed: str = ""

    @property
    def shifts(self) -> Floats:
        """Places lost (positive) or won (negative) by every city."""
        return np.asarray(self.after - self.before)

    @property
    def mean_shift(self) -> float:
        """Mean of the absolute shifts over the cities with a place before and after."""
        known = self.shifts[~np.isnan(self.shifts)]
        return float(np.abs(known).mean()) if known.size else float("nan")

    @property
    def largest(self) -> float:
        """Largest absolute shift."""
        known = self.shifts[~np.isnan(self.shifts)]
        return float(np.abs(known).max()) if known.size else float("nan")

    @property
    def reorders(self) -> bool:
        """Whether the order of the cities (of the other cities) is another one."""
        one, two = self.before[:, None] - self.before, self.after[:, None] - self.after
        known = ~(np.isnan(one) | np.isnan(two))
        return bool((np.sign(one) != np.sign(two))[known].any())

    def summary(self, cities: Sequence[str]) -> dict[str, Any]:
        """Plain facts: who moved most and every shift that is not zero."""
        moved = {
            city: float(shift)
            for city, shift in zip(cities, self.shifts, strict=True)
            if shift == shift and shift != 0
        }
        return {
            "kind": self.kind,
            "code": self.code,
            "mean_rank_shift": self.mean_shift,
            "largest": self.largest,
            "reorders": self.reorders,
            "shifts": moved,
            "failed": self.failed,
        }


def leave_out(
    tree: Tree,
    cities: Sequence[str],
    values: Floats,
    method: Method | None = None,
    **given: Any,
) -> tuple[LeftOut, ...]:
    """Score again without each node below the index and without each ranked city.

    Parameters
    ----------
    tree, cities, values, method
        As in ``score``.
    **given
        Whatever else ``score`` was given: ``not_applicable``, ``groups``, ``ranked``, ….

    Returns
    -------
    tuple of LeftOut
        Indicators, then dimensions in tree order, then cities in the order given.

    Raises
    ------
    ScoringError
        As ``score``.

    Notes
    -----
    A node that is left out gives its weight to its siblings; the values imputed for the others
    stay. A city that is left out is in no mean, minimum or maximum any more: everything from
    imputation on is computed again.

    References
    ----------
    .. [1] COINr 1.1, vignette "Sensitivity analysis": remove_elements.
    """
    method = method or Method()
    once = replace(
        method,
        uncertainty=replace(method.uncertainty, draws=0),
        sensitivity=replace(method.sensitivity, base=0),
    )
    given = {name: value for name, value in given.items() if name not in ("errors", "workers")}
    sheet = score(tree, cities, values, once, **given)
    nodes = without_nodes(tree, sheet, once)
    return (*nodes, *_without_cities(tree, sheet, np.asarray(values), once, given))


def without_nodes(tree: Tree, sheet: ScoreSheet, method: Method) -> tuple[LeftOut, ...]:
    """The ranking without each indicator and each dimension; *sheet* is the scoring with all."""
    root = tree.codes.index(tree.root)
    placed = np.ones(len(sheet.cities), bool) if sheet.ranked is None else sheet.ranked
    before = sheet.ranks[:, root]
    dimensions = [code for code in tree.codes if tree.children[code] and code != tree.root]
    found = []
    for code in (*tree.indicators, *dimensions):
        under = _leaves(tree, code)
        columns = [j for j, leaf in enumerate(tree.indicators) if leaf in under]
        normalised, absent = sheet.normalised.copy(), sheet.not_applicable.copy()
        normalised[:, columns], absent[:, columns] = np.nan, True
        scores, _ = aggregate(tree, normalised, method.aggregate, not_applicable=absent)
        after = _places(scores[:, root], method, placed)
        kind = "dimension" if tree.children[code] else "indicator"
        left = "" if not np.isnan(after).all() else "nothing-left"
        found.append(LeftOut(kind, code, before, after, left))
    return tuple(found)


def _without_cities(
    tree: Tree, sheet: ScoreSheet, values: Floats, method: Method, given: Mapping[str, Any]
) -> Iterator[LeftOut]:
    root = tree.codes.index(tree.root)
    placed = np.ones(len(sheet.cities), bool) if sheet.ranked is None else sheet.ranked
    for i, city in enumerate(sheet.cities):
        if np.isnan(sheet.ranks[i, root]):
            continue
        rest = [k for k in range(len(sheet.cities)) if k != i]
        before, after = np.full((2, len(sheet.cities)), np.nan)
        if not rest:
            yield LeftOut("city", city, before, after, "nothing-left")
            continue
        before[rest] = _places(sheet.scores[rest, root], method, placed[rest])
        failed = ""
        try:
            some = {name: _rows(name, value, rest) for name, value in given.items()}
            names = [sheet.cities[k] for k in rest]
            after[rest] = score(tree, names, values[rest], method, **some).ranks[:, root]
        except ScoringError as error:
            failed = error.problems[0].code
        yield LeftOut("city", city, before, after, failed)


def _rows(name: str, value: Any, rest: Sequence[int]) -> Any:
    """Some cities of whatever ``score`` takes by city."""
    if value is None:
        return None
    if name == "groups":
        return [value[k] for k in rest]
    if name == "denominators":
        return {column: np.asarray(numbers)[rest] for column, numbers in value.items()}
    if name == "panel":
        under = {column: np.asarray(table)[:, rest] for column, table in value.denominators.items()}
        return replace(value, values=value.values[:, rest], denominators=under)
    return np.asarray(value)[rest]


def _places(scores: Floats, method: Method, placed: Bools) -> Floats:
    return rank(scores, ties=method.rank.ties, decimals=method.rank.decimals, ranked=placed)


def _leaves(tree: Tree, code: str) -> set[str]:
    """The indicators under a node, or the indicator itself."""
    found, open_ = set(), [code]
    while open_:
        node = open_.pop()
        open_.extend(tree.children[node])
        if not tree.children[node]:
            found.add(node)
    return found
