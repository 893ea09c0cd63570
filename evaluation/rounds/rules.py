"""The life of a round, as data: which step follows which, who may take it, what it needs."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.accounts.roles import OFFICE
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_

PLANNED = "planned"
COLLECTING = "collecting"
VERIFYING = "verifying"
SCORED = "scored"
OBJECTION = "objection"
APPROVED = "approved"
PUBLISHED = "published"
RECTIFYING = "rectifying"
ARCHIVED = "archived"

STATES = {
    PLANNED: N_("筹备"),
    COLLECTING: N_("采集"),
    VERIFYING: N_("核验"),
    SCORED: N_("已评分"),
    OBJECTION: N_("异议期"),
    APPROVED: N_("已审定"),
    PUBLISHED: N_("已发布"),
    RECTIFYING: N_("整改"),
    ARCHIVED: N_("已归档"),
}
ORDER = tuple(STATES)

KINDS = {"monthly": N_("月度"), "quarterly": N_("季度"), "annual": N_("年度")}

#: What a city may see of other cities once published: their indicators too, or only its own.
DISCLOSURES = {"own": N_("各市州只看本市州明细"), "full": N_("各市州可看全部明细")}


@dataclass(frozen=True)
class Step:
    """One allowed move. ``at`` names the page where it is taken, if not the round's own."""

    source: str
    target: str
    label: str
    roles: frozenset[str] = frozenset({OFFICE})
    back: bool = False  # a step back needs a reason
    at: str = ""


STEPS = (
    Step(PLANNED, COLLECTING, N_("开始采集")),
    Step(COLLECTING, VERIFYING, N_("截止采集，转入核验")),
    Step(VERIFYING, COLLECTING, N_("重新开放采集"), back=True),
    Step(VERIFYING, SCORED, N_("确认评分"), at="scoring"),
    Step(SCORED, VERIFYING, N_("退回核验"), back=True),
    Step(SCORED, OBJECTION, N_("进入异议期")),
    Step(OBJECTION, VERIFYING, N_("退回核验"), back=True),
    Step(OBJECTION, APPROVED, N_("审定结果"), at="scoring"),
    Step(APPROVED, OBJECTION, N_("撤回审定"), back=True, at="scoring"),
    Step(APPROVED, PUBLISHED, N_("发布"), at="scoring"),
    Step(PUBLISHED, RECTIFYING, N_("转入整改")),
    Step(RECTIFYING, ARCHIVED, N_("归档")),
)


class StepRefused(DomainError):
    """The round cannot go there from where it is."""

    code = "step-refused"
    title = N_("不能执行这一步")
    detail = N_("本轮处于“{state}”，不能直接转到“{target}”。请刷新页面查看当前状态。")


class StepBlocked(DomainError):
    """Something has to be done first."""

    code = "step-blocked"
    title = N_("还不能执行这一步")
    detail = N_("还有 {count} 项未完成：{what}")


class ReasonNeeded(DomainError):
    """A step back must say why."""

    status = 422
    code = "reason-needed"
    title = N_("请说明原因")
    detail = N_("退回或重新开放必须写明原因，原因会记入审计日志。")


class RoundClosed(DomainError):
    """Nothing may be filed or changed in this state of the round."""

    code = "round-closed"
    title = N_("本轮现在不能修改数据")
    detail = N_("本轮处于“{state}”，数据已锁定。需要修改时，请由省级管理员退回到“采集”。")


def steps_from(state: str) -> tuple[Step, ...]:
    """The moves allowed from *state*."""
    return tuple(step for step in STEPS if step.source == state)


def is_public(state: str) -> bool:
    """Whether results of a round in *state* may be seen by those entitled to published ones."""
    return ORDER.index(state) >= ORDER.index(PUBLISHED)
