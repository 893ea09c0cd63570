"""A record as the rules see it, and what happened since somebody looked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.names import display_names
from evaluation.platform.i18n import _
from evaluation.platform.pages import moment
from surveys.review import rules, store
from surveys.review.desk import Desk
from surveys.review.errors import Moved
from surveys.review.models import ReviewStep
from surveys.review.rules import Case
from surveys.submissions.models import Edition, Submission
from surveys.submissions.rules import ACCEPTED, REJECTED, WITHDRAWN

POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them: the record's revision, its newest step and edition.

    ``revision`` decides; the other two only help to tell what happened since.
    """

    revision: int
    step: int = 0
    edition: int = 0

    def __str__(self) -> str:
        return f"{self.revision}-{self.step}-{self.edition}"

    @classmethod
    def read(cls, text: str) -> Seen:
        """Back from its text; anything else is a revision that no record has."""
        found = re.fullmatch(r"(\d{1,9})-(\d{1,18})-(\d{1,18})", text, re.ASCII)
        return cls(*map(int, found.groups())) if found else cls(0)


@dataclass(frozen=True, slots=True)
class Situation:
    """A record's case with the edition that it stands for."""

    case: Case
    edition: Edition


def seen_of(submission: Submission, steps: list[ReviewStep]) -> Seen:
    """What a page shows of a record."""
    return Seen(submission.revision, steps[-1].id if steps else 0, submission.edition_id or 0)


def situation(session: Session, held: Submission, round_state: str) -> Situation:
    """Everything that decides about the next step of a record."""
    chain = store.editions(session, held)
    newest = next((each for each in chain if each.id == held.edition_id), chain[-1])
    past = store.steps(session, held)
    closed = held.state in (REJECTED, WITHDRAWN)
    case = Case(
        state=held.state,
        round_state=round_state,
        visitors=frozenset({held.evaluator, *(each.evaluator for each in chain)}),
        complete=store.complete(session, held.edition_id),
        approved_by=held.approved_by,
        asked_by=asked_by(held.state, past),
        taken=store.living_twin(session, held) if closed else "",
        to_answer=len(to_answer(newest.findings)),
    )
    return Situation(case, newest)


def asked_by(state: str, steps: Iterable[ReviewStep]) -> str | None:
    """Who asked to open an accepted record again and waits for an answer."""
    last = None
    for step in steps:
        last = step
    waiting = state == ACCEPTED and last is not None and last.action == rules.ASK
    return last.by if waiting and last is not None else None


def to_answer(findings: list[Any] | None) -> list[dict[str, Any]]:
    """Those of an edition's findings that have to be answered in words before approval."""
    if findings is None:
        return [{"kind": rules.NEVER_CHECKED, "path": "", "text": ""}]
    return [each for each in findings if each.get("kind") in rules.BLOCKING]


def moved(session: Session, held: Submission, seen: Seen, timezone: str) -> Moved:
    """The refusal of whoever came second: what others did since, in the current language."""
    told = []
    new = [step for step in store.steps(session, held) if step.id > seen.step]
    names = display_names(session, (step.by for step in new))
    for step in new:
        done = _(rules.BY_ACTION[step.action].done)
        said = _(
            "{who}于 {when} {done}", who=names[step.by], when=moment(step.at, timezone), done=done
        )
        reasons = [text for text in (step.reason, *step.reasons.values()) if text]
        told.append(
            _("{said}（{reason}）", said=said, reason=_("；").join(reasons)) if reasons else said
        )
    query = sa.select(Edition).where(Edition.submission_id == held.id, Edition.id > seen.edition)
    told.extend(
        _(
            "评价员于 {when} 重新提交了第 {place} 版",
            when=moment(edition.received_at, timezone),
            place=edition.place or "?",
        )
        for edition in session.scalars(query.order_by(Edition.id))
    )
    return Moved(what=_("；").join(told) or _("它又收到了附件"))


def names_of(session: Session, desk: Desk, visitors: Iterable[str]) -> dict[str, str]:
    """Every name an evaluator of a record goes by, with what stands for it."""
    who = set(visitors)
    found = {username: desk.alias(username) for username in who}
    for username, display in store.people(session, who):
        found[display] = desk.alias(username)
    return found


def unplaced(path: str) -> str:
    """A path without the positions of repeats."""
    return POSITION.sub("", path)
