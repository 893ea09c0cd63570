"""Values of other periods: the newest earlier one, or a line through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoring.composite.sheet import Floats


@dataclass(frozen=True)
class Panel:
    """What is known of other periods, in the same unit as the values that are scored.

    ``period`` is that of the values scored, ``periods`` the ``n_periods`` others, any order;
    ``values`` is ``(n_periods, n_cities, n_indicators)``, NaN where nothing is known, and
    ``denominators`` hold ``(n_periods, n_cities)`` for each column that indicators are divided
    by. Cities and indicators stand in the order of the values scored.
    """

    period: float
    periods: tuple[float, ...]
    values: Floats
    denominators: Mapping[str, Floats] = field(default_factory=dict)


def known_points(
    panel: Panel, row: int, column: int, max_age: float | None
) -> list[tuple[float, float]]:
    """``(period, value)`` of one cell within *max_age* of the period scored, earliest first."""
    series = panel.values[:, row, column]
    return sorted(
        (period, float(value))
        for period, value in zip(panel.periods, series.tolist(), strict=True)
        if not np.isnan(value) and (max_age is None or abs(panel.period - period) <= max_age)
    )


def newest(points: list[tuple[float, float]], period: float) -> tuple[float, dict[str, Any]] | None:
    """The value of the last period before *period*, and which that was; None without one."""
    earlier = [point for point in points if point[0] < period]
    if not earlier:
        return None
    when, value = earlier[-1]
    return value, {"periods": [when], "values": [value]}


def on_a_line(
    points: list[tuple[float, float]], period: float, extrapolate: str
) -> tuple[float, dict[str, Any]] | None:
    """Between the nearest period before and the nearest after, on the straight line.

    With values on one side only the nearest is held ("hold", as COINr does) or, from two
    values on, the line through the nearest two is followed ("trend"). None without any.
    """
    before = [point for point in points if point[0] < period]
    after = [point for point in points if point[0] > period]
    if before and after:
        used = [before[-1], after[0]]
    elif extrapolate == "trend" and len(points) > 1:
        used = before[-2:] if before else after[:2]
    else:
        used = before[-1:] or after[:1]
    if not used:
        return None
    said = {"periods": [when for when, _ in used], "values": [value for _, value in used]}
    if len(used) == 1:
        return used[0][1], said
    (t0, v0), (t1, v1) = used
    return v0 + (v1 - v0) * ((period - t0) / (t1 - t0)), said
