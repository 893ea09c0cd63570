"""一级指标得分 and 一级指标排名: every unit's total and first-level indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Cell, Column, Note, Phrase, RankOf, Row, Section, Table
from reports.ranking.facts import NOT_RANKED, node_name
from reports.ranking.live import (
    dimension_weights,
    rank_cell,
    ranks_recompute,
    score_cell,
    total_cell,
    totals_recompute,
)

if TYPE_CHECKING:
    from evaluation.framework.tree import Node
    from reports.ranking.facts import RankingFacts

TOTAL = "total"


def unit_columns() -> tuple[Column, Column]:
    """The two columns that most tables begin with."""
    return (
        Column("no", Phrase(N_("序号")), "index"),
        Column("unit", Phrase(N_("参评单位"))),
    )


def unit_cells(facts: RankingFacts, unit: str, no: int) -> tuple[Cell, Cell]:
    """Running number (none below the ranking) and name, leading to its indicators."""
    details = next((node.code for node in detailed(facts)), None)
    link = ("detail", f"{unit}/{details}") if details and facts.shows(unit) else None
    return Cell(no if unit in facts.peers else None), Cell(facts.unit_name(unit), link=link)


def detailed(facts: RankingFacts) -> list[Node]:
    """Nodes with a line of their own in 指标明细: all but the index and the grouped dimensions."""
    children = facts.framework.children
    return [
        node
        for node in facts.depth_first[1:]
        if node.parent != facts.root.code or not children[node.code]
    ]


def score_section(facts: RankingFacts) -> Section:
    """Scores, with the weights above and the mean, highest and lowest below."""
    weights = dimension_weights(facts)
    live = totals_recompute(facts, weights)
    keys = [node.code for node in facts.dimensions]
    columns = (
        *unit_columns(),
        Column(TOTAL, Phrase(N_("综合得分")), "score", 2, hint="bar"),
        *(Column(n.code, node_name(n), "score", 2, hint="heat") for n in facts.dimensions),
    )
    rows = tuple(
        Row(
            unit,
            (
                *unit_cells(facts, unit, no),
                total_cell(facts, unit, live=live),
                *(score_cell(facts, unit, key) for key in keys),
            ),
            peer=unit in facts.peers,
        )
        for no, unit in enumerate(facts.in_order, 1)
    )
    table = Table(
        "dimension_scores",
        columns,
        rows,
        weights=weights,
        frozen=3,
        summaries=("mean", "max", "min"),
        summarised=(TOTAL, *keys),
    )
    how = (
        N_("综合得分为有得分的一级指标按权重行加权的算术平均，可在本表中复算。")
        if live
        else N_("综合得分不是本表各列的加权算术平均，算法见“方法与说明”。")
    )
    return Section(
        "dimension_scores",
        Phrase(N_("一级指标得分")),
        (table,),
        notes=(Note(Phrase(how)), Note(Phrase(N_("均值、最高、最低仅统计参加排名的单位。")))),
        unit=Phrase(N_("单位：分")),
    )


def rank_section(facts: RankingFacts) -> Section:
    """Ranks on the total and on every first-level indicator."""
    nodes = ((TOTAL, facts.root.code), *((node.code, node.code) for node in facts.dimensions))
    live = {key: ranks_recompute(facts, code) for key, code in nodes}
    columns = (
        *unit_columns(),
        Column(TOTAL, Phrase(N_("综合排名")), "rank"),
        *(Column(n.code, node_name(n), "rank", hint="heat-reversed") for n in facts.dimensions),
    )
    rows = []
    for no, unit in enumerate(facts.in_order, 1):
        ranks: list[Cell] = [
            rank_cell(facts, unit, code, RankOf("dimension_scores", unit, key), live=live[key])
            for key, code in nodes
        ]
        if unit not in facts.peers:
            ranks = [Cell(NOT_RANKED), *(Cell(None) for _ in facts.dimensions)]
        rows.append(Row(unit, (*unit_cells(facts, unit, no), *ranks), peer=unit in facts.peers))
    return Section(
        "dimension_ranks",
        Phrase(N_("一级指标排名")),
        (Table("dimension_ranks", columns, tuple(rows), frozen=3),),
        notes=(Note(Phrase(N_("得分相同的单位名次相同；缺失或不适用的不参加该项排名。"))),),
        unit=Phrase(N_("单位：名次")),
    )
