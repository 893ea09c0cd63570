"""Children to parents: means of four kinds and Copeland, one a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.problems import Problem, ScoringError
from scoring.composite.tree_order import Level, levels
from scoring.composite.weigh import redistribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.method import Aggregate
    from scoring.composite.sheet import Bools, Floats, Tree

NO_MAJORITY = 1e-12  # weights for and against that differ by less are even


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
    .. [3] A. Neumaier, ZAMM 54 (1974) 39–51: compensated summation.
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
            made = np.stack([_copeland(children[:, p], level.weights[p]) for p in _each(level)])
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
    return np.ascontiguousarray(scores[:-1].T), np.ascontiguousarray(weights[:-1].T)


def kinds_of(policy: Aggregate, height: int) -> tuple[str, ...]:
    """The kind of mean of each level from the leaves up; ScoringError when they do not fit."""
    if not policy.levels:
        return (policy.method,) * height
    if len(policy.levels) != height:
        facts = {"value": len(policy.levels), "height": height}
        raise ScoringError([Problem("aggregate.levels", "levels-mismatch", facts)])
    return policy.levels


def mean(
    children: Floats | Sequence[Floats],
    shares: Floats | Sequence[Floats],
    kind: str,
    *,
    power: float = 1.0,
    floor: float | None = None,
    compensate: bool = True,
) -> Floats:
    """Weighted mean over siblings.

    Parameters
    ----------
    children : sequence of arrays, one a sibling
        Broadcastable against each other and against ``shares``, usually ``(n_cities,)``.
        NaN is absent and must have share 0.
    shares : sequence of arrays, one a sibling
        Adding to 1 over the siblings present, 0 where absent.
    kind : {"arithmetic", "geometric", "harmonic", "generalised"}
    power : float
        Of the generalised mean; 0 is the geometric mean.
    floor : float, optional
        Lifts every child of a mean that is not arithmetic.
    compensate : bool
        Carry the rounding error of the sum along (Neumaier).

    Returns
    -------
    array
        NaN where all shares are 0, or where the mean of a negative number is not defined.
        A zero with weight makes a geometric, harmonic or negative-power mean zero.
    """
    if kind == "generalised" and power == 0:
        kind = "geometric"
    inverse = kind in ("geometric", "harmonic") or (kind == "generalised" and power < 0)
    total: Floats = np.zeros(())
    error: Floats = np.zeros(())
    weighed: Floats = np.zeros(())
    zero: Bools = np.zeros((), dtype=bool)
    undefined: Bools = np.zeros((), dtype=bool)
    for child, share in zip(children, shares, strict=True):
        counts = share > 0
        if kind != "arithmetic":
            if floor is not None:
                child = np.maximum(child, floor)  # NaN stays
            undefined = undefined | (counts & (child < 0))
            if inverse:
                zero = zero | (counts & (child == 0))
            child = _forward(np.where(child > 0, child, 1.0 if inverse else 0.0), kind, power)
        term = np.where(counts, share * child, 0.0)
        weighed = weighed + share
        total, error = _add(total, term, error) if compensate else (total + term, error)
    result = _backward(total + error, kind, power)
    if kind != "arithmetic":
        result = np.where(zero, 0.0, result)
        result = np.where(undefined, np.nan, result)
    return np.where(weighed > 0, result, np.nan)


def _add(total: Floats, term: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Two-sum: the rounded sum and what rounding lost, added to *error*."""
    made = total + term
    virtual = made - total
    return made, error + ((total - (made - virtual)) + (term - virtual))


def _forward(values: Floats, kind: str, power: float) -> Floats:
    if kind == "geometric":
        return np.asarray(np.log(values))
    return np.asarray(1.0 / values if kind == "harmonic" else values**power)


def _backward(total: Floats, kind: str, power: float) -> Floats:
    if kind == "arithmetic":
        return total
    if kind == "geometric":
        return np.asarray(np.exp(total))
    exponent = -1.0 if kind == "harmonic" else 1.0 / power
    positive = total > 0
    return np.where(positive, np.where(positive, total, 1.0) ** exponent, 0.0)


def _each(level: Level) -> range:
    return range(len(level.parents))


def _copeland(children: Floats, weights: Floats) -> Floats:
    """Majorities won minus majorities lost, ``(n_cities,)``.

    One city beats another when the children on which it is higher weigh more than those on which
    it is lower; a child that either lacks is left out of that pair. NaN without any child.
    """
    balance = np.zeros((children.shape[1], children.shape[1]))
    present = np.zeros(children.shape[1], dtype=bool)
    for child, weight in zip(children, weights, strict=True):
        if weight > 0:
            difference = child[:, None] - child[None, :]
            balance += weight * np.sign(np.where(np.isnan(difference), 0.0, difference))
            present |= ~np.isnan(child)
    balance[np.abs(balance) <= NO_MAJORITY * weights.sum()] = 0.0
    return np.where(present, np.sign(balance).sum(axis=1), np.nan)


def _refuse_undefined(
    tree: Tree, level: Level, kind: str, children: Floats, shares: Floats, policy: Aggregate
) -> None:
    if kind in ("arithmetic", "copeland") or policy.floor is not None:
        return
    negative = ((children < 0) & (shares > 0)).any(axis=(0, 2))
    if negative.any():
        codes = [tree.codes[int(level.parents[p])] for p in np.flatnonzero(negative)]
        raise ScoringError([Problem(code, "negative-score", {"mean": kind}) for code in codes])
