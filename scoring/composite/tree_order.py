"""The tree as levels from the leaves up, so that one pass over siblings serves a whole level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scoring.composite.problems import Problem, ScoringError
from scoring.composite.sheet import Floats

if TYPE_CHECKING:
    from scoring.composite.sheet import Tree


@dataclass(frozen=True)
class Level:
    """Every parent of one height. ``children`` is ``(n_parents, most_children)``.

    A parent with fewer children is padded with the index ``n_nodes`` and weight 0.
    """

    parents: NDArray[np.intp]
    children: NDArray[np.intp]
    weights: Floats


def levels(tree: Tree) -> tuple[Level, ...]:
    """Parents by height, the lowest first; a leaf has height 0.

    Raises
    ------
    ScoringError
        For a negative weight, siblings whose weights are all zero, a cycle or several roots.
    """
    check(tree)
    at = {code: i for i, code in enumerate(tree.codes)}
    heights = _heights(tree)
    found = []
    for height in range(1, max(heights.values(), default=0) + 1):
        parents = [code for code in tree.codes if heights[code] == height]
        most = max(len(tree.children[code]) for code in parents)
        children = np.full((len(parents), most), len(tree.codes), dtype=np.intp)
        weights = np.zeros((len(parents), most))
        for row, code in enumerate(parents):
            for slot, child in enumerate(tree.children[code]):
                children[row, slot] = at[child]
                weights[row, slot] = tree.weights[at[child]]
        found.append(Level(np.array([at[code] for code in parents]), children, weights))
    return tuple(found)


def check(tree: Tree) -> None:
    """Refuse a tree that cannot be scored, naming every reason."""
    problems = []
    at = {code: i for i, code in enumerate(tree.codes)}
    roots = [code for code, parent in zip(tree.codes, tree.parents, strict=True) if parent is None]
    if len(roots) != 1:
        problems.append(Problem("tree", "not-one-root", {"roots": tuple(roots)}))
    for code, weight in zip(tree.codes, tree.weights, strict=True):
        if not weight >= 0 or weight == float("inf"):
            problems.append(Problem(code, "negative-weight", {"value": weight}))
    for code, direction in zip(tree.codes, tree.directions, strict=True):
        if direction not in (1, -1):
            problems.append(Problem(code, "direction", {"value": direction}))
    for code in tree.codes:
        under = tree.children[code]
        if under and not any(tree.weights[at[child]] > 0 for child in under):
            problems.append(Problem(code, "no-weight"))
    if not problems and len(_heights(tree)) < len(tree.codes):
        lost = [code for code in tree.codes if code not in _heights(tree)]
        problems.append(Problem("tree", "cycle", {"codes": tuple(lost)}))
    if problems:
        raise ScoringError(problems)


def _heights(tree: Tree) -> dict[str, int]:
    """Height of every node that hangs on the root, by walking down and then back up."""
    order = [tree.root]
    for code in order:
        order.extend(tree.children[code])
        if len(order) > len(tree.codes):
            break
    heights: dict[str, int] = {}
    for code in reversed(order):
        heights[code] = 1 + max((heights[child] for child in tree.children[code]), default=-1)
    return heights
