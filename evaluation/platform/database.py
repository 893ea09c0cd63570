"""One database, SQLite or PostgreSQL; sessions that read and sessions that write.

Commits happen here and nowhere else: at the end of `Database.writing`, before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

WRITES = "yingshang_writes"
BUSY_MILLISECONDS = 10_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both databases. Raises ValueError for a naive one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; SQLite has no zone, so UTC is stored bare there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of every slice; constraint names are fixed so that migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: sa.JSON, list[str]: sa.JSON}


class Database:
    """An engine with two kinds of session. On SQLite only writers take the write lock.

    ``turn`` puts this process's writers in line before they ask SQLite for its lock: SQLite lets
    those who wait try again after naps, and under a crowd some never get their turn. Whoever
    writes much takes it; it is never taken twice by the same thread.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.turn: AbstractContextManager[object] = (
            Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        )
        self._read = sessionmaker(self.engine, expire_on_commit=False)
        self._write = sessionmaker(
            self.engine.execution_options(**{WRITES: True}), expire_on_commit=False
        )

    def session(self, *, writes: bool) -> Session:
        """A new session; whoever opens it closes it."""
        return self._write() if writes else self._read()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        with self.session(writes=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session committed at the end of the block, rolled back on any error."""
        with self.session(writes=True) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def insert_once(session: Session, table: type[Base], **values: Any) -> None:
    """Insert a row unless one with its key is there, even while another session does the same."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing())


def make_engine(url: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql://…`` with the house's settings.

    SQLite: WAL, synchronous FULL, foreign keys, a busy time-out, and ``BEGIN IMMEDIATE`` for
    sessions that write: the default lets two writers read the same row and lose one update.
    Errors never quote parameters: they are logged, and hold what people filed.
    Raises ValueError, without the address and so without its password, when it is no such one.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise ValueError("YINGSHANG_DATABASE: use sqlite:///… or postgresql://…") from None
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": "-c timezone=UTC"},
        )
        return engine
    if parsed.get_backend_name() != "sqlite":
        raise ValueError(
            f"YINGSHANG_DATABASE: {parsed.get_backend_name()}: use sqlite or postgresql"
        )
    if not parsed.database or parsed.database == ":memory:":
        raise ValueError("YINGSHANG_DATABASE: sqlite needs a file: sqlite:////folder/file.db")
    engine = sa.create_engine(parsed, pool_size=16, max_overflow=16, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "reset", _leave_nothing_open)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _leave_nothing_open(connection: DBAPIConnection, *_: object) -> None:
    # A COMMIT that fails leaves SQLite inside the transaction, and SQLAlchemy believes it over:
    # given back like that, the connection would hold the write lock for good.
    if connection.in_transaction:
        connection.rollback()
