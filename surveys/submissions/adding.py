"""A new edition takes its place, and the record the state that follows from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from evaluation.platform import audit
from surveys.submissions import arrivals, chain, keeping, reasons, receipts, rules, store
from surveys.submissions.arrivals import Awaited
from surveys.submissions.intake import Intake
from surveys.submissions.receipts import Receipt
from surveys.submissions.records import NamedFile
from surveys.submissions.sending import Sending
from surveys.visits.codes import random_code


def add(session: Session, at: Intake, sent: Sending, spot: chain.Spot) -> Receipt:
    """Write a new edition where it belongs, with the files that came with it."""
    found = arrivals.match(
        {each.name: Awaited(each.captured.sha256) for each in sent.named}, sent.files
    )
    complete = all(each.name in found.taken for each in sent.named)
    flags = [*sent.examined.flags, *sent.flags]
    if spot.record is not None and spot.record.state == rules.APPROVED:
        flags.append("edited-after-approval")
    state = rules.RECEIVED if complete else rules.INCOMPLETE
    submission_id, code = home(session, at, sent, spot, state)
    receipt = receipts.new_code()
    edition_id = store.add_edition(
        session,
        _edition_values(at, sent)
        | {
            "submission_id": submission_id,
            "place": spot.place,
            "receipt": receipt,
            "completed_at": sent.now if complete else None,
            "flags": flags,
        },
    )
    files = [_file_values(edition_id, each, found, sent.now) for each in sent.named]
    store.add_files(session, files)
    alone = True
    if submission_id is not None and spot.place is not None:
        state, alone = settle(session, at, sent, spot, submission_id, edition_id, state)
    else:
        state = rules.WAITING
    audit.record(
        session,
        at.who,
        "submission.received" if submission_id else "submission.waiting",
        f"submission:{code}" if code else f"edition:{receipt}",
        after={
            "receipt": receipt,
            "place": spot.place,
            "state": state,
            "xml": sent.record.xml_sha256,
            "files": sorted(each.sha256 for each in found.taken.values()),
            "flags": flags,
        },
    )
    asides = keeping.keep_aside(session, at, sent, found, code)
    here = files if alone else [row._asdict() for row in store.files(session, edition_id)]
    made = Receipt(receipt, sent.instance, state, receipts.listed(here), sent.now)
    return made.with_asides(asides, new=True)


def home(
    session: Session, at: Intake, sent: Sending, spot: chain.Spot, state: str
) -> tuple[int | None, str]:
    """The submission that an edition belongs to, new where it opens one: its id and code."""
    if spot.opens:
        code = random_code()
        values = _submission_values(sent, at.device.username, code, state)
        return store.add_submission(session, values), code
    if spot.record is not None:
        return spot.record.id, spot.record.code
    return None, ""


def settle(
    session: Session,
    at: Intake,
    sent: Sending,
    spot: chain.Spot,
    submission_id: int,
    edition_id: int,
    state: str,
) -> tuple[str, bool]:
    """Link what waited for this edition, share files along the chain, and set the state.

    Gives the state, and whether the edition is the only one of its record.
    """
    newest = edition_id
    if spot.awaited:
        newest = chain.link(
            session,
            at.store,
            sent.record.visit,
            submission_id,
            sent.instance,
            spot.place or 1,
            edition_id,
            at.device.username,
        )
    alone = spot.record is None and newest == edition_id
    if not alone:
        arrivals.carry(session, submission_id, sent.now)
        complete = _complete(session, submission_id, newest, sent.now)
        state = rules.RECEIVED if complete else rules.INCOMPLETE
    store.stands(session, submission_id, newest, state)
    return state, alone


def _complete(session: Session, submission_id: int, newest: int, now: datetime) -> bool:
    """Mark the editions of a chain whose files are all here; whether the newest is one."""
    missing: dict[int, int] = {}
    for row in store.chain_files(session, submission_id):
        missing[row.edition_id] = missing.get(row.edition_id, 0) + (row.sha256 is None)
    done = [edition_id for edition_id, count in missing.items() if not count]
    store.editions_completed(session, done, now)
    return missing.get(newest, 0) == 0


def arrived(session: Session, held: store.Row, record: Any, now: datetime) -> str:
    """Files of an edition arrived: share them along the chain, and give the record's state."""
    if record is None:
        if all(row.sha256 is not None for row in store.files(session, held.id)):
            store.editions_completed(session, [held.id], now)
        return rules.WAITING
    arrivals.carry(session, record.id, now)
    complete = _complete(session, record.id, record.edition_id, now)
    state: str = record.state
    if state == rules.INCOMPLETE and complete:
        state = rules.RECEIVED
    store.moves(session, record.id, state)
    return state


def _submission_values(sent: Sending, username: str, code: str, state: str) -> dict[str, Any]:
    place = sent.place
    return {
        "code": code,
        "root": sent.instance,
        "visit_id": place.visit_id,
        "round_id": place.round_id,
        "form_id": place.form_id,
        "city": place.city,
        "evaluator": username,
        "state": state,
        "revision": 0,
        "received_at": sent.now,
    }


def _edition_values(at: Intake, sent: Sending) -> dict[str, Any]:
    record, times, examined = sent.record, sent.times, sent.examined
    return {
        "instance": sent.instance,
        "follows": sent.follows,
        "version_id": sent.version_id,
        "xml": record.xml_sha256,
        "ledger": record.ledger_sha256,
        "device_id": at.device.id,
        "evaluator": at.device.username,
        "received_at": sent.now,
        "started_at": times.started_at,
        "ended_at": times.ended_at,
        "skew_seconds": times.skew.total_seconds() if times.skew is not None else None,
        "answers_sha256": examined.digest,
    }


def _file_values(
    edition_id: int, named: NamedFile, found: arrivals.Matched, now: datetime
) -> dict[str, Any]:
    arrival = found.taken.get(named.name)
    wrong = any(
        each.name == named.name and reason == reasons.WRONG_HASH for each, reason in found.aside
    )
    here = {
        "sha256": None,
        "size": named.captured.size,
        "media_type": "",
        "problem": reasons.WRONG_HASH if wrong else "",
        "received_at": None,
    }
    return {
        "edition_id": edition_id,
        "name": named.name,
        "question": named.question,
        "expected": named.captured.sha256,
        "captured": dict(named.captured.facts),
        **(arrival.values(now) if arrival is not None else here),
    }
