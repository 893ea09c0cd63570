"""A synthetic province: the sample framework and values drawn for it. 演示数据, never real."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Literal

from evaluation.framework.document import from_document
from evaluation.framework.tree import Framework, Node, Unit

NOT_APPLICABLE: Literal["NA"] = "NA"
DemoValue = float | Literal["NA"] | None
MISSING_SHARE = 0.02
NOT_APPLICABLE_SHARE = 0.4  # of units, for a dimension that may be not applicable as a whole


@lru_cache(maxsize=1)
def demo_framework() -> Framework:
    """The sample framework: 15 units, 18 dimensions, 94 indicators, 25 measures."""
    path = Path(__file__).parent / "demo" / "framework.json"
    return from_document(json.loads(path.read_text("utf-8")))


def demo_values(
    framework: Framework, *, seed: int, round_shift: int = 0
) -> dict[tuple[str, str], DemoValue]:
    """Invented values for every unit and indicator, in the framework's order.

    ``round_shift`` counts rounds: 0 the last one, 1 this one, and so on; a later round is the
    earlier one moved a little, mostly for the better. None is missing, ``"NA"`` not applicable.
    Each value depends only on the seed, its codes and the round, so a framework with fewer units
    or indicators keeps the others' values. Indicators need goalposts or a minimum and maximum.
    Raises ``ValueError`` for an indicator that has neither.
    """
    return {
        (unit.code, node.code): _value(framework, unit, node, seed, round_shift)
        for unit in framework.units
        for node in framework.indicators
    }


def _value(framework: Framework, unit: Unit, node: Node, seed: int, shift: int) -> DemoValue:
    parent = node.parent or node.code
    excusable = all(sibling.allow_not_applicable for sibling in framework.children[parent])
    applicable = _draw(seed, "applicable", unit.code, parent).random() >= NOT_APPLICABLE_SHARE
    if excusable and not applicable:
        return NOT_APPLICABLE
    if _draw(seed, "missing", unit.code, node.code, str(shift)).random() < MISSING_SHARE:
        return None
    level = 0.62 + _draw(seed, "unit", unit.code).gauss(0, 0.09)
    level += _draw(seed, "dimension", unit.code, parent).gauss(0, 0.06)
    level += _draw(seed, "indicator", node.code).gauss(0, 0.06)
    level += _draw(seed, "cell", unit.code, node.code).gauss(0, 0.08)
    for step in range(1, shift + 1):
        level += _draw(seed, "trend", unit.code, str(step)).gauss(0.015, 0.02)
        level += _draw(seed, "change", unit.code, node.code, str(step)).gauss(0.01, 0.03)
    best, worst = _goalposts(node)
    value = worst + min(1.0, max(0.02, level)) * (best - worst)
    if node.minimum is not None:
        value = max(value, node.minimum)
    if node.maximum is not None:
        value = min(value, node.maximum)
    return round(value, node.decimals if node.decimals is not None else 2)


def _goalposts(node: Node) -> tuple[float, float]:
    if node.best is not None and node.worst is not None:
        return node.best, node.worst
    if node.minimum is None or node.maximum is None:
        raise ValueError(f"{node.code} has neither goalposts nor a range to draw from")
    ends = (node.maximum, node.minimum)
    return ends if node.direction > 0 else (ends[1], ends[0])


def _draw(seed: int, *words: str) -> Random:
    """A generator of its own for every purpose: no value depends on the order of drawing."""
    return Random("|".join((str(seed), *words)))  # noqa: S311 - synthetic data, not a secret
