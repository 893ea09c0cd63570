"""城市对标: each unit against the best, the mean, its zone and the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from reports.model import (
    Cell,
    Chart,
    Column,
    Difference,
    Name,
    Note,
    Phrase,
    Row,
    SameAs,
    Section,
    Table,
    Text,
)
from reports.ranking.dimensions import TOTAL
from reports.ranking.facts import NOT_RANKED, node_name

if TYPE_CHECKING:
    from evaluation.framework.tree import Node
    from reports.ranking.facts import RankingFacts

CHARTED = 40  # units that get a chart each
TALL_ENOUGH = 8  # lines that a chart needs beside it


def benchmark_section(facts: RankingFacts) -> Section:
    """Blocks of one unit each: the total and every dimension."""
    nodes = (facts.root, *facts.dimensions)
    shown = [unit for unit in facts.in_order if facts.shows(unit)]
    zones = any(zone_of(facts, unit) for unit in shown)
    targets = any(_target(facts, node) is not None for node in nodes)
    columns = [
        Column("unit", Phrase(N_("参评单位"))),
        Column("node", Phrase(N_("指标"))),
        Column("score", Phrase(N_("得分")), "score", 2, hint="heat"),
        Column("rank", Phrase(N_("排名")), "rank"),
        Column("best", Phrase(N_("最优得分")), "score", 2),
        Column("best_unit", Phrase(N_("最优单位"))),
        Column("to_best", Phrase(N_("与最优差距")), "change", 2, hint="change"),
        Column("mean", Phrase(N_("均值")), "score", 2),
        Column("to_mean", Phrase(N_("与均值差距")), "change", 2, hint="change"),
    ]
    if zones:
        columns += [
            Column("zone", Phrase(N_("所属片区"))),
            Column("zone_mean", Phrase(N_("片区均值")), "score", 2),
            Column("to_zone", Phrase(N_("与片区差距")), "change", 2, hint="change"),
        ]
    if targets:
        columns += [
            Column("target", Phrase(N_("目标得分")), "score", 2),
            Column("to_target", Phrase(N_("与目标差距")), "change", 2, hint="change"),
        ]
    peers = [_against(facts, node, [u for u in facts.units if u in facts.peers]) for node in nodes]
    zone_means = {
        (zone.code, node.code): _against(facts, node, _members(facts, zone.code))[1]
        for zone in facts.framework.zones
        for node in nodes
    }
    rows: list[Row] = []
    for unit in shown:
        zone = zone_of(facts, unit)
        for node, (best, mean, leader) in zip(nodes, peers, strict=True):
            key = TOTAL if node is facts.root else node.code
            score = facts.score(unit, node.code)
            rank = facts.rank(unit, node.code)
            absent = facts.absence(unit, node.code)
            cells = [
                Cell(
                    facts.unit_name(unit),
                    link=("standing", unit) if node is facts.root else None,
                ),
                Cell(Phrase(N_("综合得分")) if node is facts.root else node_name(node)),
                Cell(absent)
                if score is None
                else Cell(score, SameAs("dimension_scores", unit, key)),
                Cell(NOT_RANKED if unit not in facts.peers else absent if rank is None else rank),
                Cell(best),
                Cell(leader),
                _gap(score, best, "best"),
                Cell(mean),
                _gap(score, mean, "mean"),
            ]
            if zones:
                middle = zone_means.get((zone, node.code)) if zone else None
                cells += [
                    Cell(_zone_name(facts, zone) if zone else None),
                    Cell(middle),
                    _gap(score, middle, "zone_mean"),
                ]
            if targets:
                target = _target(facts, node)
                cells += [Cell(target), _gap(score, target, "target")]
            rows.append(
                Row(
                    f"{unit}/{node.code}",
                    tuple(cells),
                    peer=unit in facts.peers,
                    strong=node is facts.root,
                )
            )
    return Section(
        "benchmark",
        Phrase(N_("城市对标")),
        (Table("benchmark", tuple(columns), tuple(rows), filtered=True),),
        _charts(facts, shown, len(nodes)),
        tuple(_notes(facts, zones=zones)),
        Phrase(N_("单位：分、名次")),
    )


def zone_of(facts: RankingFacts, unit: str) -> str | None:
    """The first zone of the unit that the framework defines."""
    found = facts.framework.unit_by_code.get(unit)
    known = {zone.code for zone in facts.framework.zones}
    return next((zone for zone in found.zones if zone in known), None) if found else None


def _zone_name(facts: RankingFacts, code: str) -> Text:
    zone = next(zone for zone in facts.framework.zones if zone.code == code)
    return Name(zone.name, zone.name_en) if zone.name else zone.code


def _members(facts: RankingFacts, zone: str) -> list[str]:
    return [
        unit.code
        for unit in facts.framework.units
        if zone in unit.zones and unit.code in facts.peers and unit.code in facts.row_of
    ]


def _target(facts: RankingFacts, node: Node) -> float | None:
    """A target of a group is a score; an indicator's is in its own unit and does not belong."""
    return node.target if facts.framework.children[node.code] else None


def _against(
    facts: RankingFacts, node: Node, units: list[str]
) -> tuple[float | None, float | None, Text | None]:
    """Best score, mean score and who is best, among *units*."""
    scores = {unit: score for unit in units if (score := facts.score(unit, node.code)) is not None}
    if not scores:
        return None, None, None
    best = max(scores.values())
    leaders = [unit for unit, score in scores.items() if score == best]
    leader = facts.unit_name(leaders[0])
    if len(leaders) > 1:
        leader = Phrase(N_("{name}等 {count} 个单位"), {"name": leader, "count": len(leaders)})
    return best, sum(scores.values()) / len(scores), leader


def _gap(score: float | None, other: float | None, column: str) -> Cell:
    if score is None or other is None:
        return Cell(None)
    return Cell(score - other, Difference("score", column))


def _charts(facts: RankingFacts, shown: list[str], block: int) -> tuple[Chart, ...]:
    """A radar beside each block where it fits, else one for the first unit."""
    if block < 4:
        return ()
    beside = block >= TALL_ENOUGH and len(shown) <= CHARTED
    return tuple(
        Chart(
            "radar",
            facts.unit_name(unit),
            "benchmark",
            "node",
            ("score", "mean", "best"),
            at * block + 1,
            (at + 1) * block,
            beside=beside,
        )
        for at, unit in enumerate(shown if beside else shown[:1])
    )


def _notes(facts: RankingFacts, *, zones: bool) -> list[Note]:
    notes = [Note(Phrase(N_("最优、均值仅统计参加排名的单位；差距为本单位得分减去对照得分。")))]
    if zones:
        notes.append(Note(Phrase(N_("所属片区不止一个的，以方案中列在最前的片区对照。"))))
    if facts.audience != "full":
        notes.append(Note(Phrase(N_("本表只列本单位。"))))
    return notes
