"""Weights: nominal, redistributed over what is present, and effective down the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from scoring.composite.sheet import Bools, Floats, Tree


def redistribute(weights: Floats, present: Bools) -> Floats:
    """Share the weights of absent siblings among those present, in proportion.

    Parameters
    ----------
    weights : (n_siblings, ...) array
        Nominal weights ≥ 0 in any unit, broadcast against ``present``.
    present : (n_siblings, ...) bool array
        Usually ``(n_siblings, n_cities)``, or ``(n_siblings, n_parents, n_cities)``.

    Returns
    -------
    array of the shape of ``present``
        0 where absent; adds to 1 along the first axis, or is 0 throughout where what is present
        weighs nothing.

    Raises
    ------
    ValueError
        For a negative or missing weight.
    """
    if not np.all(weights >= 0):
        raise ValueError("weights must not be negative")
    kept = np.where(present, weights, 0.0)
    total = kept[0].copy()
    for sibling in kept[1:]:  # in tree order: the same sum whatever the order of the cities
        total += sibling
    return np.asarray(kept / np.where(total > 0, total, 1.0))


def effective_weights(tree: Tree) -> Floats:
    """Weight of every node in the index when nothing is missing, ``(n_nodes,)``; the index is 1.

    The product of shares within siblings from the index down, as COINr's effective weights.

    Raises
    ------
    ScoringError
        If the tree cannot be scored (negative weight, siblings that weigh nothing, a cycle).
    """
    effective = np.zeros(len(tree.codes) + 1)
    effective[tree.codes.index(tree.root)] = 1.0
    for level in reversed(levels(tree)):
        shares = level.weights / level.weights.sum(axis=1, keepdims=True)
        effective[level.children] = effective[level.parents][:, None] * shares
    return effective[:-1]
