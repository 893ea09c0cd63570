"""What the method says that a page needs: the top of the scale, how parents are made. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from reports.ranking import RankingFacts

FEWEST_PEERS = 3  # a mean of fewer would tell one reader another unit's figure


def top_of_scale(facts: RankingFacts) -> float | None:
    """The highest score the method gives; None where its scale has no top (z-scores, ranks)."""
    said = facts.sheet.method.get("normalise", {})
    if said.get("method") in ("goalposts", "minmax", "scaled", "percentile-rank"):
        return float(said.get("upper", 100.0))
    return None


def adds_up(facts: RankingFacts) -> bool:
    """Whether contributions add up to the score: arithmetic means on every level."""
    said = facts.sheet.method.get("aggregate", {})
    levels = said.get("levels") or [said.get("method")]
    return all(level == "arithmetic" for level in levels)


def effective_weight(facts: RankingFacts, unit: str, node: str) -> float:
    """The node's weight in the index for this unit, after redistribution; 0 when it is absent."""
    weights = facts.sheet.weights[facts.row_of[unit]]
    share = 1.0
    for each in facts.framework.path(node)[1:]:
        weight = float(weights[facts.node_at[each.code]])
        share *= 0.0 if weight != weight else weight
    return share


def lost(facts: RankingFacts, unit: str, node: str) -> float | None:
    """Points of the index that the unit lost at *node*; None where that cannot be said."""
    top, score = top_of_scale(facts), facts.score(unit, node)
    if top is None or score is None or not adds_up(facts):
        return None
    return effective_weight(facts, unit, node) * max(0.0, top - score)


def peers_scores(facts: RankingFacts, node: str) -> list[float]:
    """The scores of the ranked units on *node*."""
    return list(_peer_scores(facts, node))


def _peer_scores(facts: RankingFacts, node: str) -> Iterator[float]:
    for unit in facts.units:
        if unit in facts.peers and (score := facts.score(unit, node)) is not None:
            yield score


def best_and_mean(facts: RankingFacts, node: str) -> tuple[float | None, float | None]:
    """Best and mean score of the ranked units; None where so few would tell on each other."""
    found = peers_scores(facts, node)
    if not found or (facts.audience != "full" and len(found) < FEWEST_PEERS):
        return None, None
    return max(found), sum(found) / len(found)
