"""What the ranking would be without one node: many trees in one aggregation."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.aggregate import aggregate, kinds_of
from scoring.composite.policies import Aggregate, Rank
from scoring.composite.rank import rank
from scoring.composite.sheet import Floats
from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scoring.composite.sheet import ScoreSheet, Tree

MOST_ROWS = 40_000  # rows in one aggregation: bounds its memory


@dataclass(frozen=True)
class Omission:
    """Without the node ``code``: places of the index, ``(n_cities,)``, and how far they moved.

    ``shift`` is new − old, below 0 for a city that rises; NaN where either place is missing.
    """

    code: str
    ranks: Floats
    shift: Floats

    @property
    def largest(self) -> float:
        """The most places that any city moves; NaN when no city has both places."""
        moved = np.abs(self.shift[~np.isnan(self.shift)])
        return float(moved.max()) if moved.size else float("nan")

    @property
    def mean(self) -> float:
        """Mean of |shift| over the cities with both places."""
        moved = np.abs(self.shift[~np.isnan(self.shift)])
        return float(moved.sum() / moved.size) if moved.size else float("nan")


def without_each(
    tree: Tree, sheet: ScoreSheet, codes: Sequence[str] | None = None
) -> tuple[Omission, ...]:
    """Rank again without one node at a time; every node below the index unless *codes* says.

    Parameters
    ----------
    tree : Tree
    sheet : ScoreSheet
        Normalised values, policies and who is ranked are taken from it.
    codes : sequence of str, optional

    Returns
    -------
    tuple of Omission
        In tree order, or as asked. A node without which nothing is left moves everybody to NaN.

    Notes
    -----
    The node's indicators count as not applicable, so their weight goes to their siblings and a
    dimension left empty gives its own to the others. Nothing is normalised again: an indicator's
    scale does not depend on the other indicators.
    """
    names = tuple(code for code in tree.codes if code != tree.root) if codes is None else codes
    how, places = policies(sheet.method)
    root = sheet.nodes.index(tree.root)
    before = sheet.ranks[:, root]
    placed = ~np.isnan(before)
    at = {code: j for j, code in enumerate(sheet.indicators)}
    under = _leaves(tree)
    found = []
    for some in _batches(tree, names, how, len(sheet.cities)):
        values = np.repeat(sheet.normalised[None], len(some), axis=0)
        absent = np.repeat(sheet.not_applicable[None], len(some), axis=0)
        for i, code in enumerate(some):
            own = [at[leaf] for leaf in under[code]]
            values[i][:, own] = np.nan
            absent[i][:, own] = True
        flat = (-1, len(at))
        scores, _ = aggregate(tree, values.reshape(flat), how, not_applicable=absent.reshape(flat))
        index = scores[:, root].reshape(len(some), -1)
        for code, row in zip(some, index, strict=True):
            ranks = rank(row, ties=places.ties, decimals=places.decimals, ranked=placed)
            found.append(Omission(code, ranks, ranks - before))
    return tuple(found)


def policies(executed: Mapping[str, Any]) -> tuple[Aggregate, Rank]:
    """The aggregation and ranking that an executed configuration names."""
    said = executed["aggregate"]
    how = {item.name: said[item.name] for item in fields(Aggregate) if item.name in said}
    how["levels"] = tuple(how.get("levels", ()))
    last = executed["rank"]
    return Aggregate(**how), Rank(**{f.name: last[f.name] for f in fields(Rank) if f.name in last})


def _batches(
    tree: Tree, names: Sequence[str], how: Aggregate, cities: int
) -> Iterator[Sequence[str]]:
    """Nodes together as memory allows; alone under Copeland, which compares city with city."""
    alone = "copeland" in kinds_of(how, len(levels(tree)))
    step = 1 if alone else max(1, MOST_ROWS // max(1, cities))
    for start in range(0, len(names), step):
        yield names[start : start + step]


def _leaves(tree: Tree) -> dict[str, tuple[str, ...]]:
    """The indicators below each node; an indicator is below itself."""
    parent = dict(zip(tree.codes, tree.parents, strict=True))
    found: dict[str, list[str]] = {code: [] for code in tree.codes}
    for leaf in tree.indicators:
        here: str | None = leaf
        while here is not None:
            found[here].append(leaf)
            here = parent[here]
    return {code: tuple(leaves) for code, leaves in found.items()}
