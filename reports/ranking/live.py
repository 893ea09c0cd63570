"""Which published numbers a reader's spreadsheet can recompute, found by recomputing them.

A formula is only offered where it gives the published number, so a table never contradicts
itself: a geometric total, a rounding before ranking or another tie rule is shown as a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.model import Cell, RankOf, WeightedMean
from reports.ranking.facts import NOT_RANKED

if TYPE_CHECKING:
    from reports.ranking.facts import RankingFacts

AGREEMENT = 1e-9


def dimension_weights(facts: RankingFacts) -> dict[str, float]:
    """Weights of the dimensions as executed, by code.

    The framework's own where the run used their proportions, else the effective ones of a unit
    that has every dimension (they add up to 1).
    """
    nominal = {node.code: node.weight for node in facts.dimensions}
    total = sum(nominal.values())
    for unit in facts.units:
        at = facts.row_of[unit]
        if all(facts.score(unit, code) is not None for code in nominal):
            used = {code: float(facts.sheet.weights[at, facts.node_at[code]]) for code in nominal}
            same = total > 0 and all(
                abs(used[code] - weight / total) < AGREEMENT for code, weight in nominal.items()
            )
            return nominal if same else used
    return nominal


def totals_recompute(facts: RankingFacts, weights: dict[str, float]) -> bool:
    """Whether every total is the weighted arithmetic mean of the dimensions present."""
    root = facts.root.code
    checked = False
    for unit in facts.units:
        total = facts.score(unit, root)
        present = {
            code: score for code in weights if (score := facts.score(unit, code)) is not None
        }
        weight = sum(weights[code] for code in present)
        if total is None:
            continue
        if not present or weight <= 0:
            return False
        mean = sum(weights[code] * score for code, score in present.items()) / weight
        if abs(mean - total) > AGREEMENT:
            return False
        checked = True
    return checked


def ranks_recompute(facts: RankingFacts, node: str) -> bool:
    """Whether ranks are competition ranks of unrounded scores, and none hangs on a last digit."""
    scored = [
        (score, facts.rank(unit, node))
        for unit in facts.units
        if unit in facts.peers and (score := facts.score(unit, node)) is not None
    ]
    scored.sort(key=lambda pair: -pair[0])
    expected = 1
    for at, (score, rank) in enumerate(scored):
        if at and score != scored[at - 1][0]:
            if scored[at - 1][0] - score < 10 * AGREEMENT:
                return False
            expected = at + 1
        if rank != expected:
            return False
    return bool(scored)


def score_cell(facts: RankingFacts, unit: str, node: str) -> Cell:
    """A score, or in words why there is none."""
    score = facts.score(unit, node)
    return Cell(facts.absence(unit, node) if score is None else score)


def total_cell(facts: RankingFacts, unit: str, *, live: bool) -> Cell:
    """The total, recomputable from the dimensions where *live*."""
    score = facts.score(unit, facts.root.code)
    if score is None or not live:
        return score_cell(facts, unit, facts.root.code)
    return Cell(score, WeightedMean(tuple(node.code for node in facts.dimensions)))


def rank_cell(facts: RankingFacts, unit: str, node: str, source: RankOf, *, live: bool) -> Cell:
    """A rank, recomputable where *live*, or in words why there is none."""
    if unit not in facts.peers:
        return Cell(NOT_RANKED)
    rank = facts.rank(unit, node)
    if rank is None:
        return Cell(facts.absence(unit, node))
    return Cell(rank, source if live else None)
