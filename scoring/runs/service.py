"""Scoring a round; approving and publishing a result by two different people."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.evidence import EvidenceStore, keep
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import service as rounds
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from scoring.composite.problems import CompositeError
from scoring.runs import rules, store
from scoring.runs.judging import score_snapshot
from scoring.runs.models import Publication, Run
from scoring.runs.sheets import sheet_bytes
from scoring.runs.snapshot import Snapshot
from scoring.sealing import reopening
from scoring.sealing import store as seals
from scoring.sealing.note import changes
from scoring.sealing.sealer import Sealer, seal
from scoring.standalone.methods import faults

JSON = "application/json"


class Ran(NamedTuple):
    """A run, and whether it is new: equal input and output is the run there was already."""

    run: Run
    new: bool


def score_round(
    session: Session, files: EvidenceStore, who: Actor, found: Round, *, note: str = ""
) -> Ran:
    """Freeze the adopted observations, score them, keep both and write the run.

    The files are stored before the row. When nothing has changed since the last run, that run
    is given back and nothing is written. Raises `rules.RunRefused`, `rules.NothingAdopted`,
    `rules.NotScorable`.
    """
    found = round_store.lock(session, found)
    reopened = found.state in rules.MAY_CORRECT and seals.agreed_reopening(session, found)
    if found.state not in rules.MAY_RUN and not reopened:
        raise rules.RunRefused(state=_(round_rules.STATES[found.state]))
    snapshot = store.snapshot(session, found)
    if not snapshot.observations:
        raise rules.NothingAdopted
    try:
        sheet = score_snapshot(snapshot)
    except CompositeError as error:
        said = faults("", error.problems)
        raise rules.NotScorable(
            count=len(said), what="".join(each.explain() for each in said)
        ) from None
    content = sheet_bytes(sheet)
    last = store.latest(session, found)
    if last is not None and (last.snapshot_sha256, last.sheet_sha256) == (
        _sha256(snapshot.bytes),
        _sha256(content),
    ):
        return Ran(last, new=False)
    number = last.number + 1 if last else 1
    name = f"{found.code}-run-{number}"
    added = Run(
        round_id=found.id,
        number=number,
        framework_sha256=found.framework_version.sha256,
        snapshot_sha256=keep(
            session, files, who, snapshot.bytes, name=f"{name}-snapshot.json", media_type=JSON
        ),
        sheet_sha256=keep(session, files, who, content, name=f"{name}-sheet.json", media_type=JSON),
        method=json.loads(content)["method"],
        code_version=version("yingshang"),
        note=note.strip(),
        scored_by=who.username,
        scored_at=clock.now(),
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "run.scored",
        f"round:{found.code}/run:{number}",
        after={
            "snapshot": added.snapshot_sha256,
            "sheet": added.sheet_sha256,
            "observations": len(snapshot.observations),
            "code": added.code_version,
            "note": added.note,
        },
    )
    return Ran(added, new=True)


def approve(
    session: Session, who: Principal, found: Round, run: Run, *, note: str = ""
) -> Publication:
    """Approve a run for publication by somebody else.

    In the objection period the round moves to approved. On a published round it is a
    correction: another run, of what two people reopened, with a note that everybody will see.
    Raises `rules.ApprovalRefused`, `rules.AlreadyApproved`, `rules.RunStale`,
    `rules.SameResult`, `scoring.sealing.reopening_rules.ReopeningNeeded`,
    `evaluation.rounds.rules.ReasonNeeded`.
    """
    found = round_store.lock(session, found)
    pending = store.waiting(session, found)
    if pending is not None:
        raise rules.AlreadyApproved(number=pending.run.number)
    if found.state == round_rules.OBJECTION:
        if is_stale(session, found, run):
            raise rules.RunStale(number=run.number)
    elif found.state in rules.MAY_CORRECT:
        public = store.published_run(session, found)
        if public is not None and public.run.id == run.id:
            raise rules.SameResult(number=run.number)
        reopening.require_agreed(session, found)
        if is_stale(session, found, run):
            raise rules.RunStale(number=run.number)
        if not note.strip():
            raise round_rules.ReasonNeeded
    else:
        raise rules.ApprovalRefused(state=_(round_rules.STATES[found.state]))
    last = session.scalar(
        sa.select(sa.func.max(Publication.version)).where(Publication.round_id == found.id)
    )
    added = Publication(
        round_id=found.id,
        version=(last or 0) + 1,
        run_id=run.id,
        approved_by=who.username,
        approved_at=clock.now(),
        note=note.strip(),
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "result.approved",
        f"round:{found.code}/publication:{added.version}",
        after={"run": run.number, "sheet": run.sheet_sha256, "note": added.note},
    )
    if found.state == round_rules.OBJECTION:
        rounds.advance(session, who, found, round_rules.APPROVED, note=note)
    return added


def publish(session: Session, sealer: Sealer, who: Principal, found: Round) -> Publication:
    """Publish what waits, by somebody other than who approved it, and seal it.

    A correction closes the reopening that allowed it, and tells what changed. Raises
    `rules.NotApproved`, `rules.SamePerson`, for a correction `rules.RunStale` and
    `scoring.sealing.reopening_rules.ReopeningNeeded`, and what `scoring.sealing.sealer.seal`
    raises.
    """
    found = round_store.lock(session, found)
    pending = store.waiting(session, found)
    if pending is None or pending.publication is None:
        raise rules.NotApproved
    publication, run = pending.publication, pending.run
    if publication.approved_by == who.username:
        raise rules.SamePerson(approver=who.display_name)
    reopened = None
    if found.state in rules.MAY_CORRECT:
        reopened = reopening.require_agreed(session, found)
        if is_stale(session, found, run):
            raise rules.RunStale(number=run.number)
        publication.changes = _changes(session, sealer.files, found, run)
    publication.published_by = who.username
    publication.published_at = clock.now()
    session.flush()
    audit.record(
        session,
        who,
        "result.published",
        f"round:{found.code}/publication:{publication.version}",
        before={"approved_by": publication.approved_by},
        after={"run": run.number, "sheet": run.sheet_sha256},
    )
    seal(session, sealer, who, found, publication, run)
    if reopened is not None:
        reopening.close(session, who, found, reopened, publication)
    if found.state == round_rules.APPROVED:
        rounds.advance(session, who, found, round_rules.PUBLISHED)
    else:
        found.revision += 1  # what is kept of a result is known by the round's revision
        session.flush()
    return publication


def withdraw(session: Session, who: Principal, found: Round, *, reason: str) -> None:
    """Take an approval back before it is published; the audit log keeps that it was there.

    Raises `rules.NotApproved`, `evaluation.rounds.rules.ReasonNeeded`.
    """
    found = round_store.lock(session, found)
    pending = store.waiting(session, found)
    if pending is None or pending.publication is None:
        raise rules.NotApproved
    if not reason.strip():
        raise round_rules.ReasonNeeded
    publication = pending.publication
    audit.record(
        session,
        who,
        "result.withdrawn",
        f"round:{found.code}/publication:{publication.version}",
        before={"run": pending.run.number, "approved_by": publication.approved_by},
        after={"reason": reason.strip()},
    )
    session.delete(publication)
    session.flush()
    if found.state == round_rules.APPROVED:
        rounds.advance(session, who, found, round_rules.OBJECTION, note=reason)


def is_stale(session: Session, found: Round, run: Run) -> bool:
    """Whether what is adopted now differs from what the run scored."""
    return differs(store.snapshot(session, found), run)


def differs(current: Snapshot, run: Run) -> bool:
    """Whether *current* is not what the run scored."""
    return _sha256(current.bytes) != run.snapshot_sha256


def _changes(session: Session, files: EvidenceStore, found: Round, run: Run) -> dict[str, Any]:
    """What *run* changes of what the public sees now."""
    public = store.published_run(session, found)
    if public is None or public.publication is None:
        return {}
    earlier, later = (
        (
            store.held_snapshot(files, each.snapshot_sha256),
            store.sheet(files, each.sheet_sha256),
        )
        for each in (public.run, run)
    )
    return changes(public.publication.version, earlier, later)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
