"""What visits refuse, as facts."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _


class Moved(DomainError):
    """Somebody changed it after it was read."""

    code = "changed-meanwhile"
    title = N_("别人刚刚改过这里")
    detail = N_("在您打开页面之后，别人改动过这里，您的改动没有保存。请核对最新内容后再改。")


class WrongState(DomainError):
    """The plan or visit is not where this step starts; ``state`` is a message id."""

    code = "wrong-state"
    title = N_("现在不能执行这一步")
    detail = N_("现在是“{state}”，不能执行这一步。请刷新页面查看当前状态。")

    def explain(self) -> str:
        """The state in the current language."""
        return _(self.detail, state=_(self.facts["state"]))


class AnotherPerson(DomainError):
    """Whoever drew a plan, or changed it by hand, does not issue it as well."""

    code = "same-person"
    title = N_("需要另一个人下发")
    detail = N_("抽取或改动过这个计划的人不能下发。请由另一位省级管理员或评价督导核对后下发。")


class ReasonWanted(DomainError):
    """Something that stays on record says why."""

    status = 422
    code = "reason-needed"
    title = N_("请写明原因")
    detail = N_("请写明原因；原因会留存。")


class NamesPerson(DomainError):
    """A reason is read by auditors, who may not know who went where."""

    status = 422
    code = "names-a-person"
    title = N_("原因里不能写评价员的姓名")
    detail = N_("原因会留存并给审计员查看，请不要写评价员的姓名或用户名。")


class VisitBegun(DomainError):
    """A record of the visit has arrived; it is dealt with in the review."""

    code = "visit-begun"
    title = N_("这次访查已有记录")
    detail = N_("这次访查已经收到记录，不能取消或改派。请在审核页处理这份记录。")


class PlanNotYours(DomainError):
    """A supervisor of some cities acts on plans within these only."""

    code = "plan-beyond-scope"
    title = N_("计划里有您不负责的市州")
    detail = N_("这个计划还包括您不负责的市州，请由省级管理员或负责全部市州的督导办理。")
