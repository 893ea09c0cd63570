"""Weights that are shown and never applied: the first principal component, equal importance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.weighting.importance import squares
from scoring.composite.weighting.objective import FEWEST, correlation, unspread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Floats, Tree

DECIMALS = 9
ROUNDS = 2_000
PATIENCE = 30  # rounds without a step forward
SWEEPS = 60
LIGHTEST = 1e-9
NEGATIVE = "negative loadings: cannot be weights"


def loadings(columns: Floats) -> Floats:
    """First principal component of the correlation matrix, ``(k,)``.

    Parameters
    ----------
    columns : (n_cities, k) array
        Over the cities that have every value.

    Returns
    -------
    array
        Of length 1, the sign such that the loadings add to 0 or more; 0 for a column without
        spread; rounded to 9 decimals. NaN throughout for fewer than three whole cities.

    Notes
    -----
    With fewer cities than columns the correlations are rank-deficient: advice at most. By Jacobi's
    rotations on exactly summed correlations: no library decides on the last digits.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 6.
    .. [2] COINr 1.1, ``get_PCA`` with a component for each family.
    """
    whole = columns[~np.isnan(columns).any(axis=1)]
    if len(whole) < FEWEST:
        return np.full(columns.shape[1], np.nan)
    flat = unspread(whole)
    made = np.zeros(columns.shape[1])
    if flat.all():
        return made
    some = whole[:, ~flat].T
    matrix = np.array([[correlation(one, two) for two in some] for one in some])
    vector = _principal(matrix)
    upward = math.fsum(vector.tolist()) >= 0
    made[~flat] = np.round(vector if upward else -vector, DECIMALS) + 0.0
    return made


def _principal(matrix: Floats) -> Floats:
    """Eigenvector of the largest eigenvalue of a symmetric matrix, by cyclic Jacobi rotations."""
    a, vectors = matrix.copy(), np.eye(len(matrix))
    for _ in range(SWEEPS):
        if np.abs(np.triu(a, 1)).max() < 1e-14:
            break
        for p in range(len(a)):
            for q in range(p + 1, len(a)):
                if abs(a[p, q]) < 1e-300:
                    continue
                slope = float(a[q, q] - a[p, p]) / (2 * float(a[p, q]))
                t = math.copysign(1.0, slope) / (abs(slope) + math.sqrt(slope * slope + 1))
                c = 1 / math.sqrt(t * t + 1)
                s = t * c
                for one in (a, a.T, vectors):
                    left, right = one[:, p].copy(), one[:, q].copy()
                    one[:, p], one[:, q] = c * left - s * right, s * left + c * right
    return np.asarray(vectors[:, int(np.argmax(np.diag(a)))])


def equal_importance(columns: Floats) -> tuple[Floats, float]:
    """Weights under which every column explains the weighted mean equally well.

    Parameters
    ----------
    columns : (n_cities, k) array
        Over the cities that have every value.

    Returns
    -------
    weights : (k,) array
        0 or more, adding to 1, rounded to 9 decimals. NaN for fewer than three whole cities or
        where no column has spread.
    residual : float
        The widest distance of a column's importance from 1/k that remains. Above 0 where no such
        weights exist: a column that opposes the others is not helped by more weight.

    Notes
    -----
    Importance is a column's squared correlation with the weighted arithmetic mean, as a share.
    COINr looks for the same by Nelder–Mead from the given weights; here each weight is multiplied
    by the root of what it lacks, from equal weights, which needs no random start and stays
    non-negative.

    References
    ----------
    .. [1] W. Becker et al., Ecol. Indic. 80 (2017) 12–22.
    .. [2] P. Paruolo, M. Saisana, A. Saltelli, J. R. Statist. Soc. A 176 (2013) 609–634.
    """
    whole = columns[~np.isnan(columns).any(axis=1)]
    count = columns.shape[1]
    if len(whole) < FEWEST or unspread(whole).all():
        return np.full(count, np.nan), math.nan
    weights = np.full(count, 1 / count)
    best, residual, stale = weights, math.inf, 0
    for _ in range(ROUNDS):
        importance = squares(whole, weights)
        off = float(np.abs(importance - 1 / count).max())
        stale = 0 if off < residual - 1e-9 else stale + 1
        if off < residual - 1e-15:
            best, residual = weights, off
        if off < 1e-12 or stale > PATIENCE:
            break
        weights = weights * np.sqrt((1 / count) / np.maximum(importance, 1e-6))
        weights = np.maximum(weights / weights.sum(), LIGHTEST)
        weights = weights / weights.sum()
    return np.round(best, DECIMALS), round(residual, DECIMALS)


def advice(tree: Tree, scores: Floats, kinds: Sequence[str]) -> dict[str, Any]:
    """Advisory weights of every family, by kind and code.

    Parameters
    ----------
    tree : Tree
    scores : (n_cities, n_nodes) array
    kinds : sequence of {"pca", "optimised"}

    Returns
    -------
    dict
        ``weights`` by code (None where there are none), ``remarks`` by parent: loadings that are
        negative, importance that cannot be made equal.
    """
    at = {code: i for i, code in enumerate(tree.codes)}
    said: dict[str, Any] = {}
    for kind in kinds:
        weights: dict[str, float | None] = {}
        remarks: dict[str, Any] = {}
        for parent, children in tree.children.items():
            if not children:
                continue
            columns = scores[:, [at[code] for code in children]]
            if kind == "pca":
                made = loadings(columns)
                if (made < 0).any():
                    remarks[parent] = NEGATIVE
            else:
                made, residual = equal_importance(columns)
                if residual > 1e-6:
                    remarks[parent] = {"importance_off_by": residual}
            for code, weight in zip(children, made.tolist(), strict=True):
                weights[code] = None if math.isnan(weight) else weight
        said[kind] = {"weights": weights, "remarks": remarks}
    return said
