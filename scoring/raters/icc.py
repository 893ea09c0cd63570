"""Intraclass correlations: how much of the spread of ratings is the units' own."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import f as fisher

from scoring.composite.problems import Problem
from scoring.composite.sheet import Floats
from scoring.raters.ratings import RatersError, as_table


@dataclass(frozen=True)
class Icc:
    """One form: its value, F test that it is above zero, and confidence interval.

    ``form`` is Shrout and Fleiss' name: ``ICC(1,1)`` each unit has raters of its own,
    ``ICC(2,1)`` the same raters, drawn from many (agreement), ``ICC(3,1)`` exactly these raters
    (consistency: a rater who is always one point stricter does no harm); ``k`` in place of the
    second 1 is the mean of the k raters. A bound (and, of the mean of k, a value) is minus infinity
    where raters disagree so much that there is none.
    """

    form: str
    value: float
    f: float
    df1: int
    df2: int
    p: float
    low: float
    high: float


def icc(values: Floats, *, level: float = 0.95) -> tuple[Icc, ...]:
    """All six forms of Shrout and Fleiss.

    Parameters
    ----------
    values : (n_units, n_raters) array
        Without missing ratings: the analysis of variance needs every rater on every unit.
    level : float
        Of the confidence intervals, between 0 and 1.

    Returns
    -------
    tuple of Icc
        ICC(1,1), ICC(2,1), ICC(3,1), ICC(1,k), ICC(2,k), ICC(3,k).

    Raises
    ------
    RatersError
        With every problem: ``wrong-shape``, ``incomplete``, ``one-rater``, ``one-unit``;
        ``all-the-same`` when raters do not differ but by a constant, ``units-alike`` when the
        means of all units are equal: some forms are then undefined.

    References
    ----------
    .. [1] P. E. Shrout, J. L. Fleiss, Psychological Bulletin 86 (1979) 420-428.
    .. [2] K. O. McGraw, S. P. Wong, Psychological Methods 1 (1996) 30-46: the intervals.
    """
    table = as_table(values, complete=True)
    n, k = table.shape
    if n < 2:
        raise RatersError([Problem("ratings", "one-unit")])
    grand = table.mean()
    # sums of squares from deviations: no difference of large numbers
    units = table.mean(axis=1) - grand
    raters = table.mean(axis=0) - grand
    rest = table - grand - units[:, None] - raters
    between = k * float((units**2).sum()) / (n - 1)
    judges = n * float((raters**2).sum()) / (k - 1)
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    within = (judges * (k - 1) + error * (n - 1) * (k - 1)) / (n * (k - 1))
    scale = max(abs(float(table.max())), abs(float(table.min())), 1e-300) ** 2
    if error <= 1e-24 * scale:
        # equal ratings, or raters apart by a constant: F is infinite and the forms are 0/0 or 1
        raise RatersError([Problem("ratings", "all-the-same", {"raters": k})])
    if between <= 1e-24 * scale:
        raise RatersError([Problem("ratings", "units-alike", {"units": n})])
    tail = (1 - level) / 2

    one = between / within
    df1, df2 = n - 1, n * (k - 1)
    low = one / float(fisher.ppf(1 - tail, df1, df2))
    high = one * float(fisher.ppf(1 - tail, df2, df1))
    single = Icc(
        "ICC(1,1)",
        (between - within) / (between + (k - 1) * within),
        one, df1, df2, float(fisher.sf(one, df1, df2)),
        (low - 1) / (low + k - 1), (high - 1) / (high + k - 1),
    )  # fmt: skip
    mean = Icc("ICC(1,k)", (between - within) / between, one, df1, df2, single.p,
               1 - 1 / low, 1 - 1 / high)  # fmt: skip

    two = between / error
    df2 = (n - 1) * (k - 1)
    p = float(fisher.sf(two, df1, df2))
    low = two / float(fisher.ppf(1 - tail, df1, df2))
    high = two * float(fisher.ppf(1 - tail, df2, df1))
    consistent = Icc(
        "ICC(3,1)",
        (between - error) / (between + (k - 1) * error),
        two, df1, df2, p,
        (low - 1) / (low + k - 1), (high - 1) / (high + k - 1),
    )  # fmt: skip
    consistent_mean = Icc("ICC(3,k)", (between - error) / between, two, df1, df2, p,
                          1 - 1 / low, 1 - 1 / high)  # fmt: skip

    agree = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    low, high = _agreement_interval(agree, between, judges, error, n, k, tail)
    agreement = Icc("ICC(2,1)", agree, two, df1, df2, p, low, high)
    agreement_mean = Icc(
        "ICC(2,k)",
        _mean_of(agree, k),
        two, df1, df2, p,
        _mean_of(low, k), _mean_of(high, k),
    )  # fmt: skip
    return (single, agreement, consistent, mean, agreement_mean, consistent_mean)


def _mean_of(one: float, k: int) -> float:
    """What the reliability of one rater makes of the mean of k (Spearman and Brown)."""
    whole = 1 + (k - 1) * one
    return k * one / whole if whole > 1e-12 else float("-inf")


def _agreement_interval(
    value: float, between: float, judges: float, error: float, n: int, k: int, tail: float
) -> tuple[float, float]:
    """Interval of ICC(2,1): Satterthwaite's degrees of freedom for a sum of mean squares."""
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    parts = (a * judges) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    degrees = (a * judges + b * error) ** 2 / parts
    upper = float(fisher.ppf(1 - tail, n - 1, degrees))
    lower = float(fisher.ppf(1 - tail, degrees, n - 1))
    noise = k * judges + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * noise + n * between)
    high = n * (lower * between - error) / (noise + n * lower * between)
    return low, high
