"""Children to parents: means of four kinds and Copeland, one a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.copeland import copeland
from scoring.composite.means import mean
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.tree_order import Level, levels
from scoring.composite.weigh import redistribute

if TYPE_CHECKING:
    from scoring.composite.policies import Aggregate
    from scoring.composite.sheet import Bools, Floats, Tree


def aggregate(
    tree: Tree, normalised: Floats, policy: Aggregate, *, not_applicable: Bools | None = None
) -> tuple[Floats, Floats]:
    """Scores of every node and the weights that made them.

    Parameters
    ----------
    tree : Tree
    normalised : (n_cities, n_indicators) array
        In the order of ``tree.indicators``; NaN is no value.
    policy : Aggregate
    not_applicable : (n_cities, n_indicators) bool array, optional
        Left out of the count that ``policy.threshold`` looks at.

    Returns
    -------
    scores : (n_cities, n_nodes) array
        In the order of ``tree.codes``. NaN where nothing is present, where what is present
        weighs nothing, or where fewer than ``threshold`` of the applicable children have a value.
    weights : (n_cities, n_nodes) array
        Of each node within its parent after redistribution; the index has 1 where it has a score.

    Raises
    ------
    ScoringError
        If ``levels`` does not fit the height of the tree, if the tree cannot be scored, or if a
        geometric, harmonic or generalised mean meets a negative score and there is no floor.

    Notes
    -----
    Sums run over siblings in tree order with a running compensation, city by city and without
    BLAS: the order of the cities, the number of threads and the machine's BLAS change no bit, and
    cities with the same scores tie exactly.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 6.
    .. [2] COINr 1.1, vignette "Aggregation".
    .. [3] T. Ogita, S. M. Rump, S. Oishi, SIAM J. Sci. Comput. 26 (2005) 1955–1988: Sum2.
    """
    ladder = levels(tree)
    kinds = kinds_of(policy, len(ladder))
    count, cities = len(tree.codes), normalised.shape[0]
    scores = np.full((count + 1, cities), np.nan)  # the last row pads short families
    at = {code: i for i, code in enumerate(tree.codes)}
    leaves = [at[code] for code in tree.indicators]
    scores[leaves] = normalised.T
    applicable = np.zeros((count + 1, cities), dtype=bool)
    applicable[leaves] = True if not_applicable is None else ~not_applicable.T
    weights = np.zeros((count + 1, cities))
    for level, kind in zip(ladder, kinds, strict=True):
        slots = level.children.T  # (most_children, n_parents)
        children = scores[slots]
        shares = redistribute(level.weights.T[:, :, None], ~np.isnan(children))
        if kind == "copeland":
            made = np.concatenate(
                [_majorities(children[:, p], level.weights[p]) for p in _each(level)]
            )
        else:
            made = mean(children, shares, kind, power=policy.power, floor=policy.floor)
        if policy.threshold > 0:
            known = np.sum(~np.isnan(children), axis=0)
            possible = np.sum(applicable[slots], axis=0)
            made = np.where(known / np.maximum(possible, 1) < policy.threshold, np.nan, made)
        _refuse_undefined(tree, level, kind, children, shares, policy)
        scores[level.parents] = made
        applicable[level.parents] = applicable[slots].any(axis=0)
        weights[slots] = shares
    weights[at[tree.root]] = ~np.isnan(scores[at[tree.root]])
    return scores[:-1].T, weights[:-1].T


def kinds_of(policy: Aggregate, height: int) -> tuple[str, ...]:
    """The kind of mean of each level from the leaves up; ScoringError when they do not fit."""
    if not policy.levels:
        return (policy.method,) * height
    if len(policy.levels) != height:
        facts = {"value": len(policy.levels), "height": height}
        raise ScoringError([Problem("aggregate.levels", "levels-mismatch", facts)])
    return policy.levels


def _each(level: Level) -> range:
    return range(len(level.parents))


def _majorities(children: Floats, weights: Floats) -> Floats:
    return copeland([child[None] for child in children], weights[None])


def _refuse_undefined(
    tree: Tree, level: Level, kind: str, children: Floats, shares: Floats, policy: Aggregate
) -> None:
    if kind in ("arithmetic", "copeland") or policy.floor is not None:
        return
    negative = ((children < 0) & (shares > 0)).any(axis=(0, 2))
    if negative.any():
        codes = [tree.codes[int(level.parents[p])] for p in np.flatnonzero(negative)]
        raise ScoringError([Problem(code, "negative-score", {"mean": kind}) for code in codes])
