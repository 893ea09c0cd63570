"""The way of a filing: submitted by the city's approver, accepted or returned by the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from evaluation.framework.methods import FULL_FILING
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.i18n import N_, _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import service as rounds_service
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import overview, rules, service, store
from surveys.filings.errors import (
    FilingLocked,
    NothingChosen,
    NotSubmittable,
    SamePerson,
    WrongStep,
)
from surveys.filings.models import Filing
from surveys.filings.overview import Sheet
from surveys.filings.rules import Entry
from surveys.filings.store import Cell
from surveys.observations import service as observations
from surveys.observations.rules import Given

LATE = "late"


def hindrances(sheet: Sheet) -> list[str]:
    """What keeps a filing from being submitted, in the current language."""
    found = []
    if sheet.returned:
        found.append(_("{count} 项退回的指标还没有修改", count=len(sheet.returned)))
    if sheet.lacking_evidence:
        found.append(_("{count} 项指标缺少必需的佐证", count=len(sheet.lacking_evidence)))
    if not sheet.filled:
        found.append(_("还没有填写任何指标"))
    return found


def submit(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002 - the story's own noun
    city: str,
    *,
    missing_confirmed: bool = False,
) -> Filing:
    """Submit a city's filing; from here on it is locked.

    Raises `NotSubmittable` with what has to be done first (unfilled rows count unless
    *missing_confirmed*), `WrongStep`, `FilingLocked` after the deadline, `RoundClosed`.
    """
    filing = _hold(session, round, city)
    rounds_service.require_open(round)
    if filing.state not in (rules.OPEN, rules.RETURNED):
        raise WrongStep(state=rules.STATES[filing.state])
    if filing.state == rules.OPEN and clock.now() > round.filing_closes_at:
        raise FilingLocked(reason=N_("填报已截止"), opener=N_("省级管理员（退回填报）"))
    sheet = overview.sheet(session, round, city)
    found = hindrances(sheet)
    if sheet.missing and not missing_confirmed:
        found.append(_("{count} 项指标未填，请确认按缺失处理", count=len(sheet.missing)))
    if found:
        raise NotSubmittable(count=len(found), what=_("；").join(found))
    mended = [row.node.code for row in sheet.rows if row.cell.state == rules.MENDED]
    store.set_cell_states(session, round.id, city, mended, rules.SAVED)
    return _move(
        session,
        who,
        round,
        filing,
        rules.SUBMITTED,
        filled=sheet.filled,
        missing=[row.node.code for row in sheet.missing],
    )


def close_late(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    *,
    reason: str,
) -> Filing:
    """Close a filing that its city did not submit in time, as it stands; the office's own step.

    Raises `WrongStep` before the deadline or once submitted, `ReasonNeeded`, `RoundClosed`.
    """
    filing = _hold(session, round, city)
    rounds_service.require_open(round)
    late = clock.now() > round.filing_closes_at
    if filing.state not in (rules.OPEN, rules.RETURNED) or not late:
        raise WrongStep(state=rules.STATES[filing.state])
    if not reason.strip():
        raise round_rules.ReasonNeeded
    return _move(session, who, round, filing, rules.SUBMITTED, how=LATE, reason=reason.strip())


def accept(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
) -> int:
    """Accept a submitted filing: every value becomes an observation; gives how many.

    Raises `WrongStep`, `SamePerson` for whoever submitted or closed it, `RoundClosed` once the
    round is scored.
    """
    filing = _hold(session, round, city)
    if filing.state != rules.SUBMITTED:
        raise WrongStep(state=rules.STATES[filing.state])
    if filing.submitted_by == who.username:
        raise SamePerson
    sheet = overview.sheet(session, round, city)
    told = [
        Given(
            city,
            row.node.code,
            FULL_FILING,
            row.cell.entry.value,
            row.cell.entry.not_applicable,
            row.node.unit,
            f"{sheet.city.name}填报（第 {row.cell.revision} 版）",
            tuple(each.sha256 for each in row.evidence),
        )
        for row in sheet.rows
        if row.cell.entry.filled
    ]
    observations.record_many(
        session, who, round, told, about={"filing": city, "method": FULL_FILING}
    )
    store.set_cell_states(
        session, round.id, city, [each.indicator for each in told], rules.ACCEPTED
    )
    _move(session, who, round, filing, rules.ACCEPTED, values=len(told))
    return len(told)


def give_back(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    reasons: Mapping[str, str],
) -> Filing:
    """Return indicators to the city, each with its reason; those cells open again.

    What an accepted filing had recorded of them is withdrawn. An open filing past its deadline
    may be returned too: that opens it. Raises `NothingChosen`, `WrongStep`, `RoundClosed`.
    """
    filing = _hold(session, round, city)
    rounds_service.require_open(round)
    late = filing.state == rules.OPEN and clock.now() > round.filing_closes_at
    if filing.state not in (rules.SUBMITTED, rules.ACCEPTED) and not late:
        raise WrongStep(state=rules.STATES[filing.state])
    if not reasons or not all(reason.strip() for reason in reasons.values()):
        raise NothingChosen
    framework, now = rounds.framework(round), clock.now()
    held = store.cells(session, round.id, city)
    for indicator, reason in reasons.items():
        service.require_indicator(framework, city, indicator)
        old = held.get(indicator, store.EMPTY)
        _return_cell(session, who, round, city, indicator, old, reason.strip(), now)
    if filing.state == rules.ACCEPTED:
        keys = [(city, indicator, FULL_FILING) for indicator in reasons]
        observations.withdraw(session, who, round, keys, reason="filing returned")
    return _move(session, who, round, filing, rules.RETURNED, reasons=dict(reasons))


def _return_cell(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    indicator: str,
    old: Cell,
    reason: str,
    now: datetime,
) -> None:
    entry = old.entry if old.revision else Entry()
    new = Cell(entry, old.revision + 1, rules.RETURNED, reason, who.username, now)
    store.write(session, round.id, city, indicator, old.revision, new, how="returned")


def _hold(session: Session, round: Round, city: str) -> Filing:  # noqa: A002
    """Lock round, then filing: the order everybody keeps."""
    rounds.lock(session, round)
    return store.lock_filing(session, round.id, city)


def _move(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    filing: Filing,
    state: str,
    **facts: object,
) -> Filing:
    before, now = filing.state, clock.now()
    filing.state = state
    filing.revision += 1
    if state == rules.SUBMITTED:
        filing.submitted_by, filing.submitted_at = who.username, now
        filing.decided_by = filing.decided_at = None
    else:
        filing.decided_by, filing.decided_at = who.username, now
    session.flush()
    audit.record(
        session,
        who,
        f"filing.{state}",
        f"round:{round.code}/city:{filing.city}",
        before={"state": before},
        after={"state": state, **facts},
    )
    return filing
