"""What commands that turn files into a file have in common: refuse, write, show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import rich_click as click

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from reports.model import Report, Table

FORMATS = (".xlsx", ".json")
LISTED = 20  # rows of a table on the terminal


def refuse(context: click.Context, faults: Iterable[Fault]) -> NoReturn:
    """List every problem and leave with 2."""
    found = list(faults)
    for fault in found:
        click.echo(str(fault), err=True)
    click.echo(_("共 {count} 处问题，没有写出任何文件。", count=len(found)), err=True)
    context.exit(2)


def unknown_format(out: Path) -> list[Fault]:
    """The fault of a file that we do not write; nothing for one that we do."""
    if out.suffix.lower() in FORMATS:
        return []
    facts = {"suffix": out.suffix or out.name}
    what, mend = N_("不能输出为“{suffix}”格式。"), N_("请用 .xlsx 或 .json。")
    return [Fault("unknown-format", what, mend, facts, file=str(out))]


def write_out(
    context: click.Context,
    out: Path,
    mapping: Mapping[str, Any],
    report: Callable[[], Report],
) -> None:
    """*mapping* as JSON or *report* as a workbook, by the ending; whole or not at all."""
    from reports.score_command import write_atomically

    if out.suffix.lower() == ".json":
        said = json.dumps(mapping, ensure_ascii=False, allow_nan=False, indent=1)
        content = said.encode() + b"\n"
    else:
        from reports.render.xlsx import render_xlsx

        content = render_xlsx(report())
    try:
        write_atomically(out, content)
    except OSError as problem:
        facts = {"reason": problem.strerror or str(problem)}
        refuse(context, [Fault("unwritable", N_("无法写入：{reason}"), "", facts, file=str(out))])


def show(table: Table, columns: Iterable[str], *, listed: int = LISTED) -> None:
    """Some columns of a table on the terminal, its first rows."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as Grid

    from reports.model import plain

    chosen = [table.position[key] for key in columns]
    grid = Grid(title=escape(printable(table.title)))
    for at in chosen:
        column = table.columns[at]
        right = column.kind in ("value", "score", "rank", "change", "weight", "index")
        grid.add_column(escape(printable(column.title)), justify="right" if right else "left")
    for row in table.rows[:listed]:
        cells = []
        for at in chosen:
            value = plain(row.cells[at])
            if value is None:
                cells.append("—")
            elif isinstance(value, int | float):
                decimals = table.columns[at].decimals
                sign = "+" if value and table.columns[at].kind == "change" else ""
                cells.append(
                    f"{value:{sign}g}" if decimals is None else f"{value:{sign}.{decimals}f}"
                )
            else:
                cells.append(escape(printable(value)))
        grid.add_row(*cells)
    console = Console()
    console.print(grid)
    if len(table.rows) > listed:
        facts = {"count": len(table.rows), "shown": listed}
        console.print(_("共 {count} 行，以上为前 {shown} 行。", **facts))


def printable(text: object) -> str:
    """Somebody's words without anything that a terminal would obey."""
    return "".join(sign for sign in str(text) if sign.isprintable())
