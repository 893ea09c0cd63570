"""One unit: its dimensions and indicators, and where its points were lost. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evaluation.framework.tree import Node
from reports.model import Joined, Phrase, Text
from reports.ranking import Provenance, RankingFacts
from reports.ranking.detail import light
from reports.ranking.facts import MISSING, NOT_APPLICABLE, node_name
from reports.ranking.previous import previous_score
from reports.screen.scale import best_and_mean, lost


@dataclass(frozen=True, slots=True)
class Place:
    """How a unit stands on one node. ``lost`` is in points of the index; ``value`` of a leaf."""

    node: Node
    name: Text
    above: Text
    score: float | None
    absent: Text
    rank: float | None
    change: float | None
    best: float | None
    mean: float | None
    lost: float | None
    value: float | None = None
    value_absent: Text = ""
    imputed: float | None = None
    light: Phrase | None = None
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A dimension of a unit and, where the reader may see them, the indicators under it."""

    dimension: Place
    indicators: tuple[Place, ...]


def groups(facts: RankingFacts, unit: str) -> tuple[Group, ...]:
    """Dimensions in the framework's order; without indicators outside the audience."""
    return tuple(_groups(facts, unit))


def _groups(facts: RankingFacts, unit: str) -> Iterator[Group]:
    children = facts.framework.children
    for dimension in facts.dimensions:
        under: tuple[Place, ...] = ()
        if facts.shows(unit) and children[dimension.code]:
            under = tuple(
                place(facts, unit, facts.framework.by_code[leaf])
                for leaf in facts.leaves[dimension.code]
            )
        yield Group(place(facts, unit, dimension), under)


def where_lost(facts: RankingFacts, unit: str, most: int = 10) -> tuple[Place, ...]:
    """The indicators (dimensions outside the audience) at which most points were lost."""
    if facts.shows(unit):
        nodes: list[Node] = list(facts.framework.indicators)
    else:
        nodes = list(facts.dimensions)
    weighed = [(points, node) for node in nodes if (points := lost(facts, unit, node.code))]
    weighed.sort(key=lambda pair: -pair[0])
    return tuple(place(facts, unit, node) for _points, node in weighed[:most])


def places(facts: RankingFacts, node: Node) -> list[tuple[str, Place]]:
    """How the units that the audience may see stand on one indicator, best first."""
    found = [(unit, place(facts, unit, node)) for unit in facts.in_order if facts.shows(unit)]
    return sorted(
        found,
        key=lambda pair: (pair[0] not in facts.peers, pair[1].rank is None, pair[1].rank or 0),
    )


def place(facts: RankingFacts, unit: str, node: Node) -> Place:
    """How *unit* stands on *node*; the value only where the audience has the unit."""
    score, before = facts.score(unit, node.code), previous_score(facts, unit, node.code)
    best, mean = best_and_mean(facts, node.code)
    between = facts.framework.path(node.code)[1:-1]
    said: dict[str, Any] = {
        "node": node,
        "name": node_name(node),
        "above": Joined(tuple(node_name(each) for each in between), " / ") if between else "",
        "score": score,
        "absent": facts.absence(unit, node.code) if score is None else "",
        "rank": facts.rank(unit, node.code),
        "change": None if score is None or before is None else score - before,
        "best": best,
        "mean": mean,
        "lost": lost(facts, unit, node.code),
    }
    at = facts.indicator_at.get(node.code)
    if at is None or not facts.shows(unit):
        return Place(**said)
    sheet, row = facts.sheet, facts.row_of[unit]
    raw = float(sheet.raw[row, at])
    gone = bool(sheet.not_applicable[row, at])
    known = raw == raw and not gone
    return Place(
        **said,
        value=raw if known else None,
        value_absent="" if known else (NOT_APPLICABLE if gone else MISSING),
        imputed=float(sheet.imputed[row, at]) if sheet.was_imputed[row, at] else None,
        light=light(node, raw) if known else None,
        provenance=facts.provenance.get((unit, node.code)),
    )
