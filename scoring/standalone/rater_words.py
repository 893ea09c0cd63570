"""What the rater engine refuses, warns of and decides, in people's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_, _

if TYPE_CHECKING:
    from scoring.composite.problems import Problem

SHOWN = 6  # groups, and names in each

# code of a Problem → what is wrong, how to mend it
MESSAGES: Mapping[str, tuple[str, str]] = {
    "no-ratings": (N_("没有评分。"), N_("请每条评分填一行。")),
    "one-rater": (
        N_("只有 {count} 位评分人，看不出一致性，也比不出宽严。"),
        N_("请让另一位评分人重评一部分对象。"),
    ),
    "one-unit": (N_("只有一个评分对象，比不出宽严。"), N_("请补充其他对象的评分。")),
    "no-pairs": (
        N_("没有一个对象由两位评分人评过同一项，看不出一致性。"),
        N_("请安排重评：抽一部分对象由另一位评分人再评。"),
    ),
    "all-the-same": (
        N_("所有评分都相同，除去偶然后的一致性没有定义（0/0）。"),
        N_("只看一致率；若分级太粗，请考虑细化。"),
    ),
    "all-extreme": (
        N_("除去只有最低分或最高分的对象、评分人和评分项，没有评分可比。"),
        N_("请增加重评的对象，或细化分级。"),
    ),
    "units-alike": (
        N_("各对象的平均分完全相同，ICC 没有定义。"),
        N_("请看一致率和 alpha。"),
    ),
    "too-many-categories": (
        N_("有 {count} 个不同的分值，超过 {most} 个，像测量值而不像等级，不估计宽严。"),
        N_("请改用等级分（如 1–5 分），一致性用 interval 或 ratio 水平的 alpha。"),
    ),
    "disconnected": (
        N_("有几组评分人没有共同评过的对象，宽严不可比：{groups}"),
        N_("请让各组的评分人交叉重评一些对象，或分组分别估计。"),
    ),
    "disconnected-items": (
        N_("有几组评分项没有在同一对象上评过，难度不可比：{groups}"),
        N_("请在同一对象上评各组的评分项，或分组分别估计。"),
    ),
    "no-finite-estimate": (
        N_("评分太少，或有评分人（或评分项）每次都高于另一些，宽严没有有限的估计值。"),
        N_("请增加重评的对象，或合并很少用到的分值。"),
    ),
    "incomplete": (
        N_("不是每位评分人都评过每个对象，ICC 无法计算（缺 {missing} 个评分）。"),
        N_("请改用 alpha，它允许缺失。"),
    ),
    "negative-value": (
        N_("ratio 水平的 alpha 不能有负数：{value}。"),
        N_("请改用 interval 水平。"),
    ),
    "not-finite": (N_("评分不是有限的数。"), N_("请改正，或删除这一行。")),
    "wrong-shape": (N_("评分表的形状不对。"), ""),
    "rated-twice": (
        N_("“{rater}”给“{unit}”的“{item}”评了两次。"),
        N_("每位评分人对同一对象的同一项只能有一条评分。"),
    ),
    "few-pairs": (
        N_("只有 {pairs} 对重评，少于要求的 {least} 对，结论不可靠。"),
        N_("请增加重评。"),
    ),
    "below-least": (
        N_("{statistic} 为 {value}，低于要求的 {least}。"),
        N_("请复核这一项的评分标准，培训评分人后重评。"),
    ),
    "below-warning": (N_("{statistic} 为 {value}，低于 {least}，仅可作初步结论。"), ""),
    "no-value": (N_("{statistic} 没有数值：{because}"), ""),
    "no-bound": (N_("{statistic} 没有置信下限。"), N_("请把 draws 设为 1000 左右。")),
    "paradox": (
        N_("几乎所有评分落在同一级，kappa 和 alpha 因此偏低；AC1 为 {ac1}。"),
        N_("请同时看一致率和 AC1。"),
    ),
}
OUTCOMES: Mapping[str, str] = {"pass": N_("达到要求"), "warn": N_("提醒"), "fail": N_("未达要求")}


def faults_of(
    file: str, problems: Iterable[Problem], *, severity: str = "error"
) -> tuple[Fault, ...]:
    """The engine's problems as faults of *file*."""
    return tuple(
        Fault(
            problem.code,
            *MESSAGES.get(problem.code, (N_("“{path}”：{code}"), "")),
            _facts(problem),
            file=file,
            severity=severity,
        )
        for problem in problems
    )


def reason(problem: Problem) -> str:
    """Why a gate decided as it did, in the current language."""
    (fault,) = faults_of("", [problem])
    return f"{fault.explain()} {fault.remedy()}".strip()


def _facts(problem: Problem) -> dict[str, Any]:
    facts: dict[str, Any] = {"path": problem.path, "code": problem.code, **problem.facts}
    for name in ("value", "least", "ac1"):
        if isinstance(facts.get(name), float):
            facts[name] = f"{facts[name]:.3f}".rstrip("0").rstrip(".")
    if "groups" in facts:
        facts["groups"] = _groups(facts["groups"])
    if "because" in facts:
        known = [_(MESSAGES[code][0]) for code in facts["because"] if code in MESSAGES]
        facts["because"] = " ".join(known)
    return facts


def _groups(groups: tuple[tuple[str, ...], ...]) -> str:
    """Groups of names in brackets, the first few of each."""
    said = []
    for members in groups[:SHOWN]:
        more = f" … ({len(members)})" if len(members) > SHOWN else ""
        said.append(f"[{', '.join(members[:SHOWN])}{more}]")
    if len(groups) > SHOWN:
        said.append(f"… ({len(groups)})")
    return " ".join(said)
