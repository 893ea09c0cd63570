"""The steps of a review: each locks the record, keeps the rules, and is told to the audit log.

Every function takes the desk of whoever acts, the record, and what that person had seen of it; it
gives back the step taken. All raise `NotFound` for a record or a step that is not theirs, `Moved`
where somebody was faster, `RoundClosed` once the round is scored, and what `rules.refusal` and
`rules.lacking` find.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from evaluation.platform import audit, clock
from evaluation.platform.errors import NotFound
from evaluation.rounds import store as rounds
from surveys.forms import documents
from surveys.review import cases, rules, store
from surveys.review.cases import Seen
from surveys.review.desk import Desk
from surveys.review.errors import NoSuchQuestion
from surveys.review.models import ReviewStep
from surveys.review.veil import veil
from surveys.submissions.models import Edition, Submission
from surveys.submissions.store import lock_visit

LONGEST_REASON = 2000


def approve(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str = ""
) -> ReviewStep:
    """A supervisor finds the record in order; *reason* answers what the form's logic found."""
    return take(session, desk, rules.APPROVE, submission, seen, reason=reason)


def accept(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str = ""
) -> ReviewStep:
    """A second person accepts it: from here on it gives values and findings."""
    return take(session, desk, rules.ACCEPT, submission, seen, reason=reason)


def give_back(
    session: Session,
    desk: Desk,
    submission: Submission,
    seen: Seen,
    reasons: Mapping[str, str],
    *,
    reason: str = "",
) -> ReviewStep:
    """Return it to its evaluator; *reasons* maps paths of questions to what is wrong there."""
    return take(session, desk, rules.RETURN, submission, seen, reason=reason, reasons=reasons)


def reject(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str
) -> ReviewStep:
    """It is not to be counted."""
    return take(session, desk, rules.REJECT, submission, seen, reason=reason)


def ask_to_reopen(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str
) -> ReviewStep:
    """The first of two people asks to open an accepted record again."""
    return take(session, desk, rules.ASK, submission, seen, reason=reason)


def reopen(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str = ""
) -> ReviewStep:
    """The second person agrees: its values and findings go, and it waits for review again."""
    return take(session, desk, rules.REOPEN, submission, seen, reason=reason)


def decline(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str
) -> ReviewStep:
    """It stays accepted; whoever asked may take it back in the same way."""
    return take(session, desk, rules.DECLINE, submission, seen, reason=reason)


def restore(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str
) -> ReviewStep:
    """A record that was rejected or withdrawn waits for review again."""
    return take(session, desk, rules.RESTORE, submission, seen, reason=reason)


def withdraw(
    session: Session, desk: Desk, submission: Submission, seen: Seen, *, reason: str
) -> ReviewStep:
    """Set it aside, for instance because it was a trial; nothing of it is deleted."""
    return take(session, desk, rules.WITHDRAW, submission, seen, reason=reason)


def take(
    session: Session,
    desk: Desk,
    action: str,
    submission: Submission,
    seen: Seen,
    *,
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
) -> ReviewStep:
    """Take the step that is named; the functions above are its kinds."""
    step = rules.BY_ACTION[action]
    if desk.who.role not in step.roles or not desk.who.sees_filing(submission.city):
        raise NotFound(submission=submission.code)
    held_round = rounds.lock(session, desk.round)
    lock_visit(session, submission.visit_id)  # whoever sends for it takes this first
    held = store.lock(session, submission)
    if seen.revision != held.revision:
        raise cases.moved(session, held, seen, desk.timezone)
    now = cases.situation(session, held, held_round.state)
    said = {path: told.strip()[:LONGEST_REASON] for path, told in (reasons or {}).items()}
    reason = reason.strip()[:LONGEST_REASON]
    for found in (
        rules.refusal(step, desk.who.username, desk.who.role, now.case),
        rules.lacking(step, now.case, reason, said),
    ):
        if found is not None:
            raise found
    _know(session, desk, now.edition, said)
    taken = _write(session, desk, step, held, now, reason, said)
    for hook in {rules.ACCEPT: desk.accepted, rules.REOPEN: desk.reopened}.get(action, ()):
        hook(session, desk.store, desk.who, held)
    return taken


def _know(session: Session, desk: Desk, edition: Edition, reasons: Mapping[str, str]) -> None:
    """Every question of a return is one of the record's form. Raises `NoSuchQuestion`."""
    if not reasons:
        return
    version = store.versions(session, [edition.version_id])[edition.version_id]
    known = documents.document(desk.store, version).by_path
    for path in reasons:
        if cases.unplaced(path) not in known:
            raise NoSuchQuestion(question=path)


def _write(
    session: Session,
    desk: Desk,
    step: rules.Step,
    held: Submission,
    now: cases.Situation,
    reason: str,
    reasons: dict[str, str],
) -> ReviewStep:
    before, moment = held.state, clock.now()
    held.state = rules.target(step, now.case)
    held.revision += 1
    for name, value in _stamps(step.action, desk.who.username, moment).items():
        setattr(held, name, value)
    taken = ReviewStep(
        submission_id=held.id,
        edition_id=now.edition.id,
        action=step.action,
        from_state=before,
        to_state=held.state,
        by=desk.who.username,
        at=moment,
        reason=reason,
        reasons=reasons,
    )
    session.add(taken)
    session.flush()
    names = cases.names_of(session, desk, now.case.visitors)
    audit.record(
        session,
        desk.who,
        f"submission.{step.action}",
        f"submission:{held.code}",
        before={"state": before, "revision": held.revision - 1},
        after={
            "state": held.state,
            "revision": held.revision,
            "edition": now.edition.place,
            "xml": now.edition.xml,
            "findings": now.case.to_answer,
            "reason": veil(reason, names),
            "reasons": {path: veil(said, names) for path, said in reasons.items()},
        },
    )
    return taken


def _stamps(action: str, username: str, moment: datetime) -> dict[str, Any]:
    nobody: dict[str, Any] = {"accepted_by": None, "accepted_at": None}
    if action == rules.APPROVE:
        return {"approved_by": username, "approved_at": moment, **nobody}
    if action == rules.ACCEPT:
        return {"accepted_by": username, "accepted_at": moment}
    if action in (rules.RETURN, rules.REOPEN, rules.RESTORE):
        return {"approved_by": None, "approved_at": None, **nobody}
    return {}
