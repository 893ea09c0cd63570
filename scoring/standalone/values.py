"""VALUES: one row a city, one column an indicator, to an array, with everything wrong at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evaluation.platform.i18n import N_
from scoring.standalone.tables import folded

if TYPE_CHECKING:
    from scoring.composite.sheet import Bools, Floats
    from scoring.standalone.frameworks import Framework
    from scoring.standalone.tables import Table

NOT_APPLICABLE = frozenset({"不适用", "n/a", "not applicable"})
NO_VALUE = frozenset({"na", "-", "--", "—", "——", "–", "null", "none", "无", "缺", "缺失", "."})
NAMES = {
    "name": "name",
    "名称": "name",
    "城市名称": "name",
    "ranked": "ranked",
    "参与排名": "ranked",
}
# columns about the city that tables carry along, whatever is in them
ABOUT_CITIES = frozenset({
    "group", "region", "zone", "area", "note", "remark", "year", "time", "population", "gdp",
    "分组", "组别", "地区", "区域", "分区", "面积", "备注", "说明", "年份", "人口", "序号",
})  # fmt: skip
FLAGS = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False}
FLAGS |= {"no": False, "否": False, "": True}


@dataclass
class Values:
    """What was read, rows in the order of the file, columns in the framework's."""

    cities: list[str]
    names: dict[str, str]
    values: Floats
    not_applicable: Bools
    ranked: Bools
    groups: list[str | None] | None = None
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)


def read_values(table: Table, framework: Framework, group: str | None) -> Values:
    """Values in a table; *group* names the column that imputation by group looks at."""
    columns, extra = _columns(table, framework, group)
    rows = table.body()
    if not rows:
        table.blame("no-rows", N_("只有表头，没有内容。"), N_("请每个城市填一行。"))
    table.empty_na([*columns.values()], N_("若是指不适用，请写“不适用”。"))
    cities = _cities(table, rows)
    indicators = framework.tree.indicators
    values = np.full((len(rows), len(indicators)), np.nan)
    absent = np.zeros(values.shape, dtype=bool)
    for i, row in enumerate(rows):
        _check_length(table, row)
        for j, code in enumerate(indicators):
            column = columns.get(code)
            said = table.text(row, column).casefold()
            if said in NOT_APPLICABLE:
                absent[i, j] = True
            elif said in NO_VALUE:
                table.blame(
                    "no-value-text",
                    N_("“{value}”不是数字。"),
                    N_("没有数据请留空；这个城市没有这一项（不适用）请写“不适用”。"),
                    row=row,
                    column=column,
                    value=table.text(row, column),
                )
            elif said:
                number = table.number(row, column, unit=framework.units[code])
                values[i, j] = np.nan if number is None else number
            elif table.sheet is not None:  # an error or a formula without a value reads as empty
                table.number(row, column)
    ranked = np.array([_flag(table, row, extra.get("ranked")) for row in rows], dtype=bool)
    names = {
        city: table.text(row, extra.get("name")) or city
        for city, row in zip(cities, rows, strict=True)
    }
    groups = None
    if group is not None and "group" in extra:
        groups = [table.text(row, extra["group"]) or None for row in rows]
    places = dict(zip(cities, rows, strict=True))
    return Values(cities, names, values, absent, ranked, groups, places, columns)


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


def _columns(
    table: Table, framework: Framework, group: str | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Columns of indicators by code, and of ``name``, ``ranked`` and ``group``."""
    tree = framework.tree
    columns: dict[str, int] = {}
    extra: dict[str, int] = {}
    if table.header[0] in tree.codes:
        table.blame(
            "no-city-column",
            N_("第一列应是城市（city），这里却是指标“{header}”。"),
            N_("请把城市代码放在第一列。"),
            row=table.head,
            column=0,
            header=table.header[0],
        )
    for column, said in enumerate(table.header):
        if column == 0:
            continue
        if said in columns or (said and said in table.header[1:column]):
            table.blame(
                "header-twice",
                N_("有两列都是“{header}”。"),
                N_("请删除或改名其中一列。"),
                row=table.head,
                column=column,
                header=said,
            )
        elif said in tree.indicators:
            columns[said] = column
        elif group is not None and said == group:
            extra["group"] = column
        elif folded(said) in NAMES:
            extra[NAMES[folded(said)]] = column
        else:
            _other_column(table, framework, column, said)
    for code in tree.indicators:
        if code not in columns:
            table.blame(
                "missing-column",
                N_("缺少指标“{node}”（{name}）的列。"),
                N_("请补上这一列；没有数据可以整列留空。"),
                row=table.head,
                node=code,
                name=framework.names[code],
            )
    if group is not None and "group" not in extra:
        table.blame(
            "no-group-column",
            N_("缺少分组列“{group}”，按组补缺时要用。"),
            N_("请补上这一列，或改正方法文件里的 impute.group。"),
            row=table.head,
            group=group,
        )
    return columns, extra


def _other_column(table: Table, framework: Framework, column: int, said: str) -> None:
    filled = [row for row in table.body() if table.text(row, column)]
    if not said and not filled:
        return
    if not said:
        table.blame(
            "no-header",
            N_("这一列有内容，却没有表头。"),
            N_("请补上表头，或删除这一列。"),
            row=table.head,
            column=column,
        )
    elif said in framework.tree.codes:
        table.blame(
            "not-an-indicator",
            N_("“{header}”有下级，得分由下级汇总，不能直接填值。"),
            N_("请删除这一列，填它的下级。"),
            row=table.head,
            column=column,
            header=said,
        )
    elif folded(said) in ABOUT_CITIES or (
        filled and not any(_looks_numeric(table.text(row, column)) for row in filled)
    ):
        table.blame(
            "unused-column",
            N_("没有使用“{header}”列。"),
            row=table.head,
            column=column,
            severity="warning",
            header=said,
        )
    else:
        table.blame(
            "unknown-indicator",
            N_("框架里没有指标“{header}”。"),
            N_("请改正表头里的指标代码，或删除这一列。"),
            row=table.head,
            column=column,
            header=said,
        )


def _looks_numeric(said: str) -> bool:
    return said.lstrip("+-−<>≈约").strip()[:1].isdigit()


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
