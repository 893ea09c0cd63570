"""What is not taken is kept: a whole sending, or files of it that are not the record's own."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from surveys.submissions import arrivals, receipts, refusing, store
from surveys.submissions.arrivals import Arrival
from surveys.submissions.errors import Refused, TooManyRefusals, refused
from surveys.submissions.intake import Intake
from surveys.submissions.parcel import MAX_FILES, is_instance
from surveys.submissions.receipts import Aside, Receipt
from surveys.submissions.refusing import Kept
from surveys.submissions.sending import Sending


def refuse(
    session: Session, at: Intake, sent: Sending, reason: str, submission_id: int | None = None
) -> Refused | Receipt:
    """Keep a whole sending that is not taken; gives the refusal to be raised afterwards.

    A record that a supervisor has let in meanwhile is acknowledged with its receipt.
    """
    record, place = sent.record, sent.place
    kept = Kept(
        reason=reason,
        instance=sent.instance if is_instance(sent.instance) else "",
        sha256=record.xml_sha256,
        size=len(sent.parcel.xml),
        name="submission.xml",
        ledger=record.ledger_sha256,
        facts={
            "form": record.header.form[:64],
            "version": record.header.version[:16],
            "visit": record.visit[:16],
            "follows": sent.follows[:80],
            "round": place.round_code,
            "city": place.city,
            "ended_at": sent.times.ended_at.isoformat() if sent.times.ended_at else None,
            "files": [_file_fact(each) for each in sent.files],
        },
    )
    refusal = refusing.keep(session, at.who, at.device, kept, sent.now)
    if refusal.settled_how == refusing.ADMITTED:
        admitted = store.edition(session, refusal.facts.get("edition", ""))
        if admitted is not None:
            state = store.state_of(session, admitted.submission_id)
            return receipts.made(session, admitted, state)
    error = refused(
        reason,
        refusal.code,
        form=record.header.form[:64],
        version=record.header.version[:16],
        visit=record.visit[:16],
        limit=MAX_FILES,
    )
    error.submission_id = submission_id
    return error


def keep_aside(
    session: Session, at: Intake, sent: Sending, found: arrivals.Matched, code: str
) -> list[Aside]:
    """Keep the files of a sending that are not the record's own."""
    asides = []
    for each, reason in found.aside:
        kept = Kept(
            reason=reason,
            instance=sent.instance,
            sha256=each.sha256,
            size=len(each.content),
            name=each.name[:255],
            facts={
                "submission": code,
                "round": sent.place.round_code,
                "city": sent.place.city,
                "files": [_file_fact(each)],
            },
        )
        try:
            refusal = refusing.keep(session, at.who, at.device, kept, sent.now)
        except TooManyRefusals:  # strays never cost the record its place
            asides.append(Aside(each.name, reason, ""))
            continue
        if refusal.settled_how != refusing.ADMITTED:
            asides.append(Aside(each.name, reason, refusal.code))
    return asides


def _file_fact(each: Arrival) -> dict[str, Any]:
    return {
        "name": each.name[:255],
        "sha256": each.sha256,
        "size": len(each.content),
        "media_type": each.kind.media_type,
        "problem": each.kind.problem,
    }
