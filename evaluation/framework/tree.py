"""A framework as a value: evaluated units, zones, the indicator tree and the measures.

It is data, never code: one workbook in, one workbook out. Codes are the identity of everything;
names may change between versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Zone:
    """A group of evaluated units (经济带, 片区); a unit may lie in several."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """An evaluated unit (参评单位). ``ranked`` is false for one evaluated but not ranked."""

    code: str
    name: str
    name_en: str = ""
    short_name: str = ""
    kind: str = ""
    ranked: bool = True
    zones: tuple[str, ...] = ()
    population: float | None = None  # 万人 (10,000 persons)
    lon: float | None = None
    lat: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the indicator tree; one without children is an indicator.

    ``direction`` is +1 (higher is better) or -1. ``best`` and ``worst`` are the goalposts in
    the indicator's own unit. ``methods`` names the collection methods that may supply it.
    ``minimum`` and ``maximum`` bound what may be filed.
    """

    code: str
    parent: str | None
    name: str
    name_en: str = ""
    direction: int = 1
    weight: float = 1.0
    unit: str = ""
    best: float | None = None
    worst: float | None = None
    normalise: str = ""  # empty: the framework's own method
    methods: tuple[str, ...] = ()
    transform: str = ""  # "ln": scored on the logarithm of value and goalposts; empty: none
    missing: str = ""  # empty: the framework's own rule
    allow_not_applicable: bool = False
    warning: float | None = None
    target: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None
    evidence_required: bool = False
    lead_unit: str = ""
    definition: str = ""
    official: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A rectification measure (整改措施) with its responsible unit, deadline and indicators."""

    no: int
    category: str
    text: str
    text_en: str = ""
    responsible_unit: str = ""
    supporting_units: tuple[str, ...] = ()
    deadline: str = ""  # ISO date
    target: float | None = None
    unit: str = ""
    indicators: tuple[str, ...] = ()
    official: bool = False
    source: str = ""


@dataclass(frozen=True)
class Framework:
    """One version of a framework. ``method`` is the nested mapping of a METHOD.toml."""

    code: str
    name: str
    name_en: str = ""
    edition: str = ""  # what people call this version, e.g. "2026"
    organiser: str = ""
    official: bool = False
    source: str = ""
    units: tuple[Unit, ...] = ()
    zones: tuple[Zone, ...] = ()
    nodes: tuple[Node, ...] = ()
    measures: tuple[Measure, ...] = ()
    method: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def root(self) -> Node:
        """The index: the only node without a parent."""
        return next(node for node in self.nodes if node.parent is None)

    @cached_property
    def by_code(self) -> dict[str, Node]:
        """Nodes by code."""
        return {node.code: node for node in self.nodes}

    @cached_property
    def unit_by_code(self) -> dict[str, Unit]:
        """Evaluated units by code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def children(self) -> dict[str, tuple[Node, ...]]:
        """Children of every node, in the framework's order."""
        found: dict[str, list[Node]] = {node.code: [] for node in self.nodes}
        for node in self.nodes:
            if node.parent is not None:
                found[node.parent].append(node)
        return {code: tuple(nodes) for code, nodes in found.items()}

    @cached_property
    def indicators(self) -> tuple[Node, ...]:
        """The leaves, in the framework's order."""
        return tuple(node for node in self.nodes if not self.children[node.code])

    @cached_property
    def dimensions(self) -> tuple[Node, ...]:
        """First-level indicators: the children of the index."""
        return self.children[self.root.code]

    def path(self, code: str) -> tuple[Node, ...]:
        """From the index down to *code*, both included."""
        way: list[Node] = []
        at: str | None = code
        while at is not None:
            node = self.by_code[at]
            way.append(node)
            at = node.parent
        return tuple(reversed(way))
