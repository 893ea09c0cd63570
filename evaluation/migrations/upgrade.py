"""Bring a database to the newest schema; migrations only move forward."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from evaluation.platform.audit import AuditHead
from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_
from evaluation.platform.settings import Settings

HERE = Path(__file__).parent


class OldSchema(DomainError):
    """The database is behind this code."""

    code = "old-schema"
    title = detail = N_("数据库结构不是最新，请先运行：yingshang db upgrade")


class NewSchema(DomainError):
    """The database was upgraded by a later release than this one."""

    code = "new-schema"
    title = N_("数据库来自更新的版本")
    detail = N_("数据库结构（{revision}）来自更新的版本，本程序不认识。请安装新版本的程序。")


class NoRevision(DomainError):
    """Our tables are there, but not the record of their revision: half a restored backup."""

    code = "no-revision"
    title = N_("数据库不完整")
    detail = N_("数据库里有本系统的表，但缺少版本记录，可能只恢复了一部分。请重新恢复完整的备份。")


def configuration(database: Database) -> Config:
    """Alembic's configuration, with no file of its own."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["database"] = database
    return config


def prepare(settings: Settings, database: Database) -> bool:
    """Make the data folder, bring the schema up to date, and fix the hash of a new audit chain."""
    settings.data.mkdir(parents=True, exist_ok=True)
    moved = upgrade(database)
    if moved:
        with database.writing() as session:
            session.execute(
                sa.update(AuditHead)
                .where(AuditHead.number == 0)
                .values(algorithm=settings.audit_hash)
            )
    return moved


def current(database: Database) -> str | None:
    """The revision a database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(database: Database) -> str | None:
    """The revision this code needs."""
    return ScriptDirectory.from_config(configuration(database)).get_current_head()


def require_newest(database: Database) -> None:
    """Raises `OldSchema` or `NewSchema` unless the database is at this code's schema."""
    found = current(database)
    if found != newest(database):
        require_known(database, found)
        raise OldSchema


def require_known(database: Database, found: str | None) -> None:
    """Raises `NewSchema` or `NoRevision` where no migration of ours starts."""
    known = {
        each.revision
        for each in ScriptDirectory.from_config(configuration(database)).walk_revisions()
    }
    if found is not None and found not in known:
        raise NewSchema(revision=found)
    if found is None and sa.inspect(database.engine).has_table(AuditHead.__tablename__):
        raise NoRevision


def upgrade(database: Database, target: str = "head") -> bool:
    """Move to *target*; False when there was nothing to do.

    SQLite commits table changes one by one, so its file is copied first and put back when a
    migration fails. PostgreSQL rolls the whole migration back by itself. Raises `NewSchema`,
    `NoRevision`.
    """
    found = current(database)
    if target == "head" and found == newest(database):
        return False
    require_known(database, found)
    path = _sqlite_file(database)
    copy = path.with_suffix(".before-upgrade") if path and path.exists() else None
    if path and copy:
        database.dispose()
        _checkpoint(database)
        shutil.copy2(path, copy)
    try:
        command.upgrade(configuration(database), target)
    except BaseException:
        if path and copy:
            database.dispose()
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            copy.replace(path)
        raise
    if copy:
        copy.unlink()
    return True


def _sqlite_file(database: Database) -> Path | None:
    url = make_url(str(database.engine.url))
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _checkpoint(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.rollback()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
