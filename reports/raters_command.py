"""``yingshang raters``: how far raters agree and how strict each is, with no server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_, _
from reports.file_output import refuse

if TYPE_CHECKING:
    from reports.model import Section
    from scoring.standalone.rater_files import Rated

FORMATS = (".xlsx", ".json", ".csv")
LEVELS = ("nominal", "ordinal", "interval", "ratio")
LISTED = 40  # rows of a table on the terminal
SHOWN = ("agreement", "raters")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--gate", type=click.Path(path_type=Path), help="一致性要求 .toml · What is required."
)
@click.option(
    "--level", type=click.Choice(LEVELS), help="测量水平 · Of alpha; ordinal unless told."
)
@click.option("--draws", type=click.IntRange(0, 100_000), help="重抽次数 · For the interval; 1000.")
@click.option("--seed", type=click.IntRange(0), help="随机种子 · Of the resampling; 42.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="输出 .xlsx/.json/.csv · The result, to a file."
)
@click.pass_context
def raters(
    context: click.Context,
    file: Path,
    gate: Path | None,
    level: str | None,
    draws: int | None,
    seed: int | None,
    out: Path | None,
) -> None:
    """评分一致性与宽严 · Agreement and severity of raters: one row a rating.

    Columns unit, rater, value and, if wanted, item. Leaves with 1 when the gate is not passed, with
    2 when a file has faults; every fault is listed with its place.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if out and out.suffix.lower() not in FORMATS:
        facts = {"suffix": out.suffix or out.name}
        what, mend = (
            N_("不能输出为“{suffix}”格式。"),
            N_("请用 .xlsx、.json，或 .csv（供 yingshang score 使用的指标值）。"),
        )
        refuse(context, [Fault("unknown-format", what, mend, facts, file=str(out))])
    from scoring.standalone.rater_files import rate_file

    try:
        with console.status(_("正在读取、检查并计算…")):
            rated = rate_file(file, gate, level=level, draws=draws, seed=seed)
    except Faulty as problem:
        refuse(context, problem.faults)
    for warning in rated.warnings:
        click.echo(_("提示：{fault}", fault=warning), err=True)
    from reports.raters_report import raters_report

    report = raters_report(rated)
    if out:
        from reports.score_command import write_atomically

        if out.suffix.lower() == ".csv" and rated.found is None:
            what = N_("宽严无法估计，没有得分可写。")
            mend = N_("请先处理上面的提示，或改存为 .json。")
            refuse(context, [Fault("no-scores", what, mend, file=str(out))])
        try:
            write_atomically(out, _content(rated, out.suffix.lower()))
        except OSError as problem:
            facts = {"reason": problem.strerror or str(problem)}
            what = N_("无法写入：{reason}")
            refuse(context, [Fault("unwritable", what, "", facts, file=str(out))])
    for section in report.sections:
        if section.key in SHOWN:
            _print(section)
    if out:
        click.echo(_("已写出 {file}", file=out))
    if rated.gate:
        _decide(context, rated)


def _decide(context: click.Context, rated: Rated) -> None:
    """What the gate says of each item that is not simply passed; leave with 1 if it fails."""
    from scoring.standalone.rater_words import OUTCOMES, reason

    for verdict in rated.verdicts:
        for problem in verdict.reasons:
            place = verdict.item or _("全部")
            said = f"{_(OUTCOMES[verdict.outcome])} {reason(problem)}"
            click.echo(_("{place}：{said}", place=place, said=said))
    click.echo(_("一致性要求：{outcome}", outcome=_(OUTCOMES[rated.outcome])))
    if rated.outcome == "fail":
        context.exit(1)


def _content(rated: Rated, suffix: str) -> bytes:
    if suffix == ".json":
        import json

        from scoring.standalone.rater_json import as_json

        said = json.dumps(as_json(rated), ensure_ascii=False, allow_nan=False, indent=1)
        return said.encode() + b"\n"
    if suffix == ".csv":
        from scoring.standalone.rater_json import as_values

        return as_values(rated).encode("utf-8-sig")
    from reports.raters_report import raters_report
    from reports.render.xlsx import render_xlsx

    return render_xlsx(raters_report(rated))


def _print(section: Section) -> None:
    """A section's table on the terminal, with its notes."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from reports.model import plain

    (held,) = section.tables
    table = Table(title=escape(str(section.title)))
    left_out = {
        at
        for at in range(len(held.columns))
        if held.columns[at].key == "reasons"
        or all(plain(row.cells[at]) is None for row in held.rows)
    }
    for at, column in enumerate(held.columns):
        if at in left_out:
            continue
        right = column.kind == "value"
        title = f"{column.title} {column.unit}".strip()
        table.add_column(escape(title), justify="right" if right else "left")
    for row in held.rows[:LISTED]:
        cells = []
        for at, (column, cell) in enumerate(zip(held.columns, row.cells, strict=True)):
            value = plain(cell)
            if at in left_out:
                continue
            if value is None:
                cells.append("—" if column.kind == "value" else "")
            elif isinstance(value, int | float):
                cells.append(f"{value:.{column.decimals or 0}f}")
            else:
                cells.append(escape("".join(s for s in str(value) if s.isprintable())))
        table.add_row(*cells)
    console = Console()
    console.print(table)
    if len(held.rows) > LISTED:
        facts = {"count": len(held.rows), "shown": LISTED}
        console.print(_("共 {count} 行，以上为前 {shown} 行。", **facts))
    for note in section.notes:
        if not note.warning:
            console.print(escape(str(note.text)))
