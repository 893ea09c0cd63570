"""Copeland: majorities won minus majorities lost, for one set of weights or for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Bools, Floats

NO_MAJORITY = 1e-12  # weights for and against that differ by less are even
BATCH = 600_000  # pairs of cities at a time: bounds the memory


def copeland(children: Sequence[Floats], weights: Floats) -> Floats:
    """Majorities won minus majorities lost, ``(n_draws, n_cities)``.

    Parameters
    ----------
    children : sequence of (n_draws, n_cities) arrays, one a sibling
        NaN is no value. The first axis may be 1: the same in every draw.
    weights : (n_draws, n_children) array
        Not redistributed; a child that weighs nothing does not count.

    Returns
    -------
    array
        NaN for a city without any child.

    Notes
    -----
    One city beats another when the children on which it is higher weigh more than those on which
    it is lower; a child that either lacks is left out of that pair.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 6.
    .. [2] COINr 1.1, vignette "Aggregation".
    """
    draws, cities = weights.shape[0], children[0].shape[-1]
    fixed = [k for k, child in enumerate(children) if child.shape[0] == 1]
    signs = np.stack([_signs(children[k])[0] for k in fixed]) if fixed else np.zeros((0, cities**2))
    result = np.empty((draws, cities))
    step = max(1, BATCH // cities**2)
    for start in range(0, draws, step):
        part = slice(start, start + step)
        balance = weights[part][:, fixed] @ signs
        for k, child in enumerate(children):
            if child.shape[0] > 1:
                signed = _signs(child[part])
                signed *= weights[part, k, None]
                balance += signed
        even = NO_MAJORITY * weights[part].sum(axis=1)[:, None]
        won = (balance > even).reshape(-1, cities, cities)
        result[part] = won.sum(axis=2) - won.sum(axis=1)  # one's loss is the other's victory
    return np.where(_present(children, weights), result, np.nan)


def _signs(child: Floats) -> Floats:
    """1 where the row city is higher, −1 where lower, 0 where even or unknown."""
    signs = child[:, :, None] - child[:, None, :]
    np.sign(signs, out=signs)
    if np.isnan(child).any():
        signs[np.isnan(signs)] = 0.0
    return signs.reshape(child.shape[0], -1)


def _present(children: Sequence[Floats], weights: Floats) -> Bools:
    """Which cities have a child that counts, ``(n_draws, n_cities)``."""
    present = np.zeros((weights.shape[0], children[0].shape[-1]), dtype=bool)
    for k, child in enumerate(children):
        present |= (weights[:, k, None] > 0) & ~np.isnan(child)
    return present
