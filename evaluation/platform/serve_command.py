"""``yingshang serve``: the application behind uvicorn, on the loopback address by default."""

from __future__ import annotations

import os

import rich_click as click

from evaluation.platform.i18n import _
from evaluation.platform.terminal import opened


@click.command()
@click.option("--host", help="Address to listen on (YINGSHANG_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (YINGSHANG_PORT).")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(host: str | None, port: int | None, workers: int) -> None:
    """启动网站 · Serve the site."""
    import uvicorn

    if host is not None:
        os.environ["YINGSHANG_HOST"] = host
    if port is not None:
        os.environ["YINGSHANG_PORT"] = str(port)
    with opened() as (settings, _database):
        pass  # whatever is wrong with the database is told before the server starts
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
