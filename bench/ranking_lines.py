"""``ranking.xlsx``, against openpyxl writing as many plain cells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine
from openpyxl import Workbook

from bench import province
from bench.measuring import Line, traced
from evaluation.framework.tree import Framework
from reports.ranking import Provenance, RankingFacts, ranking_report
from reports.render.xlsx import render_xlsx
from scoring.composite.method import parse_method
from scoring.composite.score import score
from scoring.composite.sheet import ScoreSheet
from scoring.runs.judging import tree_of

LIMIT = 3.0


def lines() -> Iterator[Line]:
    """A province, and as many units as China has prefectures."""
    for units in (province.SMALL, province.LARGE):
        yield _line(units)


def _line(units: int) -> Line:
    facts = facts_of(units)
    plain = _plain_cells(render_xlsx(ranking_report(facts)))

    def ours() -> object:
        return render_xlsx(ranking_report(facts))

    def bare() -> object:
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, rows in plain.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    return Line(
        f"ranking.xlsx {units}×94",
        ours,
        bare,
        LIMIT,
        f"openpyxl writing {sum(len(r) for rows in plain.values() for r in rows):,} plain cells",
        rounds=2 if units == province.LARGE else 7,
        memory=traced(ours, bare),
    )


def facts_of(units: int) -> RankingFacts:
    """A scored round with an earlier one and a source for every value."""
    made = province.framework(units)
    return RankingFacts(
        framework=made,
        sheet=_scored(made, units, 1),
        audience="full",
        round_name="bench",
        published="2026-11-24",
        previous=_scored(made, units, 0),
        previous_round_name="bench before",
        demo=True,
        provenance={
            cell: Provenance("全量数据填报", "部门台账", "2026-10-08", "示例填报员")
            for cell in province.given(units)
        },
        input_sha256="0" * 64,
    )


def _scored(made: Framework, units: int, shift: int) -> ScoreSheet:
    raw, absent = province.arrays(units, shift)
    return score(
        tree_of(made),
        tuple(unit.code for unit in made.units),
        raw,
        parse_method(made.method),
        not_applicable=absent,
        ranked=[unit.ranked for unit in made.units],
    )


def _plain_cells(content: bytes) -> dict[str, list[list[Any]]]:
    """The values of every filled cell by sheet, rows without gaps; formulas as numbers."""
    with calamine.load_workbook(io.BytesIO(content)) as book:
        return {
            name: [
                [value for value in row if value != ""]
                for row in book.get_sheet_by_name(name).to_python()
            ]
            for name in book.sheet_names
        }
