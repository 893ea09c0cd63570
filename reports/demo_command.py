"""``yingshang demo``: load the synthetic province if need be, say who may sign in, and serve it."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import replace

import rich_click as click
from rich.console import Console
from rich.table import Table

from evaluation.platform.i18n import _
from evaluation.platform.terminal import REFUSED, connected, progress

TRIES = 20


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port (YINGSHANG_PORT).")
@click.option("--load-only", is_flag=True, help="Load the data and stop.")
def demo(port: int | None, *, load_only: bool) -> None:
    """演示 · Load a synthetic province once and serve it."""
    import uvicorn

    from evaluation.accounts.demo import DEMO_ACCOUNTS
    from evaluation.migrations.upgrade import prepare
    from evaluation.platform.evidence import EvidenceStore
    from reports.demo import is_half_loaded, is_loaded, load

    with connected() as (settings, database):
        settings = settings.with_demo()
        prepare(settings, database)
        if is_half_loaded(database):
            click.echo(
                _("上次装入演示数据时中断了。请运行 make demo-reset，再运行 make demo。"), err=True
            )
            sys.exit(REFUSED)
        if not is_loaded(database):
            if not sys.stderr.isatty():
                click.echo(_("装入演示数据"))
            with progress(_("装入演示数据"), None) as bar:
                load(database, EvidenceStore(settings.data / "evidence"), settings, bar)
    if load_only:
        return
    wanted = settings.port if port is None else port
    settings = replace(settings, port=free_port(settings.host, wanted))
    if settings.port != wanted:
        click.echo(_("端口 {wanted} 已被占用，改用 {port}", wanted=wanted, port=settings.port))
    table = Table(title=_("演示账号（演示数据，全部为虚构）"))
    for heading in (_("角色"), _("用户名"), _("密码")):
        table.add_column(heading)
    for account in DEMO_ACCOUNTS:
        table.add_row(account.role_name, account.username, account.password)
    console = Console()
    console.print(table)
    console.print(
        _("请打开：http://{host}:{port}（按 Ctrl-C 停止）", host=settings.host, port=settings.port)
    )
    os.environ["YINGSHANG_DEMO"] = "1"
    uvicorn.run(
        "app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        server_header=False,
    )


def free_port(host: str, wanted: int) -> int:
    """*wanted* or the next port that nobody listens on."""
    for port in range(wanted, wanted + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    return wanted
