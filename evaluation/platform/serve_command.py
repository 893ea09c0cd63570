"""``yingshang serve``: the application behind uvicorn, on the loopback address by default."""

from __future__ import annotations

import os
import sys

import rich_click as click

from evaluation.platform.i18n import _
from evaluation.platform.terminal import settings_or_exit


@click.command()
@click.option("--host", help="Address to listen on (YINGSHANG_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (YINGSHANG_PORT).")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(host: str | None, port: int | None, workers: int) -> None:
    """启动网站 · Serve the site."""
    import uvicorn

    from evaluation.migrations.upgrade import current, newest
    from evaluation.platform.database import Database

    if host is not None:
        os.environ["YINGSHANG_HOST"] = host
    if port is not None:
        os.environ["YINGSHANG_PORT"] = str(port)
    settings = settings_or_exit()
    database = Database(settings.database)
    behind = current(database) != newest(database)
    database.dispose()
    if behind:
        click.echo(_("数据库结构不是最新，请先运行：yingshang db upgrade"), err=True)
        sys.exit(1)
    click.echo(_("营商已启动：http://{host}:{port}", host=settings.host, port=settings.port))
    uvicorn.run(
        "app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
