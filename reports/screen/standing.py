"""The ranking page: one line a unit, and the three plain facts above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from evaluation.framework.tree import Node
from evaluation.platform.i18n import N_, _
from reports.model import Joined, Name, Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.detail import MET, WARNED, light
from reports.ranking.facts import node_name
from reports.ranking.previous import previous_score
from reports.ranking.standing import by_rank, previous_rank, rank_change
from reports.render.tables import heat_level

NOT_DISCLOSED = Phrase(N_("未公开"), tone="faint")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A score in the heat table: ``level`` 0–9, None where there is no score."""

    node: str
    score: float | None
    level: int | None
    absent: Text = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of the ranking. ``change`` is places gained, ``points`` score gained."""

    unit: str
    name: Text
    zones: tuple[str, ...]
    peer: bool
    rank: float | None
    tied: bool
    score: float | None
    absent: Text
    change: float | None
    points: float | None
    new: bool
    interval: tuple[float, float] | None
    cells: tuple[HeatCell, ...]
    warned: int | None
    met: int | None


@dataclass(frozen=True, slots=True)
class PlainFact:
    """One of the three facts: a question, its answer, the reason, and where it leads."""

    label: Text
    value: Text
    detail: Text
    href: str = ""


class Standing:
    """The lines of a ranking by *node* with a heat column for each of *columns*."""

    def __init__(self, facts: RankingFacts, node: Node, columns: Sequence[Node]) -> None:
        self.facts = facts
        self.node = node
        self.columns = tuple(columns)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Ranked units by place, then those without a score, then those that are not ranked."""
        facts, code = self.facts, self.node.code
        ranks = [facts.rank(unit, code) for unit in facts.units]
        scales = {n.code: self._scale(n) for n in self.columns}
        order = by_rank(facts) if self.node is facts.root else self._order()
        order = [unit for unit in order if self._shows(unit, self.node)]
        return tuple(self._line(unit, ranks, scales) for unit in order)

    def _shows(self, unit: str, node: Node) -> bool:
        """Totals and dimensions are everybody's; what is below them is the audience's."""
        facts = self.facts
        return node.parent in (None, facts.root.code) or facts.shows(unit)

    def _order(self) -> list[str]:
        facts, code = self.facts, self.node.code

        def place(unit: str) -> tuple[bool, bool, float]:
            rank, score = facts.rank(unit, code), facts.score(unit, code)
            peer = unit in facts.peers
            by = rank if peer else (None if score is None else -score)
            return not peer, by is None, by or 0.0

        return sorted(facts.units, key=place)

    def _line(
        self,
        unit: str,
        ranks: list[float | None],
        scales: dict[str, tuple[float, float] | None],
    ) -> Line:
        facts, code = self.facts, self.node.code
        score, rank = facts.score(unit, code), facts.rank(unit, code)
        before = previous_score(facts, unit, code)
        warned, met = self._lights(unit)
        member = facts.framework.unit_by_code.get(unit)
        interval = facts.rank_intervals.get(unit) if self.node is facts.root else None
        return Line(
            unit=unit,
            name=facts.unit_name(unit),
            zones=member.zones if member else (),
            peer=unit in facts.peers,
            rank=rank,
            tied=rank is not None and ranks.count(rank) > 1,
            score=score,
            absent=facts.absence(unit, code) if score is None else "",
            change=rank_change(facts, unit) if self.node is facts.root else self._moved(unit),
            points=None if score is None or before is None else score - before,
            new=facts.previous is not None and before is None,
            interval=(interval["low"], interval["high"]) if interval else None,
            cells=tuple(self._cell(unit, n, scales[n.code]) for n in self.columns),
            warned=warned,
            met=met,
        )

    def _moved(self, unit: str) -> float | None:
        facts, code, sheet = self.facts, self.node.code, self.facts.previous
        now = facts.rank(unit, code)
        if sheet is None or now is None or unit not in sheet.cities or code not in sheet.nodes:
            return None
        was = float(sheet.ranks[sheet.cities.index(unit), sheet.nodes.index(code)])
        return None if was != was else was - now

    def _scale(self, node: Node) -> tuple[float, float] | None:
        facts = self.facts
        found = [s for u in facts.peers if (s := facts.score(u, node.code)) is not None]
        return (min(found), max(found)) if found else None

    def _cell(self, unit: str, node: Node, scale: tuple[float, float] | None) -> HeatCell:
        if not self._shows(unit, node):
            return HeatCell(node.code, None, None, NOT_DISCLOSED)
        score = self.facts.score(unit, node.code)
        if score is None:
            return HeatCell(node.code, None, None, self.facts.absence(unit, node.code))
        return HeatCell(node.code, score, heat_level(score, *scale) if scale else 5)

    def _lights(self, unit: str) -> tuple[int | None, int | None]:
        """Indicators beyond their warning value, and at their target; None where not shown."""
        facts = self.facts
        leaves = facts.leaves[self.node.code]
        lit = [facts.framework.by_code[leaf] for leaf in leaves]
        lit = [n for n in lit if n.warning is not None or n.target is not None]
        if not lit or not facts.shows(unit):
            return None, None
        row = facts.sheet.raw[facts.row_of[unit]]
        gone = facts.sheet.not_applicable[facts.row_of[unit]]
        words = [
            light(n, float(row[at]))
            for n in lit
            if not gone[at := facts.indicator_at[n.code]] and row[at] == row[at]
        ]
        return words.count(WARNED), words.count(MET)


def plain_facts(facts: RankingFacts, where: str) -> tuple[PlainFact, ...]:
    """Who leads, who slipped most, where the province is weakest; *where* is the round's path."""
    return (*_leads(facts, where), *_slipped(facts, where), *_weakest(facts, where))


def _leads(facts: RankingFacts, where: str) -> list[PlainFact]:
    root = facts.root.code
    placed = [u for u in by_rank(facts) if facts.rank(u, root) is not None]
    if not placed:
        return []
    best = facts.rank(placed[0], root)
    first = [u for u in placed if facts.rank(u, root) == best]
    score = facts.score(first[0], root)
    rest = placed[len(first) :]
    detail: Text = Phrase(N_("{score} 分"), {"score": f"{score:.2f}"})
    if rest:
        behind = facts.score(rest[0], root)
        assert score is not None
        assert behind is not None
        detail = Phrase(
            N_("{score} 分，领先下一名{name} {gap} 分"),
            {
                "score": f"{score:.2f}",
                "name": facts.unit_name(rest[0]),
                "gap": f"{score - behind:.2f}",
            },
        )
    return [
        PlainFact(Phrase(N_("谁领先")), _names(facts, first), detail, f"{where}/cities/{first[0]}")
    ]


def _slipped(facts: RankingFacts, where: str) -> list[PlainFact]:
    label = Phrase(N_("谁退步最多"))
    if facts.previous is None:
        return [PlainFact(label, Phrase(N_("无上期")), Phrase(N_("没有已发布的上期结果可比。")))]
    moves = [(m, u) for u in facts.units if (m := rank_change(facts, u)) is not None]
    if not moves:
        return [PlainFact(label, "—", Phrase(N_("没有同时参加两期排名的单位。")))]
    least = min(moves)[0]
    if least >= 0:
        return [PlainFact(label, Phrase(N_("没有")), Phrase(N_("没有单位的名次下降。")))]
    lost = [u for m, u in moves if m == least]
    root = facts.root.code
    was, now = previous_rank(facts, lost[0]), facts.rank(lost[0], root)
    detail: Text = Phrase(
        N_("下降 {places} 位（第 {was} → 第 {now}）"),
        {"places": f"{-least:g}", "was": f"{was:g}", "now": f"{now:g}"},
    )
    if len(lost) > 1:
        detail = Phrase(N_("各下降 {places} 位"), {"places": f"{-least:g}"})
    elif (why := _why(facts, lost[0])) is not None:
        detail = Joined((detail, why), Phrase(N_("；")))
    return [PlainFact(label, _names(facts, lost), detail, f"{where}/cities/{lost[0]}")]


def _why(facts: RankingFacts, unit: str) -> Text | None:
    """By how much the unit's score changed, and the dimension that fell most, in points each."""
    root = facts.root.code
    score, before = facts.score(unit, root), previous_score(facts, unit, root)
    moved = [
        (now - was, at)
        for at, node in enumerate(facts.dimensions)
        if (now := facts.score(unit, node.code)) is not None
        and (was := previous_score(facts, unit, node.code)) is not None
    ]
    if score is None or before is None or not moved:
        return None
    worst, at = min(moved)
    said: dict[str, object] = {"points": _signed(score - before)}
    if worst >= 0:
        return Phrase(N_("得分 {points}，一级指标都没有下降，升幅不及他人"), said)
    said |= {"name": node_name(facts.dimensions[at]), "worst": _signed(worst)}
    return Phrase(N_("得分 {points}，下降最多的一级指标：{name} {worst}"), said)


def _signed(points: float) -> str:
    return f"{points:+.2f}".replace("-", "−")


def _weakest(facts: RankingFacts, where: str) -> list[PlainFact]:
    means = []
    for node in facts.dimensions:
        found = [s for u in facts.units if u in facts.peers
                 and (s := facts.score(u, node.code)) is not None]  # fmt: skip
        if found:
            means.append((sum(found) / len(found), node))
    if len(means) < 2:
        return []
    mean, node = min(means, key=lambda pair: pair[0])
    overall = sum(each for each, _node in means) / len(means)
    detail = Phrase(
        N_("参加排名单位平均 {mean} 分，各一级指标平均 {overall} 分"),
        {"mean": f"{mean:.2f}", "overall": f"{overall:.2f}"},
    )
    page = "ranking" if facts.framework.children[node.code] else "indicators"
    return [
        PlainFact(Phrase(N_("整体最弱")), node_name(node), detail, f"{where}/{page}/{node.code}")
    ]


def _names(facts: RankingFacts, units: Sequence[str]) -> Text:
    if len(units) <= 3:
        return Joined(tuple(facts.unit_name(unit) for unit in units))
    return Phrase(
        N_("{name}等 {count} 个单位"), {"name": facts.unit_name(units[0]), "count": len(units)}
    )


def zone_names(facts: RankingFacts) -> list[tuple[str, str, int]]:
    """Code, name and hue (1–6) of the framework's zones; a zone keeps its hue everywhere."""
    return [
        (zone.code, str(Name(zone.name, zone.name_en)) or zone.code, at % 6 + 1)
        for at, zone in enumerate(facts.framework.zones)
    ]


def remarks(facts: RankingFacts) -> list[str]:
    """What a reader must know to read the table right."""
    decimals = facts.sheet.method.get("rank", {}).get("decimals")
    said = [
        _("得分相同的单位名次相同，标“并列”；排名以未取舍的得分计算。")
        if decimals is None
        else _("得分保留 {decimals} 位小数后排名，相同的名次相同，标“并列”。", decimals=decimals)
    ]
    if any(unit not in facts.peers for unit in facts.units):
        said.append(_("参评不排名的单位列于最后，不占名次。"))
    if facts.previous is not None:
        said.append(
            _("▲ 名次或得分上升，▼ 下降；上期为“{round}”。", round=facts.previous_round_name)
        )
    return said
