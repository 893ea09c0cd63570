"""A framework workbook read back, with every fault at once: sheet, cell, what, how to mend."""

from __future__ import annotations

import difflib
import json
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from evaluation.framework import workbook_columns as columns
from evaluation.framework.checks import check_framework
from evaluation.framework.method_cells import cell_to_value, steps, unflatten
from evaluation.framework.tree import Framework
from evaluation.framework.workbook_cells import parse
from evaluation.framework.workbook_header import find_header, tell_merged
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import CellProblem, address, read_workbook
from evaluation.platform.workbooks.cells import is_empty, text

if TYPE_CHECKING:
    from evaluation.framework.workbook_columns import Column, Table
    from evaluation.platform.workbooks import CellValue, Sheet, Workbook

BLANK: dict[str, Any] = {"parent": None, "no": 0}  # empty cells of fields without a default


def import_framework(data: bytes, *, name: str) -> Framework:
    """The framework in a workbook. Raises ``Faulty`` with every fault it has; stores nothing."""
    reader = _Reader(read_workbook(data, name=name))
    framework = reader.framework()
    if reader.faults:
        raise Faulty(reader.faults)
    return framework


class _Reader:
    """Collects faults while reading; ``places`` remembers where every field came from."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.faults: list[Fault] = []
        self.places: dict[tuple[str, int | None, str], tuple[str, str, str]] = {}

    def framework(self) -> Framework:
        self._sheets()
        values: dict[str, Any] = self._head()
        for table in columns.TABLES:
            values[table.part] = self._table(table)
        values["method"] = self._method()
        framework = Framework(**values)
        blamed = {(fault.sheet, fault.cell) for fault in self.faults}
        broken = {f.sheet for f in self.faults if not f.cell or f.code.endswith("-header")}
        for finding in check_framework(framework):
            place = self.places.get((finding.part, finding.index, finding.field))
            sheet, cell, column = place or (self._sheet_of(finding.part), "", finding.field)
            if (sheet, cell) not in blamed and (cell or sheet not in broken):
                self.faults.append(
                    finding.fault(file=self.book.name, sheet=sheet, cell=cell, column=column)
                )
        return framework

    @staticmethod
    def _sheet_of(part: str) -> str:
        names = {table.part: table.sheet for table in columns.TABLES}
        return names.get(part, columns.HEAD_SHEET)

    def fault(self, code: str, what: str, mend: str, sheet: str = "", **place: Any) -> None:
        facts = place.pop("facts", {})
        self.faults.append(
            Fault(code, what, mend, facts=facts, file=self.book.name, sheet=sheet, **place)
        )

    def _sheets(self) -> None:
        wanted = [columns.HEAD_SHEET, *(t.sheet for t in columns.TABLES if t.required)]
        extra = [name for name in self.book.sheets if name not in columns.SHEETS]
        for name in wanted:
            if name in self.book.sheets:
                continue
            near = difflib.get_close_matches(name, extra, 1, 0.5)
            mend = N_("请增加这张工作表（可从导出的模板复制）。")
            if near:
                mend = N_("请把工作表“{near}”改名为“{name}”。")
                extra.remove(near[0])
            self.fault(
                "missing-sheet",
                N_("缺少工作表“{name}”。"),
                mend,
                name,
                facts={"name": name, "near": near[0] if near else ""},
            )
        for name in extra:
            self.fault(
                "unknown-sheet",
                N_("不认识的工作表“{name}”。"),
                N_("请删除，或改为模板中的工作表名：{names}。"),
                name,
                facts={"name": name, "names": "、".join(columns.SHEETS)},
            )

    def _table(self, table: Table) -> tuple[Any, ...]:
        sheet = self.book.sheets.get(table.sheet)
        if sheet is None or (not sheet.rows and not table.required):
            return ()
        where, first = find_header(self.fault, sheet, table.columns)
        if not where:
            return ()
        tell_merged(self.fault, sheet, first)
        items: list[Any] = []
        for row in range(first, len(sheet.rows)):
            troubled = any((row, at) in sheet.truth.troubles for at in where.values())
            if all(is_empty(sheet.cell(row, at)) for at in where.values()) and not troubled:
                continue
            items.append(self._item(table, sheet, where, row, len(items)))
        return tuple(items)

    def _item(self, table: Table, sheet: Sheet, where: dict[str, int], row: int, index: int) -> Any:
        values: dict[str, Any] = {
            field.name: BLANK.get(field.name, "")
            for field in fields(table.kind)
            if field.default is MISSING
        }
        unit = text(sheet.cell(row, where["unit"])) if "unit" in where else ""
        for column in table.columns:
            if column.key not in where:
                continue
            at = where[column.key]
            self.places[table.part, index, column.key] = (
                sheet.name,
                address(row, at),
                column.header,
            )
            value = self._cell(sheet, row, at, column, unit)
            if value is not None:
                values[column.key] = value
        return table.kind(**values)

    def _cell(self, sheet: Sheet, row: int, at: int, column: Column, unit: str = "") -> Any:
        value = parse(
            sheet.cell(row, at),
            column,
            unit=unit,
            trouble=sheet.truth.troubles.get((row, at), ""),
            percent_format=(row, at) in sheet.truth.percent,
        )
        if isinstance(value, CellProblem):
            self.faults.append(
                value.at(
                    file=self.book.name,
                    sheet=sheet.name,
                    cell=address(row, at),
                    column=column.header,
                )
            )
            return None
        return value

    def _pairs(self, name: str) -> list[tuple[str, str, int, int, CellValue]]:
        """Key, item, row, column and value of each row of a narrow sheet."""
        sheet = self.book.sheets.get(name)
        if sheet is None or not sheet.rows:
            return []
        where, first = find_header(self.fault, sheet, columns.PAIRS)
        if "value" not in where or not where.keys() & {"key", "item"}:
            return []
        tell_merged(self.fault, sheet, first)
        found = []
        for row in range(first, len(sheet.rows)):
            key = text(sheet.cell(row, where["key"])) if "key" in where else ""
            item = text(sheet.cell(row, where["item"])) if "item" in where else ""
            value = sheet.cell(row, where["value"])
            if key or item or not is_empty(value):
                found.append((key, item, row, where["value"], value))
        return found

    def _head(self) -> dict[str, Any]:
        values: dict[str, Any] = {"code": "", "name": ""}
        known = {word: c for c in columns.HEAD for word in (c.key, c.header)}
        sheet = self.book.sheets.get(columns.HEAD_SHEET)
        for key, item, row, at, _value in self._pairs(columns.HEAD_SHEET):
            column = known.get(key) or known.get(item)
            assert sheet is not None
            if column is None:
                near = difflib.get_close_matches(key or item, list(known), 1, 0.5)
                self.fault(
                    "unknown-item",
                    N_("不认识的项目“{name}”。"),
                    N_("是否应为“{near}”？请改名。") if near else N_("请删除这一行。"),
                    sheet.name,
                    cell=address(row, max(at - 1, 0)),
                    facts={"name": (key or item)[:60], "near": near[0] if near else ""},
                )
                continue
            self.places["head", None, column.key] = (sheet.name, address(row, at), column.header)
            value = self._cell(sheet, row, at, column)
            if value is not None:
                values[column.key] = value
        return values

    def _method(self) -> dict[str, Any]:
        sheet = columns.METHOD_SHEET
        rows: list[tuple[tuple[str, ...], Any]] = []
        for key, item, row, at, value in self._pairs(sheet):
            trouble = self.book.sheets[sheet].truth.troubles.get((row, at), "")
            place = {"cell": address(row, at)}
            if trouble or is_empty(value):
                self.fault(
                    "empty-value",
                    N_("“{key}”没有值。"),
                    N_("请填写，或删除这一行。"),
                    sheet,
                    **place,
                    facts={"key": key or item},
                )
                continue
            try:
                rows.append((steps(key), cell_to_value(value)))
                unflatten(rows)
            except (ValueError, json.JSONDecodeError):
                self.fault(
                    "bad-method-row",
                    N_("键“{key}”或值“{value}”写法有误。"),
                    N_('键用点连接，例如 rank.ties；列表写成 ["arithmetic", "geometric"]。'),
                    sheet,
                    **place,
                    facts={"key": (key or item)[:60], "value": text(value)[:60]},
                )
            except (KeyError, AttributeError, TypeError):
                rows.pop()
                self.fault(
                    "duplicate-method-key",
                    N_("键“{key}”重复，或与另一个键冲突。"),
                    N_("请只保留一行。"),
                    sheet,
                    **place,
                    facts={"key": key},
                )
        return unflatten(rows)
