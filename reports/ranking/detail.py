"""指标明细: every indicator of the units that the reader may open, with where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import Cell, Column, Joined, Note, Phrase, Row, Section, Table, Text, Value
from reports.ranking.dimensions import detailed, unit_columns
from reports.ranking.facts import (
    MISSING,
    NOT_APPLICABLE,
    NOT_RANKED,
    Provenance,
    RankingFacts,
    node_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.framework.tree import Node

MET = Phrase(N_("达标"), tone="good")
UNMET = Phrase(N_("未达标"), tone="attention")
WARNED = Phrase(N_("预警"), tone="bad")
NORMAL = Phrase(N_("正常"), tone="good")
SOURCES = (
    ("method", N_("采集方式")),
    ("source", N_("数据来源")),
    ("when", N_("采集时间")),
    ("by", N_("采集人")),
    ("evidence", N_("佐证材料")),
)


def light(node: Node, value: float) -> Phrase | None:
    """达标 at the target or better, 预警 worse than the warning value, else 未达标 (正常).

    Both are in the indicator's own unit; None when the indicator has neither.
    """
    if node.target is not None and node.direction * (value - node.target) >= 0:
        return MET
    if node.warning is not None and node.direction * (value - node.warning) < 0:
        return WARNED
    if node.target is not None:
        return UNMET
    return NORMAL if node.warning is not None else None


def detail_section(facts: RankingFacts) -> Section:
    """One line an indicator and unit; units outside the audience have no lines at all."""
    shown = [unit for unit in facts.in_order if facts.shows(unit)]
    nodes = detailed(facts)
    leaves = facts.framework.indicators
    targets = any(node.target is not None for node in leaves)
    lights = targets or any(node.warning is not None for node in leaves)
    known = {unit: [facts.provenance.get((unit, node.code)) for node in nodes] for unit in shown}
    sources = [
        (key, title)
        for key, title in SOURCES
        if any(found and getattr(found, key) for each in known.values() for found in each)
    ]
    filled = any(bool(facts.sheet.was_imputed[facts.row_of[unit]].any()) for unit in shown)
    deep = any(len(facts.framework.path(node.code)) > 3 for node in nodes)
    columns = [
        *unit_columns(),
        Column("dimension", Phrase(N_("一级指标"))),
        *([Column("above", Phrase(N_("上级指标")))] if deep else []),
        Column("node", Phrase(N_("指标")), width=32),
        Column("code", Phrase(N_("代码"))),
        Column("measured", Phrase(N_("计量单位"))),
        Column("value", Phrase(N_("指标值")), "value"),
        Column("score", Phrase(N_("得分")), "score", 2, hint="heat"),
        Column("rank", Phrase(N_("排名")), "rank"),
        *([Column("target", Phrase(N_("目标值")), "value")] if targets else []),
        *([Column("light", Phrase(N_("状态")), "light")] if lights else []),
        *([Column("remark", Phrase(N_("取值说明")), width=24)] if filled else []),
        *(Column(key, Phrase(title), width=34) for key, title in sources),
    ]
    described = [_described(facts, node, deep=deep) for node in nodes]
    rows = tuple(
        row
        for unit in shown
        for row in _rows(
            facts,
            unit,
            nodes,
            described,
            known[unit],
            targets=targets,
            lights=lights,
            filled=filled,
            sources=[key for key, _title in sources],
        )
    )
    table = Table("detail", tuple(columns), rows, frozen=2, filtered=True)
    return Section(
        "detail",
        Phrase(N_("指标明细")),
        (table,) if nodes else (),
        notes=tuple(_notes(facts, shown, lights=lights)),
        unit=Phrase(N_("单位：见“计量单位”列")),
    )


def _described(facts: RankingFacts, node: Node, *, deep: bool) -> tuple[Text, ...]:
    """The cells of a line that are the same for every unit: path, name, code, unit."""
    path = facts.framework.path(node.code)
    between = Joined(tuple(node_name(above) for above in path[2:-1]), " / ")
    return (
        node_name(path[1]),
        *([between] if deep else []),
        node_name(node),
        node.code,
        node.unit,
    )


def _rows(
    facts: RankingFacts,
    unit: str,
    nodes: list[Node],
    described: list[tuple[Text, ...]],
    known: list[Provenance | None],
    *,
    targets: bool,
    lights: bool,
    filled: bool,
    sources: list[str],
) -> Iterator[Row]:
    """The lines of one unit, from the sheet's row of that unit."""
    sheet, at = facts.sheet, facts.row_of[unit]
    raw, imputed = sheet.raw[at].tolist(), sheet.imputed[at].tolist()
    scores, ranks = sheet.scores[at].tolist(), sheet.ranks[at].tolist()
    imputed_here, gone = sheet.was_imputed[at].tolist(), sheet.not_applicable[at].tolist()
    name, peer = facts.unit_name(unit), unit in facts.peers
    for no, (node, same, found) in enumerate(zip(nodes, described, known, strict=True), 1):
        place = facts.node_at[node.code]
        score, rank = scores[place], ranks[place]
        value: Value = None
        lit = remark = None
        leaf = facts.indicator_at.get(node.code)
        if leaf is not None:
            value = raw[leaf]
            if gone[leaf]:
                value = NOT_APPLICABLE
            elif raw[leaf] != raw[leaf]:
                value = MISSING
            else:
                lit = light(node, raw[leaf])
            if imputed_here[leaf] and not gone[leaf]:
                remark = Phrase(N_("缺失，按规则插补为 {value}"), {"value": f"{imputed[leaf]:.6g}"})
        absent = facts.absence(unit, node.code) if score != score else None
        cells: list[Value | Cell] = [
            no,
            Cell(name, link=("standing", unit)) if no == 1 else name,
            *same,
            Cell(value, decimals=node.decimals) if node.decimals is not None else value,
            absent or score,
            (absent if rank != rank else rank) if peer else NOT_RANKED,
        ]
        if targets:
            cells.append(
                node.target if node.decimals is None else Cell(node.target, decimals=node.decimals)
            )
        if lights:
            cells.append(lit)
        if filled:
            cells.append(remark)
        cells.extend((getattr(found, key) or None) if found else None for key in sources)
        yield Row(f"{unit}/{node.code}", tuple(cells), peer, strong=leaf is None)


def _notes(facts: RankingFacts, shown: list[str], *, lights: bool) -> Iterator[Note]:
    if facts.audience != "full":
        yield Note(
            Phrase(
                N_("本表只含本单位的指标明细（{count} 个单位）；其他单位的指标明细未列入本文件。"),
                {"count": len(shown)},
            )
        )
    yield Note(Phrase(N_("缺失：应有而未取得的数据；不适用：该单位无此事项，权重按规则重新分配。")))
    if lights:
        yield Note(
            Phrase(
                N_(
                    "状态：达到目标值为“达标”，劣于警戒值为“预警”，其余为“未达标”（未设目标的为“正常”）。"
                )
            )
        )
