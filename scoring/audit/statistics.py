"""What the values of each indicator look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.composite.moments import kurtosis, skewness
from scoring.composite.sheet import Floats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.composite.limits import Limits
    from scoring.composite.sheet import Bools

Counts = NDArray[np.intp]
FENCE = 1.5  # interquartile ranges outside the quartiles


@dataclass(frozen=True)
class Statistics:
    """One entry an indicator, ``(n_indicators,)`` each, in the indicators' own units.

    NaN where there are too few values: ``sd`` needs 2, ``skew`` 3 and ``kurtosis`` 4, and the
    last two are not defined without spread. ``same`` is how often the commonest value stands
    there; ``zeros`` counts zeros; ``outliers`` counts values outside Tukey's fences.
    ``applicable`` counts the cities that could have a value.
    """

    codes: tuple[str, ...]
    n: Counts
    applicable: Counts
    mean: Floats
    median: Floats
    sd: Floats
    low: Floats
    high: Floats
    skew: Floats
    kurtosis: Floats
    zeros: Counts
    unique: Counts
    same: Counts
    outliers: Counts

    @property
    def coverage(self) -> Floats:
        """Share of the applicable cities with a value; NaN where none is applicable."""
        return _share(self.n, self.applicable)

    @property
    def zero_share(self) -> Floats:
        """Share of zeros among the values."""
        return _share(self.zeros, self.n)

    @property
    def constant(self) -> Bools:
        """Whether all values are the same (an indicator without values is not constant)."""
        return np.asarray((self.n > 0) & (self.low == self.high))

    def skewed(self, limits: Limits) -> Bools:
        """Whether skew and kurtosis together, or kurtosis alone, say that there are outliers."""
        with np.errstate(invalid="ignore"):
            both = (np.abs(self.skew) > limits.skew) & (self.kurtosis > limits.kurtosis)
            return np.asarray(both | (self.kurtosis > limits.kurtosis_alone))

    def flags(self, limits: Limits) -> dict[str, tuple[str, ...]]:
        """By code, what stands out: low-coverage, many-zeros, constant, outliers."""
        with np.errstate(invalid="ignore"):
            found = {
                "low-coverage": self.coverage < limits.coverage,
                "many-zeros": self.zero_share > limits.zeros,
                "constant": self.constant,
                "outliers": self.skewed(limits),
            }
        return {
            code: tuple(name for name, marked in found.items() if marked[j])
            for j, code in enumerate(self.codes)
        }

    def as_mapping(self) -> dict[str, Mapping[str, Any]]:
        """By code, every number with a name; plain numbers for JSON."""
        names = ("n", "applicable", "coverage", "mean", "median", "sd", "low", "high", "skew",
                 "kurtosis", "zeros", "unique", "same", "outliers")  # fmt: skip
        columns = {name: getattr(self, name).tolist() for name in names}
        return {
            code: {name: column[j] for name, column in columns.items()}
            for j, code in enumerate(self.codes)
        }


def statistics(
    codes: Sequence[str], values: Floats, *, not_applicable: Bools | None = None
) -> Statistics:
    """Describe each column of *values*.

    Parameters
    ----------
    codes : sequence of str, ``n_indicators``
    values : (n_cities, n_indicators) array
        In each indicator's own unit; NaN is no value.
    not_applicable : (n_cities, n_indicators) bool array, optional
        Cells that count neither as a value nor as a gap.

    Returns
    -------
    Statistics

    Notes
    -----
    The standard deviation divides by n − 1; skewness and excess kurtosis are the sample-corrected
    G1 and G2 [1]_; the quartiles interpolate linearly; a value is outside the fences when it is
    more than 1.5 interquartile ranges beyond a quartile [2]_.

    References
    ----------
    .. [1] D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183–189, type 2.
    .. [2] J. W. Tukey, Exploratory Data Analysis, 1977.
    """
    absent = np.zeros(values.shape, bool) if not_applicable is None else not_applicable
    held = np.where(absent, np.nan, values)
    kept = [np.sort(column[~np.isnan(column)]) for column in held.T]
    # sorted, so that no sum depends on the order of the cities
    repeats = [np.unique(column, return_counts=True)[1] for column in kept]
    return Statistics(
        codes=tuple(codes),
        n=_counts(column.size for column in kept),
        applicable=np.asarray((~absent).sum(axis=0)),
        mean=_numbers(_of(column, 1, np.mean) for column in kept),
        median=_numbers(_of(column, 1, np.median) for column in kept),
        sd=_numbers(_of(column, 2, _deviation) for column in kept),
        low=_numbers(_of(column, 1, np.min) for column in kept),
        high=_numbers(_of(column, 1, np.max) for column in kept),
        skew=_numbers(skewness(column) if column.size else np.nan for column in kept),
        kurtosis=_numbers(kurtosis(column) if column.size else np.nan for column in kept),
        zeros=_counts((column == 0).sum() for column in kept),
        unique=_counts(counts.size for counts in repeats),
        same=_counts(counts.max(initial=0) for counts in repeats),
        outliers=_counts(_outside(column) for column in kept),
    )


def _outside(column: Floats) -> int:
    if column.size < 4:
        return 0
    first, third = np.percentile(column, [25, 75])
    reach = FENCE * (third - first)
    return int(((column < first - reach) | (column > third + reach)).sum())


def _deviation(column: Floats) -> float:
    return 0.0 if column[0] == column[-1] else float(column.std(ddof=1))


def _of(column: Floats, least: int, measure: Any) -> float:
    return float(measure(column)) if column.size >= least else float("nan")


def _share(part: Counts, whole: Counts) -> Floats:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _counts(numbers: Any) -> Counts:
    return np.array([int(number) for number in numbers], dtype=np.intp)


def _numbers(numbers: Any) -> Floats:
    return np.array([float(number) for number in numbers])
