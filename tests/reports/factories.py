"""Synthetic provinces, scored by the real engine, as facts of a ranking report."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluation.framework.tree import Framework, Node, Unit, Zone
from reports.ranking import Provenance, RankingFacts
from scoring.composite.method import parse_method
from scoring.composite.score import score
from scoring.composite.sheet import ScoreSheet, Tree

DIMENSIONS = (
    "开办企业", "办理建筑许可", "获得电力", "获得用水用气", "登记财产", "纳税", "跨境贸易",
    "办理破产", "获得信贷", "保护中小投资者", "执行合同", "劳动力市场监管", "政府采购",
    "招标投标", "政务服务", "知识产权保护运用", "市场监管", "包容普惠创新",
)  # fmt: skip
ENGLISH = (
    "Starting a business", "Construction permits", "Getting electricity", "Water and gas",
    "Registering property", "Paying taxes", "Trading across borders", "Resolving insolvency",
    "Getting credit", "Protecting investors", "Enforcing contracts", "Labour market",
    "Government procurement", "Bidding", "Government services", "Intellectual property",
    "Market regulation", "Innovation",
)  # fmt: skip


def units(
    count: int, *, unranked: int = 1, named: bool = True, zones: bool = True
) -> tuple[Unit, ...]:
    """Units U001…; the last *unranked* of them are evaluated but not ranked."""
    return tuple(
        Unit(
            f"U{at:03}",
            f"示例{at:03}市" if named else "",
            f"Sample {at:03}" if named else "",
            ranked=at <= count - unranked,
            zones=(f"Z{at % 3}",) if zones else (),
        )
        for at in range(1, count + 1)
    )


def two_levels(
    dimensions: int = 18, each: int = 5, total: int | None = None, *, targets: bool = True
) -> tuple[Node, ...]:
    """An index, dimensions and *each* indicators under every dimension, *total* at most."""
    nodes = [Node("B", None, "营商环境指数", "Business environment index")]
    leaves = 0
    for at in range(dimensions):
        name, english = DIMENSIONS[at % 18], ENGLISH[at % 18]
        code = f"D{at + 1:02}"
        nodes.append(Node(code, "B", name, english, weight=5.0 + at % 3))
        for no in range(each + (1 if total and at < total - dimensions * each else 0)):
            down = (at + no) % 2 == 1
            leaves += 1
            nodes.append(
                Node(
                    f"{code}.{no + 1:02}",
                    code,
                    f"{name}第{no + 1}项",
                    f"{english} item {no + 1}",
                    direction=-1 if down else 1,
                    weight=1.0 + no % 2,
                    unit=("个", "工作日", "%", "元")[no % 4],
                    best=0.0 if down else 100.0,
                    worst=100.0 if down else 0.0,
                    target=(20.0 if down else 80.0) if targets else None,
                    warning=(60.0 if down else 40.0) if targets else None,
                    decimals=(None, 1, 2, 0)[no % 4],
                )
            )
    return tuple(nodes)


def deep(levels: int) -> tuple[Node, ...]:
    """A tree whose leaves are *levels* steps below the index, two children a node."""
    nodes = [Node("R", None, "指数", "Index")]
    edge = ["R"]
    for depth in range(levels):
        grown = []
        for parent in edge:
            for no in (1, 2):
                code = f"{parent}.{no}"
                leaf = depth == levels - 1
                nodes.append(
                    Node(code, parent, f"节点{code}", f"Node {code}",
                         best=100.0 if leaf else None, worst=0.0 if leaf else None)
                )  # fmt: skip
                grown.append(code)
        edge = grown
    return tuple(nodes)


def framework(nodes: tuple[Node, ...], members: tuple[Unit, ...], **more: Any) -> Framework:
    """A framework of these with the zones that the units name."""
    zones = sorted({zone for unit in members for zone in unit.zones})
    said = {
        "name": "示例省营商环境评价",
        "name_en": "Sample province evaluation",
        "edition": "2026",
    }
    return Framework(
        "demo",
        units=members,
        nodes=nodes,
        zones=tuple(Zone(zone, f"片区{zone[1:]}", f"Zone {zone[1:]}") for zone in zones),
        **{**said, **more},
    )


def tree_of(made: Framework) -> Tree:
    """The framework's tree as arrays."""
    nodes = made.nodes
    return Tree(
        codes=tuple(node.code for node in nodes),
        parents=tuple(node.parent for node in nodes),
        directions=tuple(node.direction for node in nodes),
        weights=tuple(node.weight for node in nodes),
        best=tuple(node.best for node in nodes),
        worst=tuple(node.worst for node in nodes),
        target=tuple(node.target for node in nodes),
        normalise=tuple(node.normalise for node in nodes),
        missing=tuple(node.missing for node in nodes),
    )


def scored(
    made: Framework,
    seed: int = 1,
    method: dict[str, Any] | None = None,
    values: np.ndarray | None = None,
    gaps: bool = True,
) -> ScoreSheet:
    """Random values (some missing, some not applicable), scored by the engine."""
    shape = len(made.units), len(made.indicators)
    rng = np.random.default_rng(seed)
    spread = rng.normal(0, 9, (shape[0], 1)) + rng.normal(55, 18, shape)
    raw = np.clip(spread, 1, 99).round(3) if values is None else values.astype(float)
    gone = np.zeros(shape, dtype=bool)
    if gaps and values is None:
        raw[rng.random(shape) < 0.03] = np.nan
        gone = rng.random(shape) < 0.02
        raw[gone] = np.nan
    return score(
        tree_of(made),
        tuple(unit.code for unit in made.units),
        raw,
        parse_method(method or {}),
        not_applicable=gone,
        ranked=[unit.ranked for unit in made.units],
    )


def province(
    count: int = 15, nodes: tuple[Node, ...] | None = None, *, compared: bool = True, **more: Any
) -> RankingFacts:
    """The demo: 15 units, 18 dimensions, 94 indicators, an earlier round and provenance."""
    made = framework(two_levels(total=94) if nodes is None else nodes, units(count))
    sheet = scored(made)
    said: dict[str, Any] = {
        "framework": made,
        "sheet": sheet,
        "audience": "full",
        "round_name": "2026年度",
        "published": "2026-11-20",
        "organiser": "示例省营商环境建设局",
        "demo": True,
        "previous": scored(made, seed=2) if compared else None,
        "previous_round_name": "2025年度" if compared else "",
        "intervals": {unit.code: {"median": 5.0, "low": 3.0, "high": 8.0} for unit in made.units},
        "provenance": {
            (unit.code, leaf.code): Provenance(
                "全量数据填报",
                "部门台账",
                "2026-10-08",
                "示例填报员",
                f"{unit.code}-{leaf.code}.pdf",
            )
            for unit in made.units
            for leaf in made.indicators
        },
    }
    return RankingFacts(**{**said, **more})
