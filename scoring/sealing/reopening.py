"""A sealed result reopened: one person asks, another agrees, values are corrected, it closes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from scoring.runs import rules as run_rules
from scoring.runs import store as runs
from scoring.runs.models import Publication
from scoring.sealing import reopening_rules as rules
from scoring.sealing import store
from scoring.sealing.models import Reopening
from surveys.observations.correcting import correct as record_correction
from surveys.observations.models import Observation
from surveys.observations.rules import Given


def ask(session: Session, who: Principal, found: Round, *, reason: str) -> Reopening:
    """Ask for the published result of a round to be reopened, for a reason that will be public.

    Raises `rules.NothingToReopen`, `rules.AlreadyOpen`,
    `evaluation.rounds.rules.ReasonNeeded`.
    """
    found = round_store.lock(session, found)
    public = runs.published_run(session, found)
    if found.state not in run_rules.MAY_CORRECT or public is None or public.publication is None:
        raise rules.NothingToReopen(state=_(round_rules.STATES[found.state]))
    held = store.reopenings(session, found)
    if held and not held[0].outcome:
        raise rules.AlreadyOpen(number=held[0].number)
    if not reason.strip():
        raise round_rules.ReasonNeeded
    added = Reopening(
        round_id=found.id,
        number=held[0].number + 1 if held else 1,
        publication_id=public.publication.id,
        reason=reason.strip(),
        asked_by=who.username,
        asked_at=clock.now(),
        outcome="",
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "reopening.asked",
        subject(found, added),
        after={"reason": added.reason, "version": public.publication.version},
    )
    return added


def agree(session: Session, who: Principal, found: Round) -> Reopening:
    """Agree to what another person asked: values may now be corrected, and readers are told.

    Raises `rules.NotOpen`, `rules.SameAsker`.
    """
    found = round_store.lock(session, found)
    held = store.open_reopening(session, found)
    if held is None or held.agreed_at is not None:
        raise rules.NotOpen
    if held.asked_by == who.username:
        raise rules.SameAsker
    held.agreed_by, held.agreed_at = who.username, clock.now()
    found.revision += 1  # pages of the result say that it is being corrected
    session.flush()
    audit.record(
        session,
        who,
        "reopening.agreed",
        subject(found, held),
        before={"asked_by": held.asked_by},
        after={"reason": held.reason},
    )
    return held


def end(session: Session, who: Principal, found: Round, *, reason: str) -> Reopening:
    """Refuse what another asked, or take it back; the reason stays in the audit log.

    Raises `rules.NotOpen`, `rules.HasChanges`, `scoring.runs.rules.AlreadyApproved`,
    `evaluation.rounds.rules.ReasonNeeded`.
    """
    found = round_store.lock(session, found)
    held = store.open_reopening(session, found)
    if held is None:
        raise rules.NotOpen
    if not reason.strip():
        raise round_rules.ReasonNeeded
    pending = runs.waiting(session, found)
    if pending is not None:
        raise run_rules.AlreadyApproved(number=pending.run.number)
    if held.agreed_at is not None and store.corrections(session, found, held):
        raise rules.HasChanges
    mine = who.username == held.asked_by or held.agreed_at is not None
    held.outcome = rules.WITHDRAWN if mine else rules.REFUSED
    held.closed_by, held.closed_at = who.username, clock.now()
    found.revision += 1
    session.flush()
    audit.record(
        session,
        who,
        f"reopening.{held.outcome}",
        subject(found, held),
        after={"reason": reason.strip()},
    )
    return held


def correct(session: Session, who: Principal, found: Round, given: Given) -> Observation:
    """Record the value of a cell as found on review. Raises `rules.ReopeningNeeded` and what
    `surveys.observations.correcting.correct` raises."""
    held = require_agreed(session, found)
    return record_correction(
        session,
        who,
        found,
        given,
        authority=authority(found, held),
        states=run_rules.MAY_CORRECT,
    )


def require_agreed(session: Session, found: Round) -> Reopening:
    """The reopening that allows a correction. Raises `rules.ReopeningNeeded`."""
    held = store.agreed_reopening(session, round_store.lock(session, found))
    if held is None:
        raise rules.ReopeningNeeded
    return held


def close(
    session: Session, who: Principal, found: Round, held: Reopening, publication: Publication
) -> None:
    """*publication* corrects what *held* reopened; the result is closed again."""
    held.outcome = rules.CORRECTED
    held.closed_by, held.closed_at = who.username, clock.now()
    held.corrected_by_id = publication.id
    session.flush()
    audit.record(
        session,
        who,
        "reopening.corrected",
        subject(found, held),
        after={"version": publication.version},
    )


def subject(found: Round, held: Reopening) -> str:
    """What the audit log calls it."""
    return f"round:{found.code}/reopening:{held.number}"


def authority(found: Round, held: Reopening) -> str:
    """What allows a correction, as the audit log has it."""
    return f"reopening:{found.code}/{held.number}"
