"""The section ``[adjust]``: bonus and deduction items with caps, red and black list rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.composite.keys import key, number, one_of, text, whole
from scoring.composite.problems import Problem
from scoring.composite.records import needed, records, tables, texts


@dataclass(frozen=True)
class Adjust:
    """What is added to and taken from the index, and what lists forbid.

    ``item_caps``: most points that one kind of item gives or takes from a city, by the item's code.
    ``bonus_cap``, ``deduction_cap``: most points of all bonuses, of all deductions of a city;
    ``total_cap``: most points by which the index moves either way. ``beyond``: whether a bonus may
    lift the index over the upper end of the scale (and a deduction push it below the lower).
    """

    items: tuple[Mapping[str, Any], ...] = key((), tables)
    item_caps: tuple[Mapping[str, Any], ...] = key((), tables)
    bonus_cap: float | None = key(None, number(0))
    deduction_cap: float | None = key(None, number(0))
    total_cap: float | None = key(None, number(0))
    beyond: str = key("cap", one_of("cap", "allow"))
    lists: tuple[Mapping[str, Any], ...] = key((), tables)


@dataclass(frozen=True)
class Item:
    """Points for or against a city. ``code`` is the kind of item, to which a cap applies."""

    city: str = needed(text)
    code: str = needed(text)
    kind: str = needed(one_of("bonus", "deduction"))
    points: float = needed(number(0, above=True))
    reason: str = needed(text)


@dataclass(frozen=True)
class ItemCap:
    """The most points of one kind of item in one city."""

    code: str = needed(text)
    most: float = needed(number(0))


@dataclass(frozen=True)
class ListRule:
    """What being on a list means for its cities.

    A black list: no better place than ``rank``, no better grade than ``grade``, no more points
    than ``score``; a red list: no worse place, no worse grade, no fewer points. ``unranked`` (black
    lists only): the city takes no place.
    """

    code: str = needed(text)
    colour: str = needed(one_of("black", "red"))
    cities: tuple[str, ...] = needed(texts)
    reason: str = needed(text)
    effect: str = needed(one_of("rank", "grade", "score", "unranked"))
    rank: int | None = key(None, whole(1, 100_000))
    grade: str | None = key(None, text)
    score: float | None = key(None, number())


@dataclass(frozen=True)
class Adjustments:
    """The records of a policy, read."""

    items: list[Item] = field(default_factory=list)
    caps: dict[str, float] = field(default_factory=dict)
    lists: list[ListRule] = field(default_factory=list)


def adjustments(policy: Adjust, problems: list[Problem]) -> Adjustments:
    """What the policy's tables say; what is wrong with them is added to *problems*."""
    caps = records(ItemCap, "adjust.item_caps", policy.item_caps, problems)
    return Adjustments(
        records(Item, "adjust.items", policy.items, problems),
        {cap.code: cap.most for cap in caps},
        records(ListRule, "adjust.lists", policy.lists, problems),
    )


def adjust_problems(policy: Adjust, grades: tuple[str, ...]) -> list[Problem]:
    """What single keys cannot show; *grades* are the names of the bands that there are."""
    found: list[Problem] = []
    said = adjustments(policy, found)
    codes = [str(cap.get("code")) for cap in policy.item_caps]
    found += [
        Problem("adjust.item_caps", "listed-twice", {"value": code})
        for code in dict.fromkeys(codes)
        if codes.count(code) > 1
    ]
    for at, rule in enumerate(said.lists, start=1):
        path = f"adjust.lists[{at}]"
        if rule.effect != "unranked" and getattr(rule, rule.effect) is None:
            because = f"{path}.effect"
            found.append(Problem(f"{path}.{rule.effect}", "missing-key", {"because": because}))
        if rule.effect == "unranked" and rule.colour == "red":
            facts = {"value": "unranked", "allowed": ("rank", "grade", "score")}
            found.append(Problem(f"{path}.effect", "not-allowed", facts))
        if rule.effect == "grade" and rule.grade is not None and rule.grade not in grades:
            facts = {"value": rule.grade, "allowed": grades}
            found.append(Problem(f"{path}.grade", "not-allowed", facts))
    return found


def without_cities(policy: Adjust) -> dict[str, Any]:
    """The policy's tables as the executed configuration shows them, which every city may read.

    What was added to and taken from whom, and who is on a list, is in the results.
    """
    said = adjustments(policy, [])
    return {
        "items": len(policy.items),
        "item_caps": said.caps,
        "lists": [f"{rule.code} ({rule.colour}, {rule.effect})" for rule in said.lists],
    }
