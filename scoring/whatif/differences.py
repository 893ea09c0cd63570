"""What differs between two cases, each difference to be applied alone or with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.method import Method
from scoring.whatif.outcome import plain

if TYPE_CHECKING:
    from scoring.whatif.case import Case

# sections and arguments that look at scores and change none
WATCHING = ("grades", "challengers", "uncertainty", "sensitivity", "audit")
BESIDE = ("errors", "workers")
SHAPE = ("codes", "parents", "weights")
# what a tree says of a node where it leaves a rule out altogether; None for the others
UNSAID: Mapping[str, Any] = {
    "normalise": "", "missing": "", "transform": "", "denominators": "", "per": 1.0,
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Difference:
    """One change from the first case to the second.

    ``kind``: "observation" (``city`` and ``code``), "city" (only one case has it), "ranked"
    (evaluated but not ranked, or the other way), "weights" (of the children of ``code``), "rule"
    (``code``'s direction, goalposts, target and the like), "method" (``code`` is the section),
    "groups", "input" (``code`` names another argument of ``score``), "framework" (nodes come, go
    or move: the whole tree), or one that stands for several: "observations" (of ``code`` or of
    ``city``), "rules", "everything".
    """

    kind: str
    code: str = ""
    city: str = ""


def differences(first: Case, second: Case) -> tuple[Difference, ...]:
    """Everything that differs, in an order that does not depend on which case is the first.

    Weights are compared as shares among siblings, so weights in another unit are no difference.
    """
    return tuple(sorted(set(_found(first, second))))


def told(difference: Difference, first: Case, second: Case) -> tuple[Any, Any]:
    """What it was and what it is, as plain values; None where there is nothing to show."""
    return _said(difference, first, second), _said(difference, second, first)


def _said(difference: Difference, case: Case, other: Case) -> Any:
    kind, code, city = difference.kind, difference.code, difference.city
    if kind == "observation":
        return _cell(case, city, code)
    if kind in ("city", "ranked"):
        there = city in case.cities
        return bool(case.placed[case.cities.index(city)]) if there else None
    if kind == "weights":
        return _shares(case, code)
    if kind == "rule":
        both = {name: (_rule(case, code, name), _rule(other, code, name)) for name in _rules(case)}
        return {name: own for name, (own, its) in both.items() if own != its}
    if kind == "method":
        mine, theirs = getattr(case.method, code), getattr(other.method, code)
        names = [item.name for item in fields(mine)]
        return {n: getattr(mine, n) for n in names if getattr(mine, n) != getattr(theirs, n)}
    return None


def _found(first: Case, second: Case) -> Iterator[Difference]:
    yield from _cities(first, second)
    if first.tree.codes != second.tree.codes or first.tree.parents != second.tree.parents:
        yield Difference("framework")
    else:
        for code, under in first.tree.children.items():
            if under and _shares(first, code) != _shares(second, code):
                yield Difference("weights", code)
        for code in first.tree.codes:
            if any(_rule(first, code, n) != _rule(second, code, n) for n in _rules(first)):
                yield Difference("rule", code)
    for item in fields(Method):
        one, two = getattr(first.method, item.name), getattr(second.method, item.name)
        if item.name not in WATCHING and one != two:
            yield Difference("method", item.name)
    for name in {*first.more, *second.more}.difference(BESIDE):
        if not _equal(first.more.get(name), second.more.get(name)):
            yield Difference("input", name)
    yield from _observations(first, second)


def _cities(first: Case, second: Case) -> Iterator[Difference]:
    for city in {*first.cities} ^ {*second.cities}:
        yield Difference("city", city=city)
    both = {*first.cities} & {*second.cities}
    for city in both:
        one, two = first.cities.index(city), second.cities.index(city)
        if bool(first.placed[one]) != bool(second.placed[two]):
            yield Difference("ranked", city=city)
    groups = [dict(zip(c.cities, c.groups or (), strict=False)) for c in (first, second)]
    if any(groups[0].get(city) != groups[1].get(city) for city in both):
        yield Difference("groups")


def _observations(first: Case, second: Case) -> Iterator[Difference]:
    codes = [code for code in first.tree.indicators if code in set(second.tree.indicators)]
    cities = [city for city in first.cities if city in set(second.cities)]
    held = []
    for case in (first, second):
        rows = [case.cities.index(city) for city in cities]
        columns = [case.tree.indicators.index(code) for code in codes]
        absent = case.absent[np.ix_(rows, columns)]
        held.append((np.where(absent, np.nan, case.values[np.ix_(rows, columns)]), absent))
    (one, gone), (two, went) = held
    same = (one == two) | (np.isnan(one) & np.isnan(two) & (gone == went))
    for i, j in np.argwhere(~same):
        yield Difference("observation", codes[j], cities[i])


def _cell(case: Case, city: str, code: str) -> float | str | None:
    i, j = case.cities.index(city), case.tree.indicators.index(code)
    return "not-applicable" if case.absent[i, j] else plain(float(case.values[i, j]))


def _shares(case: Case, parent: str) -> dict[str, float]:
    weight = dict(zip(case.tree.codes, case.tree.weights, strict=True))
    own = case.tree.children[parent]
    heavy = sum(weight[code] for code in own)
    # to 12 digits: 1 of 3 and 2 of 6 are the same share
    return {code: round(weight[code] / heavy, 12) if heavy else 0.0 for code in own}


def _rules(case: Case) -> tuple[str, ...]:
    return tuple(item.name for item in fields(case.tree) if item.name not in SHAPE)


def _rule(case: Case, code: str, name: str) -> Any:
    given = getattr(case.tree, name)
    return given[case.tree.codes.index(code)] if given else UNSAID.get(name)


def _equal(one: Any, two: Any) -> bool:
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(_equal(one[key], two[key]) for key in one)
    if isinstance(one, np.ndarray) or isinstance(two, np.ndarray):
        return one is not None and two is not None and np.array_equal(one, two, equal_nan=True)
    if hasattr(one, "__dataclass_fields__") and type(one) is type(two):
        return all(_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(one))
    return bool(one == two)
