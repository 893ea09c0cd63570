"""What is refused around a sealed result."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_

REFUSED, WITHDRAWN, CORRECTED = "refused", "withdrawn", "corrected"
OUTCOMES = {
    "": N_("办理中"),
    REFUSED: N_("未同意"),
    WITHDRAWN: N_("已撤销"),
    CORRECTED: N_("已更正"),
}


class ReopeningNeeded(DomainError):
    """A sealed result is corrected only after two people have reopened it."""

    code = "reopening-needed"
    title = N_("结果已封存")
    detail = N_("更正已发布的结果，须先申请重新打开，并由另一位省级管理员同意。")


class NothingToReopen(DomainError):
    """There is no published result that could be corrected now."""

    code = "nothing-to-reopen"
    title = N_("现在不能重新打开")
    detail = N_("只有已发布或整改中的轮次可以重新打开；本轮处于“{state}”。")


class AlreadyOpen(DomainError):
    """One reopening at a time."""

    code = "reopening-already-open"
    title = N_("已经申请过重新打开")
    detail = N_("第 {number} 次重新打开还没有办结。请先办结它。")


class SameAsker(DomainError):
    """Whoever asked may not agree."""

    code = "reopening-same-person"
    title = N_("需要另一位管理员同意")
    detail = N_("申请人不能自己同意。请由另一位省级管理员登录后办理。")


class NotOpen(DomainError):
    """There is no reopening in that state."""

    code = "reopening-not-open"
    title = N_("没有可以办理的重新打开")
    detail = N_("本轮没有处于这一步的重新打开。请刷新页面查看当前状态。")


class HasChanges(DomainError):
    """Values were corrected, so it ends with a correction."""

    code = "reopening-has-changes"
    title = N_("已经更正过数据，不能撤销")
    detail = N_("本次重新打开以来已更正了数据。请重新计算并发布更正，旧结果和新结果都会保留。")
