"""``yingshang audit``: the coherence audit of files; below it the audit log's ``verify``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from reports.file_output import printable, refuse, show, unknown_format, write_out

if TYPE_CHECKING:
    from reports.model import Text
    from scoring.audit import CoherenceAudit

BELOW = {"verify": ("evaluation.platform.audit_command", "verify")}
NEEDED = ("framework", "values", "out")
SHOWN = 15  # findings on the terminal


class Below(click.RichGroup):
    """The commands of the audit log, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the documentation."""
        return list(BELOW)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the part that was asked for."""
        if cmd_name not in BELOW:
            return None
        module, name = BELOW[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=Below, invoke_without_command=True)
@click.option("--framework", type=click.Path(path_type=Path), help="指标体系 · As of score.")
@click.option("--values", type=click.Path(path_type=Path), help="指标值 · As of score.")
@click.option("--method", type=click.Path(path_type=Path), help="评价方法 · With [audit] limits.")
@click.option("--population", help="人口列 · Column of VALUES; population or 人口 unless told.")
@click.option("--out", type=click.Path(path_type=Path), help="输出 .xlsx/.json · The whole audit.")
@click.pass_context
def audit(
    context: click.Context,
    framework: Path | None,
    values: Path | None,
    method: Path | None,
    population: str | None,
    out: Path | None,
) -> None:
    """指标体系一致性审计；verify 核验日志 · An index's coherence; below, the audit log."""
    given = {"framework": framework, "values": values, "out": out}
    if context.invoked_subcommand:
        if any((*given.values(), method, population)):
            raise click.UsageError(_("这些选项属于一致性审计，不能与子命令同用。"))
        return
    if not any((*given.values(), method, population)):
        click.echo(context.get_help())
        context.exit(2)
    lacking = [f"--{name}" for name in NEEDED if given[name] is None]
    if lacking or framework is None or values is None or out is None:
        raise click.UsageError(_("缺少选项：{options}", options=", ".join(lacking)))
    wrong = unknown_format(out)
    if wrong:
        refuse(context, wrong)
    _run(context, framework, values, method, population, out)


def _run(
    context: click.Context,
    framework: Path,
    values: Path,
    method: Path | None,
    population: str | None,
    out: Path,
) -> None:
    from rich.console import Console

    from reports.audit_report import audit_report, naming
    from scoring import audit as coherence
    from scoring.standalone import score_files
    from scoring.standalone.questions import population_of

    try:
        with Console(stderr=True).status(_("正在读取、检查并审计…")):
            scored = score_files(framework, values, method)
            sizes = population_of(values, scored.sheet.cities, population)
            limits = scored.how.audit if scored.how else None
            made = coherence.audit(scored.tree, scored.sheet, population=sizes, limits=limits)
    except Faulty as problem:
        refuse(context, problem.faults)
    for warning in scored.warnings:
        click.echo(_("提示：{fault}", fault=warning), err=True)
    names = naming(scored.names, scored.names_en)
    cities: dict[str, Text] = dict(scored.city_names)
    report = audit_report(made, names=names, cities=cities)
    mapping = {**made.as_mapping(), "input_sha256": scored.input_sha256}
    write_out(context, out, mapping, lambda: report)
    (table,) = report.tables["summary"][0].tables
    show(table, ("check", "state", "fail", "warn", "pass", "not-applicable"))
    _list(made, {**names, **cities})
    click.echo(_("已写出 {file}", file=out))


def _list(made: CoherenceAudit, names: dict[str, Text]) -> None:
    """The gravest findings, one a line, with what to do."""
    from reports.audit_report import advice, found, light
    from scoring.audit.findings import FAIL, WARN

    grave = [each for state in (FAIL, WARN) for each in made.checks if each.state == state]
    for each in grave[:SHOWN]:
        subject = names.get(each.subject, each.subject)
        said = f"{light(each.state)} {each.subject} {subject} {found(each, names)} {advice(each)}"
        click.echo(printable(said))
    if len(grave) > SHOWN:
        click.echo(_("共 {count} 条，以上为前 {shown} 条。", count=len(grave), shown=SHOWN))
