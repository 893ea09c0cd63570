"""The rows and columns of a values sheet: honest columns at the reader's own speed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import CellProblem, CellValue, Sheet, address
from evaluation.platform.workbooks import cells as cell_rules
from surveys.observations import rules
from surveys.observations.value_sheet import (
    CITY_HEADERS,
    LABEL_WORDS,
    NAME_HEADERS,
    NOT_APPLICABLE_WORDS,
    Given,
    Values,
)

_PLAIN = {int, float}
_PLAIN_OR_EMPTY = {int, float, type(None)}
NO_HEADER = N_("没有找到表头：前 20 行里没有以“城市代码”开头的一行。")
USE_TEMPLATE = N_("请使用下载的模板；第一列的表头是“城市代码”，其余各列是指标代码。")


def header(sheet: Sheet) -> int | None:
    """The row with the column names, within the first 20."""
    for at, row in enumerate(sheet.rows[:20]):
        if row and isinstance(row[0], str) and row[0].strip().lower() in CITY_HEADERS:
            return at
    return None


class Reading:
    """One pass over a sheet that collects faults as it goes."""

    def __init__(self, sheet: Sheet, name: str, framework: Framework, method: str) -> None:
        self.sheet = sheet
        self.file = name
        self.framework = framework
        self.method = method
        self.faults: list[Fault] = []
        self.found = Values()

    def values(self) -> Values:
        """Read everything. Raises `Faulty`."""
        head = header(self.sheet)
        if head is None:
            self._fault(0, 0, "no-city-column", NO_HEADER, USE_TEMPLATE)
            raise Faulty(self.faults)
        columns, name_column = self._columns(head)
        self._merged(head)
        numbers = self._rows(head, name_column)
        rows = [self.sheet.rows[number] for number in numbers]
        across = list(zip(*rows, strict=True)) if rows else []
        for column, node in columns:
            cells = across[column] if rows else ()
            self.found.columns[node.code] = self._column(node, column, cells, numbers)
        if not self.faults and not self.found.count:
            self._fault(head, 0, "no-values", N_("表里没有任何数值。"), N_("请填写后再上传。"))
        if self.faults:
            raise Faulty(sorted(self.faults, key=lambda fault: fault.row or 0))
        return self.found

    def _columns(self, head: int) -> tuple[list[tuple[int, Node]], int | None]:
        columns: list[tuple[int, Node]] = []
        seen: dict[str, int] = {}
        name_column: int | None = None
        for at, value in enumerate(self.sheet.rows[head]):
            said = value.strip() if type(value) is str else cell_rules.text(value)
            if not at or not said:
                if at and any(not cell_rules.is_empty(v) for v in self._below(head, at)):
                    self._fault(
                        head, at, "no-header", N_("这一列有内容，但没有表头。"),
                        N_("请填写指标代码，或删除这一列。"),
                    )  # fmt: skip
                continue
            if said in NAME_HEADERS and said not in self.framework.by_code:
                name_column = at
                continue
            node = self.framework.by_code.get(said)
            if node is None or self.framework.children[said]:
                self._fault(
                    head, at, "unknown-indicator", N_("没有代码为“{value}”的指标。"),
                    N_("表头填指标代码（不是名称或一级指标）；请对照模板，或删除这一列。"),
                    value=said[:60],
                )  # fmt: skip
            elif said in seen:
                self._fault(
                    head, at, "repeated-column", N_("指标“{value}”的列重复，前面是 {first}。"),
                    N_("请只保留一列。"), value=said, first=address(head, seen[said]),
                )  # fmt: skip
            elif not rules.may_supply(node, self.method):
                self._fault(
                    head, at, "method-not-allowed",
                    N_("体系规定“{indicator}”不由所选的采集方式提供。"),
                    N_("请删除这一列，或改选采集方式。"), indicator=node.name,
                )  # fmt: skip
            else:
                columns.append((at, node))
            seen.setdefault(said, at)
        if not columns and not self.faults:
            self._fault(head, 0, "no-indicators", N_("表头里没有任何指标代码。"), USE_TEMPLATE)
        return columns, name_column

    def _below(self, head: int, column: int) -> Iterator[CellValue]:
        return (row[column] for row in self.sheet.rows[head + 1 :])

    def _merged(self, head: int) -> None:
        for first_row, first, last_row, _last in self.sheet.merged:
            if last_row > head:
                self._fault(
                    max(first_row, head), first, "merged-cells", N_("这里有合并的单元格。"),
                    N_("请取消合并，每格填写各自的值。"),
                )  # fmt: skip

    def _rows(self, head: int, name_column: int | None) -> list[int]:
        units = self.framework.unit_by_code
        numbers: list[int] = []
        seen: dict[str, int] = {}
        for at in range(head + 1, len(self.sheet.rows)):
            row = self.sheet.rows[at]
            first = row[0]
            code = first.strip() if type(first) is str else cell_rules.text(first)
            if code in LABEL_WORDS and code not in units:
                continue
            if not code:
                if any(not cell_rules.is_empty(value) for value in row):
                    self._fault(
                        at, 0, "no-city", N_("这一行有内容，但没有城市代码。"),
                        N_("请填写城市代码，或删除这一行。"),
                    )  # fmt: skip
                continue
            if code not in units:
                self._fault(
                    at, 0, "unknown-city", N_("没有代码为“{value}”的参评单位。"),
                    N_("请对照模板里的代码；不参评的单位请删除整行。"), value=code[:60],
                )  # fmt: skip
                continue
            if code in seen:
                self._fault(
                    at, 0, "repeated-city", N_("“{value}”的行重复，前面是第 {first} 行。"),
                    N_("请只保留一行。"), value=code, first=seen[code] + 1,
                )  # fmt: skip
                continue
            seen[code] = at
            numbers.append(at)
            self.found.cities.append(code)
            if name_column is not None:
                self._name(at, name_column, code, cell_rules.text(row[name_column]))
        return numbers

    def _name(self, row: int, column: int, code: str, said: str) -> None:
        unit = self.framework.unit_by_code[code]
        if said and said not in (unit.name, unit.name_en, unit.short_name):
            self._warn(
                row, column, "other-name", N_("代码 {unit} 是“{name}”，这里写的是“{said}”。"),
                N_("系统以代码为准；请核对是否错行。"), unit=code, name=unit.name, said=said[:60],
            )  # fmt: skip

    def _column(
        self, node: Node, column: int, cells: Sequence[Any], numbers: Sequence[int]
    ) -> list[Given]:
        kinds = set(map(type, cells))
        full = kinds <= _PLAIN
        if (full or kinds <= _PLAIN_OR_EMPTY) and not (
            (not full or cell_rules.is_percent(node.unit)) and column in self._doubted
        ):
            given = cells if full else [value for value in cells if value is not None]
            if not given:
                return list(cells)
            low, high = min(given), max(given)
            if _within(node, low, high) and math.isfinite(sum(given)):  # NaN spoils the sum
                if 0 < high <= 1 and len(given) > 2 and cell_rules.is_percent(node.unit):
                    self._suspect(node, column, numbers[0])
                if low > 0 or high < 0:
                    return list(cells)
                return [None if value is None else value + 0.0 for value in cells]  # no −0
        return [self._cell(node, row, column, v) for row, v in zip(numbers, cells, strict=True)]

    @cached_property
    def _doubted(self) -> frozenset[int]:
        """Columns with an error value, a formula never calculated or a percent format."""
        truth = self.sheet.truth
        return frozenset(column for _row, column in (*truth.troubles, *truth.percent))

    def _cell(self, node: Node, row: int, column: int, value: CellValue) -> Given:
        if isinstance(value, str) and value.strip() in NOT_APPLICABLE_WORDS:
            return self._accept(node, row, column, None, not_applicable=True)
        truth = self.sheet.truth
        number = cell_rules.number(
            value,
            unit=node.unit,
            percent_format=(row, column) in truth.percent,
            trouble=truth.troubles.get((row, column), ""),
        )
        if isinstance(number, CellProblem):
            self.faults.append(number.at(**self._place(row, column)))
            return None
        return None if number is None else self._accept(node, row, column, number)

    def _accept(
        self,
        node: Node,
        row: int,
        column: int,
        number: float | None,
        *,
        not_applicable: bool = False,
    ) -> Given:
        wrong = list(rules.check_value(node, number, not_applicable=not_applicable))
        self.faults += (replace(fault, **self._place(row, column)) for fault in wrong)
        if wrong:
            return None
        return True if not_applicable else number

    def _suspect(self, node: Node, column: int, row: int) -> None:
        self._warn(
            row, column, "fractions", N_("“{indicator}”的单位是“{unit}”，而整列都不超过 1。"),
            N_("如果 98% 写成了 0.98，请改为 98。"), indicator=node.name, unit=node.unit,
        )  # fmt: skip

    def _place(self, row: int, column: int) -> dict[str, Any]:
        sheet = self.sheet.name
        return {"file": self.file, "sheet": sheet, "cell": address(row, column), "row": row + 1}

    def _fault(
        self, row: int, column: int, code: str, what: str, mend: str = "", **facts: Any
    ) -> None:
        self.faults.append(Fault(code, what, mend, facts, **self._place(row, column)))

    def _warn(self, row: int, column: int, code: str, what: str, mend: str, **facts: Any) -> None:
        self.found.warnings.append(
            Fault(code, what, mend, facts, severity="warning", **self._place(row, column))
        )


def _within(node: Node, low: float, high: float) -> bool:
    return (node.minimum is None or low >= node.minimum) and (
        node.maximum is None or high <= node.maximum
    )
