"""FRAMEWORK: one row a node, to a Tree, with everything wrong in it at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from evaluation.framework.workbook_cells import DIRECTIONS
from evaluation.platform.i18n import N_
from scoring.composite.policies import MISSING_RULES, NORMALISATIONS
from scoring.composite.sheet import Tree
from scoring.standalone.framework_columns import (
    ALLOWED,
    ALSO_DIRECTIONS,
    KNOWN,
    OPTIONAL,
    TRANSFORMS,
    USED,
    WEIGHTY,
)
from scoring.standalone.soundness import Row, check_denominators, check_goalposts, check_tree
from scoring.standalone.tables import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scoring.standalone.tables import Table


@dataclass(frozen=True)
class Framework:
    """A tree with the names, English names and units of its nodes, and where each stands."""

    tree: Tree
    names: dict[str, str]
    names_en: dict[str, str]
    units: dict[str, str]
    rows: dict[str, int]
    columns: dict[str, int]


def read_framework(table: Table) -> Framework | None:
    """The framework in a table, or None without a column of codes or of parents, or without rows.

    What is wrong is in ``table.faults``; the tree of a framework with errors must not be scored.
    """
    _skip_second_header(table)
    at = table.columns({said: name for said, name in KNOWN.items() if name in USED})
    _check_headers(table, at)
    if "code" not in at or "parent" not in at:
        return None
    table.empty_na([at[name] for name in OPTIONAL if name in at])
    if all(table.text(row, at["code"]) != "NA" for row in table.body()):
        table.empty_na([at["parent"]])
    nodes = list(_rows(table, at))
    if not nodes:
        table.blame("no-rows", N_("只有表头，没有内容。"), N_("请每个指标填一行。"))
        return None
    check_tree(table, at, nodes)
    check_goalposts(table, at, nodes)
    check_denominators(table, at, nodes)
    tree = Tree(
        codes=tuple(node.code for node in nodes),
        parents=tuple(node.parent or None for node in nodes),
        directions=tuple(_direction(node) for node in nodes),
        weights=tuple(node.weight for node in nodes),
        best=tuple(node.best for node in nodes),
        worst=tuple(node.worst for node in nodes),
        target=tuple(node.target for node in nodes),
        normalise=tuple(node.normalise for node in nodes),
        missing=tuple(node.missing for node in nodes),
        transform=tuple(node.transform for node in nodes),
        denominators=tuple(node.denominator for node in nodes),
        per=tuple(node.per for node in nodes),
        constants=tuple(node.constant for node in nodes),
    )
    return Framework(
        tree,
        {node.code: node.name or node.code for node in nodes},
        {node.code: node.name_en for node in nodes},
        {node.code: node.unit for node in nodes},
        {node.code: node.row for node in nodes},
        at,
    )


def _skip_second_header(table: Table) -> None:
    """The platform's own workbook has English keys under its Chinese headers."""
    below = table.body()[:1]
    if below:
        names = [KNOWN.get(folded(said)) for said in table.header if said]
        keys = [KNOWN.get(folded(table.text(below[0], c))) for c in range(len(table.header))]
        if names == keys[: len(names)] and None not in names:
            table.head = below[0]


def _direction(node: Row) -> int:
    """As written; else from the goalposts; else higher is better."""
    if node.direction is not None:
        return node.direction
    if node.best is not None and node.worst is not None and node.best < node.worst:
        return -1
    return 1


def _check_headers(table: Table, at: dict[str, int]) -> None:
    for name in ("code", "parent"):
        if name not in at:
            table.blame(
                "missing-column",
                N_("缺少“{header}”列。"),
                N_("表头须有 code（代码）和 parent（上级）；可用的列：{allowed}。"),
                row=table.head,
                header=name,
                allowed=ALLOWED,
            )
    lacking = [word for word, name in KNOWN.items() if name in WEIGHTY and name not in at]
    for column, said in enumerate(table.header):
        if said and folded(said) not in KNOWN:
            close = get_close_matches(folded(said), lacking, n=1, cutoff=0.75)
            if close:
                table.blame(
                    "unknown-column",
                    N_("不认识“{header}”列，是不是“{close}”？"),
                    N_("请改正表头，或换一个不相近的名字。可用的列：{allowed}。"),
                    row=table.head,
                    column=column,
                    header=said,
                    close=close[0],
                    allowed=ALLOWED,
                )
            else:
                table.blame(
                    "unused-column",
                    N_("没有使用“{header}”列。"),
                    N_("可用的列：{allowed}。"),
                    row=table.head,
                    column=column,
                    severity="warning",
                    header=said,
                    allowed=ALLOWED,
                )
        elif not said and any(table.text(row, column) for row in table.body()):
            table.blame(
                "no-header",
                N_("这一列有内容，却没有表头。"),
                N_("请补上表头，或删除这一列。"),
                row=table.head,
                column=column,
            )


def _rows(table: Table, at: dict[str, int]) -> Iterator[Row]:
    width = len(table.header)
    for row in table.body():
        if any(table.text(row, column) for column in range(width, len(table.rows[row]))):
            table.blame(
                "row-too-long",
                N_("这一行比表头多出内容。"),
                N_("请检查是否多了逗号，含逗号的文字要加引号。"),
                row=row,
            )
        unit = table.text(row, at.get("unit"))
        weight = table.number(row, at.get("weight"))
        if weight is not None and weight < 0:
            table.blame(
                "negative-weight",
                N_("权重不能是负数：{value}。"),
                N_("请填 0 或正数；指标越小越好时，把方向填为 -1。"),
                row=row,
                column=at["weight"],
                value=f"{weight:g}",
            )
        yield Row(
            row=row,
            code=_code(table, row, at),
            parent=table.text(row, at["parent"]),
            name=table.text(row, at.get("name")),
            name_en=table.text(row, at.get("name_en")),
            unit=unit,
            direction=_read_direction(table, row, at.get("direction")),
            weight=1.0 if weight is None or weight < 0 else weight,
            best=table.number(row, at.get("best"), unit=unit),
            worst=table.number(row, at.get("worst"), unit=unit),
            target=table.number(row, at.get("target"), unit=unit),
            normalise=_choice(table, row, at.get("normalise"), NORMALISATIONS),
            transform=_choice(table, row, at.get("transform"), TRANSFORMS),
            missing=_choice(table, row, at.get("missing"), MISSING_RULES),
            denominator=table.text(row, at.get("denominator")),
            per=_per(table, row, at.get("per")),
            constant=table.number(row, at.get("constant"), unit=unit),
        )


def _code(table: Table, row: int, at: dict[str, int]) -> str:
    code = table.text(row, at["code"])
    if not code:
        table.blame(
            "no-code",
            N_("这一行没有代码。"),
            N_("请填写代码，或删除这一行。"),
            row=row,
            column=at["code"],
        )
    return code


def _per(table: Table, row: int, column: int | None) -> float:
    """How many units of the denominator make one; 1 where nothing is said."""
    said = table.number(row, column)
    if said is not None and said <= 0:
        table.blame(
            "not-above-zero",
            N_("这里应大于 0，不是 {value}。"),
            N_("例如按“每万人”计算，人口以人为单位时填 10000。"),
            row=row,
            column=column,
            value=f"{said:g}",
        )
        return 1.0
    return 1.0 if said is None else said


def _read_direction(table: Table, row: int, column: int | None) -> int | None:
    said = folded(table.text(row, column))
    said = re.sub(r"\.0+$", "", said)  # as programs write a column that has gaps
    if not said:
        return None
    known = DIRECTIONS | ALSO_DIRECTIONS
    if said not in known:
        table.blame(
            "direction",
            N_("方向只能是 +1 或 -1，这里是“{value}”。"),
            N_("数值越大越好填 +1（正向），越小越好填 -1（负向）。"),
            row=row,
            column=column,
            value=said,
        )
        return None
    return known[said]


def _choice(table: Table, row: int, column: int | None, allowed: tuple[str, ...]) -> str:
    said = table.text(row, column).casefold()
    if said and said not in allowed:
        table.blame(
            "not-allowed",
            N_("不能是“{value}”。"),
            N_("只能是：{allowed}；留空表示按评价方法的统一规定。"),
            row=row,
            column=column,
            value=said,
            allowed=", ".join(allowed),
        )
        return ""
    return said
