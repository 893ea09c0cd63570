"""``yingshang values import``: the values of all units from a file."""

from __future__ import annotations

import os
from pathlib import Path

import rich_click as click

from evaluation.framework.methods import METHODS
from evaluation.platform.audit import System
from evaluation.platform.i18n import _
from evaluation.platform.terminal import opened, progress

LISTED = 20


@click.group()
def values() -> None:
    """指标数值 · Values of indicators."""


@values.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--round", "code", required=True, help="Round code, e.g. 2026Q4.")
@click.option(
    "--method", type=click.Choice(tuple(METHODS)), required=True, help="How they were collected."
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_(file: Path, code: str, method: str, *, dry_run: bool) -> None:
    """导入数值 · Import an .xlsx or .csv: one row a city, one column an indicator.

    Blank cells say nothing; the same file twice changes nothing. Leaves with 1 when a rule
    refuses, with 2 when the file has faults; every fault is listed with its place.
    """
    from evaluation.platform import evidence
    from evaluation.platform.evidence import EvidenceStore
    from evaluation.rounds import store
    from surveys.observations import scope, uploads

    who = System(os.environ.get("USER", "system"))
    with opened() as (settings, database), progress(_("导入数值"), 3) as bar:
        data = file.read_bytes()
        with database.session(writes=not dry_run) as session, session.begin():
            found = store.by_code(session, code)
            scope.require_open(session, found)
            bar.advance(bar.task_ids[0])
            seen = uploads.preview(session, found, method, data, file.name)
            bar.advance(bar.task_ids[0])
            if not dry_run and seen.changes:
                kept = EvidenceStore(settings.data / "evidence")
                kind = uploads.media_type(file.name)
                sha = evidence.keep(session, kept, who, data, name=file.name, media_type=kind)
                uploads.apply(session, who, found, seen, method=method, name=file.name, sha=sha)
            bar.advance(bar.task_ids[0])
    for warning in seen.warnings[:LISTED]:
        click.echo(_("提醒：{text}", text=warning), err=True)
    if len(seen.warnings) > LISTED:
        click.echo(_("另有 {count} 条提醒。", count=len(seen.warnings) - LISTED), err=True)
    said = {"new": seen.new, "changed": len(seen.changes) - seen.new, "equal": seen.equal}
    if dry_run:
        click.echo(_("试运行，未保存：新增 {new}，更改 {changed}，相同 {equal}。", **said))
    else:
        click.echo(_("已导入：新增 {new}，更改 {changed}，相同 {equal}。", **said))
