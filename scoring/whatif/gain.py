"""Marginal gain: what one item would bring, exactly, the largest first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scoring.whatif.goals import GOALS, Goal, goals
from scoring.whatif.outcome import Outcome, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.whatif.case import Case


@dataclass(frozen=True, slots=True)
class Gain:
    """What reaching one goal alone would bring.

    ``score`` and ``rank`` are the city's after it, ``score_gain`` and ``rank_gain`` the changes
    for the better (a rank gain of 2 is two places up); NaN where there is none. ``others`` names
    the cities whose score moves with it, which happens where scales are relative.
    """

    goal: Goal
    score: float
    score_gain: float
    rank: float
    rank_gain: float
    others: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        numbers = ("score", "score_gain", "rank", "rank_gain")
        return {
            **asdict(self.goal),
            **{name: plain(getattr(self, name)) for name in numbers},
            "others": list(self.others),
        }


def gains(
    case: Case,
    city: str,
    *,
    kinds: Sequence[str] = GOALS,
    zones: Mapping[str, str] | None = None,
) -> tuple[Gain, ...]:
    """Every item's gain for *city*, the largest gain in score first.

    Parameters
    ----------
    case : Case
    city : str
    kinds, zones
        As in ``goals``.

    Returns
    -------
    tuple of Gain
        One an indicator and kind. Each is a scoring of its own with that one value changed;
        what is reached, or has no aim, gains 0 and stands last with its state.

    Raises
    ------
    ScoringError
    """
    before = case.score()
    i = case.row(city)
    root = before.nodes.index(case.tree.root)
    now = float(before.scores[i, root]), float(before.ranks[i, root])
    known: dict[tuple[str, float], Gain] = {}
    found = []
    for goal in goals(case, before, city, kinds, zones):
        if goal.state != "open" or goal.raw is None:
            found.append(Gain(goal, now[0], 0.0, now[1], 0.0))
            continue
        key = goal.code, goal.raw
        if key not in known:
            after = case.with_values(city, {goal.code: goal.raw}).score()
            score, rank = float(after.scores[i, root]), float(after.ranks[i, root])
            others = Outcome(before, after, case.tree.root).others(city)
            known[key] = Gain(goal, score, score - now[0], rank, now[1] - rank, others)
        one = known[key]
        found.append(Gain(goal, one.score, one.score_gain, one.rank, one.rank_gain, one.others))
    return tuple(sorted(found, key=_order))


def _order(gain: Gain) -> tuple[bool, float, str, int]:
    """Open goals by falling gain, a gain nobody can tell last; then by code and kind."""
    score = gain.score_gain if gain.score_gain == gain.score_gain else float("-inf")
    is_open = gain.goal.state == "open"
    return (not is_open, -score, gain.goal.code, GOALS.index(gain.goal.kind))
