"""Cases between two cases: some differences applied, the others not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from scoring.composite.sheet import Bools, Floats, Tree
from scoring.whatif.case import Case
from scoring.whatif.differences import SHAPE, UNSAID, Difference, differences

RULES = ("framework", "weights", "rule", "method", "groups", "input")


class Between:
    """Makes the case that has a set of differences; cities are the union of both, by code.

    ``merged`` maps a difference that stands for several to those.
    """

    def __init__(self, first: Case, second: Case, by: str = "observation") -> None:
        self.first, self.second = first, second
        self.single = differences(first, second)
        self.merged = _grouped(self.single, by)
        held = {each for parts in self.merged.values() for each in parts}
        self.found = tuple(sorted({*self.merged, *(d for d in self.single if d not in held)}))
        self.cities = tuple(sorted({*first.cities, *second.cities}))
        self.codes = tuple(dict.fromkeys((*first.tree.indicators, *second.tree.indicators)))
        self.held = [self._spread(case) for case in (first, second)]

    def merge(self, *, all_of_it: bool) -> tuple[Difference, ...]:
        """Fewer differences: the rules as one, or everything as one."""
        if all_of_it:
            one = Difference("everything")
            self.merged = {one: self.single}
            self.found = (one,)
            return self.found
        some = tuple(d for d in self.found if d.kind in RULES)
        one = Difference("rules")
        self.merged = {**self.merged, one: some}
        self.found = tuple(sorted({one, *(d for d in self.found if d not in set(some))}))
        return self.found

    def case(self, applied: Collection[Difference]) -> Case:
        """The first case with *applied* done to it."""
        done = {part for each in applied for part in self.merged.get(each, (each,))}
        first, second = self.first, self.second
        tree = self._tree(done)
        sections = {d.code: getattr(second.method, d.code) for d in done if d.kind == "method"}
        (values, absent), (new, went) = self.held
        values, absent = values.copy(), absent.copy()
        own = [i for i, city in enumerate(self.cities) if city not in first.cities]
        ours = [j for j, code in enumerate(self.codes) if code not in first.tree.indicators]
        values[own], absent[own] = new[own], went[own]
        values[:, ours], absent[:, ours] = new[:, ours], went[:, ours]
        gone = [i for i, city in enumerate(self.cities) if city not in second.cities]
        values[np.ix_(gone, ours)], absent[np.ix_(gone, ours)] = np.nan, False
        for each in done:
            if each.kind == "observation":
                i, j = self.cities.index(each.city), self.codes.index(each.code)
                values[i, j], absent[i, j] = new[i, j], went[i, j]
        rows = [i for i, city in enumerate(self.cities) if self._is_there(city, done)]
        columns = [self.codes.index(code) for code in tree.indicators]
        cells = np.ix_(rows, columns)
        cities = tuple(self.cities[i] for i in rows)
        return Case(
            tree=tree,
            cities=cities,
            values=values[cells],
            method=replace(first.method, **sections),
            not_applicable=absent[cells],
            groups=self._groups(cities, done),
            ranked=np.array([self._is_ranked(city, done) for city in cities], dtype=bool),
            more=self._more(cities, tree, done),
        )

    def _tree(self, done: Collection[Difference]) -> Tree:
        one, two = self.first.tree, self.second.tree
        if Difference("framework") in done:
            return two
        if one.codes != two.codes or one.parents != two.parents:
            return one
        weights = list(one.weights)
        for each in done:
            if each.kind == "weights":
                for child in one.children[each.code]:
                    at = one.codes.index(child)
                    weights[at] = two.weights[at]
        changed = {each.code for each in done if each.kind == "rule"}
        rules: dict[str, Any] = {"weights": tuple(weights)}
        for item in fields(Tree):
            sides = getattr(one, item.name), getattr(two, item.name)
            if item.name in SHAPE or sides[0] == sides[1]:
                continue
            empty = (UNSAID.get(item.name),) * len(one.codes)
            filled = [side or empty for side in sides]
            rules[item.name] = tuple(
                filled[code in changed][at] for at, code in enumerate(one.codes)
            )
        return replace(one, **rules)

    def _is_there(self, city: str, done: Collection[Difference]) -> bool:
        if Difference("city", city=city) in done:
            return city in self.second.cities
        return city in self.first.cities

    def _is_ranked(self, city: str, done: Collection[Difference]) -> bool:
        new = city not in self.first.cities or Difference("ranked", city=city) in done
        case = self.second if new else self.first
        return bool(case.placed[case.cities.index(city)])

    def _groups(
        self, cities: Collection[str], done: Collection[Difference]
    ) -> tuple[str | None, ...] | None:
        one, two = self.first, self.second
        if one.groups is None and two.groups is None:
            return None
        sides = [dict(zip(c.cities, c.groups or (), strict=False)) for c in (one, two)]
        ahead, behind = sides[::-1] if Difference("groups") in done else sides
        return tuple(ahead[city] if city in ahead else behind.get(city) for city in cities)

    def _more(
        self, cities: Sequence[str], tree: Tree, done: Collection[Difference]
    ) -> Mapping[str, Any]:
        """Other arguments, each from its own case, brought to *cities* and the tree's columns."""
        made = {}
        for name in {*self.first.more, *self.second.more}:
            new = Difference("input", name) in done or name not in self.first.more
            case, other = (self.second, self.first) if new else (self.first, self.second)
            if name in case.more:
                made[name] = _aligned(name, case, other, cities, tree.indicators)
        return made

    def _spread(self, case: Case) -> tuple[Floats, Bools]:
        """Values and what is not applicable over all cities and indicators of both."""
        shape = len(self.cities), len(self.codes)
        values, absent = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
        rows = [self.cities.index(city) for city in case.cities]
        columns = [self.codes.index(code) for code in case.tree.indicators]
        values[np.ix_(rows, columns)] = case.values
        absent[np.ix_(rows, columns)] = case.absent
        return values, absent


def _grouped(found: Sequence[Difference], by: str) -> Mapping[Difference, tuple[Difference, ...]]:
    """Observations of one indicator, or of one city, as one difference each."""
    if by == "observation":
        return {}
    groups: dict[Difference, list[Difference]] = {}
    for each in found:
        if each.kind == "observation":
            code, city = (each.code, "") if by == "indicator" else ("", each.city)
            groups.setdefault(Difference("observations", code, city), []).append(each)
    return {one: tuple(parts) for one, parts in groups.items()}


def _aligned(
    name: str, case: Case, other: Case, cities: Sequence[str], codes: Sequence[str]
) -> Any:
    """Columns over cities, and panels of cities and indicators, in the order asked for."""
    given, spare = case.more[name], other.more.get(name)
    if isinstance(given, Mapping):
        made = {}
        for key, column in given.items():
            beside = spare.get(key, ()) if isinstance(spare, Mapping) else ()
            held = dict(zip(other.cities, beside, strict=False))
            held |= dict(zip(case.cities, column, strict=True))
            made[key] = np.array([held.get(city, np.nan) for city in cities], dtype=float)
        return made
    block = getattr(given, "values", given)
    if not isinstance(block, np.ndarray) or block.ndim < 2:
        return given
    rows = [case.cities.index(city) if city in case.cities else -1 for city in cities]
    own = case.tree.indicators
    wide = _picked(_picked(block, rows, -2), [own.index(c) if c in own else -1 for c in codes], -1)
    if block is given:
        return wide
    replaced: dict[str, Any] = {"values": wide}
    if hasattr(given, "denominators"):  # of a panel: (n_periods, n_cities)
        columns = given.denominators.items()
        replaced["denominators"] = {key: _picked(column, rows, -1) for key, column in columns}
    return replace(given, **replaced)


def _picked(block: Floats, places: Sequence[int], axis: int) -> Floats:
    """Entries of *block* along *axis*; NaN for the place −1."""
    made = np.take(block, [max(place, 0) for place in places], axis=axis).astype(float)
    gaps = np.array([place < 0 for place in places])
    return np.where(gaps[:, None] if axis == -2 else gaps, np.nan, made)
