"""When and by whom an objection may be filed, answered and decided. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from evaluation.accounts import roles
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _
from evaluation.rounds import rules as rounds

DRAFT = "draft"
FILED = "filed"
ACCEPTED = "accepted"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"

STATES = {
    DRAFT: N_("异议草稿"),
    FILED: N_("办理中"),
    ACCEPTED: N_("予以采纳"),
    REJECTED: N_("不予采纳"),
    WITHDRAWN: N_("已撤回"),
}
NEXT = {
    DRAFT: frozenset({FILED, WITHDRAWN}),
    FILED: frozenset({ACCEPTED, REJECTED, WITHDRAWN}),
    ACCEPTED: frozenset[str](),
    REJECTED: frozenset[str](),
    WITHDRAWN: frozenset[str](),
}
DECIDED = (ACCEPTED, REJECTED)
#: Looks of the states, by names of badges.
BADGES = {
    DRAFT: "draft",
    FILED: "active",
    ACCEPTED: "adopted",
    REJECTED: "returned",
    WITHDRAWN: "closed",
}

#: Working days after filing in which both sides answer, and in which somebody decides.
ANSWER_DAYS = 3
DECISION_DAYS = 5

#: Who answers: the office, and the evaluating side. One answer each.
OFFICE, EVALUATOR = "office", "evaluator"
SIDES = {OFFICE: N_("省级主管部门"), EVALUATOR: N_("评价方")}
SIDE_OF = {roles.OFFICE: OFFICE, roles.SUPERVISOR: EVALUATOR}

#: What a file is for; those of an answer are named after its side.
EVIDENCE, SIGNATURE = "evidence", "signature"
PURPOSES = {
    EVIDENCE: N_("佐证材料"),
    SIGNATURE: N_("主要负责人签字页"),
    OFFICE: N_("省级主管部门附件"),
    EVALUATOR: N_("评价方附件"),
}
MAX_FILES = 20  # an objection, answers included
MAX_TEXT = 4000

#: From here on cities know their own scores.
FED_BACK = frozenset(
    {
        rounds.OBJECTION,
        rounds.APPROVED,
        rounds.PUBLISHED,
        rounds.RECTIFYING,
        rounds.ARCHIVED,
    }
)

#: Who takes part: the city for its own, the office, the evaluating side in its scope; and readers.
PARTIES = (roles.CLERK, roles.APPROVER, roles.OFFICE, roles.AUDITOR, roles.SUPERVISOR)
#: Of these, who sees the scores that were fed back.
SEES_SCORES = (roles.CLERK, roles.APPROVER, roles.OFFICE, roles.AUDITOR)

SCORED_IT = N_("这次评分由您计算，须由另一位省级管理员复核。")
ANSWERED_IT = N_("您已对这条异议作出答复，须由另一位省级管理员复核。")
FILED_IT = N_("这条异议由您提出，须由省级管理员复核。")
NOT_OFFICE = N_("复核由省级管理员办理。")


class PeriodOver(DomainError):
    """Objections may not be raised now."""

    code = "objections-closed"
    title = N_("现在不能提出异议")
    detail = N_("本轮异议期已于 {when} 截止，逾期不再受理；没有提出异议的，视为认可。")


class NotFedBack(DomainError):
    """The round is not in its objection period."""

    code = "objections-not-open"
    title = N_("现在不能办理异议")
    detail = N_("本轮处于“{state}”，只有异议期内可以办理异议。")

    def explain(self) -> str:
        """The state in the current language."""
        return _(self.detail, state=_(rounds.STATES[self.facts["state"]]))


class Overtaken(DomainError):
    """Somebody else was first, or the objection is not where this step starts."""

    code = "objection-overtaken"
    title = N_("这条异议刚刚有变动")
    detail = N_("这条异议现在是“{state}”，{what}您的操作没有保存，请刷新页面查看。")

    def explain(self) -> str:
        """What happened, in the current language."""
        what = self.facts.get("what", "")
        return _(self.detail, state=_(STATES[self.facts["state"]]), what=_(what) if what else "")


class MayNotDecide(DomainError):
    """Not by this person, or not yet; ``why`` is a message id."""

    code = "objection-not-decidable"
    title = N_("您不能复核这条异议")
    detail = "{why}"

    def explain(self) -> str:
        """Why, in the current language."""
        return _(self.facts["why"])


class AnswersFirst(DomainError):
    """Both sides are heard first."""

    code = "objection-answers-first"
    title = N_("还不能复核")
    detail = N_("省级主管部门和评价方答复后，或者答复期限过后，才能复核。")


class DraftWaiting(DomainError):
    """Agreeing while an objection is being prepared is a contradiction."""

    code = "objection-draft-waiting"
    title = N_("还有没提交的异议草稿")
    detail = N_("还有 {count} 条异议草稿没有提交。请先提交或删除，再确认无异议。")


def is_open(state: str, closes_at: datetime | None, now: datetime) -> bool:
    """Whether a city may object: in the objection period, up to its last second."""
    return state == rounds.OBJECTION and closes_at is not None and now <= closes_at


def move(state: str, target: str) -> str:
    """The next state. Raises `Overtaken` for a step that is not there."""
    if target not in NEXT[state]:
        raise Overtaken(state=state)
    return target


def hindrance(
    role: str, username: str, *, scored_by: str, filed_by: str, answered_by: Collection[str]
) -> str:
    """Why this person does not decide, as a message id; empty where they may.

    Whoever made the scores, spoke for either side or raised the objection is not its judge.
    """
    if role != roles.OFFICE:
        return NOT_OFFICE
    if username == scored_by:
        return SCORED_IT
    if username in answered_by:
        return ANSWERED_IT
    return FILED_IT if username == filed_by else ""


def heard(sides: Collection[str], answer_due_at: datetime, now: datetime) -> bool:
    """Whether it can be decided: both sides answered, or their time is over."""
    return set(sides) >= SIDES.keys() or now > answer_due_at
