"""What review refuses, as facts."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _


class WrongState(DomainError):
    """The record is not where this step starts: says where it is and what leads on from there."""

    code = "review-step-refused"
    title = N_("不能执行这一步")
    detail = N_("这份记录现在是“{state}”，不能执行“{action}”。{way}")

    def explain(self) -> str:
        """State, step and way in the current language."""
        return _(self.detail, **{key: _(self.facts[key]) for key in ("state", "action", "way")})


class OwnWork(DomainError):
    """Nobody reviews what they collected."""

    code = "own-work"
    title = N_("需要另一个人审核")
    detail = N_("这次访查是您自己做的，须由另一位评价督导处理。")


class SecondPersonNeeded(DomainError):
    """Two people: whoever took the first step does not take the second; ``why`` is a message id."""

    code = "second-person-needed"
    title = N_("需要另一个人确认")
    detail = "{why}"

    def explain(self) -> str:
        """Why, in the current language."""
        return _(self.facts["why"])


class StillIncomplete(DomainError):
    """Files that the record names have not arrived whole."""

    code = "still-incomplete"
    title = N_("附件还没有收齐")
    detail = N_(
        "附件还没有收齐，不能执行“{action}”。等评价员的手机补传；确实补不上的，请评价员改后重新提交，或不予采信。"
    )

    def explain(self) -> str:
        """The step in the current language."""
        return _(self.detail, action=_(self.facts["action"]))


class FindingsUnanswered(DomainError):
    """What the form's own logic found has to be answered in words before approval."""

    status = 422
    code = "findings-unanswered"
    title = N_("请说明为什么仍然通过")
    detail = N_("服务器按表单逻辑复核有 {count} 处不符。仍要通过，请逐处核对并写明理由。")


class ReasonMissing(DomainError):
    """This step needs a reason in words."""

    status = 422
    code = "review-reason-missing"
    title = N_("请写明原因")
    detail = N_("“{action}”必须写明原因，原因会留在这份记录的经过里。")

    def explain(self) -> str:
        """The step in the current language."""
        return _(self.detail, action=_(self.facts["action"]))


class ReasonsMissing(DomainError):
    """A return names its questions and says what is wrong with each."""

    status = 422
    code = "return-reasons-missing"
    title = N_("请选择题目并写明原因")
    detail = N_("退回时至少写明一道题的原因，评价员会在手机上逐题看到。")


class NoSuchQuestion(DomainError):
    """A return names a question that the record's form does not have."""

    status = 422
    code = "no-such-question"
    title = N_("表单没有这道题")
    detail = N_("这份记录的表单没有题目“{question}”，没有退回。")


class Moved(DomainError):
    """Somebody dealt with the record after it was read; ``what`` tells who, what and when."""

    code = "submission-moved"
    title = N_("别人刚刚处理过这份记录")
    detail = N_("您打开之后，{what}。您的操作没有保存，请核对现在的内容再决定。")


class VisitTaken(DomainError):
    """Another record of the same visit is alive; one of them counts."""

    code = "visit-taken"
    title = N_("这次访查另有记录")
    detail = N_("同一次访查的另一份记录（{code}）现在有效，不能重新审核这一份。请先处理那一份。")
