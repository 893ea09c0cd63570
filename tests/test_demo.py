"""The demonstration province: complete, deterministic, and the same on both databases."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from rich.progress import Progress

from evaluation.accounts.demo import DEMO_ACCOUNTS
from evaluation.accounts.models import User
from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import rules, store
from evaluation.rounds.models import Round
from reports import demo
from scoring.runs.models import Publication, Run
from surveys.filings.models import Filing, FilingValue

#: The published result of the demonstration; it changes only when the method or the data do.
RESULTS: dict[str, tuple[str, ...]] = {}


@pytest.fixture
def province(database: Database, evidence_store: EvidenceStore, settings: Settings) -> Database:
    """The demonstration, loaded."""
    with Progress(disable=True) as bar:
        bar.add_task("", total=None)
        demo.load(database, evidence_store, settings, bar)
    return database


def test_the_province_is_complete_and_always_the_same(
    province: Database, evidence_store: EvidenceStore
) -> None:
    assert demo.is_loaded(province)
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
    for sheet in sheets:
        assert evidence_store.get(sheet)
    assert RESULTS.setdefault("sheets", sheets) == sheets


def test_quarters_run_over_the_year() -> None:
    assert demo.quarter(date(2026, 11, 24), 0) == (2026, 4)
    assert demo.quarter(date(2026, 11, 24), -1) == (2026, 3)
    assert demo.quarter(date(2026, 2, 1), -2) == (2025, 3)


def test_evidence_is_a_picture() -> None:
    assert demo.picture("x").startswith(b"\x89PNG")
