"""The conditional likelihood of ratings given each unit's total, by passing sums along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.composite.sheet import Bools, Floats
from scoring.raters.ratings import Places

HELD = 2_000_000  # numbers of one pass held at once


@dataclass(frozen=True)
class Batch:
    """Some units with about as many ratings each.

    ``at`` is ``(n_units, most)``: places among the active ratings, ``there`` where there is one;
    ``unit`` and ``total`` are ``(n_units,)``.
    """

    at: Places
    there: Bools
    unit: Places
    total: Places


@dataclass(frozen=True)
class Passed:
    """The log-likelihood, and what each rating is expected to be given its unit's total.

    ``expected`` is ``(n_active,)`` in steps; ``reached`` is ``(top,)``: the expected number of
    ratings at or above each step from 1 up.
    """

    likelihood: float
    expected: Floats
    reached: Floats


def batches(unit: Places, step: Places, top: int) -> tuple[Batch, ...]:
    """Active ratings, sorted by unit, cut into batches that fit in memory."""
    codes, first, count = np.unique(unit, return_index=True, return_counts=True)
    total = np.add.reduceat(step, first)
    order = np.argsort(count, kind="stable")
    return tuple(_cut(codes, first, count, total, order, top))


def _cut(
    codes: Places, first: Places, count: Places, total: Places, order: Places, top: int
) -> Iterator[Batch]:
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order):
            most = int(count[order[stop]])
            if (stop + 1 - start) * (most + 1) * (most * top + 1) > HELD:
                break
            stop += 1
        some = order[start:stop]
        along = np.arange(int(count[some[-1]]))
        there = along < count[some][:, None]
        at = np.where(there, first[some][:, None] + along, 0)
        yield Batch(at, there, codes[some], total[some])
        start = stop


def chances(place: Floats, thresholds: Floats) -> Floats:
    """Chance of each category, ``(n, top + 1)``, at *place* = ability - difficulty - severity.

    ``log(P_k / P_(k-1)) = place - threshold_k``.
    """
    height = np.arange(len(thresholds) + 1)
    drop = np.concatenate([[0.0], np.cumsum(thresholds)])
    logs = place[:, None] * height - drop
    logs -= logs.max(axis=1, keepdims=True)
    made = np.exp(logs)
    made /= made.sum(axis=1, keepdims=True)
    return np.asarray(made)


def passed(parts: tuple[Batch, ...], chance: Floats, step: Places) -> Passed:
    """Evaluate the conditional likelihood.

    Parameters
    ----------
    parts : tuple of Batch
    chance : (n_active, top + 1) array
        Of each category at any abilities: they cancel, and serve to keep numbers in range.
    step : (n_active,) array

    Returns
    -------
    Passed

    Notes
    -----
    Sums of the first j ratings of a unit are passed forward, the chance of still reaching the
    unit's total backward; together they give the chance of each category of each rating given
    the total, and with it the gradient, in (ratings × categories × totals) operations.

    References
    ----------
    .. [1] E. B. Andersen, Psychometrika 42 (1977) 69-81: conditioning on the total.
    .. [2] N. D. Verhelst, C. A. W. Glas, A. van der Sluis, Computational Statistics Quarterly 1
       (1984) 245-262: symmetric functions by sums.
    """
    size = chance.shape[1]
    expected = np.zeros(len(chance))
    reached = np.zeros(size - 1)
    likelihood = float(np.log(chance[np.arange(len(step)), step]).sum())
    for part in parts:
        units, most = part.at.shape
        width = most * (size - 1) + 1
        p = np.where(part.there[:, :, None], chance[part.at], np.eye(1, size)[0])
        ahead = np.zeros((most + 1, units, width))
        ahead[0, :, 0] = 1.0
        for j in range(most):
            known = j * (size - 1) + 1  # after j ratings no sum is higher
            for k in range(size):
                ahead[j + 1, :, k : k + known] += p[:, j, k, None] * ahead[j, :, :known]
        each = np.arange(units)
        total = ahead[most, each, part.total]
        likelihood -= float(np.log(total).sum())
        behind = np.zeros((units, width))
        behind[each, part.total] = 1.0
        for j in range(most - 1, -1, -1):
            known = j * (size - 1) + 1
            before = np.zeros((units, known))
            given = np.empty((units, size))
            for k in range(size):
                moved = p[:, j, k, None] * behind[:, k : k + known]
                given[:, k] = np.einsum("us,us->u", ahead[j, :, :known], moved) / total
                before += moved
            behind = before
            some = part.there[:, j]
            given = given[some]
            expected[part.at[some, j]] = (given * np.arange(size)).sum(axis=1)
            reached += np.cumsum(given[:, ::-1], axis=1)[:, ::-1][:, 1:].sum(axis=0)
    return Passed(likelihood, expected, reached)
