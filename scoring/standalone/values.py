"""VALUES: one row a city, one column an indicator, to an array, with everything wrong at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evaluation.platform.i18n import N_
from scoring.standalone.periods import as_panel, split_periods, warn_of_lost
from scoring.standalone.value_columns import Columns, read_columns

if TYPE_CHECKING:
    from scoring.composite.panel import Panel
    from scoring.composite.sheet import Bools, Floats
    from scoring.standalone.frameworks import Framework
    from scoring.standalone.tables import Table

NOT_APPLICABLE = frozenset({"不适用", "n/a", "not applicable"})
NO_VALUE = frozenset({"na", "-", "--", "—", "——", "–", "null", "none", "无", "缺", "缺失", "."})
FLAGS = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False}
FLAGS |= {"no": False, "否": False, "": True}


@dataclass
class Values:
    """What was read, rows in the order of the file, columns in the framework's.

    ``denominators`` are columns that indicators are divided by; ``panel`` holds the other periods;
    ``errors`` are those of the values, NaN where none is stated, None without such a column.
    ``rows`` and ``columns`` say where cities, indicators and denominators stand in the file.
    """

    cities: list[str]
    names: dict[str, str]
    values: Floats
    not_applicable: Bools
    ranked: Bools
    groups: list[str | None] | None = None
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    denominators: dict[str, Floats] = field(default_factory=dict)
    panel: Panel | None = None
    errors: Floats | None = None


def read_values(
    table: Table,
    framework: Framework,
    group: str | None,
    *,
    period: float | None = None,
    over_time: bool = False,
) -> Values:
    """Values in a table.

    *group* names the column that imputation by group looks at. With a column of periods the
    newest, or *period*, is scored and the others are the panel; *over_time* says that the
    method looks at them.
    """
    found = read_columns(table, framework, group, over_time=over_time)
    columns, extra = found.indicators, found.extra
    body = table.body()
    if not body:
        table.blame("no-rows", N_("只有表头，没有内容。"), N_("请每个城市填一行。"))
    places = [*columns.values(), *found.denominators.values(), *found.errors.values()]
    table.empty_na(places, N_("若是指不适用，请写“不适用”。"))
    for row in body:
        _check_length(table, row)
    periods = split_periods(table, body, extra.get("period"), period)
    rows = periods.rows
    cities = _cities(table, rows)
    values, absent = _numbers(table, framework, columns, rows)
    ranked = np.array([_flag(table, row, extra.get("ranked")) for row in rows], dtype=bool)
    names = {
        city: table.text(row, extra.get("name")) or city
        for city, row in zip(cities, rows, strict=True)
    }
    groups = None
    if group is not None and "group" in extra:
        groups = [table.text(row, extra["group"]) or None for row in rows]
    divisors = _denominators(table, framework, found, rows, values)
    panel = None
    if periods.scored is not None:
        tables = {}
        for when, others in periods.others.items():
            _cities(table, others)
            numbers, gone = _numbers(table, framework, columns, others)
            under = _denominators(table, framework, found, others, numbers)
            known = [table.text(row, 0) for row in others]
            tables[when] = known, np.where(gone, np.nan, numbers), under
        panel = as_panel(cities, periods.scored, tables, values.shape[1], list(divisors))
        warn_of_lost(table, cities, periods)
    return Values(
        cities,
        names,
        values,
        absent,
        ranked,
        groups,
        dict(zip(cities, rows, strict=True)),
        found.denominators | columns | {f"{code}.se": at for code, at in found.errors.items()},
        divisors,
        panel,
        _errors(table, framework, found, rows),
    )


def _errors(table: Table, framework: Framework, found: Columns, rows: list[int]) -> Floats | None:
    """Errors of the values, ``(n_rows, n_indicators)``; None where no indicator has any."""
    if not found.errors:
        return None
    errors = np.full((len(rows), len(framework.tree.indicators)), np.nan)
    for j, code in enumerate(framework.tree.indicators):
        column = found.errors.get(code)
        for i, row in enumerate(rows if column is not None else ()):
            if table.text(row, column).casefold() not in NOT_APPLICABLE:
                errors[i, j] = _number(table, row, column, unit=framework.units[code])
    return errors


def _numbers(
    table: Table, framework: Framework, columns: dict[str, int], rows: list[int]
) -> tuple[Floats, Bools]:
    """Values of some rows, and what does not apply, both ``(n_rows, n_indicators)``."""
    indicators = framework.tree.indicators
    values = np.full((len(rows), len(indicators)), np.nan)
    absent = np.zeros(values.shape, dtype=bool)
    for i, row in enumerate(rows):
        for j, code in enumerate(indicators):
            column = columns.get(code)
            said = table.text(row, column).casefold()
            if said in NOT_APPLICABLE:
                absent[i, j] = True
            else:
                values[i, j] = _number(table, row, column, unit=framework.units[code])
    return values, absent


def _number(table: Table, row: int, column: int | None, *, unit: str = "") -> float:
    """The number in a cell; NaN where it is empty, or not a number, which becomes a fault."""
    said = table.text(row, column)
    if said.casefold() in NO_VALUE:
        table.blame(
            "no-value-text",
            N_("“{value}”不是数字。"),
            N_("没有数据请留空；这个城市没有这一项（不适用）请写“不适用”。"),
            row=row,
            column=column,
            value=said,
        )
    elif said or table.sheet is not None:  # an error or a formula without a value reads as empty
        number = table.number(row, column, unit=unit)
        return np.nan if number is None or not said else number
    return np.nan


def _denominators(
    table: Table, framework: Framework, found: Columns, rows: list[int], values: Floats
) -> dict[str, Floats]:
    """The columns that indicators are divided by; one of them may be an indicator itself."""
    tree = framework.tree
    divisors: dict[str, Floats] = {}
    for name in dict.fromkeys(tree.denominators):
        if name in found.denominators:
            column = found.denominators[name]
            divisors[name] = np.array([_number(table, row, column) for row in rows], dtype=float)
        elif name in found.indicators:
            divisors[name] = values[:, tree.indicators.index(name)]
    return divisors


def _cities(table: Table, rows: list[int]) -> list[str]:
    first: dict[str, int] = {}
    cities = []
    for row in rows:
        city = table.text(row, 0)
        if not city:
            table.blame(
                "no-city",
                N_("这一行没有城市代码。"),
                N_("请在第一列填写，或删除这一行。"),
                row=row,
                column=0,
            )
        elif city in first:
            table.blame(
                "city-twice",
                N_("城市“{city}”与第 {other} 行重复。"),
                N_("每个城市只能有一行。"),
                row=row,
                column=0,
                city=city,
                other=first[city] + 1,
            )
        first.setdefault(city, row)
        cities.append(city)
    return cities


def _check_length(table: Table, row: int) -> None:
    width = len(table.header)
    named = max((i for i, said in enumerate(table.header, start=1) if said), default=0)
    if any(table.text(row, column) for column in range(width, len(table.rows[row]))):
        table.blame(
            "row-too-long",
            N_("这一行比表头多出内容。"),
            N_("请检查是否多了逗号，含逗号的文字要加引号。"),
            row=row,
        )
    elif table.sheet is None and len(table.rows[row]) < named:
        table.blame(
            "row-too-short",
            N_("这一行只有 {count} 格，表头有 {width} 格。"),
            N_("请补足逗号；没有数据的格留空。"),
            row=row,
            count=len(table.rows[row]),
            width=named,
        )


def _flag(table: Table, row: int, column: int | None) -> bool:
    said = table.text(row, column).casefold()
    if said not in FLAGS:
        table.blame(
            "not-a-flag",
            N_("这里只能填“是”或“否”，不是“{value}”。"),
            N_("参与排名填“是”或留空，只评价不排名填“否”。"),
            row=row,
            column=column,
            value=table.text(row, column),
        )
    return FLAGS.get(said, True)
