"""Which column of VALUES holds what, from its header."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evaluation.platform.i18n import N_
from scoring.standalone.tables import folded

if TYPE_CHECKING:
    from scoring.standalone.frameworks import Framework
    from scoring.standalone.tables import Table

NAMES = {
    "name": "name",
    "名称": "name",
    "城市名称": "name",
    "ranked": "ranked",
    "参与排名": "ranked",
    "period": "period",
    "期次": "period",
    "期": "period",
}
ERRORS = (".se", ".误差", ".标准误")  # after an indicator's code: the errors of its values
# columns about the city that tables carry along, whatever is in them
ABOUT_CITIES = frozenset({
    "group", "region", "zone", "area", "note", "remark", "year", "time", "population", "gdp",
    "分组", "组别", "地区", "区域", "分区", "面积", "备注", "说明", "年份", "人口", "序号",
})  # fmt: skip


@dataclass
class Columns:
    """Columns of indicators and of their errors by code, of denominators by header, and of
    ``name``, ``ranked``, ``period`` and ``group``.
    """

    indicators: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    denominators: dict[str, int] = field(default_factory=dict)
    extra: dict[str, int] = field(default_factory=dict)


def read_columns(
    table: Table, framework: Framework, group: str | None, *, over_time: bool
) -> Columns:
    """Where everything stands; what is missing, twice or unknown becomes a fault of *table*.

    A column called period is one only where the method looks at periods (*over_time*) or all
    its cells are numbers; any other is a column of text that is not used.
    """
    tree = framework.tree
    found = Columns()
    columns, extra = found.indicators, found.extra
    divisors = {name for name in tree.denominators if name}
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
        elif (code := _measured(said)) in tree.indicators:
            found.errors[code] = column
        elif said in divisors:
            found.denominators[said] = column
            if said == group:
                extra["group"] = column
        elif group is not None and said == group:
            extra["group"] = column
        elif NAMES.get(folded(said)) == "period" and not (over_time or _numeric(table, column)):
            _other_column(table, framework, column, said)
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
    for code, name in zip(tree.codes, tree.denominators, strict=False):
        if name and name not in found.denominators and name not in columns:
            table.blame(
                "no-denominator-column",
                N_("缺少“{header}”列，指标“{node}”要除以它。"),
                N_("请补上这一列，或改正框架里的分母（denominator）。"),
                row=table.head,
                header=name,
                node=code,
            )
    return found


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


def _measured(said: str) -> str:
    """The indicator that a column of errors is about; empty for another column."""
    ends = (end for end in ERRORS if folded(said).endswith(end))
    return next((said.strip()[: -len(end)] for end in ends), "")


def _numeric(table: Table, column: int) -> bool:
    """Whether the column has cells and all of them look like numbers."""
    said = [table.text(row, column) for row in table.body()]
    filled = [text for text in said if text]
    return bool(filled) and all(text.replace(".", "", 1).isdecimal() for text in filled)


def _looks_numeric(said: str) -> bool:
    return said.lstrip("+-−<>≈约").strip()[:1].isdigit()
