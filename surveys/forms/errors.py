"""What forms refuse, as facts."""

from __future__ import annotations

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_


class NotADraft(DomainError):
    """Only a draft can be published or thrown away."""

    code = "form-not-draft"
    title = N_("这一版不是草稿")
    detail = N_("“{code}”第 {number} 版已经发布，不能再改。需要修改时请上传新的一版。")


class NothingNew(DomainError):
    """The workbook says what the newest published version says."""

    code = "form-nothing-new"
    title = N_("没有改动")
    detail = N_("这份工作簿与“{code}”已发布的第 {number} 版内容相同，没有建立新版本。")


class FormInUse(DomainError):
    """Visits that are out still need the form."""

    code = "form-in-use"
    title = N_("还有访查在用这张表单")
    detail = N_(
        "“{code}”还有 {count} 次已下发的访查没有结束，停用会让手机取不到它。请等访查结束后再停用。"
    )


class NotPublished(DomainError):
    """A form that was never published cannot be retired: its draft can be thrown away."""

    code = "form-not-published"
    title = N_("还没有发布过")
    detail = N_("“{code}”还没有发布过，不需要停用；不要的草稿可以删除。")


class NotAnAuthor(DomainError):
    """Somebody whose role does not write forms."""

    code = "form-not-an-author"
    title = N_("不能发布表单")
    detail = N_("“{username}”不是省级管理员或评价督导，不能发布表单。")
