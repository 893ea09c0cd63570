"""A filled workbook read back, with every fault at once: sheet, cell, what, how to mend."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import replace

from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import (
    CellProblem,
    Sheet,
    address,
    read_workbook,
)
from evaluation.platform.workbooks import cells as typed_cells
from surveys.filings import columns, rules, whose
from surveys.filings.given import Filled, Given
from surveys.filings.rules import Entry
from surveys.filings.whose import Expected

HEADER_ROWS = 10  # the header is looked for in the first rows: banner, title and dates come first


def read_filled(data: bytes, *, name: str, framework: Framework, expected: Expected) -> Filled:
    """Read a workbook against what the round asks of the city.

    Raises ``Faulty`` when it is not a plain workbook; everything else is in ``faults``.
    """
    known = columns.spellings(columns.SHEET)
    book = read_workbook(data, name=name, sheets={*known, columns.META_SHEET})
    filled = Filled()
    said = whose.facts(book)
    filled.checked, filled.revisions = said is not None, whose.revisions(said or {})
    filled.faults += whose.check(book, said, expected, framework)
    if any(fault.code in ("other-city", "other-round") for fault in filled.faults):
        return filled
    sheet = next((book.sheets[each] for each in known if each in book.sheets), None)
    if sheet is None:
        there = list(read_workbook(data, name=name).sheets)
        filled.faults.append(
            Fault(
                "no-sheet",
                N_("没有工作表“{sheet}”，文件里有：{there}。"),
                N_("请用下载的填报表填写，不要改工作表名称。"),
                {"sheet": columns.SHEET, "there": "、".join(there)[:200]},
                file=name,
            )
        )
        return filled
    _Reader(name, sheet, framework, filled).read()
    return filled


class _Reader:
    """Walks the form sheet once and collects every fault on the way."""

    def __init__(self, name: str, sheet: Sheet, framework: Framework, filled: Filled) -> None:
        self.name, self.sheet, self.filled = name, sheet, filled
        self.nodes = {node.code: node for node in rules.indicators(framework)}
        self.framework = framework
        self.head = 0
        self.places: dict[str, int] = {}

    def read(self) -> None:
        """Header, merged cells, then every row."""
        if not self._header():
            return
        self._merged()
        code_at = self.places["code"]
        codes = [typed_cells.text(self.sheet.cell(r, code_at)) for r in self._rows()]
        twice = {code for code, count in Counter(codes).items() if code and count > 1}
        seen = set()
        for row, code in zip(self._rows(), codes, strict=True):
            if not code:
                self._no_code(row)
            elif code not in self.nodes:
                self._unknown(row, code)
            elif code in twice:
                seen.add(code)
                self._fault(
                    row,
                    "code",
                    "duplicate-code",
                    N_("代码“{code}”出现了不止一次。"),
                    N_("请只保留一行。"),
                    code=code,
                )
            else:
                seen.add(code)
                self._row(row, self.nodes[code])
        absent = [code for code in self.nodes if code not in seen]
        if absent:
            self.filled.faults.append(
                Fault(
                    "missing-rows",
                    N_("缺少 {count} 项指标的行：{codes}。这些指标保持系统中的值。"),
                    N_("需要填写时请重新下载填报表，不要删行。"),
                    {"count": len(absent), "codes": "、".join(absent[:12])},
                    file=self.name,
                    sheet=self.sheet.name,
                    severity="warning",
                )
            )

    def _rows(self) -> range:
        return range(self.head + 1, len(self.sheet.rows))

    def _header(self) -> bool:
        names = {
            spelled: key
            for key, header in columns.HEADERS.items()
            for spelled in columns.spellings(header)
        }
        best: list[str] = []
        for row in range(min(HEADER_ROWS, len(self.sheet.rows))):
            said = [typed_cells.text(value) for value in self.sheet.rows[row]]
            if sum(each in names for each in said) > sum(each in names for each in best):
                best, self.head = said, row
        repeated = {each for each in best if each in names and best.count(each) > 1}
        for at, each in enumerate(best):
            if each in repeated:
                self._at(
                    self.head,
                    at,
                    "duplicate-header",
                    N_("表头“{header}”出现了不止一次。"),
                    N_("请只保留一列。"),
                    header=each,
                )
            elif each in names:
                self.places[names[each]] = at
        for key in columns.NEEDED:
            if key not in self.places and columns.HEADERS[key] not in repeated:
                self._no_header(key, best, names)
        return all(key in self.places for key in columns.NEEDED) and not repeated

    def _no_header(self, key: str, there: list[str], names: dict[str, str]) -> None:
        """A needed column is not there: the likeliest cell is a misspelling, else its old place."""
        header, place = columns.HEADERS[key], columns.COLUMN[key] - 1
        strange = [each for each in there if each and each not in names]
        close = difflib.get_close_matches(header, strange, 1, 0.5)
        if not close and place < len(there) and there[place] in strange:
            close = [there[place]]
        if close:
            self._at(
                self.head,
                there.index(close[0]),
                "renamed-header",
                N_("表头“{said}”应为“{header}”。"),
                N_("请把表头改回“{header}”。"),
                said=close[0][:40],
                header=header,
            )
            return
        self.filled.faults.append(
            Fault(
                "missing-header",
                N_("没有“{header}”这一列。"),
                N_("请用下载的填报表填写，不要删改表头。"),
                {"header": header},
                file=self.name,
                sheet=self.sheet.name,
            )
        )

    def _merged(self) -> None:
        inputs = {
            self.places[k] for k in ("code", "value", "not_applicable", "note") if k in self.places
        }
        for first_row, first, last_row, last in self.sheet.merged:
            inside = any(first <= at <= last for at in inputs)
            below = last_row > self.head
            coded = any(
                not typed_cells.is_empty(self.sheet.cell(r, self.places["code"]))
                for r in range(max(first_row, self.head + 1), last_row + 1)
            )
            if inside and below and (coded or last_row > first_row):
                self._at(
                    max(first_row, self.head + 1),
                    first,
                    "merged",
                    N_("单元格 {range} 被合并，无法判断数据属于哪一行。"),
                    N_("请取消合并，逐格填写。"),
                    range=f"{address(first_row, first)}:{address(last_row, last)}",
                )

    def _row(self, row: int, node: Node) -> None:
        value_at = self.places["value"]
        raw = self.sheet.cell(row, value_at)
        said, note = self._text(row, "not_applicable"), self._text(row, "note")
        truth = self.sheet.truth
        trouble = "" if raw else truth.troubles.get((row, value_at), "")
        if raw is None and not (trouble or said or note):
            self.filled.given.append(Given(node, None, False, "", address(row, value_at)))
            return
        percent = (row, value_at) in truth.percent and isinstance(raw, int | float)
        value = typed_cells.number(raw, unit=node.unit, percent_format=percent, trouble=trouble)
        cell = address(row, value_at)
        if isinstance(value, CellProblem):
            self.filled.faults.append(value.at(sheet=self.sheet.name, cell=cell))
            return
        not_applicable = self._not_applicable(row, said)
        if not_applicable is None:
            return
        wrong = list(rules.faults(node, Entry(value, not_applicable, note)))
        if not wrong:
            self.filled.given.append(Given(node, value, not_applicable, note, cell))
        for fault in wrong:
            key = "not_applicable" if "not-applicable" in fault.code else fault.column
            self.filled.faults.append(
                replace(
                    fault,
                    sheet=self.sheet.name,
                    cell=self._address(row, key),
                    column="",
                )
            )

    def _not_applicable(self, row: int, said: str) -> bool | None:
        if columns.means_no(said):
            return False
        if columns.means_yes(said):
            return True
        self._fault(
            row,
            "not_applicable",
            "not-yes",
            N_("“{said}”不是“是”。"),
            N_("不适用请选“是”，适用请留空。"),
            said=said[:40],
        )
        return None

    def _no_code(self, row: int) -> None:
        inputs = [k for k in ("value", "not_applicable", "note") if self._text(row, k)]
        if inputs:
            self._fault(
                row,
                inputs[0],
                "no-code",
                N_("这一行有内容，但没有指标代码。"),
                N_("请填写指标代码，或删除这一行的内容。"),
            )

    def _unknown(self, row: int, code: str) -> None:
        node = self.framework.by_code.get(code)
        if node is not None:
            self._fault(
                row,
                "code",
                "not-filed",
                N_("“{code} {name}”不由市州填报。"),
                N_("请删除这一行。"),
                code=code,
                name=node.name,
            )
            return
        close = difflib.get_close_matches(code, list(self.nodes), 1, 0.6)
        self._fault(
            row,
            "code",
            "unknown-code",
            N_("没有代码为“{code}”的指标。"),
            N_("是否应为 {likely}？请按填报表恢复代码。") if close else N_("请按填报表恢复代码。"),
            code=code[:60],
            likely=close[0] if close else "",
        )

    def _text(self, row: int, key: str) -> str:
        at = self.places.get(key)
        value = None if at is None else self.sheet.cell(row, at)
        return "" if value is None else typed_cells.text(value)

    def _address(self, row: int, key: str) -> str:
        return address(row, self.places.get(key, self.places["value"]))

    def _fault(
        self, row: int, key: str, kind: str, what: str, mend: str, /, **facts: object
    ) -> None:
        self._at(row, self.places.get(key, self.places["code"]), kind, what, mend, **facts)

    def _at(
        self, row: int, column: int, kind: str, what: str, mend: str, /, **facts: object
    ) -> None:
        cell = address(row, column)
        self.filled.faults.append(Fault(kind, what, mend, facts, sheet=self.sheet.name, cell=cell))
