"""What filing refuses, as facts."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _


class FilingLocked(DomainError):
    """The cell may not change now; says why and who can open it (message ids)."""

    code = "filing-locked"
    title = N_("现在不能修改")
    detail = N_("{reason}。可以重新开放的是：{opener}。")

    def explain(self) -> str:
        """Reason and opener in the current language."""
        return _(self.detail, reason=_(self.facts["reason"]), opener=_(self.facts["opener"]))


class EditConflict(DomainError):
    """Somebody changed the cell after it was read: both values, who and when are facts."""

    code = "edit-conflict"
    title = N_("别人刚刚改过这一格")
    detail = N_("{who} 已改为“{theirs}”，您填的是“{yours}”。请选择保留哪一个。")


class NotSubmittable(DomainError):
    """Something has to be seen to before the filing can be submitted."""

    code = "filing-incomplete"
    title = N_("还不能提交")
    detail = N_("还有 {count} 处需要先处理：{what}")


class WrongStep(DomainError):
    """The filing is not where this step starts."""

    code = "filing-step-refused"
    title = N_("不能执行这一步")
    detail = N_("本市州的填报现在是“{state}”，不能执行这一步。请刷新页面查看当前状态。")

    def explain(self) -> str:
        """The state in the current language."""
        return _(self.detail, state=_(self.facts["state"]))


class SamePerson(DomainError):
    """Whoever submitted or closed a filing does not accept it as well."""

    code = "same-person"
    title = N_("需要另一个人采信")
    detail = N_("这份填报是您提交或截止的，须由另一位省级管理员采信。")


class NothingChosen(DomainError):
    """A return names its indicators and says why for each."""

    status = 422
    code = "return-incomplete"
    title = N_("请选择指标并写明原因")
    detail = N_("退回时至少选择一项指标，每项都要写明原因。")


class PreviewStale(DomainError):
    """Cells moved between the preview and the confirmation."""

    code = "preview-stale"
    title = N_("预览之后数据有变动")
    detail = N_("预览之后有 {count} 格被改动，未保存任何内容。请核对下面的最新预览后再确认。")


class FileRefused(DomainError):
    """A file that is not kept as evidence; ``why`` is a message id."""

    status = 422
    code = "evidence-refused"
    title = N_("不能上传这个文件")
    detail = "{why}"

    def explain(self) -> str:
        """Why, in the current language."""
        facts = {k: v for k, v in self.facts.items() if k != "why"}
        return _(self.facts["why"], **facts)
