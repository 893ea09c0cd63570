"""Bonus and deduction points on the index, every cap recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.adjust_policy import adjustments
from scoring.composite.problems import Problem, ScoringError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.adjust_policy import Adjust, Adjustments, ListRule
    from scoring.composite.sheet import Floats


@dataclass(frozen=True)
class Scale:
    """Ends of the index's scale; infinite where it has none."""

    lower: float = -math.inf
    upper: float = math.inf


def read_adjustments(policy: Adjust, cities: Sequence[str]) -> Adjustments:
    """The policy's items and lists for *cities*.

    Raises
    ------
    ScoringError
        Naming every record that cannot be read and every city that is not there.
    """
    problems: list[Problem] = []
    said = adjustments(policy, problems)
    there = set(cities)
    for at, item in enumerate(said.items, start=1):
        if item.city not in there:
            facts = {"value": item.city}
            problems.append(Problem(f"adjust.items[{at}].city", "city-not-there", facts))
    for at, rule in enumerate(said.lists, start=1):
        problems += [
            Problem(f"adjust.lists[{at}].cities", "city-not-there", {"value": city})
            for city in rule.cities
            if city not in there
        ]
    if problems:
        raise ScoringError(problems)
    return said


def adjust(
    cities: Sequence[str], scores: Floats, policy: Adjust, scale: Scale | None = None
) -> tuple[Floats, dict[str, dict[str, Any]]]:
    """Add bonuses and take deductions, each within its caps.

    Parameters
    ----------
    cities : sequence of str
    scores : (n_cities,) array
        The index before; a city without one is left alone, and that is recorded.
    policy : Adjust
    scale : Scale, optional
        Ends that the index keeps to unless ``policy.beyond`` is "allow"; a score beyond them
        before is not pulled back, only not moved farther.

    Returns
    -------
    scores : (n_cities,) array
    records : dict
        By city that any item or score rule is about: ``before``, ``items`` (code, kind, reason,
        points asked for and counted), ``bonus``, ``deduction``, ``net``, ``limited`` (which caps
        and rules bit, in the order of application) and ``after``.

    Raises
    ------
    ScoringError
        As `read_adjustments`.

    Notes
    -----
    Order: all items of one code in one city up to the code's cap (the earlier item counts first),
    all bonuses and all deductions up to theirs, the net points up to ``total_cap`` either way, the
    ends of the scale, then lists: red (at least so many points), and black (at most) last.
    """
    said = read_adjustments(policy, cities)
    ends = scale or Scale()
    after = scores.copy()
    records: dict[str, dict[str, Any]] = {}
    for row, city in enumerate(cities):
        items = [item for item in said.items if item.city == city]
        rules = [rule for rule in said.lists if rule.effect == "score" and city in rule.cities]
        if not items and not rules:
            continue
        before = float(scores[row])
        limited: list[str] = []
        counted: dict[tuple[str, str], list[float]] = {}
        told = []
        for item in items:
            given = counted.setdefault((item.kind, item.code), [])
            left = said.caps.get(item.code, math.inf) - math.fsum(given)
            points = max(0.0, min(item.points, left))
            if points < item.points:
                limited.append(f"item:{item.code}")
            given.append(points)
            told.append(
                {
                    "code": item.code,
                    "kind": item.kind,
                    "reason": item.reason,
                    "points": item.points,
                    "counted": points,
                }
            )
        bonus, deduction = (
            _capped(
                math.fsum(x for (k, _), given in counted.items() if k == kind for x in given),
                cap,
                kind,
                limited,
            )
            for kind, cap in (("bonus", policy.bonus_cap), ("deduction", policy.deduction_cap))
        )
        net = bonus - deduction
        if policy.total_cap is not None and abs(net) > policy.total_cap:
            net = math.copysign(policy.total_cap, net)
            limited.append("total")
        final = before + net
        if policy.beyond == "cap":
            kept = min(max(final, min(before, ends.lower)), max(before, ends.upper))
            if kept != final:
                limited.append("scale")
            final = kept
        final = _listed(final, before, rules, ends, policy, limited)
        if math.isnan(before):
            limited = ["no-score"]
        after[row] = final
        records[city] = {
            "before": before,
            "items": told,
            "bonus": bonus,
            "deduction": deduction,
            "net": net,
            "limited": limited,
            "after": final,
        }
    return np.asarray(after), records


def _capped(points: float, cap: float | None, kind: str, limited: list[str]) -> float:
    if cap is None or points <= cap:
        return points
    limited.append(kind)
    return cap


def _listed(
    score: float,
    before: float,
    rules: Sequence[ListRule],
    ends: Scale,
    policy: Adjust,
    limited: list[str],
) -> float:
    """Red lists first, black lists last: where both name a city, the black one holds."""
    for rule in sorted(rules, key=lambda rule: rule.colour == "black"):
        assert rule.score is not None
        if rule.colour == "red":
            top = max(before, ends.upper) if policy.beyond == "cap" else math.inf
            wanted = max(score, min(rule.score, top))
        else:
            wanted = min(score, rule.score)
        if wanted != score:
            limited.append(f"list:{rule.code}")
            score = wanted
    return score
