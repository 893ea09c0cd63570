"""Marginal gain: what one item would bring, exactly, the largest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from scoring.whatif.change import paired
from scoring.whatif.goals import GOALS, Goal, goals
from scoring.whatif.outcome import Outcome, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.whatif.case import Case


@dataclass(frozen=True, slots=True)
class Gain:
    """What reaching one goal alone would bring.

    ``score`` and ``rank`` are the city's after it, ``score_gain`` and ``rank_gain`` the changes
    for the better (a rank gain of 2 is two places up); NaN where there is none. ``others`` names
    the cities whose score moves with it, which happens where scales are relative. ``interval``
    is that of the rank gain over draws that before and after share (5th, 50th and 95th
    percentile); empty unless asked for.
    """

    goal: Goal
    score: float
    score_gain: float
    rank: float
    rank_gain: float
    others: tuple[str, ...] = ()
    interval: Mapping[str, float] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        numbers = ("score", "score_gain", "rank", "rank_gain")
        return {
            **asdict(self.goal),
            **{name: plain(getattr(self, name)) for name in numbers},
            "others": list(self.others),
            "interval": dict(self.interval) or None,
        }


def gains(
    case: Case,
    city: str,
    *,
    kinds: Sequence[str] = GOALS,
    zones: Mapping[str, str] | None = None,
    intervals: int = 0,
) -> tuple[Gain, ...]:
    """Every item's gain for *city*, the largest gain in score first.

    Parameters
    ----------
    case : Case
    city : str
    kinds, zones
        As in ``goals``.
    intervals : int
        How many of the largest gains get an interval from the method's simulation, each a
        simulation of its own; none where the method does not draw.

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
    ordered = sorted(found, key=_order)
    if intervals and case.method.uncertainty.draws:
        ordered[:intervals] = _with_intervals(case, city, ordered[:intervals])
    return tuple(ordered)


def _with_intervals(case: Case, city: str, some: Sequence[Gain]) -> list[Gain]:
    """The same gains with the interval of the places won, where they are open."""
    before = case.score(draws=True)
    known: dict[tuple[str, float], dict[str, float]] = {}
    made = []
    for each in some:
        goal = each.goal
        if goal.state != "open" or goal.raw is None:
            made.append(each)
            continue
        key = goal.code, goal.raw
        if key not in known:
            after = case.with_values(city, {goal.code: goal.raw}).score(draws=True)
            change = paired(before, after).get(city, {})
            ends = {"low": "high", "median": "median", "high": "low"}  # a rise is a gain
            known[key] = {name: 0.0 - change[end] for name, end in ends.items() if change}
        made.append(replace(each, interval=known[key]))
    return made


def _order(gain: Gain) -> tuple[bool, float, str, int]:
    """Open goals by falling gain, a gain nobody can tell last; then by code and kind."""
    score = gain.score_gain if gain.score_gain == gain.score_gain else float("-inf")
    is_open = gain.goal.state == "open"
    return (not is_open, -score, gain.goal.code, GOALS.index(gain.goal.kind))
