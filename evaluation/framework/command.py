"""``yingshang framework``: workbooks in and out, and what differs between two versions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import rich_click as click

from evaluation.framework.tree import Framework
from evaluation.platform.audit import System
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import _
from evaluation.platform.terminal import USAGE, opened, progress, refusals

Checks = Callable[[], Sequence[Callable[[Framework], Sequence[Fault]]]]
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def framework() -> None:
    """指标体系 · Frameworks: units, indicators, weights, measures and method."""


@framework.command("import")
@click.argument("file", type=EXISTING)
@click.pass_obj
def import_(checks: Checks | None, file: Path) -> None:
    """导入体系 · Import a framework workbook as the next version of its code.

    The same content again is not a new version. Leaves with 2 when the workbook has faults;
    every fault is listed with its sheet and cell.
    """
    from evaluation.framework import service

    with opened() as (_settings, database), progress(_("导入体系"), 1) as bar:
        data = file.read_bytes()
        with database.writing() as session:
            who = System(os.environ.get("USER", "system"))
            added, new = service.import_workbook(
                session, who, data, name=file.name, checks=checks() if checks else ()
            )
        bar.advance(bar.task_ids[0])
    said = {"code": added.code, "version": added.version, "name": added.name}
    if new:
        click.echo(_("已导入 {code} 第 {version} 版：{name}", **said))
    else:
        click.echo(_("内容与 {code} 第 {version} 版相同，没有建立新版本。", **said))


@framework.command()
@click.argument("code")
@click.option("--version", type=click.IntRange(1), help="The newest when left out.")
@click.option("--out", type=OUT, required=True)
def export(code: str, version: int | None, out: Path) -> None:
    """导出体系 · Write a version as a workbook that can be imported again."""
    from evaluation.framework import store, workbook

    with opened() as (_settings, database), database.reading() as session:
        found = store.version(session, code, version)
        out.write_bytes(workbook.export_framework(store.framework_of(found)))
    click.echo(_("已写入 {file}", file=out))


@framework.command()
@click.argument("first")
@click.argument("second")
@click.argument("third", required=False)
def diff(first: str, second: str, third: str | None) -> None:
    """比较两版 · What differs: CODE FROM TO, or two workbooks (no database needed).

    Leaves with 0 when equal or different alike; with 2 when a file has faults.
    """
    from evaluation.framework.diff import diff as difference

    if third is None:
        with refusals():
            old, new = _read(Path(first)), _read(Path(second))
    else:
        old, new = _versions(first, second, third)
    changes = difference(old, new)
    for change in changes:
        click.echo(str(change))
    click.echo(_("共 {count} 处不同。", count=len(changes)) if changes else _("没有不同。"))


@framework.command()
@click.option("--out", type=OUT, required=True)
def template(out: Path) -> None:
    """示例模板 · Write the sample framework (示例/非官方), to be changed and imported."""
    from evaluation.framework.demo_province import demo_framework
    from evaluation.framework.workbook import export_framework

    with refusals():
        out.write_bytes(export_framework(demo_framework()))
    click.echo(_("已写入 {file}", file=out))


def _read(path: Path) -> Framework:
    from evaluation.framework.workbook import import_framework

    return import_framework(path.read_bytes(), name=path.name)


def _versions(code: str, first: str, second: str) -> tuple[Framework, Framework]:
    from evaluation.framework import store

    if not (first.isdecimal() and second.isdecimal()):
        click.echo(_("版本号应为整数，例如：framework diff {code} 1 2", code=code), err=True)
        sys.exit(USAGE)
    with opened() as (_settings, database), database.reading() as session:
        return (
            store.framework_of(store.version(session, code, int(first))),
            store.framework_of(store.version(session, code, int(second))),
        )
