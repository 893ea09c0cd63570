"""The demonstration province: one round published, one collecting, and one before them archived
so that change can be seen. All of it is synthetic.

Everything goes through the same services as real data, so that history, audit and evidence are
as complete as they would be.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from rich.progress import Progress
from sqlalchemy.orm import Session

from evaluation.accounts.demo import add_demo_accounts
from evaluation.accounts.service import principal_of
from evaluation.framework import service as frameworks
from evaluation.framework.demo_province import demo_framework
from evaluation.framework.models import FrameworkVersion
from evaluation.platform import audit, clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds.models import Round
from reports.demo_filings import LOADER, fill_archived, fill_collecting, fill_published
from reports.demo_objections import all_agree, object_and_decide
from scoring.objections import story as objections
from scoring.runs import service as runs
from scoring.sealing.sealer import sealer_of
from surveys import interface as surveys
from surveys.demonstration import field, planning
from surveys.demonstration.field import Work

BEGUN, DONE = "demo.begun", "demo.loaded"
#: About how many records phones send, for the progress bar.
EXPECTED = 40
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def is_loaded(database: Database) -> bool:
    """Whether the demonstration's rounds are there."""
    with database.reading() as session:
        return session.scalar(sa.select(Round.id).limit(1)) is not None


def is_half_loaded(database: Database) -> bool:
    """Whether loading began and was interrupted."""
    with database.reading() as session:
        said = set(
            session.scalars(
                sa.select(AuditEntry.action).where(AuditEntry.action.in_((BEGUN, DONE)))
            )
        )
    return said == {BEGUN}


def load(database: Database, store: EvidenceStore, settings: Settings, bar: Progress) -> None:
    """Fill an empty database.

    Phones send in transactions of their own, so it takes several; `is_half_loaded` tells of a
    stop in between.
    """
    work = Work.begin(database, store, settings, surveys.ACCEPTED)
    framework = demo_framework()
    today = clock.local(clock.now(), settings.timezone).date()
    oldest, last, present = (quarter(today, shift) for shift in (-2, -1, 0))
    bar.update(bar.task_ids[0], total=2 * len(framework.units) + EXPECTED, completed=0)

    def tick() -> None:
        bar.advance(bar.task_ids[0])

    with database.writing() as session:
        audit.record(session, LOADER, BEGUN, "demo")
        add_demo_accounts(session, LOADER)
        version, _ = frameworks.add_version(session, LOADER, framework)
        archived = _open(session, version, oldest, None, settings)
        fill_archived(session, archived, framework)
        _publish(session, store, archived, settings)
        for target in (rules.RECTIFYING, rules.ARCHIVED):
            rounds.advance(session, LOADER, archived, target)
        published = _open(session, version, last, oldest, settings)
        fill_published(session, store, published, framework, tick)
        field.prepare(session, work, framework)
        plan = planning.issue(session, store, settings, published, planning.published(framework))
        halls = field.all_accepted(session, work, plan)
    field.send(work, halls, tick)
    with database.writing() as session:
        published = session.get_one(Round, published.id)
        field.decide(session, work, published, halls)
        _publish(session, store, published, settings, objected=True)
        collecting = _open(session, version, present, last, settings)
        fill_collecting(session, store, collecting, framework, tick)
        first = planning.issue(
            session, store, settings, collecting, planning.looked_at_again(framework)
        )
        second = planning.issue(session, store, settings, collecting, planning.under_way(framework))
        twice = field.pairs(session, work, first)
        half = field.under_way(session, work, second)
        astray = field.refused(session, work, second)
    field.send(work, [*twice, *half, *astray], tick)
    with database.writing() as session:
        field.decide(session, work, session.get_one(Round, collecting.id), [*twice, *half])
        audit.record(session, LOADER, DONE, "demo")


def quarter(day: date, shift: int) -> tuple[int, int]:
    """Year and quarter (1–4) of *day*, moved by *shift* quarters."""
    number = day.year * 4 + (day.month - 1) // 3 + shift
    return number // 4, number % 4 + 1


def _open(
    session: Session,
    version: FrameworkVersion,
    when: tuple[int, int],
    before: tuple[int, int] | None,
    settings: Settings,
) -> Round:
    year, part = when
    today = clock.local(clock.now(), settings.timezone).date()
    found = rounds.open_round(
        session,
        LOADER,
        code=f"{year}Q{part}",
        name=f"{year} 年{QUARTERS[part - 1]}营商环境评价（演示）",
        name_en=f"Business environment {year} Q{part} (demonstration)",
        kind="quarterly",
        framework_version=version,
        filing_opens_at=clock.start_of_day(today - timedelta(days=10), settings.timezone),
        filing_closes_at=clock.end_of_day(today + timedelta(days=9), settings.timezone),
        objection_closes_at=clock.end_of_day(today + timedelta(days=30), settings.timezone),
        previous_code=f"{before[0]}Q{before[1]}" if before else None,
    )
    return rounds.advance(session, LOADER, found, rules.COLLECTING)


def _publish(
    session: Session,
    store: EvidenceStore,
    found: Round,
    settings: Settings,
    *,
    objected: bool = False,
) -> None:
    office, second = principal_of(session, "office"), principal_of(session, "office2")
    found = rounds.advance(session, office, found, rules.VERIFYING)
    run = runs.score_round(session, store, office, found).run
    for target in (rules.SCORED, rules.OBJECTION):
        found = rounds.advance(session, office, found, target)
    if objected:
        object_and_decide(session, store, found)
        run = runs.score_round(session, store, office, found).run
    all_agree(session, found)
    objections.settled(session, office, found, rules.APPROVED)
    runs.approve(session, office, found, run)
    runs.publish(session, sealer_of(settings, store), second, found)
    year, part = int(found.code[:4]), int(found.code[-1])
    closes = datetime(year, 3 * part, 20, tzinfo=ZoneInfo(settings.timezone)).date()
    rounds.reschedule(
        session,
        office,
        found,
        filing_opens_at=clock.start_of_day(closes - timedelta(days=20), settings.timezone),
        filing_closes_at=clock.end_of_day(closes, settings.timezone),
        reason="演示：把已发布一期的填报时间放回当季",
    )
