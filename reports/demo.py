"""The demonstration province: one round published, one collecting, and one before them archived
so that change can be seen. All of it is synthetic.

Everything goes through the same services as real data, so that history, audit and evidence are
as complete as they would be.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from PIL import Image, ImageDraw
from rich.progress import Progress
from sqlalchemy.orm import Session

from evaluation.accounts.demo import add_demo_accounts
from evaluation.accounts.service import principal_of
from evaluation.framework import service as frameworks
from evaluation.framework.demo_province import demo_framework, demo_values
from evaluation.framework.methods import FULL_FILING
from evaluation.framework.models import FrameworkVersion
from evaluation.framework.tree import Framework, Node
from evaluation.platform import clock
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds.models import Round
from scoring.runs import service as runs
from surveys.filings import approving, attaching
from surveys.filings import rules as filing_rules
from surveys.filings import service as filings
from surveys.filings.rules import Entry
from surveys.filings.service import Change
from surveys.observations import service as observations
from surveys.observations.rules import Given

SEED = 2026
LOADER = System("demo", "system")
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")

#: How far each city has come in the round that is collecting, by its place in the framework.
FINISHED = frozenset({0, 2, 5, 8, 12})
RETURNED = 3
#: Half filled with all its evidence: its approver may submit it, what is not filled as missing.
SUBMITTABLE = 4
SHARES = (1.0, 0.55, 1.0, 1.0, 0.62, 1.0, 0.35, 0.8, 1.0, 0.0, 0.9, 0.5, 1.0, 0.2, 0.7)

Values = Mapping[tuple[str, str], float | str | None]


def is_loaded(database: Database) -> bool:
    """Whether the demonstration's rounds are there."""
    with database.reading() as session:
        return session.scalar(sa.select(Round.id).limit(1)) is not None


def load(database: Database, store: EvidenceStore, settings: Settings, bar: Progress) -> None:
    """Fill an empty database; one transaction, so that a stop in between leaves it empty."""
    today = clock.local(clock.now(), settings.timezone).date()
    framework = demo_framework()
    with database.writing() as session:
        add_demo_accounts(session, LOADER)
        version, _ = frameworks.add_version(session, LOADER, framework)
        oldest, last, present = (quarter(today, shift) for shift in (-2, -1, 0))
        bar.update(bar.task_ids[0], total=2 * len(framework.units), completed=0)
        archived = _open(session, version, oldest, None, settings)
        _fill_archived(session, archived, framework)
        _publish(session, store, archived, settings)
        for target in (rules.RECTIFYING, rules.ARCHIVED):
            rounds.advance(session, LOADER, archived, target)
        published = _open(session, version, last, oldest, settings)
        _fill_published(session, store, published, framework, bar)
        _publish(session, store, published, settings)
        collecting = _open(session, version, present, last, settings)
        _fill_collecting(session, store, collecting, framework, bar)


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


def _fill_archived(session: Session, found: Round, framework: Framework) -> None:
    """Before the platform there were only results: every value was brought in by the office."""
    values = demo_values(framework, seed=SEED, round_shift=0)
    given = _given(framework, values, (node for node in framework.indicators))
    observations.record_many(session, principal_of(session, "office"), found, given)


def _fill_published(
    session: Session, store: EvidenceStore, found: Round, framework: Framework, bar: Progress
) -> None:
    values = demo_values(framework, seed=SEED, round_shift=1)
    office = principal_of(session, "office")
    for unit in framework.units:
        _file(session, found, framework, values, unit.code, 1.0)
        _attach(session, store, found, framework, unit.code)
        approving.submit(session, LOADER, found, unit.code, missing_confirmed=True)
        approving.accept(session, office, found, unit.code)
        bar.advance(bar.task_ids[0])
    observations.record_many(session, office, found, _collected(framework, values))


def _publish(session: Session, store: EvidenceStore, found: Round, settings: Settings) -> None:
    office, second = principal_of(session, "office"), principal_of(session, "office2")
    found = rounds.advance(session, office, found, rules.VERIFYING)
    run = runs.score_round(session, store, office, found).run
    for target in (rules.SCORED, rules.OBJECTION):
        found = rounds.advance(session, office, found, target)
    runs.approve(session, office, found, run)
    runs.publish(session, second, found)
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


def _fill_collecting(
    session: Session, store: EvidenceStore, found: Round, framework: Framework, bar: Progress
) -> None:
    values = demo_values(framework, seed=SEED, round_shift=2)
    office = principal_of(session, "office")
    for place, unit in enumerate(framework.units):
        share = SHARES[place % len(SHARES)]
        _file(session, found, framework, values, unit.code, share)
        done = place in FINISHED or place == RETURNED
        part = not done and place != SUBMITTABLE
        _attach(session, store, found, framework, unit.code, part=part)
        if done:
            approving.submit(session, LOADER, found, unit.code, missing_confirmed=True)
        if place == RETURNED:
            doubtful = [node.code for node in filing_rules.indicators(framework)][:2]
            reasons = dict.fromkeys(doubtful, "与上期相差较大，请核对并补充佐证材料。（演示）")
            approving.give_back(session, office, found, unit.code, reasons)
        bar.advance(bar.task_ids[0])
    given = [each for each in _collected(framework, values) if each.method == "basic_data"]
    observations.record_many(session, office, found, given)


def _file(
    session: Session,
    found: Round,
    framework: Framework,
    values: Values,
    city: str,
    share: float,
) -> None:
    nodes = filing_rules.indicators(framework)
    nodes = nodes[: round(share * len(nodes))]
    changes = {
        node.code: Change(entry, 0)
        for node in nodes
        if (entry := _entry(values.get((city, node.code)))) is not None
    }
    if changes:
        filings.save_many(
            session, LOADER, found, city, changes, how="grid", about={"demo": "synthetic"}
        )


def _entry(value: float | str | None) -> Entry | None:
    if value is None:
        return None
    return Entry(not_applicable=True) if isinstance(value, str) else Entry(value)


def _collected(framework: Framework, values: Values) -> list[Given]:
    """What the third party collected: every value that a city does not file itself."""
    return _given(
        framework,
        values,
        (node for node in framework.indicators if FULL_FILING not in node.methods),
    )


def _given(framework: Framework, values: Values, nodes: Iterable[Node]) -> list[Given]:
    return [
        Given(
            unit.code,
            node.code,
            node.methods[0],
            None if isinstance(value, str) else value,
            isinstance(value, str),
            node.unit,
            "演示数据（虚构）",
        )
        for node in nodes
        for unit in framework.units
        if (value := values.get((unit.code, node.code))) is not None
    ]


def _attach(
    session: Session,
    store: EvidenceStore,
    found: Round,
    framework: Framework,
    city: str,
    *,
    part: bool = False,
) -> None:
    """Evidence where the framework demands it; only half of it for a city not done yet."""
    needing = [node for node in filing_rules.indicators(framework) if node.evidence_required]
    content = picture(f"DEMO  {found.code}  {city}")
    for node in needing[: len(needing) // 2] if part else needing:
        attaching.attach(
            session,
            store,
            LOADER,
            found,
            city,
            node.code,
            content,
            name=f"演示佐证-{node.code}.png",
        )


def picture(text: str) -> bytes:
    """A small picture that says it is synthetic."""
    image = Image.new("RGB", (480, 160), "#fffefb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, 471, 151), outline="#0f5c5c", width=2)
    draw.text((32, 48), "SYNTHETIC EVIDENCE", fill="#222222")
    draw.text((32, 88), text, fill="#222222")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
