"""总排名: who leads, who slipped, where each is strong and weak."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import (
    Cell,
    Chart,
    Column,
    Note,
    Phrase,
    RankOf,
    Row,
    SameAs,
    Section,
    Table,
    Text,
)
from reports.ranking.dimensions import TOTAL, unit_cells, unit_columns
from reports.ranking.facts import node_name
from reports.ranking.level import level_note
from reports.ranking.live import rank_cell, ranks_recompute, score_cell

if TYPE_CHECKING:
    from evaluation.framework.tree import Node
    from reports.ranking.facts import RankingFacts

CHARTED = 30  # bars that can still be read


def by_rank(facts: RankingFacts) -> list[str]:
    """Ranked units by rank, then those without a score, then those that are not ranked."""
    root = facts.root.code

    def place(unit: str) -> tuple[bool, float]:
        rank = facts.rank(unit, root)
        score = facts.score(unit, root)
        if unit not in facts.peers:
            return True, -score if score is not None else inf
        return False, inf if rank is None else rank

    return sorted(facts.units, key=place)


def rank_change(facts: RankingFacts, unit: str) -> float | None:
    """Places gained since the earlier round (negative: lost); None where either is unknown."""
    now, before = facts.rank(unit, facts.root.code), previous_rank(facts, unit)
    return None if now is None or before is None else before - now


def previous_rank(facts: RankingFacts, unit: str) -> float | None:
    """Rank on the index in the earlier round."""
    sheet = facts.previous
    if sheet is None or unit not in sheet.cities or facts.root.code not in sheet.nodes:
        return None
    at = sheet.cities.index(unit), sheet.nodes.index(facts.root.code)
    rank = float(sheet.ranks[at])
    return None if rank != rank or unit not in facts.peers else rank


def standing_section(facts: RankingFacts) -> Section:
    """The ranking itself with a chart of the scores."""
    root = facts.root.code
    live = ranks_recompute(facts, root)
    order = by_rank(facts)
    ranks = [facts.rank(unit, root) for unit in order]
    compared = facts.previous is not None
    uncertain = any(unit in facts.rank_intervals for unit in order)
    described = len(facts.dimensions) >= 3
    columns = [*unit_columns(), Column(TOTAL, Phrase(N_("综合得分")), "score", 2, hint="bar")]
    columns.append(Column("rank", Phrase(N_("排名")), "rank"))
    if compared:
        columns.append(Column("change", Phrase(N_("较上期")), "change", 0, hint="change"))
    if uncertain:
        columns.append(Column("interval", Phrase(N_("排名区间")), "rank"))
    if described:
        columns.append(Column("strong", Phrase(N_("优势指标（名次）"))))
        columns.append(Column("weak", Phrase(N_("短板指标（名次）"))))
    columns.append(Column("remark", Phrase(N_("备注"))))
    rows = []
    for no, unit in enumerate(order, 1):
        score = facts.score(unit, root)
        cells = [*unit_cells(facts, unit, no)]
        same = SameAs("dimension_scores", unit, TOTAL)
        cells.append(score_cell(facts, unit, root) if score is None else Cell(score, same))
        cells.append(rank_cell(facts, unit, root, RankOf("standing", unit, TOTAL), live=live))
        if compared:
            cells.append(Cell(rank_change(facts, unit)))
        if uncertain:
            cells.append(Cell(_interval(facts, unit)))
        if described:
            cells.extend(_strong_and_weak(facts, unit))
        cells.append(Cell(_remark(facts, unit, ranks)))
        rows.append(Row(unit, tuple(cells), peer=unit in facts.peers))
    scored = sum(rank is not None for rank in ranks)
    title = (
        Phrase(N_("综合得分（前 {count} 名）"), {"count": CHARTED})
        if scored > CHARTED
        else Phrase(N_("综合得分"))
    )
    chart = Chart("bar", title, "standing", "unit", (TOTAL,), 0, min(scored, CHARTED))
    return Section(
        "standing",
        Phrase(N_("总排名")),
        (Table("standing", tuple(columns), tuple(rows)),),
        (chart,) if scored else (),
        tuple(_notes(facts, uncertain=uncertain, described=described)),
        Phrase(N_("单位：分、名次")),
    )


def _interval(facts: RankingFacts, unit: str) -> Text | None:
    interval = facts.rank_intervals.get(unit)
    if interval is None or unit not in facts.peers:
        return None
    low, high = round(interval["low"]), round(interval["high"])
    return str(low) if low == high else f"{low}–{high}"


def _strong_and_weak(facts: RankingFacts, unit: str) -> tuple[Cell, Cell]:
    """The dimensions with the unit's best and worst rank; the first in order among equals."""
    ranked = [(rank, node) for node in facts.dimensions if (rank := facts.rank(unit, node.code))]
    if not ranked:
        return Cell(None), Cell(None)
    strong = min(ranked, key=lambda pair: pair[0])
    weak = max(ranked, key=lambda pair: pair[0])
    return _described(*strong), _described(*weak)


def _described(rank: float, node: Node) -> Cell:
    return Cell(Phrase(N_("{name}（{rank}）"), {"name": node_name(node), "rank": f"{rank:g}"}))


def _remark(facts: RankingFacts, unit: str, ranks: list[float | None]) -> Text | None:
    if unit not in facts.peers:
        return None
    rank = facts.rank(unit, facts.root.code)
    if rank is None:
        return Phrase(N_("无综合得分，未排名"))
    if ranks.count(rank) > 1:
        return Phrase(N_("并列第 {rank} 名"), {"rank": f"{rank:g}"})
    if facts.previous is not None and previous_rank(facts, unit) is None:
        return Phrase(N_("上期无排名"))
    return None


def _notes(facts: RankingFacts, *, uncertain: bool, described: bool) -> list[Note]:
    rounded = facts.sheet.method.get("rank", {}).get("decimals")
    notes = [
        Note(Phrase(N_("得分相同的单位名次相同并注明并列；排名以未取舍的得分计算。")))
        if rounded is None
        else Note(
            Phrase(
                N_("得分保留 {decimals} 位小数后排名，相同的名次相同并注明并列。"),
                {"decimals": rounded},
            )
        )
    ]
    if any(unit not in facts.peers for unit in facts.units):
        notes.append(Note(Phrase(N_("参评不排名的单位列于最后，不占名次。"))))
    if facts.previous is not None:
        notes.append(
            Note(
                Phrase(
                    N_("较上期：▲ 名次上升，▼ 名次下降；上期为“{round}”。"),
                    {"round": facts.previous_round_name},
                )
            )
        )
    if uncertain:
        notes.append(
            Note(
                Phrase(
                    N_("排名区间为模拟名次的第 5 至第 95 百分位；区间重叠的单位差异可能不显著。")
                )
            )
        )
    if level := level_note(facts):
        notes.append(level)
    if described:
        notes.append(Note(Phrase(N_("优势、短板为该单位名次最前、最后的一级指标。"))))
    return notes
