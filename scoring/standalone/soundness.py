"""Does a framework hang together? Every reason why not, each with its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_

if TYPE_CHECKING:
    from scoring.standalone.tables import Table


@dataclass
class Row:
    """A node as read, before it is known that the whole hangs together."""

    row: int
    code: str
    parent: str
    name: str
    name_en: str
    unit: str
    direction: int | None
    weight: float
    best: float | None
    worst: float | None
    target: float | None
    normalise: str
    transform: str
    missing: str
    denominator: str = ""
    per: float = 1.0
    constant: float | None = None


def check_tree(table: Table, at: dict[str, int], nodes: list[Row]) -> None:
    """Do the rows make one tree?"""
    first: dict[str, Row] = {}
    for node in nodes:
        if node.code in first:
            table.blame(
                "code-twice",
                N_("代码“{node}”与第 {other} 行重复。"),
                N_("每个代码只能出现一次。"),
                row=node.row,
                column=at["code"],
                node=node.code,
                other=first[node.code].row + 1,
            )
        if node.code:
            first.setdefault(node.code, node)
    roots = [node for node in nodes if not node.parent]
    for node in nodes:
        if node.parent and node.parent not in first:
            table.blame(
                "unknown-parent",
                N_("上级“{parent}”不在代码列里。"),
                N_("请改正上级代码，或补上这个上级的一行。"),
                row=node.row,
                column=at["parent"],
                parent=node.parent,
            )
    for node in roots[1:]:
        table.blame(
            "two-roots",
            N_("“{node}”没有上级，而第 {other} 行的“{root}”已经是总指数。"),
            N_("只有总指数没有上级；请填写上级代码。"),
            row=node.row,
            column=at["parent"],
            node=node.code,
            other=roots[0].row + 1,
            root=roots[0].code,
        )
    if not roots:
        table.blame(
            "no-root",
            N_("每一行都有上级，没有总指数。"),
            N_("请让总指数一行的上级留空。"),
            row=table.head,
            column=at["parent"],
        )
    _check_cycles(table, at, first)
    _check_families(table, at, nodes)


def _check_cycles(table: Table, at: dict[str, int], first: dict[str, Row]) -> None:
    told: set[str] = set()
    for node in first.values():
        way = [node.code]
        here = node
        while here.parent in first and here.parent not in way:
            here = first[here.parent]
            way.append(here.code)
        if here.parent == node.code and node.code not in told:
            told.update(way)
            table.blame(
                "cycle",
                N_("上级关系成环：{way}。"),
                N_("请改正其中一个的上级。"),
                row=node.row,
                column=at["parent"],
                way=" → ".join([*way, node.code]),
            )


def _check_families(table: Table, at: dict[str, int], nodes: list[Row]) -> None:
    weights: dict[str, list[float]] = {}
    for node in nodes:
        if node.parent:
            weights.setdefault(node.parent, []).append(node.weight)
    if len(nodes) == 1 and not nodes[0].parent:
        table.blame(
            "no-indicators",
            N_("只有总指数，没有指标。"),
            N_("请每个指标填一行，上级填总指数的代码。"),
            row=nodes[0].row,
        )
    for node in nodes:
        if node.code in weights and not any(weight > 0 for weight in weights[node.code]):
            table.blame(
                "no-weight",
                N_("“{node}”的下级权重全是 0。"),
                N_("请至少给一个下级正的权重。"),
                row=node.row,
                column=at["code"],
                node=node.code,
            )


def check_goalposts(table: Table, at: dict[str, int], nodes: list[Row]) -> None:
    """Are best and worst both there, apart, and in the order the direction says?"""
    for node in nodes:
        best, worst = node.best, node.worst
        if (best is None) != (worst is None) and "best" in at and "worst" in at:
            empty = "worst" if worst is None else "best"
            given = table.text(node.row, at[empty])
            if not given:  # an unreadable number has its own fault
                table.blame(
                    "half-goalposts",
                    N_("最优值和最差值只填了一个。"),
                    N_("请两个都填，或两个都不填（按各市数据的最小、最大值计分）。"),
                    row=node.row,
                    column=at[empty],
                )
        if best is None or worst is None:
            continue
        if best == worst:
            table.blame(
                "goalposts-coincide",
                N_("最优值和最差值相同（{value}），无法计分。"),
                N_("请改正其中一个。"),
                row=node.row,
                column=at["best"],
                value=f"{best:g}",
            )
        elif node.direction is not None and (best > worst) != (node.direction > 0):
            table.blame(
                "direction-contradicts",
                N_("方向是 {direction}，最优值 {best} 与最差值 {worst} 却相反。"),
                N_("正向指标最优值应大于最差值，负向指标相反；请改正方向或这两个值。"),
                row=node.row,
                column=at["direction"],
                direction=f"{node.direction:+d}",
                best=f"{best:g}",
                worst=f"{worst:g}",
            )
        if node.transform == "ln" and min(best, worst) <= 0:
            table.blame(
                "not-positive",
                N_("取对数的指标，最优值和最差值都须大于 0。"),
                N_("请改正这两个值，或把变换留空。"),
                row=node.row,
                column=at["best"] if best <= 0 else at["worst"],
            )


def check_denominators(table: Table, at: dict[str, int], nodes: list[Row]) -> None:
    """Only an indicator is divided, and ``per`` counts units of a denominator."""
    parents = {node.parent for node in nodes if node.parent}
    for node in nodes:
        if node.denominator and node.code in parents:
            table.blame(
                "denominator-of-group",
                N_("“{node}”有下级，没有数值可以除以“{header}”。"),
                N_("请把分母填在它的下级指标上。"),
                row=node.row,
                column=at["denominator"],
                node=node.code,
                header=node.denominator,
            )
        elif node.per != 1 and not node.denominator:
            table.blame(
                "per-without-denominator",
                N_("指标“{node}”没有分母，“每”不起作用。"),
                row=node.row,
                column=at["per"],
                severity="warning",
                node=node.code,
            )
