"""The index of every city in many draws at once: sums in tree order, nothing of BLAS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.copeland import copeland
from scoring.composite.means import mean
from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.composite.policies import Aggregate
    from scoring.composite.sheet import Bools, Floats, Tree

AT_ONCE = 20_000  # numbers in one array: it stays in the processor's cache


@dataclass(frozen=True)
class Families:
    """Parents with their children by level, as positions in ``tree.codes``.

    ``possible`` is, by parent, how many children apply to each city ``(n_cities,)``.
    """

    leaves: tuple[int, ...]
    ladder: tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
    possible: Mapping[int, Floats]
    root: int
    policy: Aggregate


def families(tree: Tree, policy: Aggregate, applicable: Bools) -> Families:
    """Prepare *tree* once for many draws; *applicable* is ``(n_cities, n_indicators)``."""
    at = {code: i for i, code in enumerate(tree.codes)}
    leaves = tuple(at[code] for code in tree.indicators)
    known: dict[int, Bools] = {i: applicable[:, j] for j, i in enumerate(leaves)}
    possible: dict[int, Floats] = {}
    ladder = []
    for level in levels(tree):
        step = []
        for parent, slots in zip(level.parents, level.children, strict=True):
            family = tuple(int(i) for i in slots if i < len(tree.codes))
            possible[int(parent)] = np.sum([known[i] for i in family], axis=0, dtype=float)
            known[int(parent)] = possible[int(parent)] > 0
            step.append((int(parent), family))
        ladder.append(tuple(step))
    return Families(leaves, tuple(ladder), possible, at[tree.root], policy)


def index_of(
    made: Families, columns: Sequence[Floats], weights: Floats, ladder: Sequence[str]
) -> Floats:
    """The index of every city in some draws.

    Parameters
    ----------
    made : Families
    columns : sequence of (1 or n_draws, n_cities) arrays, one an indicator
        Normalised values; 1 where every draw has the same.
    weights : (n_draws, n_nodes) array
    ladder : sequence of str
        The mean of each level from the leaves up, or "copeland".

    Returns
    -------
    (n_draws, n_cities) array
        NaN where a city has no score.

    Notes
    -----
    As ``aggregate``, but without the compensation of rounding errors: a draw is one of thousands.
    """
    draws, cities = weights.shape[0], columns[0].shape[1]
    if "copeland" in ladder:  # it sets its own pace
        return _index(made, columns, weights, ladder)
    result = np.empty((draws, cities))
    step = max(1, AT_ONCE // cities)
    for start in range(0, draws, step):
        part = slice(start, start + step)
        some = [column if column.shape[0] == 1 else column[part] for column in columns]
        result[part] = _index(made, some, weights[part], ladder)
    return result


def _index(
    made: Families, columns: Sequence[Floats], weights: Floats, ladder: Sequence[str]
) -> Floats:
    policy = made.policy
    scores: dict[int, Floats] = {i: columns[j] for j, i in enumerate(made.leaves)}
    for level, kind in zip(made.ladder, ladder, strict=True):
        for parent, family in level:
            children = [scores[i] for i in family]
            if kind == "copeland":
                found = copeland(children, weights[:, family])
            else:
                own = [weights[:, i, None] for i in family]
                whole = None
                if policy.threshold <= 0:
                    whole = _whole(children, own, kind, policy)
                found = _partial(children, own, kind, policy) if whole is None else whole
            if policy.threshold > 0:
                share = sum((~np.isnan(child)).astype(float) for child in children)
                share = share / np.maximum(made.possible[parent], 1)
                found = np.where(share < policy.threshold, np.nan, found)
            scores[parent] = found
    return np.broadcast_to(scores[made.root], (weights.shape[0], columns[0].shape[1]))


def _whole(
    children: Sequence[Floats], weights: Sequence[Floats], kind: str, policy: Aggregate
) -> Floats | None:
    """The mean where every child has a value that it is defined for; None where one lacks it.

    The same operations in the same order as ``mean``, so the same bits.
    """
    if kind == "generalised":
        return None
    weighed = sum(weights[1:], start=weights[0])
    total = term = np.empty(0)
    with np.errstate(all="ignore"):
        for k, (child, weight) in enumerate(zip(children, weights, strict=True)):
            if kind != "arithmetic":
                if policy.floor is not None:
                    child = np.maximum(child, policy.floor)
                if kind == "harmonic" and not child.min() > 0:
                    return None
                child = np.log(child) if kind == "geometric" else 1.0 / child
            if k == 0:
                total = weight / weighed * child
                term = np.empty_like(total)
            else:
                total += np.multiply(weight / weighed, child, out=term)
        if not np.isfinite(total.sum()):  # a missing value, a zero, a negative one, no weight
            return None
        if kind == "geometric":
            np.exp(total, out=total)
        elif kind == "harmonic":
            total = total**-1.0
    return total


def _partial(
    children: Sequence[Floats], weights: Sequence[Floats], kind: str, policy: Aggregate
) -> Floats:
    """The mean of what is present, weights redistributed."""
    present = [~np.isnan(child) for child in children]
    kept = [
        w if here.all() else np.where(here, w, 0.0)
        for w, here in zip(weights, present, strict=True)
    ]
    total = sum(kept[1:], start=kept[0])
    safe = np.where(total > 0, total, 1.0)
    with np.errstate(over="ignore"):
        return mean(
            children, [share / safe for share in kept], kind,
            power=policy.power, floor=policy.floor, compensate=False,
        )  # fmt: skip
