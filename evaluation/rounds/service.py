"""Opening a round and moving it along its life."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.framework import service as frameworks
from evaluation.framework.models import FrameworkVersion
from evaluation.platform import audit, calendar, clock, holidays
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_, _
from evaluation.rounds import rules, store
from evaluation.rounds.models import Round, RoundStep
from evaluation.rounds.story import Blocker, Story

#: Working days in which a city may object, unless the round says otherwise; as in Yunnan.
OBJECTION_DAYS, MAX_OBJECTION_DAYS = 5, 30


def open_round(
    session: Session,
    who: Actor,
    *,
    code: str,
    name: str,
    kind: str,
    framework_version: FrameworkVersion,
    filing_opens_at: datetime | None,
    filing_closes_at: datetime | None,
    name_en: str = "",
    objection_closes_at: datetime | None = None,
    previous_code: str | None = None,
    disclosure: str = "own",
    objection_days: int | None = OBJECTION_DAYS,
) -> Round:
    """Create a planned round on a framework version, which is frozen from here on.

    Raises `Faulty` with everything that is wrong.
    """
    found = []
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", code):
        found.append(
            Fault(
                "round-code",
                N_("轮次代码“{code}”不可用。"),
                N_("请用字母、数字、点、横线，例如 2026Q4。"),
                {"code": code},
                column="code",
            )
        )
    elif session.scalar(sa.select(Round.id).where(Round.code == code)) is not None:
        found.append(
            Fault("round-taken", N_("轮次代码“{code}”已存在。"), "", {"code": code}, column="code")
        )
    if not name.strip():
        found.append(Fault("round-name", N_("请填写轮次名称。"), column="name"))
    if kind not in rules.KINDS:
        found.append(Fault("round-kind", N_("请选择月度、季度或年度。"), column="kind"))
    if disclosure not in rules.DISCLOSURES:
        found.append(Fault("round-disclosure", N_("请选择明细公开范围。"), column="disclosure"))
    if filing_opens_at is None or filing_closes_at is None:
        found.append(Fault("round-window", N_("请填写填报的开始和截止日期。"), column="closes"))
    elif filing_closes_at <= filing_opens_at:
        found.append(Fault("round-window", N_("填报截止必须晚于开始。"), column="closes"))
    elif objection_closes_at is not None and objection_closes_at <= filing_closes_at:
        found.append(Fault("round-objection", N_("异议截止必须晚于填报截止。"), column="objection"))
    if objection_days is None or not 1 <= objection_days <= MAX_OBJECTION_DAYS:
        found.append(
            Fault(
                "round-objection-days",
                N_("异议期请填 1 到 {most} 个工作日。"),
                "",
                {"most": MAX_OBJECTION_DAYS},
                column="objection_days",
            )
        )
    if (
        previous_code
        and session.scalar(sa.select(Round.id).where(Round.code == previous_code)) is None
    ):
        found.append(
            Fault(
                "round-previous",
                N_("没有轮次“{code}”可作上期对比。"),
                "",
                {"code": previous_code},
                column="previous",
            )
        )
    if found or filing_opens_at is None or filing_closes_at is None or objection_days is None:
        raise Faulty(found)
    frameworks.freeze(session, who, framework_version)
    added = Round(
        code=code,
        name=name.strip(),
        name_en=name_en.strip(),
        kind=kind,
        state=rules.PLANNED,
        framework_version=framework_version,
        previous_code=previous_code or None,
        filing_opens_at=filing_opens_at,
        filing_closes_at=filing_closes_at,
        objection_closes_at=objection_closes_at,
        objection_days=objection_days,
        disclosure=disclosure,
        created_by=who.username,
        created_at=clock.now(),
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "round.opened",
        f"round:{code}",
        after={
            "name": added.name,
            "kind": kind,
            "framework": f"{framework_version.code}@{framework_version.version}",
            "opens": filing_opens_at.isoformat(),
            "closes": filing_closes_at.isoformat(),
            "objection_days": objection_days,
        },
    )
    return added


def blockers(session: Session, story: Story, found: Round, target: str) -> list[Blocker]:
    """Everything that keeps a round from moving to *target*."""
    return [each for check in story.blockers for each in check(session, found, target)]


def settle(session: Session, story: Story, who: Actor, found: Round, target: str) -> None:
    """Before a step with a page of its own: refuse while something blocks it, then let slices
    record what it settles. Raises `rules.StepBlocked`."""
    blocked = blockers(session, story, found, target)
    if blocked:
        raise _blocked(blocked)
    for tell in story.settled:
        tell(session, who, found, target)


def advance(
    session: Session,
    who: Actor,
    found: Round,
    target: str,
    *,
    note: str = "",
    blocked_by: Sequence[Blocker] = (),
    timezone: str = clock.ZONE,
) -> Round:
    """Move a round one step; feeding scores back sets when objections close, in *timezone*.

    Raises `rules.StepRefused` for a step that is not next or not this person's, `StepBlocked`
    while something is open, `ReasonNeeded` for a step back without a reason.
    """
    found = store.lock(session, found)
    step = next((s for s in rules.steps_from(found.state) if s.target == target), None)
    if step is None or (who.role not in step.roles and who.role != "system"):
        raise rules.StepRefused(
            state=_(rules.STATES[found.state]), target=_(rules.STATES.get(target, target))
        )
    if step.back and not note.strip():
        raise rules.ReasonNeeded
    if blocked_by:
        raise _blocked(blocked_by)
    before = found.state
    closes = {}
    if (before, target) == (rules.SCORED, rules.OBJECTION):
        closes = _open_objections(session, found, timezone)
    found.state = target
    found.revision += 1
    session.add(
        RoundStep(
            round_id=found.id,
            from_state=before,
            to_state=target,
            by=who.username,
            at=clock.now(),
            note=note.strip(),
        )
    )
    session.flush()
    audit.record(
        session,
        who,
        f"round.{target}",
        f"round:{found.code}",
        before={"state": before},
        after={"state": target, "note": note.strip(), **closes},
    )
    return found


def _open_objections(session: Session, found: Round, timezone: str) -> dict[str, Any]:
    """Set when objections close: the end of the last working day, or a preset later one."""
    today, preset = clock.local(clock.now(), timezone).date(), found.objection_closes_at
    last = calendar.after(today, found.objection_days, holidays.exceptions(session))
    counted = clock.end_of_day(last, timezone)
    found.objection_closes_at = counted if preset is None else max(preset, counted)
    return {
        "objection_days": found.objection_days,
        "counted_to": last.isoformat(),
        "preset": None if preset is None else preset.isoformat(),
        "objections_close": found.objection_closes_at.isoformat(),
    }


def _blocked(blocked_by: Sequence[Blocker]) -> rules.StepBlocked:
    what = _("；").join(each.text for each in blocked_by)
    return rules.StepBlocked(count=len(blocked_by), what=what)


def reschedule(
    session: Session,
    who: Actor,
    found: Round,
    *,
    filing_opens_at: datetime,
    filing_closes_at: datetime,
    reason: str,
) -> Round:
    """Move the filing window, for a reason that everybody can read in the audit log.

    Raises `Faulty` for a window that ends before it begins, `rules.ReasonNeeded`.
    """
    if not reason.strip():
        raise rules.ReasonNeeded
    if filing_closes_at <= filing_opens_at:
        raise Faulty([Fault("round-window", N_("填报截止必须晚于开始。"), column="closes")])
    found = store.lock(session, found)
    before = {
        "opens": found.filing_opens_at.isoformat(),
        "closes": found.filing_closes_at.isoformat(),
    }
    found.filing_opens_at, found.filing_closes_at = filing_opens_at, filing_closes_at
    found.revision += 1
    session.flush()
    audit.record(
        session,
        who,
        "round.rescheduled",
        f"round:{found.code}",
        before=before,
        after={
            "opens": filing_opens_at.isoformat(),
            "closes": filing_closes_at.isoformat(),
            "reason": reason.strip(),
        },
    )
    return found


def require_open(found: Round) -> None:
    """Raise `rules.RoundClosed` unless the round is collecting."""
    if found.state != rules.COLLECTING:
        raise rules.RoundClosed(state=_(rules.STATES[found.state]))
