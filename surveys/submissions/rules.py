"""The life of a submission, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluation.platform.i18n import N_
from surveys.submissions import reasons
from surveys.visits import rules as visit_rules

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

#: A record of the same visit may follow one in these: they do not count.
CLOSED = frozenset({REJECTED, WITHDRAWN})
#: On a receipt only: an edition that came before the one it follows.
WAITING = "waiting"
RECEIPT_STATES = {**STATES, WAITING: N_("等前一版到达")}

SKEW_ALLOWED = timedelta(minutes=5)

FLAGS = {
    "late": N_("访查期后才送达"),
    "early": N_("手机记的完成时间早于访查期"),
    "skew": N_("手机时钟与服务器相差超过 5 分钟"),
    "future": N_("手机记的完成时间在将来"),
    "backwards": N_("手机记的完成时间早于开始时间"),
    "no-ledger": N_("没有佐证账本（第三方应用提交）"),
    "bad-ledger": N_("佐证账本无法读取"),
    "too-fast": N_("填写过快"),
    "unknown-elements": N_("含有表单里没有的内容"),
    "repeated": N_("同一问题答了多次"),
    "edited-after-approval": N_("审核通过后又修改"),
    "admitted": N_("先被拒收，后由督导准入"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What the server knows of what a record names; None where it knows nothing.

    ``version_id`` is None for a version that was never published. The visit is whoever's it is.
    """

    form_id: int | None = None
    version_id: int | None = None
    visit_id: int | None = None
    visit_form_id: int | None = None
    evaluator: str = ""
    visit_state: str = ""
    round_id: int | None = None
    round_code: str = ""
    city: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """A record's own clock: aware moments, None where it does not say. ``skew`` is how far the
    phone's clock is ahead of the server's."""

    started_at: datetime | None = None
    ended_at: datetime | None = None
    skew: timedelta | None = None

    @property
    def ended_truly(self) -> datetime | None:
        """The end by the server's clock, as far as the phone's error is known."""
        if self.ended_at is None or self.skew is None:
            return self.ended_at
        return self.ended_at - self.skew


def objection(place: Place, username: str, now: datetime, times: Times) -> str | None:
    """The first reason, in a fixed order, why a record is not taken; None where it is."""
    if place.form_id is None:
        return reasons.FORM_UNKNOWN
    if place.version_id is None:
        return reasons.VERSION_UNKNOWN
    if place.visit_id is None or place.visit_state == visit_rules.DRAFT:
        return reasons.VISIT_UNKNOWN
    if place.evaluator != username:
        return reasons.VISIT_OTHER
    if place.visit_form_id != place.form_id:
        return reasons.VISIT_FORM
    if place.visit_state != visit_rules.ISSUED:
        return reasons.VISIT_CANCELLED
    if place.conflict:
        return reasons.CONFLICT
    return _window(place, now, times)


def _window(place: Place, now: datetime, times: Times) -> str | None:
    if place.opens_at is None or place.closes_at is None:
        return None
    if now < place.opens_at:
        return reasons.WINDOW_EARLY
    if now <= place.closes_at:
        return None
    ended = times.ended_truly
    inside = ended is not None and place.opens_at <= ended <= place.closes_at
    return None if inside else reasons.WINDOW_CLOSED


def time_flags(place: Place, now: datetime, times: Times) -> list[str]:
    """What is odd about a record's clock."""
    found = []
    ended = times.ended_truly
    if place.closes_at is not None and now > place.closes_at:
        found.append("late")
    if place.opens_at is not None and ended is not None and ended < place.opens_at:
        found.append("early")
    if times.skew is not None and abs(times.skew) > SKEW_ALLOWED:
        found.append("skew")
    if ended is not None and ended > now + SKEW_ALLOWED:
        found.append("future")
    if times.started_at and times.ended_at and times.ended_at < times.started_at:
        found.append("backwards")
    return found


def closing_reason(state: str) -> str | None:
    """Why a record in *state* takes no further edition; None where it does."""
    if state in EDITABLE:
        return None
    return {REJECTED: reasons.REJECTED, WITHDRAWN: reasons.WITHDRAWN}.get(state, reasons.LOCKED)
