"""What goes into a scoring and what comes out: arrays with their codes beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Tree:
    """An indicator tree as parallel tuples, one entry a node, any depth.

    A node that is nobody's parent is an indicator; the one whose parent is None is the index.
    ``best``, ``worst`` and ``target`` are in the indicator's own unit, None where not given.
    ``normalise`` and ``missing`` override the method for one indicator; empty means do not.
    """

    codes: tuple[str, ...]
    parents: tuple[str | None, ...]
    directions: tuple[int, ...]
    weights: tuple[float, ...]
    best: tuple[float | None, ...]
    worst: tuple[float | None, ...]
    target: tuple[float | None, ...]
    normalise: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    transform: tuple[str, ...] = ()  # "ln": logarithm of value, goalposts and target alike

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Codes of the leaves, in tree order: the columns of every values array."""
        parents = set(self.parents)
        return tuple(code for code in self.codes if code not in parents)

    @cached_property
    def root(self) -> str:
        """Code of the index."""
        return self.codes[self.parents.index(None)]

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Children of every node, in tree order."""
        found: dict[str, list[str]] = {code: [] for code in self.codes}
        for code, parent in zip(self.codes, self.parents, strict=True):
            if parent is not None:
                found[parent].append(code)
        return {code: tuple(under) for code, under in found.items()}


@dataclass(frozen=True)
class ScoreSheet:
    """Every stage of one scoring.

    Arrays over indicators are ``(n_cities, n_indicators)`` in the order of ``indicators``;
    arrays over nodes are ``(n_cities, n_nodes)`` in the order of ``nodes``. NaN is "no value".
    ``weights`` are the effective weights of each node within its parent for each city, after
    redistribution, adding up to 1 among the siblings present. ``ranks`` hold NaN for a city
    that is not ranked or has no score.
    """

    cities: tuple[str, ...]
    indicators: tuple[str, ...]
    nodes: tuple[str, ...]
    raw: Floats
    imputed: Floats
    treated: Floats
    normalised: Floats
    scores: Floats
    weights: Floats
    ranks: Floats
    was_imputed: Bools
    not_applicable: Bools
    method: Mapping[str, Any]  # the executed configuration, every policy spelled out
    treatment: tuple[Mapping[str, Any], ...] = ()  # one record an indicator
    intervals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
