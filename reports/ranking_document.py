"""A ranking for programs: the same numbers as the page and the workbook, by code."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from evaluation.platform.i18n import _
from reports.facts import Shown
from reports.model import Cell
from reports.ranking import RankingFacts
from reports.ranking.dimensions import score_section
from reports.ranking.standing import by_rank, rank_change
from reports.render.tables import heading

NEUTRAL = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class NodeResult:
    """A unit's score and place on one node; ``rank`` None where not ranked or no score."""

    score: float | None
    rank: float | None


@dataclass(frozen=True)
class IndicatorResult:
    """A unit's value, in the indicator's own unit, and what it scored."""

    value: float | None
    not_applicable: bool
    imputed: bool
    score: float | None
    rank: float | None


@dataclass(frozen=True)
class UnitResult:
    """One evaluated unit. ``indicators`` is None where they are not disclosed to the reader."""

    code: str
    name: str
    name_en: str
    ranked: bool
    zones: list[str]
    rank: float | None
    score: float | None
    rank_change: float | None
    dimensions: dict[str, NodeResult]
    indicators: dict[str, IndicatorResult] | None


@dataclass(frozen=True)
class NodeName:
    """A node of the indicator tree."""

    code: str
    parent: str | None
    name: str
    name_en: str
    unit: str
    weight: float


@dataclass(frozen=True)
class RankingDocument:
    """A result. ``version`` and ``published_at`` are None for a run that is not published.

    ``sheet_sha256`` and ``snapshot_sha256`` name the sealed files it comes from.
    """

    round: str
    round_name: str
    round_name_en: str
    run: int
    version: int | None
    published_at: str | None
    note: str
    synthetic: bool
    framework: str
    framework_sha256: str
    snapshot_sha256: str
    sheet_sha256: str
    nodes: list[NodeName]
    units: list[UnitResult]


def ranking_document(shown: Shown, facts: RankingFacts) -> RankingDocument:
    """The result as a document, indicators only of units that the audience may see."""
    run, publication = shown.result
    return RankingDocument(
        round=shown.round.code,
        round_name=shown.round.name,
        round_name_en=shown.round.name_en,
        run=run.number,
        version=publication.version if publication else None,
        published_at=publication.published_at.isoformat()
        if publication and publication.published_at
        else None,
        note=publication.note if publication and publication.version > 1 else "",
        synthetic=facts.demo,
        framework=facts.framework.code,
        framework_sha256=run.framework_sha256,
        snapshot_sha256=run.snapshot_sha256,
        sheet_sha256=run.sheet_sha256,
        nodes=[
            NodeName(n.code, n.parent, n.name, n.name_en, n.unit, n.weight)
            for n in facts.framework.nodes
        ],
        units=[_unit(facts, unit) for unit in by_rank(facts)],
    )


def _unit(facts: RankingFacts, code: str) -> UnitResult:
    unit, root = facts.framework.unit_by_code[code], facts.root.code
    return UnitResult(
        code=code,
        name=unit.name,
        name_en=unit.name_en,
        ranked=code in facts.peers,
        zones=list(unit.zones),
        rank=facts.rank(code, root),
        score=facts.score(code, root),
        rank_change=rank_change(facts, code),
        dimensions={
            node.code: NodeResult(facts.score(code, node.code), facts.rank(code, node.code))
            for node in facts.dimensions
        },
        indicators=_indicators(facts, code) if facts.shows(code) else None,
    )


def _indicators(facts: RankingFacts, unit: str) -> dict[str, IndicatorResult]:
    row, sheet = facts.row_of[unit], facts.sheet
    found = {}
    for node in facts.framework.indicators:
        at = facts.indicator_at[node.code]
        value = float(sheet.raw[row, at])
        gone = bool(sheet.not_applicable[row, at])
        found[node.code] = IndicatorResult(
            None if gone or value != value else value,
            gone,
            bool(sheet.was_imputed[row, at]),
            facts.score(unit, node.code),
            facts.rank(unit, node.code),
        )
    return found


def ranking_csv(facts: RankingFacts) -> bytes:
    """Rank, total and dimension scores, one line a unit: UTF-8 with a mark that Excel knows.

    Numbers are unrounded. A text that a spreadsheet would take for a formula is led by an
    apostrophe.
    """
    section = score_section(facts)
    table = section.tables[0]
    ranks = {unit: facts.rank(unit, facts.root.code) for unit in facts.units}
    rows = {row.key: row for row in table.rows}
    keys = [column for column in table.columns if column.key not in ("no", "unit")]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [_("名次"), _("代码"), _("参评单位"), *(_safe(heading(column)) for column in keys)]
    )
    for unit in by_rank(facts):
        cells = rows[unit].cells
        rank = ranks[unit]
        writer.writerow(
            [
                f"{rank:g}" if rank is not None else "",
                _safe(unit),
                _safe(str(facts.unit_name(unit))),
                *(_text(cells[table.position[column.key]]) for column in keys),
            ]
        )
    return "\ufeff".encode() + out.getvalue().encode()


def _text(cell: object) -> str:
    value = cell.value if isinstance(cell, Cell) else cell
    if isinstance(value, float):
        return "" if value != value else repr(value)
    if isinstance(value, int):
        return str(value)
    return "" if value is None else _safe(str(value))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(NEUTRAL) else text
