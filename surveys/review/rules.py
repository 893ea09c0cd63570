"""The steps of a review as data: who takes which from where to where, and what it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.accounts.roles import AUDITOR, OFFICE, SUPERVISOR
from evaluation.platform.errors import DomainError, NotFound
from evaluation.platform.i18n import N_, _
from evaluation.rounds import rules as round_rules
from surveys.observations.rules import is_open
from surveys.review import errors
from surveys.submissions.rules import (
    ACCEPTED,
    APPROVED,
    INCOMPLETE,
    RECEIVED,
    REJECTED,
    RETURNED,
    STATES,
    WITHDRAWN,
)

READERS = (OFFICE, SUPERVISOR, AUDITOR)
REVIEWERS = frozenset({OFFICE, SUPERVISOR})

#: How each state looks: a badge of `components.html`.
BADGES = {
    INCOMPLETE: "missing",
    RECEIVED: "pending",
    RETURNED: "returned",
    APPROVED: "submitted",
    ACCEPTED: "adopted",
    REJECTED: "conflict",
    WITHDRAWN: "closed",
}
#: What leads on from a state, and who takes that step.
WAYS = {
    INCOMPLETE: N_("附件由评价员的手机补传，收齐后自动进入待审核。"),
    RECEIVED: N_("先由评价督导审核。"),
    RETURNED: N_("等评价员补正后重新提交。"),
    APPROVED: N_("下一步由省级管理员或另一位评价督导复核采信，也可以退回。"),
    ACCEPTED: N_("已锁定。要改动，由省级管理员申请重新审核，再由另一人确认。"),
    REJECTED: N_("已锁定。要恢复，由省级管理员写明原因重新审核。"),
    WITHDRAWN: N_("已锁定。要恢复，由省级管理员写明原因重新审核。"),
}

#: What the form's own logic may say that has to be answered in words before approval.
BLOCKING = frozenset({"required", "constraint", "calculation", "choice", "evidence"})
#: Stands for a record that the form's logic has never been asked about.
NEVER_CHECKED = "never-checked"

APPROVE, ACCEPT, RETURN, REJECT = "approve", "accept", "return", "reject"
ASK, DECLINE, REOPEN, RESTORE, WITHDRAW = "ask", "decline", "reopen", "restore", "withdraw"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``target`` is empty where the state stays; ``done`` says it in the past."""

    action: str
    label: str
    done: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    reason: bool = False


def _step(
    action: str, label: str, done: str, sources: tuple[str, ...], target: str, *who: str,
    reason: bool = False,
) -> Step:  # fmt: skip
    return Step(action, label, done, frozenset(sources), target, frozenset(who), reason)


LIVE = (INCOMPLETE, RECEIVED, RETURNED, APPROVED)
STEPS = (
    _step(APPROVE, N_("通过"), N_("审核通过"), (RECEIVED,), APPROVED, SUPERVISOR),
    _step(ACCEPT, N_("采信"), N_("复核采信"), (APPROVED,), ACCEPTED, OFFICE, SUPERVISOR),
    _step(
        RETURN, N_("退回给评价员"), N_("退回补正"), (RECEIVED, APPROVED), RETURNED,
        OFFICE, SUPERVISOR,
    ),
    _step(REJECT, N_("不采信"), N_("不予采信"), LIVE, REJECTED, OFFICE, SUPERVISOR, reason=True),
    _step(
        ASK, N_("申请重新审核"), N_("申请了重新审核"), (ACCEPTED,), "", OFFICE, reason=True
    ),
    _step(
        REOPEN, N_("确认重新审核"), N_("确认了重新审核"), (ACCEPTED,), RECEIVED,
        OFFICE, SUPERVISOR,
    ),
    _step(
        DECLINE, N_("不同意重新审核"), N_("没有同意重新审核"), (ACCEPTED,), "",
        OFFICE, SUPERVISOR, reason=True,
    ),
    _step(
        RESTORE, N_("恢复审核"), N_("恢复了审核"), (REJECTED, WITHDRAWN), RECEIVED, OFFICE,
        reason=True,
    ),
    _step(
        WITHDRAW, N_("撤销记录"), N_("撤销了记录"), (*LIVE, REJECTED), WITHDRAWN, OFFICE,
        reason=True,
    ),
)  # fmt: skip
BY_ACTION = {step.action: step for step in STEPS}

OWN_APPROVAL = N_("这份记录是您审核通过的，须由省级管理员或另一位评价督导复核。")
OWN_ASKING = N_("重新审核是您申请的，须由另一人确认。")
NOBODY_ASKED = N_("还没有人申请重新审核。已采信的记录须由省级管理员申请、另一人确认。")
ASKED_ALREADY = N_("已经有人申请重新审核，等另一人确认。")


@dataclass(frozen=True, slots=True)
class Case:
    """What decides about a step: the record as it stands.

    ``visitors`` are sign-in names of those who collected it; ``asked_by`` asked to reopen it and
    has no answer yet; ``taken`` is the code of another live record of the same visit; ``open_to``
    counts findings that have to be answered.
    """

    state: str
    round_state: str
    visitors: frozenset[str] = frozenset()
    complete: bool = True
    approved_by: str | None = None
    asked_by: str | None = None
    taken: str = ""
    to_answer: int = 0


def refusal(step: Step, username: str, role: str, case: Case) -> DomainError | None:
    """Why this person may not take *step* now, whatever reason is given; None where they may."""
    if role not in step.roles:
        return NotFound()
    if not is_open(case.round_state):
        return round_rules.RoundClosed(state=_(round_rules.STATES[case.round_state]))
    if case.state == INCOMPLETE and step.action in (APPROVE, ACCEPT):
        return errors.StillIncomplete(action=step.label)
    if case.state not in step.sources:
        return errors.WrongState(state=STATES[case.state], action=step.label, way=WAYS[case.state])
    if username in case.visitors:
        return errors.OwnWork()
    if step.action in (APPROVE, ACCEPT) and not case.complete:
        return errors.StillIncomplete(action=step.label)
    if step.action == RESTORE and case.taken:
        return errors.VisitTaken(code=case.taken)
    return _second(step, username, case)


def lacking(step: Step, case: Case, reason: str, reasons: Mapping[str, str]) -> DomainError | None:
    """What a step that may be taken still lacks in words; None where it lacks nothing."""
    if step.action == RETURN:
        told = reasons and all(said.strip() for said in reasons.values())
        return None if told else errors.ReasonsMissing()
    if reason.strip():
        return None
    if step.action == APPROVE and case.to_answer:
        return errors.FindingsUnanswered(count=case.to_answer)
    return errors.ReasonMissing(action=step.label) if step.reason else None


def target(step: Step, case: Case) -> str:
    """The state after *step*: what is opened again waits for its files where some are missing."""
    if step.target == RECEIVED and not case.complete:
        return INCOMPLETE
    return step.target or case.state


def _second(step: Step, username: str, case: Case) -> DomainError | None:
    if step.action == ACCEPT and username == case.approved_by:
        return errors.SecondPersonNeeded(why=OWN_APPROVAL)
    if step.action == ASK and case.asked_by:
        return errors.SecondPersonNeeded(why=ASKED_ALREADY)
    if step.action in (REOPEN, DECLINE):
        if not case.asked_by:
            return errors.SecondPersonNeeded(why=NOBODY_ASKED)
        if step.action == REOPEN and username == case.asked_by:
            return errors.SecondPersonNeeded(why=OWN_ASKING)
    return None
