"""VALUES of several periods: which rows are scored, and what is known of the other periods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evaluation.platform.i18n import N_
from scoring.composite.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.composite.sheet import Floats
    from scoring.standalone.tables import Table


@dataclass
class Periods:
    """``rows`` are scored; ``others`` by period. ``scored`` is None without such a column."""

    rows: list[int]
    scored: float | None = None
    others: dict[float, list[int]] = field(default_factory=dict)


def split_periods(
    table: Table, rows: list[int], column: int | None, wanted: float | None
) -> Periods:
    """Rows by period: the newest is scored, or *wanted*."""
    if column is None:
        if wanted is not None:
            table.blame(
                "no-period-column",
                N_("方法文件要按期次 {period} 评分，表里却没有“期次”（period）列。"),
                N_("请补上这一列，或删去方法文件里的 impute.period。"),
                row=table.head,
                period=f"{wanted:g}",
            )
        return Periods(rows)
    found: dict[float, list[int]] = {}
    for row in rows:
        when = table.number(row, column)
        if when is not None:
            found.setdefault(when, []).append(row)
        elif not table.text(row, column):
            table.blame(
                "no-period",
                N_("这一行没有期次。"),
                N_("请填写年份等数字，如 2024。"),
                row=row,
                column=column,
            )
    if not found:
        return Periods(rows)
    scored = max(found) if wanted is None else wanted
    if scored not in found:
        table.blame(
            "unknown-period",
            N_("没有期次 {period} 的行。"),
            N_("表里的期次：{allowed}。请改正方法文件里的 impute.period。"),
            row=table.head,
            column=column,
            period=f"{scored:g}",
            allowed=", ".join(f"{when:g}" for when in sorted(found)),
        )
        return Periods([])
    others = {when: found[when] for when in sorted(found) if when != scored}
    return Periods(found[scored], scored, others)


def as_panel(
    cities: Sequence[str],
    scored: float,
    tables: Mapping[float, tuple[Sequence[str], Floats, Mapping[str, Floats]]],
    indicators: int,
    denominators: Sequence[str],
) -> Panel:
    """The other periods in the order of the cities scored: cities, values, denominators of each."""
    at = {city: i for i, city in enumerate(cities)}
    values = np.full((len(tables), len(cities), indicators), np.nan)
    under = {name: np.full((len(tables), len(cities)), np.nan) for name in denominators}
    for k, (known, numbers, divisors) in enumerate(tables.values()):
        for row, city in enumerate(known):
            if city in at:
                values[k, at[city]] = numbers[row]
                for name, column in divisors.items():
                    under[name][k, at[city]] = column[row]
    return Panel(scored, tuple(tables), values, under)


def warn_of_lost(table: Table, cities: Sequence[str], periods: Periods) -> None:
    """Say which cities other periods have and the one that is scored has not."""
    told = set(cities)
    for when, rows in periods.others.items():
        for row in rows:
            city = table.text(row, 0)
            if city and city not in told:
                told.add(city)
                table.blame(
                    "not-in-period",
                    N_("城市“{city}”只有期次 {period} 的数据，没有参加期次 {scored} 的评分。"),
                    row=row,
                    column=0,
                    severity="warning",
                    city=city,
                    period=f"{when:g}",
                    scored=f"{periods.scored:g}",
                )
