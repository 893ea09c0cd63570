"""How commands speak: errors on the error stream, the right exit code, no tracebacks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import rich_click as click
import sqlalchemy.exc
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError, Faulty
from evaluation.platform.i18n import _
from evaluation.platform.settings import Settings

USAGE = 2
REFUSED = 1


@contextmanager
def refusals() -> Iterator[None]:
    """Tell every fault, each with its place, and leave with 2; a refused rule leaves with 1."""
    try:
        yield
    except Faulty as error:
        click.echo(error.explain(), err=True)
        for fault in error.faults:
            click.echo(f"  {fault}", err=True)
        sys.exit(USAGE)
    except DomainError as error:
        click.echo(error.explain(), err=True)
        sys.exit(REFUSED)
    except OSError as error:
        click.echo(_("无法读写文件：{error}", error=error), err=True)
        sys.exit(USAGE)
    except sqlalchemy.exc.DatabaseError as error:
        click.echo(_database_trouble(str(error.orig)), err=True)
        sys.exit(REFUSED)


def _database_trouble(said: str) -> str:
    low, first = said.lower(), said.strip().partition("\n")[0]
    if "not a database" in low or "malformed" in low:
        return _("数据库文件已损坏，或不是数据库文件：{error}。请从备份恢复。", error=first)
    if "readonly" in low or "read-only" in low:
        return _("数据库只能读取，不能写入：{error}。请检查文件和文件夹的权限。", error=first)
    if "locked" in low:
        return _("数据库正忙：{error}。请稍后重试。", error=first)
    return _("数据库无法使用：{error}。请检查 YINGSHANG_DATABASE。", error=first)


@contextmanager
def connected() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database that they name; whatever is wrong with it is one sentence."""
    settings = settings_or_exit()
    try:
        database = Database(settings.database)
    except ValueError as error:
        _settings_trouble(error)
    try:
        with refusals():
            yield settings, database
    finally:
        database.dispose()


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database that they name, which must be at this code's schema."""
    from evaluation.migrations.upgrade import require_newest

    with connected() as (settings, database):
        require_newest(database)
        yield settings, database


def settings_or_exit() -> Settings:
    """Settings from the environment; a value that cannot be used is told and ends the command."""
    try:
        return Settings.from_environment()
    except (ValueError, OSError) as error:  # the secret is kept in the data folder
        _settings_trouble(error)


def _settings_trouble(error: Exception) -> NoReturn:
    click.echo(_("设置有误：{error}", error=error), err=True)
    sys.exit(USAGE)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Progress]:
    """A progress bar on the error stream; nothing at all where that is not a terminal."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bar:
        bar.add_task(label, total=total)
        yield bar
