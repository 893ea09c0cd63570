"""`yingshang ranking`: results out of the database as files, in the office's view."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from litestar.serialization import encode_json

from evaluation.platform import audit
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import _
from evaluation.platform.terminal import opened
from reports import facts as results
from reports.ranking import RankingFacts
from scoring.runs import store as runs

KINDS = (".xlsx", ".json", ".csv")


@click.group()
def ranking() -> None:
    """排名 · Rankings of scored rounds."""


@ranking.command("export")
@click.option("--round", "code", required=True, help="轮次代码 · Code of the round.")
@click.option(
    "--out",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="输出 .xlsx/.json/.csv · File to write.",
)
def export(code: str, path: Path) -> None:
    """导出排名 · Write a round's published ranking, or its newest run before publication.

    Everything is in it, as the provincial office sees it.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise click.BadParameter(
            _("文件名须以 {kinds} 结尾。", kinds="、".join(KINDS)), param_hint="--out"
        )
    with opened() as (settings, database):
        files = EvidenceStore(settings.data / "evidence")
        with database.writing() as session:
            shown = results.shown_to_office(session, code)
            snapshot = runs.held_snapshot(files, shown.result.run.snapshot_sha256)
            sources = results.provenance_of(session, shown, snapshot, settings, sees_people=True)
            facts = results.ranking_facts(shown, files, settings, sources)
            path.write_bytes(_content(kind, shown, facts))
            audit.record(
                session,
                audit.System(),
                "ranking.exported",
                f"round:{code}/run:{shown.result.run.number}",
                after={"file": path.name, "published": shown.result.publication is not None},
            )
    click.echo(_("已写出 {path}", path=path))


def _content(kind: str, shown: results.Shown, facts: RankingFacts) -> bytes:
    from reports.ranking_document import ranking_csv, ranking_document

    if kind == ".json":
        return encode_json(ranking_document(shown, facts))
    if kind == ".csv":
        return ranking_csv(facts)
    from reports.ranking import ranking_report
    from reports.render.xlsx import render_xlsx

    return render_xlsx(ranking_report(facts))
