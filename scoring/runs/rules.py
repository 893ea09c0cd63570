"""When a run may be made, approved and published, and what is refused."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_
from evaluation.rounds.rules import (
    OBJECTION,
    PUBLISHED,
    RECTIFYING,
    SCORED,
    VERIFYING,
)

#: A round in these states may be scored: what is adopted may still change.
MAY_RUN = (VERIFYING, SCORED, OBJECTION)

#: A published result may be corrected in these: another run, two people, a visible note.
MAY_CORRECT = (PUBLISHED, RECTIFYING)


class RunRefused(DomainError):
    """The round is not where scores are made."""

    code = "run-refused"
    title = N_("现在不能计算")
    detail = N_("只有处于核验、已评分或异议期的轮次可以计算；本轮处于“{state}”。")


class NotScorable(DomainError):
    """The engine refuses the numbers or the method."""

    code = "not-scorable"
    title = N_("无法计算")
    detail = N_("按体系规定的方法无法计算，共 {count} 处原因：{what}")


class NothingAdopted(DomainError):
    """There is nothing to score."""

    code = "nothing-adopted"
    title = N_("还没有可计算的数据")
    detail = N_("本轮还没有已采用的观测值。请先采信市州填报，再来计算。")


class RunStale(DomainError):
    """What is adopted has changed since the run."""

    code = "run-stale"
    title = N_("数据在这次计算之后有变动")
    detail = N_("第 {number} 次计算之后，已采用的数据有变动。请重新计算，再审定新的结果。")


class ApprovalRefused(DomainError):
    """Not the state in which results are approved."""

    code = "approval-refused"
    title = N_("现在不能审定")
    detail = N_("异议期内的轮次可以审定结果，已发布的轮次可以审定更正；本轮处于“{state}”。")


class AlreadyApproved(DomainError):
    """There is an approval that waits for publication."""

    code = "already-approved"
    title = N_("已有结果等待发布")
    detail = N_("第 {number} 次计算已审定，正在等待发布。如需改换，请先撤回审定。")


class SameResult(DomainError):
    """A correction has to differ from what is published."""

    code = "same-result"
    title = N_("与已发布的结果相同")
    detail = N_("第 {number} 次计算就是已发布的结果，不需要更正。")


class SamePerson(DomainError):
    """Whoever approved may not publish."""

    code = "same-person"
    title = N_("需要另一位管理员发布")
    detail = N_("审定人 {approver} 不能自己发布。请由另一位省级管理员登录后发布。")


class NotApproved(DomainError):
    """There is nothing that waits for publication."""

    code = "not-approved"
    title = N_("没有等待发布的结果")
    detail = N_("本轮没有已审定、等待发布的结果。请刷新页面查看当前状态。")
