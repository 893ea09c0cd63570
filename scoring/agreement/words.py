"""What is short of a requirement, in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.framework.methods import method_name
from evaluation.platform.i18n import N_, _, named
from scoring.agreement.requirement import STATISTICS, Requirement

#: What may be done about it; one sentence a kind.
MENDS = {
    "share": N_("请增加盲法复访。"),
    "few-pairs": N_("请增加这张表单的盲法复访。"),
    "below-least": N_(
        "请对照“逐条不一致”复核评分标准、培训评价员，退回有误的记录补正，再增加复访。"
    ),
}


def short(asked: Requirement, said: Mapping[str, Any]) -> str:
    """One shortfall as a sentence, with what to do about it."""
    if said["kind"] == "share":
        return _(
            "{method}：{first} 个首访中有 {again} 个复访，不到要求的 {share}%。{mend}",
            method=method_name(said["method"]), first=said["first"], again=said["again"],
            share=f"{asked.share:g}", mend=_(MENDS["share"]),
        )  # fmt: skip
    name = named(*said["title"])
    if said["item"]:
        label = named(*said["label"]) or said["item"]
        code = f" {said['indicator']}" if said["indicator"] else ""
        name = _("{form}“{label}”{code}", form=name, label=label, code=code)
    if "below-least" in said["why"]:
        return _(
            "{name}：{statistic} 为 {value}，低于要求的 {least}（{pairs} 对{interval}）。{mend}",
            name=name, statistic=_(STATISTICS[asked.statistic]), value=_number(said["value"]),
            least=f"{asked.least:g}", pairs=said["pairs"], interval=_interval(said["alpha"]),
            mend=_(MENDS["below-least"]),
        )  # fmt: skip
    return _(
        "{name}：只有 {pairs} 对可比的答案，要求至少 {least} 对。{mend}",
        name=name, pairs=said["pairs"], least=asked.least_pairs, mend=_(MENDS["few-pairs"]),
    )  # fmt: skip


def asks(asked: Requirement) -> str:
    """A requirement as one sentence."""
    what = _("每张表单") if asked.scope == "forms" else _("每道计分题和检查点")
    bound = _("的 95% 区间下限") if asked.lower_bound else ""
    return _(
        "{what}的 {statistic}{bound}不低于 {least}，至少 {pairs} 对；"
        "{methods}的首访至少 {share}% 有复访。",
        what=what, statistic=_(STATISTICS[asked.statistic]), bound=bound,
        least=f"{asked.least:g}", pairs=asked.least_pairs, share=f"{asked.share:g}",
        methods=_("、").join(method_name(each) for each in asked.methods),
    )  # fmt: skip


def _interval(alpha: list[float | None] | None) -> str:
    if alpha is None or alpha[1] is None or alpha[2] is None:
        return ""
    return _("，α 的 95% 区间 {low} 至 {high}", low=_number(alpha[1]), high=_number(alpha[2]))


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
