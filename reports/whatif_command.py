"""``yingshang whatif``: what would be if, from files, with no server and no database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from reports.file_output import refuse, show, unknown_format, write_out

if TYPE_CHECKING:
    from reports.model import Report, Text

GAINS = ("code", "aim", "value", "to", "score_gain", "rank")
CHANGED = ("city", "score", "new_score", "rank", "new_rank", "rank_gain")
ROUTE = ("code", "name", "aim", "value", "to")
AIMS = ("target", "zone-best", "province-best", "next-better")


@click.command()
@click.option(
    "--framework", required=True, type=click.Path(path_type=Path), help="指标体系 · As of score."
)
@click.option(
    "--values", required=True, type=click.Path(path_type=Path), help="指标值 · As of score."
)
@click.option("--method", type=click.Path(path_type=Path), help="评价方法 · As of score.")
@click.option("--city", required=True, help="城市代码 · The city that is asked about.")
@click.option("--set", "changes", multiple=True, help="改值 CODE=VALUE · Empty takes it away.")
@click.option("--weight", "shares", multiple=True, help="改权重 CODE=SHARE · Among its siblings.")
@click.option("--reach", type=int, help="要达到的名次 · The rank to reach with least effort.")
@click.option("--effort", "efforts", multiple=True, help="投入 CODE=NUMBER · 1 unless told.")
@click.option(
    "--aim", "aims", multiple=True, type=click.Choice(AIMS), help="目标 · What to aim at."
)
@click.option("--zone", help="片区列 · Column of VALUES with each city's zone.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="输出 .xlsx/.json · Every answer."
)
@click.pass_context
def whatif(
    context: click.Context,
    framework: Path,
    values: Path,
    method: Path | None,
    city: str,
    changes: tuple[str, ...],
    shares: tuple[str, ...],
    reach: int | None,
    efforts: tuple[str, ...],
    aims: tuple[str, ...],
    zone: str | None,
    out: Path,
) -> None:
    """假设分析：提升哪些指标最有效 · What would be if; exit 2 lists every problem."""
    from rich.console import Console

    wrong = unknown_format(out)
    if wrong:
        refuse(context, wrong)
    from reports.audit_report import naming
    from reports.whatif_report import whatif_report
    from scoring.standalone.what_if_files import Questions, answer

    asked = Questions(city, changes, shares, efforts, reach, aims, zone)
    try:
        with Console(stderr=True).status(_("正在读取、检查并重新评分…")):
            answers = answer(framework, values, method, asked)
    except Faulty as problem:
        refuse(context, problem.faults)
    for warning in answers.scored.warnings:
        click.echo(_("提示：{fault}", fault=warning), err=True)
    scored = answers.scored
    cities: dict[str, Text] = dict(scored.city_names)
    report = whatif_report(answers, names=naming(scored.names, scored.names_en), cities=cities)
    write_out(context, out, answers.as_mapping(), lambda: report)
    _show(report)
    click.echo(_("已写出 {file}", file=out))


def _show(report: Report) -> None:
    """What was asked for on the terminal; the gains' first rows otherwise."""
    columns = {"gains": GAINS, "changed": CHANGED, "reweighed": CHANGED, "route": ROUTE}
    for section in report.sections:
        (table,) = section.tables
        show(table, columns[section.key], listed=10 if section.key == "gains" else 20)
        if section.key == "route":
            for note in section.notes:
                click.echo(str(note.text))
