"""Sobol indices of any function: how much of its variance each factor explains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.sheet import Floats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def saltelli(base: int, dimensions: int, seed: int) -> tuple[Floats, Floats]:
    """Two independent samples of the unit cube, ``(base, dimensions)`` each.

    Points of one scrambled Sobol sequence of twice the dimensions. ``base`` is a power of two.

    References
    ----------
    .. [1] A. Saltelli et al., Computer Physics Communications 181 (2010) 259–270.
    .. [2] S. Joe, F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008) 2635–2654.
    """
    from scipy.stats import qmc  # slow to import, and only for this

    sequence = qmc.Sobol(2 * dimensions, scramble=True, rng=np.random.default_rng(seed))
    points = np.asarray(sequence.random(base), dtype=float)
    return points[:, :dimensions], points[:, dimensions:]


def crossed(first: Floats, second: Floats, columns: Sequence[int]) -> Floats:
    """*first* with the given columns taken from *second*: one factor is drawn anew."""
    made = first.copy()
    made[:, list(columns)] = second[:, list(columns)]
    return made


@dataclass
class Jansen:
    """First and total order indices of ``m`` outputs for ``k`` factors, from running sums.

    References
    ----------
    .. [1] M. J. W. Jansen, Computer Physics Communications 117 (1999) 35–43.
    .. [2] A. Saltelli et al., Computer Physics Communications 181 (2010) 259–270, table 2 (b, f).
    """

    count: int = 0
    total_sum: Floats = field(default_factory=lambda: np.zeros(()))
    total_squares: Floats = field(default_factory=lambda: np.zeros(()))
    from_second: Floats = field(default_factory=lambda: np.zeros(()))
    from_first: Floats = field(default_factory=lambda: np.zeros(()))

    def add(self, first: Floats, second: Floats, mixed: Floats) -> None:
        """Count in more points: ``(n, m)`` of A and of B, and ``(k, n, m)`` of A with one of B."""
        self.count += first.shape[0]
        self.total_sum = self.total_sum + first.sum(axis=0) + second.sum(axis=0)
        squares = (first * first).sum(axis=0) + (second * second).sum(axis=0)
        self.total_squares = self.total_squares + squares
        self.from_second = self.from_second + ((second - mixed) ** 2).sum(axis=1)
        self.from_first = self.from_first + ((first - mixed) ** 2).sum(axis=1)

    @property
    def mean(self) -> Floats:
        """Of each output over A and B, ``(m,)``."""
        return np.asarray(self.total_sum / max(2 * self.count, 1))

    @property
    def variance(self) -> Floats:
        """Of each output over A and B, ``(m,)``."""
        made = self.total_squares / max(2 * self.count, 1) - self.mean**2
        noise = 1e-12 * self.total_squares / max(2 * self.count, 1)  # of the subtraction
        return np.where(made > noise, made, 0.0)

    @property
    def first_order(self) -> Floats:
        """Share of the variance that a factor explains by itself, ``(k, m)``.

        NaN for an output that does not vary. An estimate may fall a little outside 0 and 1.
        """
        return 1.0 - self._share(self.from_second)

    @property
    def total_order(self) -> Floats:
        """Share that would be left if all the other factors were known, ``(k, m)``."""
        return self._share(self.from_first)

    def _share(self, squares: Floats) -> Floats:
        variance = self.variance
        known = np.where(variance > 0, variance, np.nan)
        return np.asarray(squares / max(2 * self.count, 1) / known)


def resampled(
    first: Floats, second: Floats, mixed: Floats, *, resamples: int, seed: int
) -> tuple[Floats, Floats]:
    """Both indices of one output over bootstrap samples of the points.

    Parameters
    ----------
    first, second : (n,) array
    mixed : (k, n) array
    resamples, seed : int

    Returns
    -------
    first_order, total_order : (resamples, k) array

    References
    ----------
    .. [1] G. E. B. Archer, A. Saltelli, I. M. Sobol', J. Stat. Comput. Simul. 58 (1997) 99–120.
    """
    count = first.size
    rng = np.random.default_rng(seed)
    sums = np.stack([first + second, first**2 + second**2])
    rows = np.concatenate([sums, (second - mixed) ** 2, (first - mixed) ** 2])
    found = np.empty((resamples, len(rows)))
    for number in range(resamples):
        picked: NDArray[np.intp] = np.bincount(rng.integers(0, count, count), minlength=count)
        found[number] = (rows * picked).sum(axis=1)
    found /= 2 * count
    variance = found[:, 1] - found[:, 0] ** 2
    known = np.where(variance > 0, variance, np.nan)[:, None]
    factors = len(mixed)
    return 1.0 - found[:, 2 : 2 + factors] / known, found[:, 2 + factors :] / known
