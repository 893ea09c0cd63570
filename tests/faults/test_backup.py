"""A backup taken while people write: it opens, its chain verifies, and its counts agree."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from evaluation.migrations.upgrade import current, newest
from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.rounds import store as rounds
from surveys.filings import service
from surveys.filings.models import FilingValueVersion
from surveys.filings.rules import Entry
from tests.factories.province import a_round

SAVES = 60


@pytest.fixture
def database_kind() -> str:
    """One file to copy."""
    return "sqlite"


def save(database: Database, read: int) -> None:
    with database.writing() as session:
        found = rounds.by_code(session, "R1")
        service.save_value(
            session, System(), found, "C1", "I2", Entry(float(read % 90), note=str(read)), read=read
        )


def test_backup_restored(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        a_round(session)
    save(database, 0)
    path = database.engine.url.database
    assert path is not None
    writer = threading.Thread(target=lambda: [save(database, at) for at in range(1, SAVES)])
    writer.start()
    with sqlite3.connect(path) as source, sqlite3.connect(tmp_path / "copy.db") as target:
        source.backup(target, pages=3)
    writer.join()
    source.close()
    target.close()

    restored = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    try:
        assert current(restored) == newest(restored)
        with restored.reading() as session:
            assert audit.verify(session) is None
            versions = session.scalar(sa.select(sa.func.count()).select_from(FilingValueVersion))
            saved = session.scalar(
                sa.select(sa.func.count()).where(AuditEntry.action == "filing.saved")
            )
            assert versions
            assert versions == saved
        save(restored, versions)
        with restored.reading() as session:
            assert audit.verify(session) is None
    finally:
        restored.dispose()
