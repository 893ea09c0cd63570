"""Weights moved by hand: the ranking that they give, how firm it is, who is level with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from evaluation.platform.i18n import N_
from reports.model import Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.facts import node_name
from reports.screen.firmness import FIRM
from reports.screen.whatif_asked import shown
from scoring.composite.aggregate import kinds_of
from scoring.composite.tree_order import levels
from scoring.composite.weighting.policy import Weights
from scoring.whatif.sliding import Slid, Slider


@dataclass(frozen=True, slots=True)
class Knob:
    """One first-level weight: ``given`` is the method's, ``text`` what stands in the field."""

    code: str
    name: Text
    given: float
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Moved:
    """One unit under these weights. ``change`` is places gained over the stored result.

    ``above`` is the share of draws in which the unit on the line before stands above this one;
    ``level`` says that it is too small to tell the two apart.
    """

    unit: str
    name: Text
    peer: bool
    was: float | None
    rank: float | None
    tied: bool
    change: float | None
    score: float | None
    same: float | None
    low: float | None
    high: float | None
    above: float | None
    level: bool


class Reweighed:
    """The ranking under other weights beside the stored one."""

    def __init__(self, facts: RankingFacts, slider: Slider, slid: Slid) -> None:
        self.facts, self.slider, self.slid = facts, slider, slid

    @cached_property
    def lines(self) -> tuple[Moved, ...]:
        """By the new place; the others at the foot."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Moved]:
        slid, facts = self.slid, self.facts
        ranks = slid.ranks
        order = sorted(
            range(len(slid.cities)),
            key=lambda i: (
                slid.cities[i] not in facts.peers,
                bool(np.isnan(ranks[i])),
                np.nan_to_num(ranks[i]),
                slid.cities[i],
            ),
        )
        before: int | None = None
        for i in order:
            unit = slid.cities[i]
            rank = _number(ranks[i])
            placed = rank is not None
            above = None if before is None or not placed else slid.above(before, i)
            was = facts.rank(unit, facts.root.code)
            yield Moved(
                unit=unit,
                name=facts.unit_name(unit),
                peer=unit in facts.peers,
                was=was,
                rank=rank,
                tied=placed and int(np.sum(ranks == ranks[i])) > 1,
                change=None if was is None or rank is None else was - rank,
                score=_number(slid.scores[i]),
                same=_number(slid.same[i]),
                low=_number(slid.low[i]),
                high=_number(slid.high[i]),
                above=above,
                level=above is not None and above < self.slider.tie_level,
            )
            before = i if placed else before

    @cached_property
    def sentence(self) -> Text:
        """How many places moved, and the largest move."""
        moves = [line for line in self.lines if line.change]
        if not moves:
            return Phrase(N_("与原结果相比，名次没有变化。"))
        most = max(moves, key=lambda line: abs(line.change or 0))
        return Phrase(
            N_("{count} 个单位的名次变了；变动最大的是{name}（第 {was} → 第 {now}）。"),
            {
                "count": len(moves),
                "name": most.name,
                "was": f"{most.was:g}",
                "now": f"{most.rank:g}",
            },
        )

    @cached_property
    def firm(self) -> Text:
        """How many places hold, and how many neighbours are level."""
        placed = [line for line in self.lines if line.rank is not None]
        spans = [line.high - line.low for line in placed if line.high is not None and line.low]
        facts = {
            "firm": sum(span <= FIRM for span in spans),
            "total": len(placed),
            "level": sum(line.level for line in placed),
        }
        return Phrase(N_("{firm} / {total} 个名次稳定，{level} 对相邻单位难分先后。"), facts)

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON."""
        names = ("rank", "was", "change", "score", "same", "low", "high", "above", "level", "tied")
        return {
            "shares": dict(self.slid.shares),
            "draws": self.slider.draws,
            "cities": [
                {"code": line.unit} | {name: getattr(line, name) for name in names}
                for line in self.lines
            ],
        }


def knobs(
    facts: RankingFacts, slider: Slider, typed: Mapping[str, str], slid: Slid | None
) -> tuple[Knob, ...]:
    """The first-level weights as the page shows them."""
    given = slider.given
    shares = slid.shares if slid else {code: each / 100 for code, each in given.items()}
    by_code = facts.framework.by_code
    return tuple(
        Knob(
            code,
            node_name(by_code[code]),
            given[code],
            typed.get(code) or shown(given[code]),
            100 * shares[code],
        )
        for code in slider.first
    )


def top_of(knobs_shown: tuple[Knob, ...]) -> int:
    """Where a slider ends: four times the largest given weight, in tens, at most 100."""
    most = max((knob.given for knob in knobs_shown), default=25.0)
    return min(100, max(10, int(np.ceil(4 * most / 10)) * 10))


def remarks(slider: Slider, method_weights: str) -> tuple[Text, ...]:
    """What a reader must know of these weights, a sentence each."""
    return tuple(_remarks(slider, method_weights))


def _remarks(slider: Slider, method_weights: str) -> Iterator[Text]:
    if method_weights != Weights().method:
        yield Phrase(
            N_("本方法的权重是算出来的，不是人定的：滑块从算出的权重开始，移动后就是人定的权重。")
        )
    tree = slider.case.tree
    kinds = kinds_of(slider.case.method.aggregate, len(levels(tree)))
    if "copeland" in kinds:
        yield Phrase(
            N_("本方法按两两比较的胜负排名：权重只影响胜负，名次可能不变，也可能一下跳几位。")
        )
    elif kinds[-1] != "arithmetic":
        yield Phrase(N_("本方法不是简单加权平均：权重变动的效果与得分高低有关，已按方法重算。"))
    facts = {
        "draws": f"{slider.draws:,}",
        "spread": f"{slider.spread:.0%}",
        "level": f"{slider.tie_level:.0%}",
    }
    yield Phrase(N_("各项权重按比例折算，合计总是 100%。只改一级指标的权重，下级不变。"), facts)
    yield Phrase(
        N_(
            "稳定程度：所有权重在此基础上再随机变动 ±{spread}，重算 {draws} 次。"
            "“难分先后”：前一名领先的可能性不到 {level}。"
        ),
        facts,
    )


def _number(value: float) -> float | None:
    return None if value != value else float(value)
