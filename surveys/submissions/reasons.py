"""Why something was refused: what the person is told, the answer's status, who may let it in."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.platform.i18n import N_

ALTERED = "altered"
ALTERED_FILE = "altered-file"
BAD_NAME = "bad-name"
BRANCHED = "branched"
CHAIN = "chain"
CONFLICT = "conflict"
FORM_UNKNOWN = "form-unknown"
INSTANCE = "instance"
INSTANCE_TAKEN = "instance-taken"
LOCKED = "locked"
REJECTED = "rejected"
TOO_MANY_FILES = "too-many-files"
UNEXPECTED_FILE = "unexpected-file"
VERSION_UNKNOWN = "version-unknown"
VISIT_CANCELLED = "visit-cancelled"
VISIT_FORM = "visit-form"
VISIT_OTHER = "visit-other"
VISIT_TAKEN = "visit-taken"
VISIT_UNKNOWN = "visit-unknown"
WINDOW_CLOSED = "window-closed"
WINDOW_EARLY = "window-early"
WITHDRAWN = "withdrawn"
WRONG_HASH = "wrong-hash"

#: How a supervisor may let something in: as a record of its own, as the next edition of the
#: record that stands, as a file of its record, or not at all.
AS_RECORD, AS_EDITION, AS_FILE, NEVER = "record", "edition", "file", ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. ``label`` is for the office's list, ``text`` for whoever sent it."""

    label: str
    text: str
    status: int = 422
    admits: str = NEVER


_NOT_YOURS = N_("没有访查编号“{visit}”，或者它不是派给您的。请核对编号。")

REASONS = {
    FORM_UNKNOWN: Reason(N_("没有这份表单"), N_("服务器上没有表单“{form}”。")),
    VERSION_UNKNOWN: Reason(
        N_("版本没有发布过"), N_("表单“{form}”的第 {version} 版没有发布过，请更新表单。")
    ),
    VISIT_UNKNOWN: Reason(N_("没有这次访查"), _NOT_YOURS, admits=AS_RECORD),
    VISIT_OTHER: Reason(N_("是派给别人的访查"), _NOT_YOURS, admits=AS_RECORD),
    VISIT_FORM: Reason(
        N_("访查用的是另一份表单"), N_("访查“{visit}”用的是另一份表单。"), admits=AS_RECORD
    ),
    VISIT_CANCELLED: Reason(N_("访查已取消"), N_("这次访查已经取消。"), admits=AS_RECORD),
    WINDOW_EARLY: Reason(
        N_("访查期还没开始"), N_("访查期还没有开始，记录不能提前提交。"), admits=AS_RECORD
    ),
    WINDOW_CLOSED: Reason(
        N_("访查期已过"),
        N_("访查期已经结束，而记录不能证明是在访查期内完成的。"),
        admits=AS_RECORD,
    ),
    CONFLICT: Reason(N_("已申报利益冲突"), N_("您已申报与这个市州有利益冲突，不能提交它的记录。")),
    VISIT_TAKEN: Reason(
        N_("这次访查已有记录"),
        N_("这次访查已经有一份记录。要改动，请在原记录上修改后重新提交。"),
        409,
        AS_EDITION,
    ),
    CHAIN: Reason(
        N_("接在另一次访查的记录之后"), N_("它要修改的是另一次访查的记录。"), 409, AS_RECORD
    ),
    BRANCHED: Reason(
        N_("改的是旧版本"),
        N_("它修改的不是最新的一版：另有一版已经先到。"),
        409,
        AS_EDITION,
    ),
    LOCKED: Reason(
        N_("记录已锁定"),
        N_("这份记录已经采信，不能再改。要改动，须由省级管理员申请重新审核、另一人确认。"),
        409,
        AS_EDITION,
    ),
    REJECTED: Reason(
        N_("记录不予采信"),
        N_("这份记录已审定不予采信。如有异议，请联系评价督导；省级管理员可以恢复审核。"),
        409,
        AS_EDITION,
    ),
    WITHDRAWN: Reason(
        N_("记录已撤销"),
        N_("这份记录已被撤销。如有疑问，请联系评价督导；省级管理员可以恢复审核。"),
        409,
        AS_EDITION,
    ),
    ALTERED: Reason(
        N_("同一编号，内容不同"),
        N_("这个记录编号的内容先前已经收到，这次的内容不同。两份都已保留。"),
        409,
        AS_EDITION,
    ),
    INSTANCE_TAKEN: Reason(N_("记录编号是别人的"), N_("这个记录编号已被另一位评价员使用。"), 409),
    INSTANCE: Reason(N_("没有记录编号"), N_("记录没有可用的编号（instanceID）。")),
    BAD_NAME: Reason(N_("文件名无法使用"), N_("记录中有文件名太长或含有不能使用的字符。")),
    TOO_MANY_FILES: Reason(N_("文件太多"), N_("一份记录最多 {limit} 个文件。")),
    UNEXPECTED_FILE: Reason(
        N_("记录没有提到的文件"), N_("记录中没有提到文件“{name}”。"), admits=AS_FILE
    ),
    WRONG_HASH: Reason(
        N_("与拍摄时的哈希不符"),
        N_("文件“{name}”与拍摄时登记的哈希不符，请重新发送。"),
        admits=AS_FILE,
    ),
    ALTERED_FILE: Reason(
        N_("文件被换过"), N_("文件“{name}”先前已经收到，这次的内容不同。两份都已保留。"), 409
    ),
}

#: Reasons of single files; all others are of whole records.
OF_FILES = frozenset({UNEXPECTED_FILE, WRONG_HASH, ALTERED_FILE})
