"""What a draw may vary, and the index that a draw gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.aggregate import kinds_of
from scoring.composite.copeland import copeland
from scoring.composite.means import mean
from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def drawn_weights(tree: Tree, method: Method, factors: Floats) -> Floats:
    """Weights of every node in every draw, ``(n_draws, n_nodes)``."""
    nominal = np.array(tree.weights, dtype=float)
    if "weights" not in method.uncertainty.vary:
        return np.broadcast_to(nominal, factors.shape)
    chosen = method.uncertainty.weight_levels
    if chosen:
        height = dict.fromkeys(tree.indicators, 1)
        for step, level in enumerate(levels(tree), start=2):
            height |= {tree.codes[int(parent)]: step for parent in level.parents}
        varied = np.array([height[code] in chosen for code in tree.codes])
        factors = np.where(varied, factors, 1.0)
    return np.asarray(nominal * factors)


def index_of(
    tree: Tree,
    scaled: Floats,
    weights: Floats,
    ladder: tuple[str, ...],
    method: Method,
    not_applicable: Bools | None,
) -> Floats:
    """The index of every city in some draws, ``(n_draws, n_cities)``."""
    policy = method.aggregate
    count, cities = len(tree.codes), scaled.shape[0]
    at = {code: i for i, code in enumerate(tree.codes)}
    columns = np.ascontiguousarray(scaled.T)
    scores: dict[int, Floats] = {
        at[code]: columns[j][None, :] for j, code in enumerate(tree.indicators)
    }
    applicable: dict[int, Bools] = {}
    for j, code in enumerate(tree.indicators):
        known = np.ones(cities, bool) if not_applicable is None else ~not_applicable[:, j]
        applicable[at[code]] = known
    for level, kind in zip(levels(tree), ladder, strict=True):
        for parent, slots in zip(level.parents, level.children, strict=True):
            family = [int(i) for i in slots if i < count]
            children = [scores[i] for i in family]
            present = [~np.isnan(child) for child in children]
            if kind == "copeland":
                made = copeland(children, weights[:, family])
            else:
                shares = _shares([weights[:, i, None] for i in family], present)
                with np.errstate(over="ignore"):
                    made = mean(
                        children, shares, kind, power=policy.power, floor=policy.floor,
                        compensate=False,
                    )  # fmt: skip
            possible = np.sum([applicable[i] for i in family], axis=0)
            if policy.threshold > 0:
                share = sum(p.astype(float) for p in present) / np.maximum(possible, 1)
                made = np.where(share < policy.threshold, np.nan, made)
            scores[int(parent)] = made
            applicable[int(parent)] = possible > 0
    return np.broadcast_to(scores[at[tree.root]], (weights.shape[0], cities))


def _shares(weights: Sequence[Floats], present: Sequence[Bools]) -> list[Floats]:
    """Redistributed weights of siblings; stays ``(n_draws, 1)`` where nothing is missing."""
    kept = [
        w if here.all() else np.where(here, w, 0.0)
        for w, here in zip(weights, present, strict=True)
    ]
    total = sum(kept[1:], start=kept[0])
    safe = np.where(total > 0, total, 1.0)
    return [share / safe for share in kept]
