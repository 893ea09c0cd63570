"""What a draw may vary: scales, means, imputations and weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.aggregate import kinds_of
from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.composite.method import Method
    from scoring.composite.policies import Normalise
    from scoring.composite.sheet import Bools, Floats, Tree


def normalisations(method: Method) -> Mapping[str, Normalise]:
    """The method's own normalisation first, then the alternatives, on scales fit for any mean."""
    own, vary = method.normalise, method.uncertainty.vary
    if not rescales(method):
        return {own.method: own}
    common = replace(own, lower=1.0, upper=100.0, mean=50.0, sd=10.0)
    first = own if own.method in ("rank", "borda", "scaled", "none") else common
    found = {own.method: first}
    if "normalise" in vary:
        found |= {
            name: replace(common, method=name)
            for name in method.uncertainty.normalise
            if name != own.method
        }
    return found


def rescales(method: Method) -> bool:
    """Whether draws put bounded scales on 1–100: where the scale or the mean is varied."""
    return bool({"normalise", "aggregate"} & set(method.uncertainty.vary))


def aggregations(method: Method, height: int) -> Mapping[str, tuple[str, ...]]:
    """The method's own ladder of means first, then each alternative at every level."""
    own = kinds_of(method.aggregate, height)
    name = own[0] if len(set(own)) == 1 else "+".join(own)
    found = {name: own}
    if "aggregate" in method.uncertainty.vary:
        found |= {
            kind: (kind,) * height for kind in method.uncertainty.aggregate if kind not in found
        }
    return found


def imputations(method: Method) -> tuple[str, ...]:
    """The method's own rule first, then the alternatives for the indicators that follow it."""
    own, plan = method.impute.method, method.uncertainty
    others = plan.impute if "impute" in plan.vary else ()
    return tuple(dict.fromkeys((own, *others)))


def drawn_weights(tree: Tree, method: Method, factors: Floats) -> Floats:
    """Weights of every node in every draw, ``(n_draws, n_nodes)``."""
    nominal = np.array(tree.weights, dtype=float)
    if "weights" not in method.uncertainty.vary:
        return np.broadcast_to(nominal, factors.shape)
    return np.asarray(nominal * np.where(varied(tree, method), factors, 1.0))


def varied(tree: Tree, method: Method) -> Bools:
    """Which nodes have a weight that is varied, ``(n_nodes,)`` bool; 1 is the level of leaves."""
    chosen = method.uncertainty.weight_levels
    if not chosen:
        return np.ones(len(tree.codes), dtype=bool)
    height = heights(tree)
    return np.array([height[code] in chosen for code in tree.codes])


def heights(tree: Tree) -> Mapping[str, int]:
    """The level of every node, counted as ``weight_levels`` does: 1 for a leaf."""
    height = dict.fromkeys(tree.indicators, 1)
    for step, level in enumerate(levels(tree), start=2):
        height |= {tree.codes[int(parent)]: step for parent in level.parents}
    return height
