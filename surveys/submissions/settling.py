"""A supervisor settles what was refused or waits: lets it in, or leaves it out, with a reason.

The reason stands beside what it settles; the audit log holds its hash, since it may name somebody.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.errors import DomainError, Fault, Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_, _
from surveys.submissions import adding, arrivals, chain, reasons, rules, sending, store
from surveys.submissions.errors import refused
from surveys.submissions.intake import Intake
from surveys.submissions.models import Edition, EditionFile, Refusal
from surveys.submissions.parcel import LONGEST_INSTANCE, Parcel, SentFile, typed_code
from surveys.submissions.reasons import AS_EDITION, AS_FILE, AS_RECORD, REASONS
from surveys.submissions.refusing import ADMITTED, DISMISSED

LONGEST_REASON = 2000
#: What a supervisor may overrule; a conflict of interest or a foreign form is not.
OVERRULED = frozenset({reasons.WINDOW_EARLY, reasons.WINDOW_CLOSED, reasons.VISIT_CANCELLED})


class SettledAlready(DomainError):
    """Somebody settled it a moment ago."""

    code = "settled-already"
    title = N_("已经处理过")
    detail = N_("这一项刚刚已由他人处理，请刷新页面查看。")


class NotAdmissible(DomainError):
    """It cannot be let in, or not as things stand; ``why`` says so."""

    code = "not-admissible"
    title = N_("不能准入")
    detail = N_("不能准入：{why}")


def admit(
    session: Session,
    at: Intake,
    who: Principal,
    refusal: Refusal,
    *,
    reason: str,
    visit: str = "",
) -> str:
    """Let a refusal in; gives the code of the record it is now part of.

    *visit* is the visit it is really of, where it names another. Raises `Faulty` without a reason,
    `SettledAlready`, and `NotAdmissible` with the reason that still stands against it.
    """
    said = _required(reason)
    held = _open(session, refusal)
    how = REASONS[held.reason].admits
    if how == AS_FILE:
        code, instance = _as_file(session, at, held), held.instance
    elif how in (AS_RECORD, AS_EDITION):
        code, instance = _as_edition(session, at, held, how, typed_code(visit))
    else:
        raise NotAdmissible(why=_(REASONS[held.reason].label))
    _close(session, who, held, ADMITTED, said, edition=instance, submission=code)
    return code


def dismiss(session: Session, who: Principal, refusal: Refusal, *, reason: str) -> None:
    """Leave it out for good; it stays on record. Raises `Faulty` and `SettledAlready`."""
    said = _required(reason)
    _close(session, who, _open(session, refusal), DISMISSED, said)


def release(session: Session, at: Intake, who: Principal, edition: Edition, *, reason: str) -> str:
    """Give its place to an edition whose predecessor will not come; gives its record's code.

    Raises `Faulty`, `SettledAlready` and `NotAdmissible`.
    """
    said = _required(reason)
    held = session.get_one(Edition, edition.id, populate_existing=True, with_for_update=True)
    if held.place is not None:
        raise SettledAlready
    parcel = Parcel(at.store.get(held.xml), at.store.get(held.ledger) if held.ledger else None)
    sent, _row = sending.read(at, parcel)
    if sent.place.visit_id is None:
        raise NotAdmissible(why=_(REASONS[reasons.VISIT_UNKNOWN].label))
    store.lock_visit(session, sent.place.visit_id)
    spot = _free_spot(session, sent)
    state = rules.RECEIVED if held.completed_at is not None else rules.INCOMPLETE
    submission_id, code = adding.home(session, at, sent, spot, state)
    if submission_id is None:
        raise NotAdmissible(why=_(REASONS[reasons.VISIT_UNKNOWN].label))
    flags = [*held.flags, "admitted"]
    store.change_edition(
        session, held.id, submission_id=submission_id, place=spot.place, flags=flags
    )
    adding.settle(session, at, sent, spot, submission_id, held.id, state)
    audit.record(
        session,
        who,
        "edition.released",
        f"submission:{code}",
        after={"receipt": held.receipt, "reason_sha256": _hash(said)},
    )
    return code


def _free_spot(session: Session, sent: sending.Sending) -> chain.Spot:
    if sent.place.visit_id is None or store.live_submission(session, sent.place.visit_id) is None:
        return chain.Spot(place=1)
    spot = chain.last_spot(session, sent.place)
    if spot.reason is not None:
        raise NotAdmissible(why=refused(spot.reason).explain())
    return spot


def _as_edition(
    session: Session, at: Intake, held: Refusal, how: str, visit: str
) -> tuple[str, str]:
    sent, here = sending.read(at, _parcel(at.store, held), visit=visit)
    place = sent.place
    objection = sent.objection
    if objection is not None and objection not in OVERRULED:
        raise NotAdmissible(why=_objection(objection, sent))
    if place.visit_id is None:
        raise NotAdmissible(why=_(REASONS[reasons.VISIT_UNKNOWN].label))
    store.lock_visit(session, place.visit_id)
    if how == AS_RECORD:
        if here is not None:
            raise NotAdmissible(why=_(REASONS[reasons.ALTERED].label))
        ahead = store.ahead(session, sent.instance, place.visit_id)
        spot = chain.spot(session, place, at.device.username, sent.instance, sent.follows, ahead)
    else:
        spot = chain.last_spot(session, place)
        newest = store.edition_by_id(session, spot.record.edition_id) if spot.record else None
        if newest is not None:
            sent = replace(sent, follows=newest.instance)
        if here is not None:
            sent = replace(sent, instance=_own_instance(sent.instance, held.code))
    if spot.reason is not None:
        raise NotAdmissible(why=_objection(spot.reason, sent))
    receipt = adding.add(session, at, replace(sent, flags=("admitted",)), spot)
    edition = store.edition(session, receipt.instance)
    if edition is None or edition.submission_id is None:
        return "", receipt.instance
    return store.submission(session, edition.submission_id).code, receipt.instance


def _as_file(session: Session, at: Intake, held: Refusal) -> str:
    edition = store.edition(session, held.instance)
    if edition is None:
        raise NotAdmissible(why=_("它的记录不在了。"))
    content = at.store.get(held.sha256)
    (file,) = arrivals.unpack([SentFile(held.name, content)], at.inspect)
    now = clock.now()
    row = next((r for r in store.files(session, edition.id) if r.name == held.name), None)
    if row is None:
        session.add(
            EditionFile(
                edition_id=edition.id,
                name=held.name,
                question="",
                captured={},
                expected=None,
                **file.values(now),
            )
        )
        session.flush()
    elif row.sha256 is not None:
        raise NotAdmissible(why=_("这个文件已经有了。"))
    else:
        values = file.values(now) | {"problem": file.kind.problem or held.reason}
        store.file_arrived(session, row.id, **values)
    record = store.submission(session, edition.submission_id) if edition.submission_id else None
    adding.arrived(session, edition, record, now)
    return record.code if record is not None else ""


def _parcel(evidence_store: EvidenceStore, held: Refusal) -> Parcel:
    return Parcel(
        evidence_store.get(held.sha256),
        evidence_store.get(held.ledger) if held.ledger else None,
        tuple(
            SentFile(each["name"], evidence_store.get(each["sha256"]))
            for each in held.facts.get("files", ())
        ),
    )


def _own_instance(instance: str, code: str) -> str:
    return f"{instance[: LONGEST_INSTANCE - len(code) - 1]}~{code}"


def _objection(reason: str, sent: sending.Sending) -> str:
    facts = {
        "form": sent.record.header.form,
        "version": sent.record.header.version,
        "visit": sent.record.visit,
        "limit": 0,
    }
    return _(REASONS[reason].text, **facts)


def _required(reason: str) -> str:
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise Faulty([Fault("reason", N_("请写明原因。"), column="reason")])
    return said


def _open(session: Session, refusal: Refusal) -> Refusal:
    held = session.scalars(
        sa.select(Refusal)
        .where(Refusal.id == refusal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if held.settled_at is not None:
        raise SettledAlready
    return held


def _close(
    session: Session, who: Principal, held: Refusal, how: str, reason: str, **facts: Any
) -> None:
    held.settled_by, held.settled_at, held.settled_how = who.username, clock.now(), how
    held.facts = {**held.facts, **facts, "settled_reason": reason}
    session.flush()
    audit.record(
        session,
        who,
        f"refusal.{how}",
        f"refusal:{held.code}",
        before={"reason": held.reason, "sha256": held.sha256},
        after={"reason_sha256": _hash(reason), "submission": facts.get("submission", "")},
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
