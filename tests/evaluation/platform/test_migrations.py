"""Every migration on data: rows written under an older schema are there, unchanged, under ours."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from evaluation.migrations import upgrade as migrations
from evaluation.platform import audit
from evaluation.platform.audit import System
from evaluation.platform.database import Base, Database

MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
AUDIT = {"audit_entries", "audit_head"}


@pytest.fixture
def empty(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    if database_kind == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'old.db'}")
        yield database
        database.dispose()
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"old{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = Database(server.replace("/postgres?", f"/{name}?"))
    yield database
    database.dispose()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def older() -> list[str]:
    """Every revision but the newest."""
    config = migrations.configuration(Database("sqlite:////nowhere/x.db"))
    script = ScriptDirectory.from_config(config)
    return [each.revision for each in script.walk_revisions()][1:]


@pytest.mark.parametrize("revision", older())
def test_rows_of_an_older_schema_survive(empty: Database, revision: str) -> None:
    migrations.upgrade(empty, revision)
    before = fill(empty)
    assert len(before) >= 15
    assert migrations.upgrade(empty) is True
    assert rows(empty, before) == before
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("revision", older())
def test_the_audit_chain_holds_and_stays_closed(empty: Database, revision: str) -> None:
    migrations.upgrade(empty, revision)
    with empty.writing() as session:
        audit.record(session, System(), "before", "x:1", after={"n": 1})
    migrations.upgrade(empty)
    with empty.writing() as session:
        audit.record(session, System(), "after", "x:1", after={"n": 2})
    with empty.reading() as session:
        assert audit.verify(session) is None
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(sa.exc.DBAPIError), empty.writing() as session:
            session.execute(sa.text(statement))


def fill(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Two rows in every table there is, and what they read as."""
    metadata = sa.MetaData()
    metadata.reflect(database.engine)
    with database.writing() as session:
        for table in metadata.sorted_tables:
            if table.name in AUDIT or table.name == "alembic_version":
                continue
            for number in (1, 2):
                session.execute(table.insert().values(**made(table, number)))
    wanted = {
        table.name: [{column.name: None for column in table.columns}]
        for table in metadata.sorted_tables
        if table.name not in AUDIT and table.name != "alembic_version"
    }
    return rows(database, wanted)


def made(table: sa.Table, number: int) -> dict[str, Any]:
    """A row whose keys, references and texts are *number*."""
    values: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type
        if isinstance(kind, sa.Boolean):
            values[column.name] = number == 1
        elif isinstance(kind, sa.Integer):
            values[column.name] = number
        elif isinstance(kind, sa.Numeric | sa.Float):
            values[column.name] = number + 0.1
        elif isinstance(kind, sa.DateTime):
            values[column.name] = MOMENT if kind.timezone else MOMENT.replace(tzinfo=None)
        elif isinstance(kind, sa.JSON):
            values[column.name] = [f"{column.name} 甲{number}"]
        else:
            length = getattr(kind, "length", None) or 64
            values[column.name] = f"{number}甲"[:length]
    return values


def rows(
    database: Database, wanted: dict[str, list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """What the columns of *wanted* hold now."""
    metadata = sa.MetaData()
    metadata.reflect(database.engine)
    found = {}
    with database.reading() as session:
        for name, said in wanted.items():
            columns = [metadata.tables[name].c[column] for column in said[0]]
            result = session.execute(sa.select(*columns).order_by(*columns[:1])).mappings()
            found[name] = [dict(row) for row in result]
    return found
