"""Red and black lists: what they do to places and to grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.rank import rank_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.adjust_policy import ListRule
    from scoring.composite.sheet import Bools, Floats

Records = list[dict[str, Any]]


def unranked(
    cities: Sequence[str], ranked: Bools, rules: Sequence[ListRule]
) -> tuple[Bools, Records]:
    """Who still takes a place after the black lists that forbid it, and a record of each."""
    kept, records = ranked.copy(), []
    for rule in rules:
        for city in rule.cities if rule.effect == "unranked" else ():
            records.append(_record(rule, city, None, None))
            kept[list(cities).index(city)] = False
    return kept, records


def listed_ranks(
    cities: Sequence[str], scores: Floats, rules: Sequence[ListRule], ties: str = "min"
) -> tuple[Floats, Records]:
    """Places by score with the places that lists allow.

    Parameters
    ----------
    cities : sequence of str
    scores : (n_cities,) array
        Rounded already where places are on rounded scores; NaN for a city that takes no place.
    rules : sequence of ListRule
        Those whose effect is "rank" are looked at.
    ties : str
        As in `rank`.

    Returns
    -------
    ranks : (n_cities,) array
    records : list
        One for each rule and city: ``from`` and ``to`` places (ties "min") and whether the list's
        demand was ``met`` (it is not where there are too few cities, or where a black list holds
        against a red one).

    Notes
    -----
    Cities stand by score. From the last place up each place takes the lowest city that may stand
    so low (red lists), then from the first place down the highest that may stand so high (black
    lists, which therefore hold against red). Everybody else keeps the order of the scores and moves
    by no more than the cities put between. A city that a list moved is level with nobody.
    """
    rules = [rule for rule in rules if rule.effect == "rank"]
    plain = rank_rows(scores, ties)
    if not rules:
        return plain, []
    before = rank_rows(scores, "min")
    last = rank_rows(scores, "max")
    standing = [int(i) for i in np.argsort(-scores, kind="stable") if not np.isnan(scores[i])]
    count = len(standing)
    at = {city: i for i, city in enumerate(cities)}
    earliest, latest = dict.fromkeys(standing, 1), dict.fromkeys(standing, count)
    for rule in rules:
        for i in (at[city] for city in rule.cities if at[city] in earliest):
            place = rule.rank or 1
            if rule.colour == "black" and before[i] < place:
                earliest[i] = max(earliest[i], place)
            elif rule.colour == "black":
                earliest[i] = max(earliest[i], min(place, int(before[i])))
            else:
                level = int(last[i]) if before[i] <= place else place
                latest[i] = min(latest[i], max(place, level))
    upwards = list(standing)
    low: list[int] = []
    for place in range(count, 0, -1):
        able = [i for i in upwards if latest[i] >= place]
        taken = able[-1] if able else max(upwards, key=lambda i: latest[i])
        upwards.remove(taken)
        low.append(taken)
    downwards, order = low[::-1], []
    for place in range(1, count + 1):
        able = [i for i in downwards if earliest[i] <= place]
        taken = able[0] if able else min(downwards, key=lambda i: earliest[i])
        downwards.remove(taken)
        order.append(taken)
    if order == standing and not any(_bites(rule, at, before) for rule in rules):
        return plain, _told(rules, at, before, before)
    moved = {
        i
        for rule in rules
        for i in (at[city] for city in rule.cities)
        if _breaks(rule, float(before[i]))
    }
    heights = np.full(scores.shape, np.nan)
    height = 0
    for place, i in enumerate(order):
        ahead = order[place - 1] if place else None
        level = ahead is not None and scores[i] == scores[ahead] and not {i, ahead} & moved
        height -= 0 if level else 1
        heights[i] = height
    after = rank_rows(heights, "min")
    return rank_rows(heights, ties), _told(rules, at, before, after)


def listed_grades(
    cities: Sequence[str],
    bands: Sequence[int],
    names: Sequence[str],
    rules: Sequence[ListRule],
) -> tuple[tuple[int, ...], Records]:
    """Bands with the best or worst band that lists allow; red lists first, black lists last."""
    made, records = list(bands), []
    wanted = [rule for rule in rules if rule.effect == "grade" and rule.grade in names]
    for rule in sorted(wanted, key=lambda rule: rule.colour == "black"):
        limit = list(names).index(str(rule.grade))
        for city in rule.cities:
            i = list(cities).index(city)
            old = made[i]
            if old >= 0:
                made[i] = max(old, limit) if rule.colour == "black" else min(old, limit)
            said = [None if band < 0 else names[band] for band in (old, made[i])]
            records.append(_record(rule, city, *said))
    return tuple(made), records


def _record(rule: ListRule, city: str, before: Any, after: Any) -> dict[str, Any]:
    return {
        "list": rule.code,
        "colour": rule.colour,
        "effect": rule.effect,
        "city": city,
        "reason": rule.reason,
        "from": before,
        "to": after,
    }


def _told(
    rules: Sequence[ListRule], at: dict[str, int], before: Floats, after: Floats
) -> list[dict[str, Any]]:
    told = []
    for rule in rules:
        for city in rule.cities:
            pair = float(before[at[city]]), float(after[at[city]])
            told.append(_record(rule, city, *pair) | {"met": not _breaks(rule, pair[1])})
    return told


def _bites(rule: ListRule, at: dict[str, int], before: Floats) -> bool:
    return any(_breaks(rule, float(before[at[city]])) for city in rule.cities)


def _breaks(rule: ListRule, place: float) -> bool:
    limit = rule.rank or 1
    return place < limit if rule.colour == "black" else place > limit
