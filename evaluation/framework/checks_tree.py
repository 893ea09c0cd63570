"""Checks of the indicator tree: its shape, its weights and every node's own fields."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from evaluation.framework.findings import Finding, check_named, outside
from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Node
from evaluation.platform.i18n import N_


def check_tree(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    """The shape of the whole, then every node."""
    yield from check_named("nodes", nodes)
    if not nodes:
        yield Finding(
            "no-indicators", N_("没有任何指标。"), N_("请至少填写总指数和一项指标。"), "nodes"
        )
        return
    codes = {node.code for node in nodes}
    roots = [at for at, node in enumerate(nodes) if node.parent is None]
    for at in roots[1:]:
        yield Finding(
            "several-roots",
            N_("“{value}”没有上级，而“{root}”已经是总指数。"),
            N_("只有总指数的上级留空；请填写上级代码。"),
            "nodes",
            at,
            "parent",
            {"value": nodes[at].name or nodes[at].code, "root": nodes[roots[0]].name},
        )
    for at, node in enumerate(nodes):
        if node.parent is not None and node.parent not in codes:
            yield Finding(
                "unknown-parent",
                N_("没有代码为“{value}”的上级。"),
                N_("请改为本表里的代码。"),
                "nodes",
                at,
                "parent",
                {"value": node.parent},
            )
    yield from _cycles(nodes)
    if not roots:
        yield Finding(
            "no-root",
            N_("没有总指数：每一行都有上级。"),
            N_("请增加一行总指数，上级留空，作为各一级指标的上级。"),
            "nodes",
        )
    if len(nodes) == 1 and roots:
        yield Finding(
            "no-indicators",
            N_("没有任何指标。"),
            N_("请至少填写总指数和一项指标。"),
            "nodes",
            0,
            "code",
        )
    yield from _weights(nodes)
    for at, node in enumerate(nodes):
        yield from _node(at, node)


def _cycles(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    parent = {node.code: node.parent for node in nodes}
    told: set[str] = set()
    for at, node in enumerate(nodes):
        way: list[str] = []
        code: str | None = node.code
        while code is not None and code in parent and code not in way:
            way.append(code)
            code = parent[code]
        if code == node.code and code not in told:
            told.update(way)
            yield Finding(
                "cycle",
                N_("上下级互相循环：{way}。"),
                N_("请更正上级代码，使每项指标最终归到总指数。"),
                "nodes",
                at,
                "parent",
                {"way": " → ".join([*way, code])},
            )


def _weights(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    total: dict[str, float] = {}
    first: dict[str, int] = {}
    for at, node in enumerate(nodes):
        if not math.isfinite(node.weight) or node.weight < 0:
            yield Finding(
                "negative-weight",
                N_("权重 {value} 不是大于或等于 0 的数。"),
                N_("请改为 0 或正数；越低越好的指标请把方向设为“逆向”，不要用负权重。"),
                "nodes",
                at,
                "weight",
                {"value": f"{node.weight:.10g}"},
            )
        elif node.parent is not None:
            total[node.parent] = total.get(node.parent, 0.0) + node.weight
            first.setdefault(node.parent, at)
    for parent, weight in total.items():
        if weight == 0:
            yield Finding(
                "zero-weights",
                N_("“{value}”之下各项的权重合计为 0。"),
                N_("请至少给其中一项大于 0 的权重。"),
                "nodes",
                first[parent],
                "weight",
                {"value": parent},
            )


def _node(at: int, node: Node) -> Iterator[Finding]:
    def found(code: str, what: str, mend: str, name: str, **facts: Any) -> Finding:
        return Finding(code, what, mend, "nodes", at, name, facts)

    if node.direction not in (1, -1):
        yield found(
            "bad-direction",
            N_("方向“{value}”无法识别。"),
            N_("请填“正向”或“逆向”。"),
            "direction",
            value=node.direction,
        )
    if (node.best is None) != (node.worst is None):
        yield found(
            "half-goalposts",
            N_("最优值和最差值只填了一个。"),
            N_("请两个都填，或两个都留空。"),
            "worst" if node.worst is None else "best",
        )
    if node.best is not None and node.worst is not None:
        if node.best == node.worst:
            yield found(
                "equal-goalposts",
                N_("最优值与最差值都是 {value}，无法区分好坏。"),
                N_("请填写两个不同的值。"),
                "worst",
                value=f"{node.best:.10g}",
            )
        elif node.direction in (1, -1) and (node.best > node.worst) != (node.direction > 0):
            yield found(
                "goalposts-against-direction",
                N_("方向与最优值 {best}、最差值 {worst} 矛盾。"),
                N_("正向指标的最优值应大于最差值，逆向指标相反；请更正方向，或对调两个值。"),
                "direction",
                best=f"{node.best:.10g}",
                worst=f"{node.worst:.10g}",
            )
    low = -math.inf if node.minimum is None else node.minimum
    high = math.inf if node.maximum is None else node.maximum
    if low > high:
        yield found(
            "minimum-above-maximum",
            N_("填报下限 {low} 大于填报上限 {high}。"),
            N_("请对调或更正。"),
            "minimum",
            low=f"{low:.10g}",
            high=f"{high:.10g}",
        )
    else:
        for name in ("best", "worst", "warning", "target"):
            value = getattr(node, name)
            if value is not None and not low <= value <= high:
                yield outside("nodes", at, name, value, low, high)
    if node.decimals is not None and not 0 <= node.decimals <= 6:
        yield outside("nodes", at, "decimals", node.decimals, 0, 6)
    for method in node.methods:
        if method not in METHODS:
            yield found(
                "unknown-method",
                N_("没有名为“{value}”的采集方式。"),
                N_("请从“说明”表列出的采集方式中选用。"),
                "methods",
                value=method,
            )
