"""What a phone is refused, as facts: what happened, and what the person can do."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_


class NotForEvaluators(DomainError):
    """A right password, of somebody who makes no visits."""

    status = 403
    code = "not-an-evaluator"
    title = N_("这里供评价员使用")
    detail = N_("您的账号不是评价员。请从首页登录。")


class PasswordFirst(DomainError):
    """A first password has to be replaced where that is done."""

    status = 403
    code = "password-change-needed"
    title = N_("请先修改初始密码")
    detail = N_("这是初始密码。请先在首页登录并设置自己的密码，再回到这里。")
