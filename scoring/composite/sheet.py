"""What goes into a scoring and what comes out: arrays with their codes beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scoring.composite.firmness import Firmness

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Tree:
    """An indicator tree as parallel tuples, one entry a node, any depth.

    A node that is nobody's parent is an indicator; the one whose parent is None is the index.
    ``best``, ``worst`` and ``target`` are in the indicator's own unit, None where not given.
    ``normalise`` and ``missing`` override the method for one indicator; empty means do not.
    ``denominators`` name the column that an indicator is divided by, empty for none; of its units
    ``per`` make one of the result's (10,000 for "per 10,000 people"). ``constants`` are what the
    rule "constant" fills in, None for the method's own.
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
    denominators: tuple[str, ...] = ()
    per: tuple[float, ...] = ()
    constants: tuple[float | None, ...] = ()

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

    ``denominated`` is None where no indicator has a denominator, else what was imputed from, and
    ``divisors`` what the raw values were divided by. ``imputation`` has one record a filled cell,
    ``treatment`` one an indicator with its treated ``cells``. ``unscored`` says of every city
    without a score of the index why: ``reason`` and its facts. ``ranked`` is who was to be ranked,
    before any list took a place away. ``tree`` is what was scored; a
    sheet read back from storage has none. ``firmness`` is the summary of the draws, ``draws``
    each of them; a sheet read back has only the summary. ``sensitivity`` is the summary of Sobol's
    indices, where they were asked for. ``further`` is what the sections
    ``adjust``, ``grades`` and ``challengers`` did, by section and then by city.
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
    denominated: Floats | None = None
    divisors: Floats | None = None
    imputation: tuple[Mapping[str, Any], ...] = ()
    unscored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ranked: Bools | None = None
    tree: Tree | None = field(default=None, repr=False)
    firmness: Mapping[str, Any] = field(default_factory=dict)
    draws: Firmness | None = field(default=None, repr=False)
    sensitivity: Mapping[str, Any] = field(default_factory=dict)
    further: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stages(self) -> dict[str, Floats]:
        """The stages over indicators, in the order in which they were made."""
        before = self.raw if self.denominated is None else self.denominated
        return {
            "raw": self.raw,
            "denominated": before,
            "imputed": self.imputed,
            "treated": self.treated,
            "normalised": self.normalised,
        }
