"""The life of plans and visits, windows and rests, as data. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_

# a plan
DRAFT, DRAWN, ISSUED, CLOSED = "draft", "drawn", "issued", "closed"
PLAN_STATES = {
    DRAFT: N_("编制中"),
    DRAWN: N_("已抽取，待下发"),
    ISSUED: N_("已下发"),
    CLOSED: N_("已结束"),
}
PLAN_BADGES = {DRAFT: "draft", DRAWN: "submitted", ISSUED: "active", CLOSED: "archived"}

# a visit: DRAFT and ISSUED as its plan, or taken back
CANCELLED = "cancelled"
VISIT_STATES = {
    DRAFT: N_("待下发"),
    ISSUED: N_("已下发"),
    CANCELLED: N_("已取消"),
}
VISIT_BADGES = {DRAFT: "draft", ISSUED: "active", CANCELLED: "closed"}

#: How long a visit stays on the phone after its window, so that what is unsent can still be sent.
GRACE = timedelta(days=14)
#: How many visits of one city count as "the last ones" for rotation.
RECENT = 3

MOST_DAYS = 366
MOST_QUOTA = 500
MOST_VISITS = 2000


def window_faults(
    opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> list[Fault]:
    """What is wrong with a plan's window: it begins before it ends, and does not lie behind us."""
    if opens_at is None:
        return [Fault("window", N_("请填写开始日期。"), column="opens")]
    if closes_at is None:
        return [Fault("window", N_("请填写结束日期。"), column="closes")]
    if closes_at <= opens_at:
        return [Fault("window", N_("结束日期不能早于开始日期。"), column="closes")]
    if closes_at <= now:
        return [Fault("window", N_("结束日期已经过去。"), column="closes")]
    if closes_at - opens_at > timedelta(days=MOST_DAYS):
        return [
            Fault(
                "window",
                N_("访查期最长 {days} 天。"),
                N_("请分成几个计划。"),
                {"days": MOST_DAYS},
                column="closes",
            )
        ]
    return []
