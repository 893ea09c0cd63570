"""Outliers: winsorise one point at a time, else a logarithm of the raw values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scoring.composite.policies import Treat
    from scoring.composite.sheet import Floats

LEAST_VALUES = 4  # the sample-corrected kurtosis is not defined below


def skewness(values: Floats) -> float:
    """Sample-corrected skewness G1 of a ``(n,)`` array without NaN; NaN if n < 3 or constant.

    References
    ----------
    .. [1] D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183–189, type 2.
    """
    n = values.size
    if n < 3 or values.max() == values.min():
        return float("nan")
    centred = _centred(values)
    m2 = float(np.sum(centred**2))
    raw = np.sqrt(n) * float(np.sum(centred**3)) / m2**1.5
    return float(raw * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Floats) -> float:
    """Sample-corrected excess kurtosis G2 of a ``(n,)`` array; NaN if n < 4 or constant.

    References
    ----------
    .. [1] D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183–189, type 2.
    """
    n = values.size
    if n < LEAST_VALUES or values.max() == values.min():
        return float("nan")
    centred = _centred(values)
    m2 = float(np.sum(centred**2))
    raw = n * float(np.sum(centred**4)) / m2**2
    return float(((n + 1) * (raw - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def _centred(values: Floats) -> Floats:
    """Deviations from the mean as a share of the range: moments do not depend on the unit."""
    return np.asarray((values - values.mean()) / (values.max() - values.min()))


def treat(
    values: Floats, policy: Treat, *, codes: Sequence[str], keep_unit: Sequence[bool]
) -> tuple[Floats, tuple[Mapping[str, Any], ...]]:
    """Treat the outliers of each indicator.

    Parameters
    ----------
    values : (n_cities, n_indicators) array
        Imputed values; NaN stays NaN and is not counted.
    policy : Treat
        An indicator passes when |skew| < ``skew`` or kurtosis < ``kurtosis``.
    codes : sequence of str
        Indicator codes, for the record.
    keep_unit : sequence of bool
        True where a fixed goalpost, a target or a transformation needs the indicator's own unit:
        such an indicator is winsorised but never replaced by a logarithm.

    Returns
    -------
    treated : (n_cities, n_indicators) array
        ``values`` itself when the policy is "none".
    records : tuple of mappings, one an indicator
        ``outcome`` (untreated, passes, winsorised, log, mirrored-log, still-fails, too-few,
        constant), skew and kurtosis before and after, and ``rows`` with the treated cells.

    Notes
    -----
    The highest value (or the lowest, when the skew is negative) takes the value of its
    neighbour; tied values move together, and each counts. The logarithm is
    ``log(x − min + (max − min)/100)`` of the values before winsorising.

    References
    ----------
    .. [1] COINr 1.1, vignette "Outlier treatment".
    .. [2] JRC, COIN Tool user guide, 2019.
    """
    if policy.method == "none":
        return values, tuple({"code": code, "outcome": "untreated"} for code in codes)
    treated = values.copy()
    records = []
    for j, code in enumerate(codes):
        rows = np.flatnonzero(~np.isnan(values[:, j]))
        column, record = _treat_one(values[rows, j], policy, keep_unit[j])
        treated[rows, j] = column
        touched = record.pop("touched")
        records.append({"code": code, **record, "rows": tuple(int(i) for i in rows[touched])})
    return treated, tuple(records)


def _passes(values: Floats, policy: Treat) -> bool:
    return not (abs(skewness(values)) >= policy.skew and kurtosis(values) >= policy.kurtosis)


def _treat_one(values: Floats, policy: Treat, keep_unit: bool) -> tuple[Floats, dict[str, Any]]:
    nothing = np.zeros(values.size, dtype=bool)
    if values.size < LEAST_VALUES:
        return values, {"outcome": "too-few", "touched": nothing}
    if values.max() == values.min():
        return values, {"outcome": "constant", "touched": nothing}
    record: dict[str, Any] = {"skew": skewness(values), "kurtosis": kurtosis(values), "points": 0}
    if _passes(values, policy):
        return values, {**record, "outcome": "passes", "touched": nothing}
    column, touched = _winsorise(values, policy)
    record["points"] = int(touched.sum())
    outcome = "winsorised"
    if not _passes(column, policy):
        if policy.then == "none" or keep_unit:
            outcome = "still-fails"
        else:
            column, touched = logged(values, policy.then), ~nothing
            outcome = policy.then
            record["points"] = 0
    after = {"skew_after": skewness(column), "kurtosis_after": kurtosis(column)}
    return column, {**record, **after, "outcome": outcome, "touched": touched}


def _winsorise(values: Floats, policy: Treat) -> tuple[Floats, NDArray[np.bool_]]:
    column = values.copy()
    touched = np.zeros(values.size, dtype=bool)
    while not _passes(column, policy) and touched.sum() < policy.max_points:
        high = skewness(column) >= 0
        edge = column == (column.max() if high else column.min())
        column[edge] = column[~edge].max() if high else column[~edge].min()
        touched |= edge
    return column, touched


def logged(values: Floats, kind: str) -> Floats:
    """Logarithm of a ``(n,)`` array shifted above zero; "mirrored-log" measures from the top.

    ``log(x − min + a)`` with ``a = (max − min)/100``; for a negative skew "mirrored-log" is
    ``−log(max − x + a)``, which keeps the order and lowers the skew.
    """
    low, high = float(values.min()), float(values.max())
    shift = 0.01 * (high - low)
    if kind == "mirrored-log" and skewness(values) < 0:
        return np.asarray(-np.log(high - values + shift))
    return np.asarray(np.log(values - low + shift))
