"""The database: no lost updates, aware moments, one schema, migrations that do no harm."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from evaluation.accounts.models import SignInFailure
from evaluation.migrations import upgrade as migrations
from evaluation.platform.audit import AuditHead
from evaluation.platform.database import Base, Database, make_engine


def test_no_update_is_lost(database: Database) -> None:
    def count() -> None:
        for _ in range(50):
            with database.writing() as session:
                head = session.get_one(AuditHead, 1, with_for_update=True)
                head.number += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(AuditHead, 1).number == 200


def test_a_reader_is_not_kept_waiting_by_a_writer(database: Database) -> None:
    with database.writing() as writer:
        writer.execute(sa.update(AuditHead).values(number=7))
        with database.reading() as reader:
            assert reader.get_one(AuditHead, 1).number == 0


def test_the_migrated_database_equals_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_moments_keep_their_instant(database: Database) -> None:
    moment = datetime(2026, 11, 24, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    with database.writing() as session:
        session.add(SignInFailure(counter="x", at=moment))
    with database.reading() as session:
        found = session.scalars(sa.select(SignInFailure)).one().at
    assert found == moment
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a time zone"), database.writing() as s:
        s.add(SignInFailure(counter="x", at=datetime(2026, 1, 1)))  # noqa: DTZ001


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_sqlite_keeps_what_it_acknowledged(database: Database) -> None:
    with database.engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_upgrading_twice_does_nothing(database: Database) -> None:
    assert migrations.upgrade(database) is False
    assert migrations.current(database) == migrations.newest(database)


def test_a_migration_that_fails_leaves_sqlite_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("CREATE TABLE keepsake (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO keepsake VALUES (42)")
        connection.exec_driver_sql("CREATE TABLE users (already INTEGER)")
    with pytest.raises(sa.exc.OperationalError, match="users"):
        migrations.upgrade(database)
    with database.reading() as session:
        assert session.scalar(sa.text("SELECT n FROM keepsake")) == 42
        names = set(sa.inspect(session.connection()).get_table_names())
    assert names == {"keepsake", "users"}
    database.dispose()


def test_only_the_two_databases_are_known() -> None:
    with pytest.raises(ValueError, match="use sqlite or postgresql"):
        make_engine("mysql://x/y")
