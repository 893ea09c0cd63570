"""A form workbook as rows under known columns, each value with its cell. Reading judges nothing
but sheets and headers; `doctor` judges the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import Sheet, address, cells, read_workbook
from surveys.forms import book_sheets
from surveys.forms import vocabulary as words

HEADER_ROWS = 10  # how far down a header row is looked for
MAX_ROWS = 5_000
_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+[0-9]+)[\"'][^>]*>\s*<(?:\w+:)?f[\s/>]")


@dataclass
class Row:
    """One row: its number in the sheet, and its texts by the full key of their column."""

    number: int
    texts: dict[str, str]

    def get(self, key: str) -> str:
        """The text under a column; empty where there is none."""
        return self.texts.get(key, "")


@dataclass
class Table:
    """A sheet of the workbook: ``title`` is its name there, ``columns`` maps keys to columns."""

    key: str
    title: str
    header_row: int = 1
    columns: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    extra: dict[str, int] = field(default_factory=dict)

    def cell(self, row: int, key: str) -> str:
        """The address of a cell; empty where the sheet has no such column."""
        column = self.columns.get(key, self.extra.get(key))
        return "" if column is None else address(row - 1, column)

    def languages(self, key: str) -> Iterator[str]:
        """The full keys under which a translated column stands."""
        for full in self.columns:
            if full == key or full.rpartition("::")[0] == key:
                yield full


@dataclass
class Book:
    """The whole workbook; sheets that are missing are empty tables."""

    name: str
    tables: dict[str, Table]
    faults: list[Fault] = field(default_factory=list)

    def __getitem__(self, key: str) -> Table:
        return self.tables[key]

    def fault(
        self,
        code: str,
        sheet: str,
        row: Row | int | None,
        key: str,
        what: str,
        mend: str = "",
        *,
        warning: bool = False,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Note a fault at a cell of a sheet."""
        table = self.tables[sheet]
        number = row.number if isinstance(row, Row) else row
        header = table.headers.get(key) or words.shown(key)
        self.faults.append(
            Fault(
                code=code,
                what=what,
                mend=mend,
                facts=facts or {},
                sheet=table.title,
                cell=table.cell(number, key) if number else "",
                row=number,
                column=header,
                severity="warning" if warning else "error",
            )
        )


def read_book(content: bytes, name: str) -> Book:
    """Read an .xlsx. Raises Faulty where it is no workbook that can be read safely."""
    workbook = read_workbook(content, name=name)
    book = Book(name, {key: Table(key, key) for key in words.SHEETS})
    given: set[str] = set()
    for title, sheet in workbook.sheets.items():
        key = words.sheet_of(title)
        if key and key not in given:
            given.add(key)
            _read(book, key, sheet)
        elif key or words.plain(title) in words.FOREIGN_SHEETS:
            book_sheets.ignored(book, title, twice=bool(key))
        else:
            book_sheets.misspelt(book, title, given)
    book_sheets.missing(book, given)
    return book


def _read(book: Book, key: str, sheet: Sheet) -> None:
    table = book.tables[key] = Table(key, sheet.name)
    at = _header_row(key, sheet)
    table.header_row = at + 1
    header = sheet.rows[at] if at < len(sheet.rows) else []
    for column, value in enumerate(header):
        _place(book, table, column, cells.text(value))
    troubles = sheet.truth.troubles
    formulas = _formulas(sheet)
    last = at + MAX_ROWS
    for index in range(at + 1, min(len(sheet.rows), last + 1)):
        table.rows.append(_row(book, table, sheet, index, troubles, formulas))
    while table.rows and not table.rows[-1].texts:
        table.rows.pop()
    if len(sheet.rows) > last + 1:
        book.fault(
            "too-many-rows", key, last + 1, "",
            N_("工作表有 {count} 行，超过 {limit} 行。"), N_("请删除多余的行。"),
            facts={"count": len(sheet.rows), "limit": MAX_ROWS},
        )  # fmt: skip
    _merged(book, table, sheet)


def _header_row(key: str, sheet: Sheet) -> int:
    for index, row in enumerate(sheet.rows[:HEADER_ROWS]):
        known = sum(words.header_of(key, cells.text(value)) is not None for value in row if value)
        if known >= min(2, len(words.NEEDED[key])):
            return index
    return 0


def _place(book: Book, table: Table, column: int, text: str) -> None:
    if not text:
        return
    row = table.header_row
    where: dict[str, Any] = {
        "sheet": table.title,
        "cell": address(row - 1, column),
        "row": row,
        "column": text,
    }
    header = words.header_of(table.key, text)
    if header is None:
        table.extra[text] = column
        if table.key != words.CHOICES:
            book.faults.append(book_sheets.unknown_header(table.key, text, where))
        return
    if header.full in table.columns:
        book.faults.append(
            Fault(
                "duplicate-column", N_("有两列都是“{key}”。"), N_("请删除或改名其中一列。"),
                {"key": header.full}, **where,
            )
        )  # fmt: skip
        return
    table.columns[header.full] = column
    table.headers[header.full] = text


def _row(
    book: Book,
    table: Table,
    sheet: Sheet,
    index: int,
    troubles: Mapping[tuple[int, int], str],
    formulas: frozenset[str],
) -> Row:
    row = Row(index + 1, {})
    for full, column in (*table.columns.items(), *table.extra.items()):
        trouble = troubles.get((index, column), "")
        value = sheet.cell(index, column)
        if trouble or address(index, column) in formulas:
            _formula(book, table, row, full, trouble)
        if isinstance(value, str):
            text = value if value.strip() else ""
        else:
            text = _number_or_other(value)
        if text:
            row.texts[full] = text
    return row


def _number_or_other(value: cells.CellValue) -> str:
    """Numbers as people write them, Excel's TRUE and FALSE as they stand."""
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    return cells.text(value)


def _formula(book: Book, table: Table, row: Row, full: str, trouble: str) -> None:
    if trouble and trouble != "formula":
        book.fault(
            "error-value", table.key, row, full,
            N_("这里是错误值 {value}。"),
            N_("以 = 开头的内容被 Excel 当成了公式。请把单元格格式改为“文本”再输入。"),
            facts={"value": trouble},
        )  # fmt: skip
    else:
        book.fault(
            "formula", table.key, row, full,
            N_("这里是公式，不是文字。"),
            N_("请复制后“选择性粘贴—数值”；以 = 开头的条件请先把单元格格式改为“文本”。"),
        )  # fmt: skip


def _formulas(sheet: Sheet) -> frozenset[str]:
    if sheet.package is None:
        return frozenset()
    return frozenset(found.decode() for found in _FORMULA.findall(sheet.package.part(sheet.path)))


def _merged(book: Book, table: Table, sheet: Sheet) -> None:
    for first, left, last, right in sheet.merged:
        if last < table.header_row or last >= table.header_row + MAX_ROWS:
            continue
        if first == last and left > max(table.columns.values(), default=-1):
            continue
        book.faults.append(
            Fault(
                "merged", N_("单元格 {area} 是合并的，只有左上角的内容会被读到。"),
                N_("请取消合并，每一行都填写完整。"),
                {"area": f"{address(first, left)}:{address(last, right)}"},
                sheet=table.title, cell=address(first, left), row=first + 1,
            )
        )  # fmt: skip
