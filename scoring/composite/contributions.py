"""How much each node adds to its parent's score and to the index: parts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite import elementary
from scoring.composite.aggregate import kinds_of
from scoring.composite.policies import Aggregate
from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.composite.sheet import Floats, ScoreSheet, Tree

CLOSE = 1e-6  # of the score: parts that miss it by more are not published as its parts


@dataclass(frozen=True)
class Contributions:
    """Both are ``(n_cities, n_nodes)`` in the order of ``sheet.nodes``.

    ``to_parent`` adds up to the parent's score over its children, ``to_index`` to the score of
    the index over all indicators. The index has its own score in both, before any bonus and
    deduction. NaN where a node has no score, and where a score has no parts (Copeland counts
    victories).
    """

    to_parent: Floats
    to_index: Floats


def contributions(sheet: ScoreSheet, tree: Tree | None = None) -> Contributions:
    """Parts of every score.

    Parameters
    ----------
    sheet : ScoreSheet
    tree : Tree, optional
        For a sheet read back from storage, which has none of its own.

    Returns
    -------
    Contributions

    Raises
    ------
    ValueError
        If neither the sheet nor the caller has the tree.

    Notes
    -----
    Every weighted mean M here grows in proportion with its children together, so by Euler's
    theorem ``M = Σ x·∂M/∂x``, and the part of a child is ``x·∂M/∂x``: w·x in an arithmetic
    mean, M·w in a geometric, ``M·(w·x^p)/Σ(w·x^p)`` in a generalised mean of power p (harmonic:
    p = −1), with w the weight after redistribution and x lifted to the floor where there is one.
    Down the tree a child takes the same share of its parent's part. Where a child's score is 0
    and the floor still gave it a part, its own children share that by weight.

    References
    ----------
    .. [1] L. Euler's theorem on homogeneous functions; D. Tasche, "Capital allocation to business
       units and sub-portfolios: the Euler principle", 2008.
    """
    tree = tree or sheet.tree
    if tree is None:
        raise ValueError("a sheet without its tree has no parts: pass the tree")
    policy = _policy(sheet.method["aggregate"])
    ladder = levels(tree)
    kinds = kinds_of(policy, len(ladder))
    root = tree.codes.index(tree.root)
    scores = sheet.scores.T.copy()
    for city, points in sheet.further.get("adjust", {}).get("points", {}).items():
        before = points["before"]
        scores[root, sheet.cities.index(city)] = np.nan if before is None else before
    to_parent = np.full(scores.shape, np.nan)
    to_index = np.full(scores.shape, np.nan)
    to_parent[root] = to_index[root] = scores[root]
    gain = np.full(scores.shape, np.nan)  # part of the index by point of a node's score
    gain[root] = np.where(np.isnan(scores[root]), np.nan, 1.0)
    for level, kind in reversed(list(zip(ladder, kinds, strict=True))):
        for parent, slots in zip(level.parents, level.children, strict=True):
            family = [int(i) for i in slots if i < len(tree.codes)]
            x, weights = scores[family], sheet.weights.T[family]
            part = _parts(x, weights, scores[parent], kind, policy)
            to_parent[family] = part
            with np.errstate(divide="ignore", invalid="ignore"):
                rate = weights if kind == "arithmetic" else part / x
            there = ~np.isnan(part)
            along = np.isfinite(gain[parent])
            to_index[family] = np.where(along, part * gain[parent], weights * to_index[parent])
            to_index[family] = np.where(there, to_index[family], np.nan)
            gain[family] = np.where(along & there & np.isfinite(rate), rate * gain[parent], np.nan)
    return Contributions(to_parent.T, to_index.T)


def _parts(x: Floats, weights: Floats, whole: Floats, kind: str, policy: Aggregate) -> Floats:
    """Parts of one parent's score, ``(n_children, n_cities)``; NaN where there are none."""
    counts = (weights > 0) & ~np.isnan(x)
    if kind == "copeland":
        return np.full(x.shape, np.nan)
    if kind == "arithmetic":
        part = np.where(counts, weights * np.where(counts, x, 0.0), 0.0)
    else:
        power = {"geometric": 0.0, "harmonic": -1.0}.get(kind, policy.power)
        lifted = x if policy.floor is None else np.maximum(x, policy.floor)
        usable = counts & (lifted > 0)
        made = np.where(
            usable, weights * elementary.power(np.where(usable, lifted, 1.0), power), 0.0
        )
        total = made.sum(axis=0)
        part = whole * made / np.where(total > 0, total, 1.0)
    off = np.abs(part.sum(axis=0) - whole) > CLOSE * np.maximum(1.0, np.abs(whole))
    return np.where(np.isnan(x) | np.isnan(whole) | off, np.nan, part)


def _policy(said: Mapping[str, Any]) -> Aggregate:
    """The aggregation that was executed, read from a sheet's method."""
    return Aggregate(
        method=said["method"],
        levels=tuple(said["levels"]),
        power=said["power"],
        floor=said["floor"],
    )
