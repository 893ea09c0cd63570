"""What submissions refuse, as facts: what happened, and what the person can do."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _
from surveys.submissions.reasons import REASONS


class DeviceRevoked(DomainError):
    """The phone was revoked: what it keeps is to be wiped."""

    status = 410
    code = "device-revoked"
    title = N_("这台设备已停用")
    detail = N_("这台设备已被停用，本机数据将被清除。如需继续工作，请联系评价督导重新登记。")


class DeviceSuspended(DomainError):
    """The phone's person may not work in the field now; what the phone keeps stays on it."""

    status = 403
    code = "device-suspended"
    title = N_("账号目前不能提交")
    detail = N_("您的账号已停用或不再是评价员。手机上的记录都还在，请不要删除，并联系评价督导。")


class SignInAgain(DomainError):
    """The phone's last online sign-in is too long ago, or was with another password."""

    status = 401
    code = "sign-in-again"
    title = N_("请重新登录")
    detail = N_("太久没有联网登录，或密码改过。请输入密码重新登录，未发送的记录会接着发送。")


class TooManyDevices(DomainError):
    """A person has as many phones registered as anybody may."""

    code = "too-many-devices"
    title = N_("设备太多")
    detail = N_("最多可以登记 {most} 台设备。请先停用不再使用的设备。")


class Refused(DomainError):
    """A record or a file that was not taken, and is kept: ``reason`` is a key of `REASONS`.

    ``refusal`` is the code under which a supervisor finds it; empty where nothing new had to be
    kept. ``submission_id`` is the record whose state is in the way. Further facts fill the text.
    """

    submission_id: int | None = None

    status = 422
    code = "submission-refused"
    title = N_("没有接收")

    def __init__(self, reason: str, refusal: str = "", **facts: object) -> None:
        super().__init__(reason=reason, refusal=refusal, **facts)
        self.reason = reason
        self.refusal = refusal

    def explain(self) -> str:
        """Why, and where to ask, in the current language."""
        facts = {k: v for k, v in self.facts.items() if k not in ("reason", "refusal")}
        why = _(REASONS[self.reason].text, **facts) if facts else _(REASONS[self.reason].text)
        if not self.refusal:
            return why
        return _(
            "{why}内容已封存在服务器，编号 {refusal}；请把编号告诉评价督导，由督导决定是否准入。",
            why=why,
            refusal=self.refusal,
        )


class RefusedClash(Refused):
    """The same, for what collides with something that is here already."""

    status = 409
    code = "submission-clash"


class TooManyRefusals(DomainError):
    """A phone whose sendings are refused one after the other waits before the next."""

    status = 429
    code = "too-many-refusals"
    title = N_("被拒收的内容太多")
    detail = N_("这位评价员一天内被拒收的内容太多。手机上的记录没有丢失，请先联系评价督导。")


def refused(reason: str, refusal: str = "", **facts: object) -> Refused:
    """The refusal with the status that its reason has."""
    kind = RefusedClash if REASONS[reason].status == 409 else Refused
    return kind(reason, refusal, **facts)
