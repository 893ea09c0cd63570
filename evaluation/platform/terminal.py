"""How commands speak: errors on the error stream, the right exit code, no tracebacks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import rich_click as click
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


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database that they name, which must be at this code's schema."""
    from evaluation.migrations.upgrade import current, newest

    settings = settings_or_exit()
    database = Database(settings.database)
    try:
        if current(database) != newest(database):
            click.echo(_("数据库结构不是最新，请先运行：yingshang db upgrade"), err=True)
            sys.exit(REFUSED)
        with refusals():
            yield settings, database
    finally:
        database.dispose()


def settings_or_exit() -> Settings:
    """Settings from the environment; a value that cannot be used is told and ends the command."""
    try:
        return Settings.from_environment()
    except ValueError as error:
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
