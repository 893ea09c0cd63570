"""与上期对比: ranks, totals and dimensions against the earlier round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Cell, Column, Difference, Joined, Note, Phrase, Row, Section, Table
from reports.ranking.dimensions import unit_cells, unit_columns
from reports.ranking.facts import NOT_RANKED, node_name
from reports.ranking.standing import previous_rank, rank_change

if TYPE_CHECKING:
    from reports.ranking.facts import RankingFacts

NOT_EVALUATED = Phrase(N_("上期未参评"))


def previous_section(facts: RankingFacts) -> Section:
    """The comparison; one line saying so when there is nothing to compare with."""
    title = Phrase(N_("与上期对比"))
    if facts.previous is None:
        return Section("previous", title, notes=(Note(Phrase(N_("没有上期结果，本期不作对比。"))),))
    earlier = set(facts.previous.nodes)
    compared = [node for node in facts.dimensions if node.code in earlier]
    added = [node for node in facts.dimensions if node.code not in earlier]
    columns = (
        *unit_columns(),
        Column("rank", Phrase(N_("本期排名")), "rank"),
        Column("rank_before", Phrase(N_("上期排名")), "rank"),
        Column("rank_change", Phrase(N_("较上期")), "change", 0, hint="change"),
        Column("score", Phrase(N_("本期得分")), "score", 2),
        Column("score_before", Phrase(N_("上期得分")), "score", 2),
        Column("score_change", Phrase(N_("得分变化")), "change", 2, hint="change"),
        *(Column(node.code, node_name(node), "change", 2, hint="change") for node in compared),
    )
    root = facts.root.code
    before = set(facts.previous.cities)
    rows = []
    for no, unit in enumerate(facts.in_order, 1):
        peer = unit in facts.peers
        rank, score = facts.rank(unit, root), facts.score(unit, root)
        old = previous_score(facts, unit, root)
        was = previous_rank(facts, unit)
        live = rank is not None and was is not None
        cells = [
            *unit_cells(facts, unit, no),
            Cell((facts.absence(unit, root) if rank is None else rank) if peer else NOT_RANKED),
            Cell(was if unit in before else NOT_EVALUATED),
            Cell(rank_change(facts, unit), Difference("rank_before", "rank") if live else None),
            Cell(facts.absence(unit, root) if score is None else score),
            Cell(old),
            _change(score, old, Difference("score", "score_before")),
            *(
                _change(facts.score(unit, n.code), previous_score(facts, unit, n.code))
                for n in compared
            ),
        ]
        rows.append(Row(unit, tuple(cells), peer=peer))
    notes = [
        Note(
            Phrase(
                N_("上期为“{round}”。▲ 上升，▼ 下降，— 无变化或无法对比。"),
                {"round": facts.previous_round_name},
            )
        )
    ]
    if compared:
        notes.append(Note(Phrase(N_("各一级指标列为本期得分减去上期得分。"))))
    if added:
        names = Joined(tuple(node_name(node) for node in added))
        notes.append(Note(Phrase(N_("本期新增、无法对比的一级指标：{names}。"), {"names": names})))
    return Section(
        "previous",
        title,
        (Table("previous", columns, tuple(rows)),),
        notes=tuple(notes),
        unit=Phrase(N_("单位：分、名次")),
    )


def previous_score(facts: RankingFacts, unit: str, node: str) -> float | None:
    """The unrounded score in the earlier round; None where there is none."""
    sheet = facts.previous
    if sheet is None or unit not in sheet.cities or node not in sheet.nodes:
        return None
    value = float(sheet.scores[sheet.cities.index(unit), sheet.nodes.index(node)])
    return None if value != value else value


def _change(now: float | None, before: float | None, derived: Difference | None = None) -> Cell:
    return Cell(None) if now is None or before is None else Cell(now - before, derived)
