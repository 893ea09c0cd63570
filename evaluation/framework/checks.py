"""What a framework must satisfy before anybody can be judged by it. Pure; finds everything."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluation.framework.methods import METHODS
from evaluation.framework.tree import Framework, Measure, Node
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_

CODE = re.compile(r"\w[\w.\-]{0,39}")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a framework: in which part, at which item (None: the whole), in which field."""

    code: str
    what: str
    mend: str
    part: str
    index: int | None = None
    field: str = ""
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def fault(self, *, file: str = "", sheet: str = "", cell: str = "", column: str = "") -> Fault:
        """The same with its place in a file."""
        row = None if self.index is None or cell else self.index + 1
        return Fault(self.code, self.what, self.mend, self.facts, file, sheet, cell, row, column)


def check_framework(framework: Framework) -> list[Finding]:
    """Every fault, in the order of the workbook; empty when the framework may be used."""
    return [
        *_head(framework),
        *_units(framework),
        *_zones(framework),
        *_tree(framework),
        *(f for at, node in enumerate(framework.nodes) for f in _node(at, node)),
        *_measures(framework),
    ]


def _head(framework: Framework) -> Iterator[Finding]:
    yield from _code("head", None, framework.code)
    if not framework.name:
        yield Finding("empty-name", N_("名称是空的。"), FILL, "head", None, "name")


FILL = N_("请填写。")
CHOOSE_OTHER = N_("请改为其他代码，或删除重复的行。")


def _code(part: str, at: int | None, code: str) -> Iterator[Finding]:
    if not code:
        yield Finding("empty-code", N_("代码是空的。"), FILL, part, at, "code")
    elif not CODE.fullmatch(code):
        yield Finding(
            "bad-code",
            N_("代码“{value}”不合规则。"),
            N_("请只用文字、字母、数字、点和短横，以文字、字母或数字开头，最多 40 个字符。"),
            part,
            at,
            "code",
            {"value": code[:60]},
        )


def _named(part: str, items: tuple[Any, ...]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for at, item in enumerate(items):
        yield from _code(part, at, item.code)
        if not item.name:
            yield Finding("empty-name", N_("名称是空的。"), FILL, part, at, "name")
        if item.code and item.code in seen:
            yield Finding(
                "duplicate-code",
                N_("代码“{value}”重复，前面已经用过。"),
                CHOOSE_OTHER,
                part,
                at,
                "code",
                {"value": item.code},
            )
        seen.setdefault(item.code, at)


def _units(framework: Framework) -> Iterator[Finding]:
    yield from _named("units", framework.units)
    if not framework.units:
        yield Finding("no-units", N_("没有参评单位。"), N_("请至少填写一个参评单位。"), "units")
    zones = {zone.code for zone in framework.zones}
    for at, unit in enumerate(framework.units):
        for zone in unit.zones:
            if zone not in zones:
                yield Finding(
                    "unknown-zone",
                    N_("没有代码为“{value}”的分区。"),
                    N_("请改为“分区”表里的代码，或先在“分区”表里增加。"),
                    "units",
                    at,
                    "zones",
                    {"value": zone},
                )
        for name, low, high in (
            ("population", 0.0, 1e6),
            ("lon", -180.0, 180.0),
            ("lat", -90.0, 90.0),
        ):
            value = getattr(unit, name)
            if value is not None and not low <= value <= high:
                yield _outside("units", at, name, value, low, high)


def _zones(framework: Framework) -> Iterator[Finding]:
    yield from _named("zones", framework.zones)


def _outside(part: str, at: int, name: str, value: float, low: float, high: float) -> Finding:
    return Finding(
        "out-of-range",
        N_("{value} 不在 {low} 到 {high} 之间。"),
        N_("请核对数字和单位。"),
        part,
        at,
        name,
        {"value": f"{value:.10g}", "low": f"{low:.10g}", "high": f"{high:.10g}"},
    )


def _tree(framework: Framework) -> Iterator[Finding]:
    nodes = framework.nodes
    yield from _named("nodes", nodes)
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
                yield _outside("nodes", at, name, value, low, high)
    if node.decimals is not None and not 0 <= node.decimals <= 6:
        yield _outside("nodes", at, "decimals", node.decimals, 0, 6)
    for method in node.methods:
        if method not in METHODS:
            yield found(
                "unknown-method",
                N_("没有名为“{value}”的采集方式。"),
                N_("请从“说明”表列出的采集方式中选用。"),
                "methods",
                value=method,
            )


def _measures(framework: Framework) -> Iterator[Finding]:
    codes = {node.code for node in framework.nodes}
    seen: set[int] = set()
    for at, measure in enumerate(framework.measures):
        if measure.no < 1 or measure.no in seen:
            yield Finding(
                "bad-number",
                N_("序号 {value} 重复或小于 1。"),
                N_("请使用从 1 起、互不重复的整数。"),
                "measures",
                at,
                "no",
                {"value": measure.no},
            )
        seen.add(measure.no)
        if not measure.text:
            yield Finding("empty-text", N_("内容是空的。"), FILL, "measures", at, "text")
        if measure.deadline and not _is_day(measure):
            yield Finding(
                "bad-date",
                N_("“{value}”不是日期。"),
                N_("请填日期，例如 2026-12-31。"),
                "measures",
                at,
                "deadline",
                {"value": measure.deadline},
            )
        for code in measure.indicators:
            if code not in codes:
                yield Finding(
                    "unknown-indicator",
                    N_("没有代码为“{value}”的指标。"),
                    N_("请改为“指标”表里的代码。"),
                    "measures",
                    at,
                    "indicators",
                    {"value": code},
                )


def _is_day(measure: Measure) -> bool:
    try:
        return date.fromisoformat(measure.deadline).isoformat() == measure.deadline
    except ValueError:
        return False
