"""How one value became points of the index: raw, imputed, treated, normalised, weighed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.framework.tree import Node
from evaluation.platform.i18n import N_
from reports.model import Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.facts import MISSING, NOT_APPLICABLE, node_name
from reports.ranking.method import OUTCOMES
from reports.ranking.words import VALUES
from reports.screen.scale import adds_up

GOALPOSTS = N_(
    "固定目标区间：（{value} − 最差值 {worst}）÷（最优值 {best} − 最差值 {worst}）× {upper}"
)
GOALPOSTS_CLIPPED = N_(
    "固定目标区间：（{value} − 最差值 {worst}）÷（最优值 {best} − 最差值 {worst}）× {upper}"
    "；超出区间的按边界计"
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its name, the number after it, the rule that was applied."""

    name: Text
    value: float | None
    said: Text
    rule: Text
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A level above: the weight that counted for this unit, and what the score brought there.

    ``nominal`` is the framework's weight as a share of its siblings; ``contribution`` is in
    points of the index, None where the method's means do not add up.
    """

    node: Node
    name: Text
    nominal: float
    effective: float | None
    into: Text
    score: float | None
    contribution: float | None


def stages(facts: RankingFacts, unit: str, node: Node) -> tuple[Stage, ...]:
    """From the adopted value to the score of the indicator."""
    sheet, row, at = facts.sheet, facts.row_of[unit], facts.indicator_at[node.code]
    raw, imputed, treated, score = (
        _number(stage[row, at])
        for stage in (sheet.raw, sheet.imputed, sheet.treated, sheet.normalised)
    )
    gone, filled = bool(sheet.not_applicable[row, at]), bool(sheet.was_imputed[row, at])
    missing = NOT_APPLICABLE if gone else MISSING
    record = next((r for r in sheet.treatment if r.get("code") == node.code), None)
    return (
        Stage(
            Phrase(N_("原始值")),
            None if gone else raw,
            missing if gone or raw is None else "",
            Phrase(N_("已采用的观测值")),
            node.decimals,
        ),
        Stage(
            Phrase(N_("缺失值处理")),
            imputed,
            missing if imputed is None else "",
            _impute_rule(sheet.method, node, filled=filled, gone=gone),
        ),
        Stage(
            Phrase(N_("异常值处理")),
            treated,
            missing if treated is None else "",
            _treat_rule(record, unit),
        ),
        Stage(
            Phrase(N_("标准化")),
            score,
            missing if score is None else "",
            _normalise_rule(sheet.method, node, treated, score),
            2,
        ),
    )


def climb(facts: RankingFacts, unit: str, node: Node) -> tuple[Weighed, ...]:
    """From the indicator up to the index, one level at a time."""
    row = facts.sheet.weights[facts.row_of[unit]]
    path = facts.framework.path(node.code)
    found: list[Weighed] = []
    share = 1.0
    shares = {}
    for each in path[1:]:
        weight = _number(row[facts.node_at[each.code]]) or 0.0
        share *= weight
        shares[each.code] = share
    for above, each in zip(reversed(path[:-1]), reversed(path[1:]), strict=True):
        siblings = facts.framework.children[above.code]
        total = sum(sibling.weight for sibling in siblings)
        score = facts.score(unit, each.code)
        found.append(
            Weighed(
                each,
                node_name(each),
                each.weight / total if total else 0.0,
                _number(row[facts.node_at[each.code]]),
                node_name(above),
                score,
                shares[each.code] * score if score is not None and adds_up(facts) else None,
            )
        )
    return tuple(found)


def _impute_rule(method: Mapping[str, Any], node: Node, *, filled: bool, gone: bool) -> Text:
    if gone:
        return Phrase(N_("不适用：不插补，权重分配给同级指标"))
    rule = node.missing or str(method.get("impute", {}).get("method", "none"))
    if filled:
        return Phrase(N_("缺失，按“{rule}”插补"), {"rule": _word(rule)})
    return Phrase(N_("有数据，未插补")) if rule != "zero" else Phrase(N_("缺失时按零分计"))


def _treat_rule(record: Mapping[str, Any] | None, unit: str) -> Text:
    outcome = str(record.get("outcome", "")) if record else ""
    if not outcome or outcome in ("untreated", "passes"):
        return Phrase(N_("未作调整"))
    said = Phrase(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome
    if record and outcome == "winsorised" and unit not in record.get("cities", ()):
        return Phrase(N_("{rule}；本单位的值未动"), {"rule": said})
    return said


def _normalise_rule(
    method: Mapping[str, Any], node: Node, treated: float | None, score: float | None
) -> Text:
    said = method.get("normalise", {})
    own = said.get("by_indicator", {}).get(node.code)
    rule = own if isinstance(own, str) else node.normalise or str(said.get("method", ""))
    plain = rule == "goalposts" and node.best is not None and node.worst is not None
    plain = plain and not said.get("lower")
    if plain and not node.transform and treated is not None and score is not None:
        return Phrase(
            GOALPOSTS_CLIPPED if said.get("clip") else GOALPOSTS,
            {
                "value": f"{treated:.6g}",
                "worst": f"{node.worst:g}",
                "best": f"{node.best:g}",
                "upper": f"{float(said.get('upper', 100)):g}",
            },
        )
    if node.transform == "ln":
        return Phrase(N_("取自然对数后：{rule}"), {"rule": _word(rule)})
    return _word(rule)


def _word(key: str) -> Text:
    return Phrase(VALUES[key]) if key in VALUES else key


def _number(value: Any) -> float | None:
    number = float(value)
    return None if number != number else number
