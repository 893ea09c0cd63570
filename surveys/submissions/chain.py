"""Where an edition belongs: first of its record, next in the chain, or waiting for the one before.

Everything here happens while the visit is locked, so two senders cannot take the same place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import answers
from surveys.submissions import reasons, rules, store
from surveys.submissions.parcel import typed_code
from surveys.submissions.rules import Place


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an edition goes. ``record`` is the row of its submission where that is there;
    ``place`` None while its predecessor is not; ``reason`` why it goes nowhere; ``awaited``
    whether editions that came before wait for it."""

    place: int | None = None
    record: Any = None
    reason: str | None = None
    awaited: bool = True

    @property
    def opens(self) -> bool:
        """Whether a new submission begins with it."""
        return self.place is not None and self.record is None


def spot(
    session: Session,
    place: Place,
    username: str,
    instance: str,
    previous: str,
    ahead: store.Row,
) -> Spot:
    """Find the spot of a new edition of a visit; *previous* is the edition that it follows,
    *ahead* what `store.ahead` says."""
    if not previous:
        taken = ahead.live is not None
        return Spot(reason=reasons.VISIT_TAKEN) if taken else Spot(1, awaited=ahead.awaited)
    if previous == instance:
        return Spot(reason=reasons.CHAIN)
    before = store.edition(session, previous)
    if before is None:
        return Spot()
    if before.evaluator != username:
        return Spot(reason=reasons.CHAIN)
    if before.place is None or before.submission_id is None:
        return Spot()
    record = store.submission(session, before.submission_id)
    if record.visit_id != place.visit_id:
        return Spot(reason=reasons.CHAIN)
    closed = rules.closing_reason(record.state)
    if closed is not None:
        return Spot(record=record, reason=closed)
    if record.edition_id != before.id:
        return Spot(reason=reasons.BRANCHED)
    return Spot(before.place + 1, record, awaited=ahead.awaited)


def last_spot(session: Session, place: Place) -> Spot:
    """The spot after the newest edition of the record that stands for a visit: for what a
    supervisor lets in as its next edition."""
    if place.visit_id is None:
        raise ValueError("no visit")
    record = store.live_submission(session, place.visit_id)
    if record is None or record.edition_id is None:
        return Spot(reason=reasons.VISIT_UNKNOWN)
    closed = rules.closing_reason(record.state)
    if closed is not None:
        return Spot(reason=closed)
    newest = store.edition_by_id(session, record.edition_id)
    if newest is None or newest.place is None:
        return Spot(reason=reasons.CHAIN)
    return Spot(newest.place + 1, record)


def link(
    session: Session,
    evidence_store: EvidenceStore,
    visit: str,
    submission_id: int,
    instance: str,
    at: int,
    edition_id: int,
    evaluator: str,
) -> int:
    """Give their places to those that waited for *instance*, and for them; gives the id of the
    newest edition. Of two that follow the same one, the one that came first is taken."""
    newest = edition_id
    while True:
        waiting = [
            row
            for row in store.following(session, instance)
            if row.evaluator == evaluator and _visit_of(evidence_store, row) == visit
        ]
        if not waiting:
            return newest
        at += 1
        newest, instance = waiting[0].id, waiting[0].instance
        store.change_edition(session, newest, submission_id=submission_id, place=at)


def _visit_of(evidence_store: EvidenceStore, row: store.Row) -> str:
    try:
        return typed_code(answers.header(evidence_store.get(row.xml)).visit)
    except DomainError:
        return ""
