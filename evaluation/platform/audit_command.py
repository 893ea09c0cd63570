"""``yingshang audit verify``: walk the chain and name the first row that does not hold."""

from __future__ import annotations

import sys

import rich_click as click

from evaluation.platform.i18n import _
from evaluation.platform.terminal import opened


@click.group()
def audit() -> None:
    """审计日志 · The audit log."""


@audit.command()
def verify() -> None:
    """核验审计链 · Verify the chain; exit 1 naming the first broken row."""
    from evaluation.platform import audit as log

    with opened() as (_settings, database), database.reading() as session:
        broken = log.verify(session)
        if broken is not None:
            click.echo(
                _(
                    "审计链在第 {number} 行断开：{reason}。",
                    number=broken.number,
                    reason=_(broken.reason_text),
                ),
                err=True,
            )
            sys.exit(1)
        head = session.get_one(log.AuditHead, 1)
        click.echo(
            _("审计链完整：共 {count} 行，末尾 {digest}。", count=head.number, digest=head.digest)
        )
