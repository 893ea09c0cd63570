"""Coordinates of a unit cube as what a draw may vary: the factors of a sensitivity analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.model import Choices
from scoring.composite.plan import VARIABLE
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.variants import heights, varied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.composite.method import Method
    from scoring.composite.model import Model
    from scoring.composite.observed import Observed
    from scoring.composite.sheet import Floats, Tree


@dataclass(frozen=True)
class Factors:
    """``groups`` are the factors by name with their coordinates; ``errors`` has none.

    ``nodes`` are the nodes whose weight is varied: coordinate i is that of ``nodes[i]``; then
    come the coordinates of ``steps``, one each.
    """

    groups: Mapping[str, tuple[int, ...]]
    nodes: tuple[int, ...]
    steps: tuple[str, ...]

    @property
    def dimensions(self) -> int:
        """Of the unit cube."""
        return len(self.nodes) + len(self.steps)

    def choices(self, model: Model, points: Floats) -> Choices:
        """What the points ``(n_draws, dimensions)`` of the unit cube mean."""
        plan, count = model.method.uncertainty, points.shape[0]
        factors = np.ones((count, len(model.tree.codes)))
        factors[:, list(self.nodes)] += plan.weight_spread * (
            2.0 * points[:, : len(self.nodes)] - 1.0
        )
        least, most = plan.treat_points
        sizes = {
            "normalise": (0, len(model.scales)),
            "aggregate": (0, len(model.means)),
            "impute": (0, len(model.fills)),
            "treat": (least, most + 1),
        }
        picked = {name: np.zeros(count, dtype=np.intp) for name in sizes}
        for column, step in enumerate(self.steps, start=len(self.nodes)):
            low, high = sizes[step]
            picked[step] = low + (points[:, column] * (high - low)).astype(np.intp)
        return Choices(
            np.array(model.tree.weights, dtype=float) * factors,
            picked["impute"], picked["treat"], picked["normalise"], picked["aggregate"],
        )  # fmt: skip


def wanted(method: Method, observed: Observed | None) -> tuple[Method, Observed | None]:
    """The method that varies the factors of ``[sensitivity]``, and what it observes.

    Raises
    ------
    ScoringError
        If errors are a factor and none were given.
    """
    given = observed is not None and observed.errors is not None
    names = method.sensitivity.factors
    if "errors" in names and not given:
        raise ScoringError([Problem("sensitivity.factors", "no-errors")])
    if not names:
        return method, observed
    vary = tuple(name for name in VARIABLE if name in names)
    method = replace(method, uncertainty=replace(method.uncertainty, vary=vary))
    if observed is not None and "errors" not in names:
        observed = replace(observed, errors=None)
    return method, observed


def factors_of(model: Model) -> Factors:
    """The factors that *model* varies, in the order weights, steps, errors.

    Raises
    ------
    ScoringError
        If nothing varies.
    """
    vary = model.method.uncertainty.vary
    groups: dict[str, tuple[int, ...]] = {}
    nodes: tuple[int, ...] = ()
    if "weights" in vary and model.method.uncertainty.weight_spread > 0:
        nodes = tuple(int(i) for i in np.flatnonzero(varied(model.tree, model.method)))
        nodes = tuple(i for i in nodes if _matters(model.tree, i))
        for place, node in enumerate(nodes):
            name = _group(model.tree, node, model.method.sensitivity.weights)
            groups[name] = (*groups.get(name, ()), place)
    least, most = model.method.uncertainty.treat_points
    sizes = {
        "normalise": len(model.scales),
        "aggregate": len(model.means),
        "treat": most - least + 1 if "treat" in vary else 1,
        "impute": len(model.fills),
    }
    # "treat" with one number of points is no factor, but it is what runs
    ran = {name for name, size in sizes.items() if size > 1} | ({"treat"} & set(vary))
    steps = tuple(name for name in sizes if name in ran)
    for place, step in enumerate(steps, start=len(nodes)):
        if sizes[step] > 1:
            groups[step] = (place,)
    if model.noise:
        groups["errors"] = ()
    if not groups:
        raise ScoringError([Problem("sensitivity.factors", "nothing-varied")])
    return Factors(groups, nodes, steps)


def _matters(tree: Tree, node: int) -> bool:
    """Whether a node has siblings and a weight: else the weight changes nothing."""
    parent = tree.parents[node]
    return parent is not None and len(tree.children[parent]) > 1 and tree.weights[node] > 0


def _group(tree: Tree, node: int, kind: str) -> str:
    if kind == "level":
        return f"weights.{heights(tree)[tree.codes[node]]}"
    if kind == "parent":
        return f"weights.{tree.parents[node]}"
    return f"weights.{tree.codes[node]}" if kind == "each" else "weights"
