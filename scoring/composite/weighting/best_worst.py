"""Best–worst method, linear: two vectors of comparisons to weights and their consistency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats

HIGHEST = 9.0  # of the scale from 1


@dataclass(frozen=True)
class BestWorst:
    """``weights`` (k,) add to 1; ``xi`` is 0 where all comparisons fit, ``ratio`` ≤ 1 likewise.

    ``against`` is the position whose two comparisons contradict the best against the worst most,
    None where nothing contradicts.
    """

    weights: Floats
    xi: float
    ratio: float
    against: int | None


def best_worst(from_best: Floats, to_worst: Floats) -> BestWorst:
    """Weights from the best against the others and the others against the worst.

    Parameters
    ----------
    from_best : (k,) array
        How many times the best is as important as each; 1 for the best itself.
    to_worst : (k,) array
        How many times each is as important as the worst; 1 for the worst itself.

    Returns
    -------
    BestWorst

    Raises
    ------
    ValueError
        If the vectors do not fit each other (see `contradictions`).

    Notes
    -----
    Minimises ξ subject to ``|w_B − a_Bj w_j| ≤ ξ``, ``|w_j − a_jW w_W| ≤ ξ``, ``Σw = 1``,
    ``w ≥ 0``: a linear programme, solved by HiGHS's simplex. Weights are rounded to 12 decimals,
    below the solver's tolerance. ``ratio = max_j |a_Bj a_jW − a_BW| / (a_BW² − a_BW)`` needs the
    comparisons only.

    References
    ----------
    .. [1] J. Rezaei, Omega 64 (2016) 126–130: the linear model.
    .. [2] F. Liang, M. Brunelli, J. Rezaei, Omega 96 (2020) 102175: the input-based ratio.
    """
    if contradictions(from_best, to_worst):
        raise ValueError("the comparisons with best and worst do not fit each other")
    count = from_best.size
    best, worst = int(np.argmax(to_worst)), int(np.argmax(from_best))
    if count == 1:
        return BestWorst(np.ones(1), 0.0, 0.0, None)
    rows = []
    for j in range(count):
        for one, times, other in (
            (best, from_best[j], j),
            (j, to_worst[j], worst),
        ):
            row = np.zeros(count)
            row[one] += 1.0
            row[other] -= times
            rows += [np.append(row, -1.0), np.append(-row, -1.0)]
    from scipy.optimize import linprog  # slow to import, and only for this

    found = linprog(
        np.append(np.zeros(count), 1.0),
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=np.append(np.ones(count), 0.0)[None],
        b_eq=[1.0],
        method="highs-ds",
    )
    if not found.success:  # pragma: no cover - feasible by construction
        raise ValueError(found.message)
    weights = np.round(found.x[:count], 12) + 0.0
    widest = float(from_best[worst])
    off = np.abs(from_best * to_worst - widest)
    ratio = float(off.max() / (widest**2 - widest)) if widest > 1 else 0.0
    against = int(off.argmax()) if off.max() > 1e-9 else None
    return BestWorst(weights, float(found.x[count]), ratio, against)


def contradictions(from_best: Floats, to_worst: Floats) -> list[tuple[int, str]]:
    """What keeps two vectors from being judgements, as positions and codes of problems.

    "judgement-range": not a number from 1 to 9; "judgement-self": no best (or worst) with 1
    against itself; "judgement-widest": the best against the worst differs between the vectors, or
    another comparison is wider.
    """
    found = []
    for vector in (from_best, to_worst):
        found += [
            (int(j), "judgement-range")
            for j in np.flatnonzero(~((vector >= 1) & (vector <= HIGHEST)))
        ]
    if found:
        return found
    best, worst = int(np.argmax(to_worst)), int(np.argmax(from_best))
    if from_best[best] != 1:
        found.append((best, "judgement-self"))
    if to_worst[worst] != 1:
        found.append((worst, "judgement-self"))
    if from_best[worst] != to_worst[best]:
        found.append((worst, "judgement-widest"))
    return found
