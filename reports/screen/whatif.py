"""What-if of one city: the lines of its gains, the plain sentence above, the places to aim at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evaluation.framework.tree import Node
from evaluation.platform.i18n import N_
from evaluation.platform.pages import number
from reports.model import Joined, Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.facts import MISSING, node_name
from reports.screen.whatif_held import Gained
from reports.whatif_report import AIMS
from scoring.composite.policies import UNSCALED
from scoring.composite.weighting.policy import Weights
from scoring.whatif import Case, Gain
from scoring.whatif.chances import Chance
from scoring.whatif.goals import Goal


@dataclass(frozen=True, slots=True)
class GainLine:
    """One value to reach, whatever aims it is the value of. ``change`` is points of the index."""

    node: Node
    name: Text
    dimension: Text
    whose: Text
    value: Text
    aim: Text
    change: float | None
    rank: float | None
    new_rank: float | None
    chance: Chance | None
    others: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A place that is often asked for."""

    place: int
    label: Text


class CityGains:
    """What the page shows of one city's gains."""

    def __init__(self, facts: RankingFacts, case: Case, city: str, gained: Gained) -> None:
        self.facts, self.case, self.city, self.gained = facts, case, city, gained
        self.name = facts.unit_name(city)
        self.rank = facts.rank(city, facts.root.code)
        self.score = facts.score(city, facts.root.code)

    @cached_property
    def places(self) -> int:
        """How many units have a place."""
        root = self.facts.root.code
        return sum(self.facts.rank(unit, root) is not None for unit in self.facts.peers)

    @cached_property
    def lines(self) -> tuple[GainLine, ...]:
        """Open goals, the largest gain first; goals that ask for the same value are one line."""
        by_value: dict[tuple[str, float], list[Gain]] = {}
        for each in self.gained.gains:
            if each.goal.state == "open" and each.goal.raw is not None:
                by_value.setdefault((each.goal.code, each.goal.raw), []).append(each)
        return tuple(self._line(key, same) for key, same in by_value.items())

    def _line(self, key: tuple[str, float], same: Sequence[Gain]) -> GainLine:
        facts, first = self.facts, same[0]
        node = facts.framework.by_code[first.goal.code]
        path = facts.framework.path(node.code)
        return GainLine(
            node=node,
            name=node_name(node),
            dimension=node_name(path[1]) if len(path) > 2 else "",
            whose=whose_all(facts, [each.goal for each in same]),
            value=MISSING if first.goal.value is None else amount(node, first.goal.value),
            aim=amount(node, first.goal.aim),
            change=_number(first.score_gain),
            rank=self.rank,
            new_rank=_number(first.rank),
            chance=self.gained.chances.get(key),
            others=len(first.others),
        )

    @cached_property
    def closed(self) -> int:
        """How many indicators have nothing to gain by these aims."""
        codes = {line.node.code for line in self.lines}
        return len({each.goal.code for each in self.gained.gains} - codes)

    @cached_property
    def rising(self) -> int:
        """How many indicators would move the city up, each alone."""
        return len(
            {
                line.node.code
                for line in self.lines
                if line.rank and line.new_rank and line.new_rank < line.rank
            }
        )

    @property
    def most(self) -> float:
        """The largest gain, for the bars."""
        return max((line.change or 0.0 for line in self.lines), default=0.0) or 1.0

    @property
    def sentence(self) -> Text:
        """What the best single item would bring, in one sentence."""
        return sentence(self.lines[0]) if self.lines else ""

    @property
    def next_above(self) -> tuple[Text, float] | None:
        """The unit at the next better place and how many points it is ahead."""
        facts, root = self.facts, self.facts.root.code
        if self.rank is None or self.score is None:
            return None
        ahead = [
            (rank, score, unit)
            for unit in facts.peers
            if (rank := facts.rank(unit, root)) is not None
            and (score := facts.score(unit, root)) is not None
            and rank < self.rank
        ]
        if not ahead:
            return None
        _rank, score, unit = max(ahead, key=lambda each: (each[0], each[2]))
        return facts.unit_name(unit), score - self.score

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """Places above the present one: the next, the first three, the upper half, the first."""
        if self.rank is None:
            return ()
        return tuple(self._wishes(self.rank))

    def _wishes(self, now: float) -> Iterator[Wish]:
        root = self.facts.root.code
        ranks = {rank for unit in self.facts.peers if (rank := self.facts.rank(unit, root))}
        above = [rank for rank in ranks if rank < now]
        known: set[int] = set()
        wanted = [
            (int(max(above, default=0)), N_("前一名（第 {place} 名）")),
            ((self.places + 1) // 2, N_("前一半（第 {place} 名）")),
            (3, N_("前三名")),
            (1, N_("第一名")),
        ]
        for place, message in wanted:
            if 1 <= place < now and place not in known:
                known.add(place)
                yield Wish(place, Phrase(message, {"place": place}))

    @property
    def assumptions(self) -> tuple[Text, ...]:
        """What the numbers assume, a sentence each."""
        return tuple(self._assumptions())

    def _assumptions(self) -> Iterator[Text]:
        yield Phrase(N_("每一行只改这一项：其他指标和其他单位都不变，重新评分，不是估算。"))
        if any(line.others for line in self.lines):
            yield Phrase(
                N_("本方法的标尺随各单位的数值变化：一项改变，其他单位的得分也会变，已一并重算。")
            )
        elif self.case.method.normalise.method not in UNSCALED and self.lines:
            yield Phrase(N_("标尺固定：其他单位的得分不受影响。"))
        if self.case.method.weights.method != Weights().method:
            yield Phrase(N_("权重由方法算出，会随数据改变，已一并重算。"))
        if self.gained.chances:
            facts = {"draws": f"{self.gained.draws:,}"}
            yield (
                Phrase(
                    N_("区间：按方法规定的变动重算 {draws} 次，达到后的名次有 90% 落在其中。"),
                    facts,
                )
                if self.gained.own_plan
                else Phrase(
                    N_(
                        "区间：方法没有规定变动，这里让各权重上下变动 25%，重算 {draws} 次，"
                        "达到后的名次有 90% 落在其中。"
                    ),
                    facts,
                )
            )


def sentence(line: GainLine) -> Text:
    """A gain in words: what becomes what, and what the score and the place become."""
    said: dict[str, object] = {
        "name": line.name,
        "value": line.value,
        "aim": line.aim,
        "whose": line.whose,
        "gain": "—" if line.change is None else f"{line.change:+.2f}".replace("-", "−"),
    }
    if line.rank is None or line.new_rank is None:
        return Phrase(N_("若“{name}”由 {value} 变为 {aim}（{whose}），得分 {gain}。"), said)
    moved = line.rank != line.new_rank
    said |= {"rank": f"{line.rank:g}", "new": f"{line.new_rank:g}"}
    if line.chance is None:
        message = (
            N_("若“{name}”由 {value} 变为 {aim}（{whose}），得分 {gain}，名次 {rank} → {new}。")
            if moved
            else N_("若“{name}”由 {value} 变为 {aim}（{whose}），得分 {gain}，名次仍为第 {rank}。")
        )
        return Phrase(message, said)
    low, high = f"{line.chance.low:.0f}", f"{line.chance.high:.0f}"
    said["range"] = low if low == high else f"{low}–{high}"
    message = (
        N_(
            "若“{name}”由 {value} 变为 {aim}（{whose}），得分 {gain}，"
            "名次 {rank} → {new}（90% 区间 {range}）。"
        )
        if moved
        else N_(
            "若“{name}”由 {value} 变为 {aim}（{whose}），得分 {gain}，"
            "名次仍为第 {rank}（90% 区间 {range}）。"
        )
    )
    return Phrase(message, said)


def whose_all(facts: RankingFacts, same: Sequence[Goal]) -> Text:
    """Which aims one value is, and of which units; a unit is named once."""
    by_unit: dict[str, list[Text]] = {}
    for goal in same:
        by_unit.setdefault(goal.of, []).append(Phrase(AIMS[goal.kind]))
    return Joined(tuple(_aims_of(facts, unit, aims) for unit, aims in by_unit.items()))


def whose(facts: RankingFacts, goal: Goal) -> Text:
    """Which aim it is, and of which unit."""
    return whose_all(facts, [goal])


def _aims_of(facts: RankingFacts, unit: str, aims: Sequence[Text]) -> Text:
    told = Joined(tuple(aims))
    return Joined((told, facts.unit_name(unit)), Phrase(N_("："))) if unit else told


def amount(node: Node, value: float | None) -> str:
    """A value as its indicator writes it, with its unit."""
    decimals = node.decimals
    if decimals is None and value is not None:
        decimals = 0 if float(value).is_integer() else 2
    return " ".join(filter(None, (number(value, decimals), node.unit)))


def _number(value: float) -> float | None:
    return None if value != value else value
