"""``yingshang compare``: two scorings of files, and what moved which score and place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from reports.file_output import refuse, show, unknown_format, write_out

if TYPE_CHECKING:
    from scoring.standalone import Standalone

GROUPED = ("observation", "indicator", "city")


@click.command()
@click.option(
    "--framework", required=True, type=click.Path(path_type=Path), help="指标体系 · As of score."
)
@click.option(
    "--after-framework", type=click.Path(path_type=Path), help="另一体系 · If it changed."
)
@click.option(
    "--before-values", required=True, type=click.Path(path_type=Path), help="原指标值 · Before."
)
@click.option(
    "--after-values", required=True, type=click.Path(path_type=Path), help="现指标值 · After."
)
@click.option("--before-method", type=click.Path(path_type=Path), help="原评价方法 · Before.")
@click.option("--after-method", type=click.Path(path_type=Path), help="现评价方法 · As before.")
@click.option("--by", type=click.Choice(GROUPED), help="数据按什么合并 · How values go together.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="输出 .xlsx/.json · Every part."
)
@click.pass_context
def compare(
    context: click.Context,
    framework: Path,
    after_framework: Path | None,
    before_values: Path,
    after_values: Path,
    before_method: Path | None,
    after_method: Path | None,
    by: str | None,
    out: Path,
) -> None:
    """比较两次评分：什么使名次变动 · What moved which rank; exit 2 lists every problem."""
    wrong = unknown_format(out)
    if wrong:
        refuse(context, wrong)
    sides: list[Standalone] = []
    faults: list[Any] = []
    from rich.console import Console

    from scoring.standalone import score_files

    before = (framework, before_values, before_method)
    after = (after_framework or framework, after_values, after_method or before_method)
    with Console(stderr=True).status(_("正在读取、检查并重新评分…")):
        for files in (before, after):
            try:
                sides.append(score_files(*files))
            except Faulty as problem:
                faults += [each for each in problem.faults if each not in faults]
    if faults:
        refuse(context, faults)
    _answer(context, sides[0], sides[1], by, out)


def _answer(
    context: click.Context, before: Standalone, after: Standalone, by: str | None, out: Path
) -> None:
    from reports.comparison_report import Named, comparison_report
    from scoring.composite.problems import ScoringError
    from scoring.runs.attribution import SINGLE
    from scoring.standalone.methods import faults as told
    from scoring.standalone.questions import case_of
    from scoring.whatif import compare as compared
    from scoring.whatif.differences import differences

    cases = case_of(before), case_of(after)
    changed = sum(each.kind == "observation" for each in differences(*cases))
    try:
        made = compared(*cases, by=by or ("observation" if changed <= SINGLE else "indicator"))
    except ScoringError as problem:
        refuse(context, told("", problem.problems))
    named = Named(
        {**before.names, **after.names},
        {**before.names_en, **after.names_en},
        {**before.city_names, **after.city_names},
    )
    report = comparison_report(
        made, (before.sheet, after.sheet), (cases[0].tree, cases[1].tree), named
    )
    mapping = made.as_mapping() | {
        "input_sha256": {"before": before.input_sha256, "after": after.input_sha256}
    }
    write_out(context, out, mapping, lambda: report)
    show(report.tables["cities"][1], ("city", "before", "after", "change", "rank", "new_rank"))
    show(report.tables["parts"][1], ("city", "cause", "was", "now", "points"), listed=15)
    click.echo(_("已写出 {file}", file=out))
