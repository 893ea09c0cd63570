"""Taking in what phones send: once and for all, whatever is sent twice, late or in pieces.

The files are put while the record is read and looked up; one short transaction writes the rows and
the audit row, and commits when the files are on the disk. What is refused is kept, in a transaction
of its own, before the refusal is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evaluation.platform import audit, clock
from evaluation.platform.errors import NotFound
from surveys.submissions import (
    adding,
    arrivals,
    chain,
    devices,
    intake,
    judging,
    keeping,
    ledger,
    reasons,
    receipts,
    rules,
    sending,
    store,
)
from surveys.submissions.arrivals import Arrival, Matched
from surveys.submissions.errors import Refused, refused
from surveys.submissions.intake import JSON, XML, Intake, Stored
from surveys.submissions.parcel import Parcel, SentFile
from surveys.submissions.receipts import Receipt
from surveys.submissions.records import Record
from surveys.submissions.sending import Sending

TRIES = 3


def receive(at: Intake, parcel: Parcel) -> Receipt:
    """Take in one sending, then have the form's logic judge it; raises as `take` does."""
    receipt = take(at, parcel)
    judging.judge(at.database, at.store)
    return receipt


def take(at: Intake, parcel: Parcel) -> Receipt:
    """Take in one sending; the receipt says what is here and what is still missing.

    The same record again gives the same receipt. Raises `BadXml`, `NoRecord` and `ParcelTooLarge`
    for what cannot be read, and `Refused` for what was kept but not taken.
    """
    sent, held = sending.read(at, parcel, keep=True)
    if held is not None and (known := _nothing_new(at, sent, held)) is not None:
        return known
    stored = _put(at, sent, held)
    for left in reversed(range(TRIES)):
        try:
            with at.database.turn, at.database.writing() as session:
                answer = _take(session, at, sent, stored)
                for each in sent.storing:
                    each.result()  # no row without its file
            break
        except IntegrityError:  # on PostgreSQL somebody else sent the same a moment ago
            if not left:
                raise
    if isinstance(answer, Refused):
        raise answer
    return answer


def _nothing_new(at: Intake, sent: Sending, held: store.Row) -> Receipt | None:
    """The receipt of a record that is here with everything just sent; None for all else."""
    if held.evaluator != at.device.username or not _same(at, sent.record, held):
        return None
    if devices.stale(at.device):
        return None
    with at.database.engine.connect() as asked:
        known = arrivals.awaited(store.files(asked, held.id))
        if any(
            each.name not in known or known[each.name].sha256 != each.sha256 for each in sent.files
        ):
            return None
        state = store.state_of(asked, held.submission_id)
        return None if state in rules.CLOSED else receipts.made(asked, held, state)


def _put(at: Intake, sent: Sending, held: store.Row | None) -> dict[str, Stored]:
    contents = [(each.content, each.name, each.kind.media_type) for each in sent.files]
    parcel, record = sent.parcel, sent.record
    if held is None or held.xml != record.xml_sha256:
        contents.append((parcel.xml, "submission.xml", XML))
    if parcel.ledger is not None and (held is None or held.ledger != record.ledger_sha256):
        contents.append((parcel.ledger, "ledger.json", JSON))
    if held is not None:
        return intake.put(at, contents)
    hashes = [*(each.sha256 for each in sent.files), record.xml_sha256, record.ledger_sha256]
    return intake.stored(contents, [each for each in hashes if each is not None])


def _take(
    session: Session, at: Intake, sent: Sending, stored: dict[str, Stored]
) -> Receipt | Refused:
    if sent.place.visit_id is not None:
        store.lock_visit(session, sent.place.visit_id)
    store.add_evidence(session, intake.rows(stored, at.who, sent.now))
    if devices.stale(at.device):
        devices.seen(session, at.device)
    ahead = store.ahead(session, sent.instance, sent.place.visit_id)
    if ahead.held is not None and (held := store.edition(session, sent.instance)) is not None:
        return _again(session, at, sent, held)
    if sent.objection is not None:
        return keeping.refuse(session, at, sent, sent.objection)
    spot = chain.spot(session, sent.place, at.device.username, sent.instance, sent.follows, ahead)
    if spot.reason is not None:
        submission_id = spot.record.id if spot.record is not None else None
        return keeping.refuse(session, at, sent, spot.reason, submission_id)
    return adding.add(session, at, sent, spot)


def take_file(at: Intake, instance: str, name: str, content: bytes) -> None:
    """Take in one whole file of a record that is here already.

    Raises `NotFound` where the record or the file is not this person's, `Refused` where other
    bytes came before.
    """
    now = clock.now()
    (file,) = arrivals.unpack([SentFile(name, content)], at.inspect)
    stored = intake.put(at, [(content, file.name, file.kind.media_type)])
    with at.database.turn, at.database.writing() as session:
        held = store.edition(session, instance)
        if held is None or held.evaluator != at.device.username:
            raise NotFound
        store.add_evidence(session, intake.rows(stored, at.who, now))
        found, _state, _code = _fill(session, at, held, (file,), now)
    for each, reason in found.aside:
        raise refused(reason, name=each.name)


def _again(session: Session, at: Intake, sent: Sending, held: store.Row) -> Receipt | Refused:
    """The record is here already: take the files that are new, and compare the rest."""
    if held.evaluator != at.device.username:
        return keeping.refuse(session, at, sent, reasons.INSTANCE_TAKEN)
    if not _same(at, sent.record, held):
        return keeping.refuse(session, at, sent, reasons.ALTERED)
    found, state, code = _fill(session, at, held, sent.files, sent.now)
    asides = keeping.keep_aside(session, at, sent, found, code)
    if state in rules.CLOSED:
        error = refused(rules.closing_reason(state) or reasons.LOCKED)
        error.submission_id = held.submission_id
        return error
    if found.altered:
        aside = next(each for each in asides if each.reason == reasons.ALTERED_FILE)
        return refused(aside.reason, aside.refusal, name=aside.name)
    return receipts.made(session, held, state).with_asides(asides, new=False)


def _fill(
    session: Session, at: Intake, held: store.Row, files: Sequence[Arrival], now: datetime
) -> tuple[Matched, str, str]:
    """Give an edition the files it waits for; gives the rest, and its record's state and code."""
    record = store.submission(session, held.submission_id) if held.submission_id else None
    rows = store.files(session, held.id)
    found = arrivals.match(arrivals.awaited(rows), files)
    new = arrivals.fill(session, rows, found, now)
    code = record.code if record is not None else ""
    state = record.state if record is not None else rules.WAITING
    if new:
        state = adding.arrived(session, held, record, now)
        audit.record(
            session,
            at.who,
            "submission.files_received",
            f"submission:{code}" if code else f"edition:{held.receipt}",
            after={"receipt": held.receipt, "files": sorted(new), "state": state},
        )
    return found, state, code


def _same(at: Intake, record: Record, held: store.Row) -> bool:
    """Whether a record is the one that is here; a ledger may differ in the moment of sending."""
    if record.xml_sha256 != held.xml:
        return False
    if record.ledger_sha256 in (None, held.ledger):
        return True
    if held.ledger is None:
        return False
    identity = record.ledger.identity
    return bool(identity) and identity == ledger.read(at.store.get(held.ledger)).identity
