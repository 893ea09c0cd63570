"""What a weight comes to: the share of the parent's variation that each child explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.weigh import effective_weights
from scoring.composite.weighting.objective import correlation

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats, Tree


@dataclass(frozen=True)
class Importance:
    """A child within its parent: what it should count and what it does.

    ``nominal`` is its share of the weights within the family, ``effective`` its weight in the
    index; ``correlation`` is with the parent, ``importance`` its square as a share of the family.
    NaN where the data cannot say.
    """

    code: str
    parent: str
    nominal: float
    effective: float
    correlation: float
    importance: float


def importance(tree: Tree, scores: Floats) -> tuple[Importance, ...]:
    """Nominal and effective weight beside the importance by correlation, for every child.

    Parameters
    ----------
    tree : Tree
    scores : (n_cities, n_nodes) array
        In the order of ``tree.codes``.

    Raises
    ------
    ScoringError
        If the tree cannot be scored.

    References
    ----------
    .. [1] P. Paruolo, M. Saisana, A. Saltelli, J. R. Statist. Soc. A 176 (2013) 609–634.
    """
    at = {code: i for i, code in enumerate(tree.codes)}
    effective = effective_weights(tree)
    found = []
    for parent, children in tree.children.items():
        total = math.fsum(tree.weights[at[code]] for code in children)
        r = [correlation(scores[:, at[code]], scores[:, at[parent]]) for code in children]
        explained = math.fsum(x * x for x in r if not math.isnan(x))
        for code, own in zip(children, r, strict=True):
            found.append(
                Importance(
                    code,
                    parent,
                    tree.weights[at[code]] / total,
                    float(effective[at[code]]),
                    own,
                    own * own / explained if explained > 0 else math.nan,
                )
            )
    return tuple(found)


def squares(columns: Floats, weights: Floats) -> Floats:
    """Squared correlations of columns with their weighted mean, as shares; no gaps, ``(k,)``."""
    centred = columns - columns.mean(axis=0)
    total = (centred * weights).sum(axis=1)
    products = (centred * total[:, None]).sum(axis=0)
    spread = (centred**2).sum(axis=0) * float((total**2).sum())
    squared = np.where(spread > 0, products**2 / np.where(spread > 0, spread, 1.0), 0.0)
    whole = float(squared.sum())
    return np.asarray(squared / whole if whole > 0 else squared)
