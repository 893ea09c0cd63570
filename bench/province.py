"""Synthetic provinces of any size, cut from the sample framework. 演示数据, never real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evaluation.framework.demo_province import demo_framework, demo_values
from evaluation.framework.methods import FULL_FILING
from evaluation.framework.tree import Framework, Unit

SEED = 20261124
SMALL, LARGE = 15, 333


@lru_cache(maxsize=4)
def framework(units: int) -> Framework:
    """The sample framework for so many units, every indicator of it filed by the cities."""
    sample = demo_framework()
    known = sample.units[:units]
    more = tuple(
        Unit(f"X{at:03}", f"示例{at:03}市", f"Sample {at:03}", zones=sample.units[0].zones)
        for at in range(len(known) + 1, units + 1)
    )
    nodes = tuple(
        replace(node, methods=tuple(dict.fromkeys((FULL_FILING, *node.methods))))
        if node.methods
        else node
        for node in sample.nodes
    )
    return replace(sample, units=(*known, *more), nodes=nodes)


@lru_cache(maxsize=4)
def values(units: int, shift: int = 0) -> Mapping[tuple[str, str], float | bool | None]:
    """Invented values; True is not applicable, None is missing."""
    drawn = demo_values(framework(units), seed=SEED, round_shift=shift)
    return {cell: True if value == "NA" else _number(value) for cell, value in drawn.items()}


def arrays(units: int, shift: int = 0) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The same as arrays, units down and indicators across: values, and what is not applicable."""
    held = values(units, shift)
    made = framework(units)
    cells = [[held[unit.code, node.code] for node in made.indicators] for unit in made.units]
    raw = np.array([[np.nan if c is None or c is True else c for c in row] for row in cells])
    return raw, np.array([[cell is True for cell in row] for row in cells])


def given(units: int, shift: int = 0) -> dict[tuple[str, str], float | bool]:
    """The values that are there, as a workbook takes them."""
    return {cell: value for cell, value in values(units, shift).items() if value is not None}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
