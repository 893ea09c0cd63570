"""The cheapest way to a place: its steps, what was proved, and what to say when there is none."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.framework.tree import Node
from evaluation.platform.i18n import N_
from reports.model import Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.facts import MISSING, node_name
from reports.screen.whatif import amount, whose
from reports.screen.whatif_held import Held, Way
from reports.whatif_report import ROUTES
from scoring.whatif.goals import Goal, goals


@dataclass(frozen=True, slots=True)
class StepLine:
    """One item in its turn; ``score`` and ``rank`` once it and all before it are done."""

    name: Text
    code: str
    whose: Text
    value: Text
    aim: Text
    effort: float
    score: float
    rank: float


@dataclass(frozen=True, slots=True)
class EffortField:
    """An item whose effort can be set: ``text`` as typed, 1 where nothing was."""

    node: Node
    name: Text
    text: str


@dataclass(frozen=True, slots=True)
class WayShown:
    """An answer. ``tone`` is of the notice: info, or warning where the place is not reached."""

    said: Text
    proof: Text
    tone: str
    lines: tuple[StepLine, ...]


def way_shown(facts: RankingFacts, made: Way) -> WayShown:
    """What the page says of a way."""
    route = made.route
    told = route.as_mapping()
    rank, new = told["rank"], told["new_rank"]
    said: dict[str, object] = {
        "wanted": route.wanted,
        "count": len(route.items),
        "effort": f"{route.effort:g}",
        "rank": "—" if rank is None else f"{rank:g}",
        "new": "—" if new is None else f"{new:g}",
        "score": "—" if told["new_score"] is None else f"{told['new_score']:.2f}",
    }
    if route.how == "there":
        here = Phrase(N_("现在是第 {rank} 名，已在第 {wanted} 名以内，不需要改进。"), said)
        return WayShown(here, "", "info", ())
    if not route.reached:
        message = (
            N_("没有可以提升的目标，到不了第 {wanted} 名。请换一种目标再试。")
            if not route.items
            else N_(
                "只靠这些目标到不了第 {wanted} 名："
                "全部 {count} 项都做到，得分 {score}，第 {new} 名。"
            )
        )
        proof = Phrase(N_("可以换更高的目标再试，例如“全省最好”。")) if route.items else ""
        return WayShown(Phrase(message, said), proof, "warning", ())
    message = N_("做到下面 {count} 项，名次 {rank} → {new}，得分 {score}；投入合计 {effort}。")
    lines = tuple(
        StepLine(
            name=node_name(facts.framework.by_code[step.goal.code]),
            code=step.goal.code,
            whose=whose(facts, step.goal),
            value=_value(facts, step.goal),
            aim=amount(facts.framework.by_code[step.goal.code], step.goal.aim),
            effort=step.effort,
            score=step.score,
            rank=step.rank,
        )
        for step in made.steps
    )
    return WayShown(Phrase(message, said), Phrase(ROUTES[route.how]), "info", lines)


def effort_fields(
    facts: RankingFacts, held: Held, city: str, kinds: tuple[str, ...], typed: dict[str, str]
) -> tuple[EffortField, ...]:
    """The items that the city could do by these aims, in the framework's order."""
    found = goals(held.case, held.slider.start, city, kinds, held.zones)
    codes = dict.fromkeys(goal.code for goal in found if goal.state == "open")
    by_code = facts.framework.by_code
    return tuple(
        EffortField(by_code[code], node_name(by_code[code]), typed.get(code, "1")) for code in codes
    )


def _value(facts: RankingFacts, goal: Goal) -> Text:
    node = facts.framework.by_code[goal.code]
    return MISSING if goal.value is None else amount(node, goal.value)
