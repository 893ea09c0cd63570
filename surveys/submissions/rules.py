"""The life of a submission, as data."""

from __future__ import annotations

from evaluation.platform.i18n import N_

INCOMPLETE = "incomplete"
RECEIVED = "received"
RETURNED = "returned"
APPROVED = "approved"
ACCEPTED = "accepted"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"

STATES = {
    INCOMPLETE: N_("未收齐附件"),
    RECEIVED: N_("待审核"),
    RETURNED: N_("退回补正"),
    APPROVED: N_("已审核，待复核"),
    ACCEPTED: N_("已采信"),
    REJECTED: N_("不予采信"),
    WITHDRAWN: N_("已撤销"),
}

#: States in which another edition is taken; in the others it is refused and kept.
EDITABLE = frozenset({INCOMPLETE, RECEIVED, RETURNED, APPROVED})
