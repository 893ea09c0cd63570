"""How columns move together: Pearson's correlation, Cronbach's alpha, principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from scoring.composite.sheet import Floats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FLAT = 1e-12  # a variance so small beside the squares is a rounding error
LEAST = 3  # two points always lie on a line


@dataclass(frozen=True)
class Components:
    """Principal components of standardised columns.

    ``shares`` are the parts of the variance, largest first; ``above_one`` counts eigenvalues
    over 1; ``negative`` counts first loadings below 0 (their sum made positive); ``deficient``
    says that there are not more cities than columns, so that the rest is not determined.
    """

    cities: int
    columns: int
    shares: tuple[float, ...]
    above_one: int
    negative: int

    @property
    def deficient(self) -> bool:
        """Whether the rank is bounded by the number of cities."""
        return self.cities <= self.columns


def pearson(x: Floats, y: Floats, *, least: int = LEAST) -> Floats:
    """Correlation of every column of *x* with every column of *y* over their common rows.

    Parameters
    ----------
    x : (n_cities, p) array
    y : (n_cities, q) array
        NaN is no value.
    least : int
        Fewest common rows.

    Returns
    -------
    (p, q) array
        Within −1 and 1; NaN where there are fewer common rows or one side has no spread in them.

    Notes
    -----
    Columns are centred and scaled first; sums run without BLAS, so that the number of threads
    changes no bit.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 4.
    """
    x0, mx = _standard(x)
    y0, my = _standard(y)
    n = _product(mx, my)
    safe = np.maximum(n, 1)
    sx, sy = _product(x0, my), _product(mx, y0)
    sxx, syy = _product(x0**2, my), _product(mx, y0**2)
    vx, vy = sxx - sx**2 / safe, syy - sy**2 / safe
    good = (n >= max(least, 2)) & (vx > FLAT * sxx) & (vy > FLAT * syy)
    covariance = _product(x0, y0) - sx * sy / safe
    root = np.sqrt(np.where(good, vx, 1.0)) * np.sqrt(np.where(good, vy, 1.0))
    return np.where(good, np.clip(covariance / root, -1.0, 1.0), np.nan)


def critical(n: int, *, level: float = 0.05) -> float:
    """The least |r| that *n* pairs tell from 0 in a two-sided test; NaN under three.

    References
    ----------
    .. [1] Student's t with n − 2 degrees of freedom: r = t/√(n − 2 + t²).
    """
    if n < LEAST:
        return float("nan")
    t = float(stdtrit(n - 2, 1 - level / 2))
    return float(t / np.sqrt(n - 2 + t * t))


def cronbach(columns: Floats) -> float:
    """Cronbach's alpha of a family, ``(n_cities, k)``, higher better in every column.

    Columns without spread are left out; NaN with fewer than two left, or where their sum does not
    vary. ``k/(k − 1)·(1 − Σ var / var of the sum)``, with pairwise covariances. Give it normalised
    values: with raw ones of opposite directions the number means nothing, which is what COINr
    prints for raw data.

    References
    ----------
    .. [1] L. J. Cronbach, Psychometrika 16 (1951) 297–334.
    """
    kept = columns[:, [j for j in range(columns.shape[1]) if _varies(columns[:, j])]]
    k = kept.shape[1]
    if k < 2:
        return float("nan")
    covariance = covariances(kept)
    total = float(covariance.sum())
    own = float(np.trace(covariance))
    if not total > FLAT * own:
        return float("nan")
    return float(k / (k - 1) * (1 - own / total))


def covariances(columns: Floats) -> Floats:
    """Covariance of every pair over its common rows (n − 1), ``(k, k)``; NaN under two rows."""
    middle = _means(columns)
    known = (~np.isnan(columns)).astype(float)
    held = np.where(np.isnan(columns), 0.0, columns - middle)
    n = _product(known, known)
    sums = _product(held, known)
    made = _product(held, held) - sums * sums.T / np.maximum(n, 1)
    return np.where(n >= 2, made / np.maximum(n - 1, 1), np.nan)


def components(columns: Floats) -> Components:
    """Principal components of ``(n_cities, k)``; gaps take their column's mean.

    Columns without spread are left out. Advisory: the digits depend on the machine's linear
    algebra, and with fewer cities than columns only n − 1 components exist at all.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 4.
    """
    kept = columns[:, [j for j in range(columns.shape[1]) if _varies(columns[:, j])]]
    n, k = kept.shape
    if k < 2 or n < LEAST:
        return Components(n, k, (), 0, 0)
    filled = np.where(np.isnan(kept), _means(kept), kept)
    spread = filled.std(axis=0, ddof=1)
    scaled = (filled - filled.mean(axis=0)) / spread
    _, singular, loadings = np.linalg.svd(scaled, full_matrices=False)
    values = singular**2 / (n - 1)
    first = loadings[0] * (1 if loadings[0].sum() >= 0 else -1)
    shares = tuple(round(float(value / k), 9) for value in values[: min(n - 1, k)])
    above = int((values > 1 + 1e-9).sum())
    return Components(n, k, shares, above, int((first < -1e-9).sum()))


def pairs(
    codes: Sequence[str], columns: Floats, families: Mapping[str, Iterable[str]]
) -> dict[str, tuple[tuple[str, str, float], ...]]:
    """By family, the correlation of every two of its members that has one, in their order."""
    at = {code: j for j, code in enumerate(codes)}
    found = {}
    for parent, members in families.items():
        own = list(members)
        part = columns[:, [at[code] for code in own]]
        r = pearson(part, part).tolist()
        found[parent] = tuple(
            (one, two, r[i][j])
            for i, one in enumerate(own)
            for j, two in enumerate(own)
            if i < j and r[i][j] == r[i][j]
        )
    return found


def _standard(columns: Floats) -> tuple[Floats, Floats]:
    """Centred and scaled to at most 1, gaps as 0; and 1 where there is a value."""
    known = ~np.isnan(columns)
    held = np.where(known, columns - _means(columns), 0.0)
    largest = np.abs(held).max(axis=0, initial=0.0)
    return held / np.where(largest > 0, largest, 1.0), known.astype(float)


def _means(columns: Floats) -> Floats:
    known = ~np.isnan(columns)
    total = np.where(known, columns, 0.0).sum(axis=0)
    return np.asarray(total / np.maximum(known.sum(axis=0), 1))


def _varies(column: Floats) -> bool:
    held = column[~np.isnan(column)]
    if held.size < 2:
        return False
    span = float(held.max() - held.min())
    return span > FLAT * float(np.abs(held).max())


def _product(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ik->jk", x, y))
