"""``yingshang score``: files in, a ranking out, with no server and no database."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_, _, named
from reports.file_output import refuse

if TYPE_CHECKING:
    from scoring.standalone import Standalone

FORMATS = (".xlsx", ".json")
LISTED = 20  # units in the summary


@click.command()
@click.option(
    "--framework",
    required=True,
    type=click.Path(path_type=Path),
    help="指标体系 .csv/.xlsx · One row a node: code, parent, name, direction, weight…",
)
@click.option(
    "--values",
    required=True,
    type=click.Path(path_type=Path),
    help="指标值 .csv/.xlsx · First column city, one column an indicator; empty = missing.",
)
@click.option(
    "--method",
    type=click.Path(path_type=Path),
    help="评价方法 .toml · How to impute, treat, normalise, aggregate and rank.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="输出 .xlsx/.json · The ranking workbook, or every stage as JSON.",
)
@click.option(
    "--trace",
    nargs=2,
    metavar="CITY INDICATOR",
    help="单元格的来历 · Print every step of one cell, from raw value to its part of the index.",
)
@click.pass_context
def score(
    context: click.Context,
    framework: Path,
    values: Path,
    method: Path | None,
    out: Path,
    trace: tuple[str, str] | None,
) -> None:
    """为文件评分排名，不需要服务器 · Score and rank files; exit 2 lists every problem."""
    from rich.console import Console

    console = Console(stderr=True)
    if out.suffix.lower() not in FORMATS:
        refuse(
            context,
            [
                Fault(
                    "unknown-format",
                    N_("不能输出为“{suffix}”格式。"),
                    N_("请用 .xlsx（排名工作簿）或 .json。"),
                    {"suffix": out.suffix or out.name},
                    file=str(out),
                )
            ],
        )
    from scoring.standalone import score_files

    try:
        with console.status(_("正在读取、检查并评分…")):
            scored = score_files(framework, values, method)
    except Faulty as problem:
        refuse(context, problem.faults)
    steps = _traced(context, scored, trace) if trace else ()
    for warning in scored.warnings:
        click.echo(_("提示：{fault}", fault=warning), err=True)
    try:
        with console.status(_("正在写出 {file}…", file=out.name)):
            write_atomically(out, _content(scored, out.suffix.lower()))
    except OSError as problem:
        facts = {"reason": problem.strerror or str(problem)}
        refuse(context, [Fault("unwritable", N_("无法写入：{reason}"), "", facts, file=str(out))])
    _summarise(scored)
    for line in steps:
        click.echo(line)
    click.echo(_("已写出 {file}", file=out))


def write_atomically(path: Path, content: bytes) -> None:
    """The whole file or, when anything fails, what was there before. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _traced(context: click.Context, scored: Standalone, cell: tuple[str, str]) -> list[str]:
    """The steps of one cell as lines; a city or an indicator that is not there is refused."""
    from reports.trace_lines import trace_lines
    from scoring.composite.problems import ScoringError
    from scoring.composite.trace import trace
    from scoring.standalone.methods import faults

    try:
        return list(trace_lines(trace(scored.sheet, *cell)))
    except ScoringError as error:
        refuse(context, faults("--trace", error.problems))
        raise


def _content(scored: Standalone, suffix: str) -> bytes:
    """The output file; only a workbook needs openpyxl."""
    if suffix == ".json":
        import json

        from scoring.standalone import as_json

        said = json.dumps(as_json(scored), ensure_ascii=False, allow_nan=False, indent=1)
        return said.encode() + b"\n"
    from reports.ranking import ranking_report
    from reports.render.xlsx import render_xlsx
    from reports.standalone_facts import standalone_facts

    return render_xlsx(ranking_report(standalone_facts(scored)))


def _summarise(scored: Standalone) -> None:
    """The first ranks on the terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    sheet = scored.sheet
    root = sheet.nodes.index(scored.tree.root)
    ranks, scores = sheet.ranks[:, root].tolist(), sheet.scores[:, root].tolist()
    order = sorted(range(len(sheet.cities)), key=lambda at: (ranks[at] != ranks[at], ranks[at], at))
    name = scored.names.get(scored.tree.root) or ""
    title = named(name, scored.names_en.get(scored.tree.root) or "")
    table = Table(title=escape(_printable(title)))
    table.add_column(_("名次"), justify="right")
    table.add_column(_("参评单位"))
    table.add_column(_("综合得分"), justify="right")
    for at in order[:LISTED]:
        rank, total = ranks[at], scores[at]
        city = sheet.cities[at]
        table.add_row(
            "—" if rank != rank else f"{rank:g}",
            escape(_printable(scored.city_names.get(city) or city)),
            _("缺失") if total != total else f"{total:.2f}",
        )
    console = Console()
    console.print(table)
    if len(order) > LISTED:
        console.print(
            _("共 {count} 个参评单位，以上为前 {shown} 个。", count=len(order), shown=LISTED)
        )


def _printable(text: str) -> str:
    """A name without anything that a terminal would obey."""
    return "".join(sign for sign in text if sign.isprintable())
