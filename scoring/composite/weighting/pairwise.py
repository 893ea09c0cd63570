"""AHP: priorities and consistency of pairwise comparisons, of one judge or of many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite import elementary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Floats

# Saaty's mean consistency index of random reciprocal matrices by size, from 1
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51)
ROUNDED = 0.05  # 0.33 beside 3 is the reciprocal as people write it
ITERATIONS = 100_000


@dataclass(frozen=True)
class Priorities:
    """Weights of one matrix of comparisons and how consistent it is.

    ``worst`` are the positions (i, j, k) whose comparisons agree least, ``stated`` what was said of
    i against k and ``implied`` what the other two comparisons say: None and NaN below three.
    """

    weights: Floats
    eigenvalue: float
    index: float
    ratio: float
    worst: tuple[int, int, int] | None
    stated: float
    implied: float


def priorities(matrix: Floats) -> Priorities:
    """Principal eigenvector and consistency of a reciprocal matrix.

    Parameters
    ----------
    matrix : (k, k) array
        ``matrix[i, j]`` says how many times i is as important as j.

    Returns
    -------
    Priorities
        ``weights`` (k,) add to 1.

    Raises
    ------
    ValueError
        If the matrix is not square, positive and reciprocal (within 5 %, so that 0.33 beside 3
        passes), or the iteration does not settle.

    Notes
    -----
    Power iteration from equal weights with exact sums: no library decides on a sign or an order,
    and the same bits come out everywhere. A reciprocal written rounded is made exact first:
    ``√(aᵢⱼ/aⱼᵢ)``. ``CI = (λ − k)/(k − 1)`` and ``CR = CI/RI``. The random index RI is Saaty's up
    to 11; beyond, ``(1.7699 k − 4.3513)/(k − 1)``, from Alonso and Lamata's line for λ.

    References
    ----------
    .. [1] T. L. Saaty, The Analytic Hierarchy Process, McGraw-Hill 1980.
    .. [2] J. A. Alonso, M. T. Lamata, Int. J. Uncertain. Fuzz. 14 (2006) 445–459.
    .. [3] W. W. Koczkodaj, Math. Comput. Model. 18 (1993) 79–84: the worst triple.
    """
    exact = reciprocal(matrix)
    count = len(exact)
    rows = exact.tolist()
    weights = [1 / count] * count
    for _ in range(ITERATIONS):
        grown = [math.fsum(a * w for a, w in zip(row, weights, strict=True)) for row in rows]
        total = math.fsum(grown)
        made = [x / total for x in grown]
        settled = max(abs(a - b) / a for a, b in zip(made, weights, strict=True)) < 1e-14
        weights = made
        if settled:
            break
    else:
        raise ValueError("the comparisons have no settled priorities")
    eigenvalue = math.fsum(
        a * w for row in rows for a, w in zip(row, weights, strict=True)
    )  # Σ(Aw) with Σw = 1
    index = max(0.0, (eigenvalue - count) / (count - 1)) if count > 2 else 0.0
    ratio = index / random_index(count) if count > 2 else 0.0
    worst = _worst_triple(exact)
    stated = implied = math.nan
    if worst:
        i, j, k = worst
        stated, implied = float(exact[i, k]), float(exact[i, j] * exact[j, k])
    return Priorities(np.array(weights), eigenvalue, index, ratio, worst, stated, implied)


def random_index(count: int) -> float:
    """Mean consistency index of random reciprocal matrices of a size; see `priorities`."""
    if count <= len(RANDOM_INDEX):
        return RANDOM_INDEX[count - 1]
    return (1.7699 * count - 4.3513) / (count - 1)


def reciprocal(matrix: Floats) -> Floats:
    """The matrix with its reciprocals exact. Raises ValueError for one that is none."""
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError("comparisons make a square matrix")
    if not (np.isfinite(matrix).all() and (matrix > 0).all()):
        raise ValueError("comparisons are positive numbers")
    if unreciprocal(matrix):
        raise ValueError("the comparisons are not reciprocal")
    return np.asarray(np.sqrt(matrix / matrix.T))


def unreciprocal(matrix: Floats) -> list[tuple[int, int]]:
    """Pairs (i ≤ j) whose two comparisons do not agree within 5 %."""
    apart = np.abs(matrix * matrix.T - 1) > ROUNDED
    return [(int(i), int(j)) for i, j in np.argwhere(apart) if i <= j]


def joined(matrices: Sequence[Floats]) -> Floats:
    """One matrix of several judges': the geometric mean of each comparison.

    References
    ----------
    .. [1] J. Aczél, T. L. Saaty, J. Math. Psychol. 27 (1983) 93–102.
    """
    return _geometric([reciprocal(matrix) for matrix in matrices])


def joined_priorities(weights: Sequence[Floats]) -> Floats:
    """Weights of several judges': the geometric mean of each priority, adding to 1.

    References
    ----------
    .. [1] E. Forman, K. Peniwati, Eur. J. Oper. Res. 108 (1998) 165–169.
    """
    made = _geometric(weights)
    return np.asarray(made / math.fsum(made.tolist()))


def _geometric(arrays: Sequence[Floats]) -> Floats:
    logs = elementary.log(np.stack(arrays))
    flat = logs.reshape(len(arrays), -1).T.tolist()
    means = [math.fsum(terms) / len(terms) for terms in flat]  # exact: any order of the judges
    return elementary.exp(np.array(means)).reshape(logs.shape[1:])


def _worst_triple(matrix: Floats) -> tuple[int, int, int] | None:
    """The three whose product round the circle is farthest from 1."""
    count = len(matrix)
    if count < 3:
        return None
    logs = elementary.log(matrix)
    found, most = (0, 1, 2), -1.0
    for i in range(count):
        for j in range(i + 1, count):
            around = np.abs(logs[i, j] + logs[j, j + 1 :] - logs[i, j + 1 :])
            if around.size and float(around.max()) > most + 1e-12:  # the first of equals
                most = float(around.max())
                found = (i, j, j + 1 + int(around.argmax()))
    return found
