"""Outliers: winsorise one point at a time, else bend the raw values along a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.curves import bent
from scoring.composite.curves import logged as logged
from scoring.composite.moments import LEAST_VALUES
from scoring.composite.moments import kurtosis as kurtosis
from scoring.composite.moments import skewness as skewness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scoring.composite.policies import Treat
    from scoring.composite.sheet import Floats


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
        such an indicator is winsorised but never put on a curve.

    Returns
    -------
    treated : (n_cities, n_indicators) array
        ``values`` itself when the policy is "none".
    records : tuple of mappings, one an indicator
        ``outcome`` (untreated, passes, winsorised, log, mirrored-log, box-cox,
        mirrored-box-cox, still-fails, too-few, constant), skew and kurtosis before and after,
        ``points`` (how many were winsorised), ``rows`` with the treated cells, for a curve its
        ``parameters``, and ``cells``: of each treated cell its ``row``, ``before``, ``after``,
        ``rule`` (winsorised-high, winsorised-low or the curve) and, where winsorised, ``point``:
        1 for those taken in first, tied values together.

    Notes
    -----
    The highest value (or the lowest, when the skew is negative) takes the value of its
    neighbour; tied values move together, and each counts. A move that would leave no
    difference between cities is not made. A curve takes the values before winsorising:
    "log" is ``log(x − min + (max − min)/100)``, "box-cox" is ``(y^λ − 1)/λ`` of
    ``y = (x − min)/(max − min) + 0.01`` with λ given or the likeliest to two decimals.

    References
    ----------
    .. [1] COINr 1.1, vignette "Outlier treatment".
    .. [2] JRC, COIN Tool user guide, 2019.
    .. [3] G. E. P. Box and D. R. Cox, J. R. Statist. Soc. B 26 (1964) 211–252.
    """
    if policy.method == "none":
        return values, tuple({"code": code, "outcome": "untreated"} for code in codes)
    treated = values.copy()
    records = []
    for j, code in enumerate(codes):
        rows = np.flatnonzero(~np.isnan(values[:, j]))
        raw = values[rows, j]
        column, record, rules, points = _treat_one(raw, policy, keep_unit[j])
        treated[rows, j] = column
        cells = tuple(
            {"row": int(rows[i]), "before": float(raw[i]), "after": float(column[i])}
            | ({"rule": rules[i], "point": int(points[i])} if points[i] else {"rule": rules[i]})
            for i in range(rows.size)
            if rules[i]
        )
        touched = tuple(cell["row"] for cell in cells)
        records.append({"code": code, **record, "rows": touched, "cells": cells})
    return treated, tuple(records)


def _passes(values: Floats, policy: Treat) -> bool:
    return not (abs(skewness(values)) >= policy.skew and kurtosis(values) >= policy.kurtosis)


def _treat_one(
    values: Floats, policy: Treat, keep_unit: bool
) -> tuple[Floats, dict[str, Any], list[str], NDArray[np.intp]]:
    """The column, its record, and of each value the rule ("" for none) and the point."""
    untouched = [""] * values.size
    unmoved = np.zeros(values.size, dtype=np.intp)
    if values.size < LEAST_VALUES:
        return values, {"outcome": "too-few"}, untouched, unmoved
    if values.max() == values.min():
        return values, {"outcome": "constant"}, untouched, unmoved
    record: dict[str, Any] = {"skew": skewness(values), "kurtosis": kurtosis(values), "points": 0}
    if _passes(values, policy):
        return values, {**record, "outcome": "passes"}, untouched, unmoved
    curve = policy.then if policy.method == "winsorise" else policy.method
    column, rules, points = values, untouched, unmoved
    if policy.method == "winsorise":
        column, rules, points = _winsorise(values, policy)
    record["points"] = int(np.sum(points > 0))
    outcome = "winsorised"
    if not _passes(column, policy):
        if curve == "none" or keep_unit:
            outcome = "still-fails"
        else:
            column, record["parameters"] = bent(values, curve, policy.power)
            outcome = curve
            rules, points = [curve] * values.size, unmoved
            record["points"] = 0
    after = {"skew_after": skewness(column), "kurtosis_after": kurtosis(column)}
    return column, {**record, **after, "outcome": outcome}, rules, points


def _winsorise(values: Floats, policy: Treat) -> tuple[Floats, list[str], NDArray[np.intp]]:
    column = values.copy()
    rules = [""] * values.size
    points = np.zeros(values.size, dtype=np.intp)
    while not _passes(column, policy) and np.sum(points > 0) < policy.max_points:
        high = skewness(column) >= 0
        edge = column == (column.max() if high else column.min())
        rest = column[~edge]
        if rest.max() == rest.min():
            break  # the only difference between the cities would be gone
        column[edge] = rest.max() if high else rest.min()
        for i in np.flatnonzero(edge):
            rules[i] = "winsorised-high" if high else "winsorised-low"
        points[edge & (points == 0)] = points.max() + 1
    return column, rules, points
