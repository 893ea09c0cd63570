"""``yingshang db upgrade``: bring the database to this code's schema."""

from __future__ import annotations

import rich_click as click

from evaluation.platform.i18n import _
from evaluation.platform.terminal import connected


@click.group()
def db() -> None:
    """数据库 · The database."""


@db.command()
def upgrade() -> None:
    """升级数据库结构 · Migrate to the newest schema."""
    from evaluation.migrations.upgrade import current, prepare

    with connected() as (settings, database):
        moved = prepare(settings, database)
        revision = current(database)
    if moved:
        click.echo(_("数据库已升级到版本 {revision}。", revision=revision))
    else:
        click.echo(_("数据库已是最新（版本 {revision}）。", revision=revision))
