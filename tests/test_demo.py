"""The demonstration province: complete, deterministic, and the same on both databases."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
import sqlalchemy as sa
from PIL import Image
from rich.progress import Progress
from sqlalchemy.orm import Session, aliased

from evaluation.accounts.demo import DEMO_ACCOUNTS
from evaluation.accounts.models import User
from evaluation.platform import audit, clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules, store
from evaluation.rounds.models import Round
from reports import demo, demo_filings
from scoring.runs.models import Publication, Run
from surveys.demonstration.pictures import photo
from surveys.filings.models import Filing, FilingValue
from surveys.findings.models import Finding
from surveys.forms import store as forms
from surveys.forms.documents import document
from surveys.review.models import ReviewStep
from surveys.submissions.models import Device, Edition, Refusal, Submission
from surveys.visits.models import Conflict, Site, Visit, VisitPlan

#: The published result of the demonstration; it changes only when the method or the data do.
RESULTS: dict[str, tuple[str, ...]] = {}


@pytest.fixture
def province(database: Database, evidence_store: EvidenceStore, settings: Settings) -> Database:
    """The demonstration, loaded."""
    with Progress(disable=True) as bar:
        bar.add_task("", total=None)
        demo.load(database, evidence_store, settings, bar)
    return database


def field_work_is_whole(session: Session, store: EvidenceStore, settings: Settings) -> None:
    """Forms, plans and records in every state, findings, and what is odd for a reviewer to see."""
    versions = forms.published(session)
    assert len(versions) >= 6
    assert all(document(store, each).kit.stories for each in versions)
    sites = session.scalars(sa.select(Site)).all()
    assert len(sites) >= 60
    assert len({each.city for each in sites}) == 15
    assert all(each.lat and each.lon for each in sites)
    visits = session.scalars(sa.select(Visit)).all()
    assert {each.state for each in visits} == {"issued"}
    assert {each.evaluator for each in visits} == {"evaluator", "evaluator2", "evaluator3"}
    assert sum(each.second_of is not None for each in visits) >= 2
    now = clock.now()
    made = set(session.scalars(sa.select(Submission.visit_id)))
    assert [
        each for each in visits if each.opens_at <= now <= each.closes_at and each.id not in made
    ]
    conflict = session.scalars(sa.select(Conflict)).one()
    assert (conflict.username, conflict.city) not in {(v.evaluator, v.city) for v in visits}
    held = session.scalars(sa.select(Submission)).all()
    assert {each.state for each in held} == {
        *("incomplete", "received", "returned", "approved", "accepted"),
    }
    assert 0.4 <= len(held) / len(visits) <= 0.8
    editions = session.scalars(sa.select(Edition)).all()
    assert all(each.findings == [] for each in editions), "the form's logic finds nothing"
    flags = {flag for each in editions for flag in each.flags}
    assert {"too-fast", "no-ledger", "late"} <= flags
    assert len({each.answers_sha256 for each in editions}) < len(editions), "two look alike"
    assert [each.reason for each in session.scalars(sa.select(Refusal))] == ["visit-other"]
    steps = session.scalars(sa.select(ReviewStep)).all()
    assert all(each.reasons for each in steps if each.action == "return")
    assert all(each.approved_by != each.accepted_by for each in held if each.accepted_by)
    published = {
        each.city
        for each in session.scalars(sa.select(Finding).join(Round, Round.id == Finding.round_id))
        if session.get_one(Round, each.round_id).state == rules.PUBLISHED
    }
    assert {"620100", "620500"} <= published  # those who may sign in and see them
    first, second = twice(session)
    assert first.answers_sha256 != second.answers_sha256


def twice(session: Session) -> tuple[Edition, Edition]:
    """The records of two visitors to the same place."""
    again = aliased(Visit)
    mine, theirs = aliased(Submission), aliased(Submission)
    found = session.execute(
        sa.select(mine.edition_id, theirs.edition_id)
        .join(again, again.id == theirs.visit_id)
        .join(Visit, Visit.id == again.second_of)
        .where(mine.visit_id == Visit.id)
    ).first()
    assert found is not None
    first, second = (session.get_one(Edition, each) for each in found)
    return first, second


def nothing_passes_for_real(session: Session, store: EvidenceStore) -> None:
    """Whatever could be taken out of its frame says that it is a demonstration."""
    assert all("示例" in each.title for each in forms.published(session))
    assert all("演示" in each.name for each in session.scalars(sa.select(Site)))
    assert all("演示" in each.title for each in session.scalars(sa.select(VisitPlan)))
    assert all("演示" in each.name for each in session.scalars(sa.select(Device)))
    for edition in session.scalars(sa.select(Edition).limit(5)):
        said = store.get(edition.xml).decode()
        texts = re.findall(r"<(?:\w+_(?:why|said)|facts)>([^<]+)<", said)
        assert all(text.startswith("演示：") for text in texts)


def visitors_stay_unknown(session: Session, settings: Settings) -> None:
    """No row of the log that tells of a visit, a record or a phone names who was there."""
    about = ("visits.", "submission.", "device.", "conflict.")
    for entry in session.scalars(sa.select(AuditEntry)):
        if entry.action.startswith(about):
            said = f"{entry.username} {entry.subject} {entry.before} {entry.after}"
            assert "evaluator" not in said.replace(f" {entry.role} ", " "), entry.action


def test_the_province_is_complete_and_always_the_same(
    province: Database, evidence_store: EvidenceStore, settings: Settings
) -> None:
    assert demo.is_loaded(province)
    assert not demo.is_half_loaded(province)
    with province.reading() as session:
        rounds = session.scalars(sa.select(Round).order_by(Round.code)).all()
        assert [each.state for each in rounds] == [
            rules.ARCHIVED,
            rules.PUBLISHED,
            rules.COLLECTING,
        ]
        framework = store.framework(rounds[1])
        assert (len(framework.units), len(framework.indicators)) == (15, 94)
        assert [unit.name for unit in framework.units if not unit.ranked] == ["兰州新区"]
        assert session.scalar(sa.select(sa.func.count()).select_from(User)) == len(DEMO_ACCOUNTS)
        publications = session.scalars(sa.select(Publication)).all()
        assert len(publications) == 2
        assert all(each.approved_by != each.published_by for each in publications)
        states = set(session.scalars(sa.select(Filing.state)))
        assert states == {"open", "submitted", "returned", "accepted"}
        assert session.scalar(sa.select(sa.func.count()).select_from(FilingValue)) > 1000
        assert audit.verify(session) is None
        sheets = tuple(session.scalars(sa.select(Run.sheet_sha256).order_by(Run.id)))
        field_work_is_whole(session, evidence_store, settings)
        nothing_passes_for_real(session, evidence_store)
        visitors_stay_unknown(session, settings)
    for sheet in sheets:
        assert evidence_store.get(sheet)
    assert RESULTS.setdefault("sheets", sheets) == sheets


def test_quarters_run_over_the_year() -> None:
    assert demo.quarter(date(2026, 11, 24), 0) == (2026, 4)
    assert demo.quarter(date(2026, 11, 24), -1) == (2026, 3)
    assert demo.quarter(date(2026, 2, 1), -2) == (2025, 3)


def test_evidence_is_a_picture() -> None:
    assert demo_filings.picture("x").startswith(b"\x89PNG")


def test_a_photograph_is_stamped_and_always_the_same() -> None:
    one, other = (photo("photo_front", "DEMO", seed) for seed in ("a", "b"))
    assert one.startswith(b"\xff\xd8")
    assert one != other
    assert one == photo("photo_front", "DEMO", "a")
    with Image.open(io.BytesIO(one)) as image:
        box = image.crop((416, 458, 792, 550)).convert("RGB")
    red = sum(r > 140 and g < 90 and b < 90 for r, g, b in box.get_flattened_data())
    assert red > 3000


def test_a_load_that_was_interrupted_is_told(database: Database) -> None:
    assert not demo.is_half_loaded(database)
    with database.writing() as session:
        audit.record(session, demo_filings.LOADER, demo.BEGUN, "demo")
    assert demo.is_half_loaded(database)
    with database.writing() as session:
        audit.record(session, demo_filings.LOADER, demo.DONE, "demo")
    assert not demo.is_half_loaded(database)
