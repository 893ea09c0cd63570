"""A file as a table of cells that know their place: CSV (UTF-8 or GB18030) or XLSX."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evaluation.platform.workbooks.reading import Sheet

MAX_BYTES = 20 * 2**20
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass
class Table:
    """Rows of cells. Row and column count from 0; the header is the first row that is not empty."""

    file: str
    rows: list[list[Any]]
    sheet: Sheet | None = None
    head: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def header(self) -> list[str]:
        """What stands in the header row, outer spaces gone."""
        return [cells.text(value) for value in self.rows[self.head]]

    def body(self) -> list[int]:
        """Numbers of the rows below the header that are not empty."""
        numbers = range(self.head + 1, len(self.rows))
        return [i for i in numbers if not all(cells.is_empty(v) for v in self.rows[i])]

    def text(self, row: int, column: int | None) -> str:
        """The cell as text; empty outside the row or without such a column."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return cells.text(self.rows[row][column])

    def number(self, row: int, column: int | None, *, unit: str = "") -> float | None:
        """The number in a cell, None where it is empty; anything else becomes a fault and None.

        In CSV plain ASCII digits with a point and an exponent are a number, spaces around them
        disregarded. In XLSX only a number cell is. Nothing is converted silently.
        """
        if column is None or column >= len(self.rows[row]):
            return None
        value = self.rows[row][column]
        trouble, percent = "", False
        if self.sheet is not None:
            trouble = self.sheet.truth.troubles.get((row, column), "")
            percent = (row, column) in self.sheet.truth.percent
        elif isinstance(value, str) and _PLAIN.fullmatch(value.strip()):
            number = float(value)
            if math.isfinite(number):
                return number + 0.0
        found = cells.number(value, unit=unit, percent_format=percent, trouble=trouble)
        if isinstance(found, cells.CellProblem):
            self.faults.append(found.at(**self.place(row, column)))
            return None
        return found

    def empty_na(self, columns: Iterable[int], mend: str = "") -> None:
        """Take ``NA`` as R writes it for an empty cell, and say so once."""
        first, count = None, 0
        for row in self.body():
            for column in columns:
                if self.text(row, column) == "NA":
                    self.rows[row][column] = None
                    first, count = first or (row, column), count + 1
        if first:
            self.blame(
                "na-is-empty",
                N_("“NA”按没有数据（空格）读入，共 {count} 格，这是第一格。"),
                mend,
                row=first[0],
                column=first[1],
                severity="warning",
                count=count,
            )

    def blame(
        self,
        code: str,
        what: str,
        mend: str = "",
        *,
        row: int | None = None,
        column: int | None = None,
        severity: str = "error",
        **facts: object,
    ) -> None:
        """Note a fault at a place."""
        place = self.place(row, column)
        self.faults.append(Fault(code, what, mend, facts, severity=severity, **place))

    def place(self, row: int | None, column: int | None) -> dict[str, Any]:
        """Where a cell is: a cell address in a workbook, a row and a column in CSV."""
        place: dict[str, Any] = {"file": self.file}
        if self.sheet is not None:
            place["sheet"] = self.sheet.name
        if self.sheet is not None and row is not None and column is not None:
            place["cell"] = cells.address(row, column)
        elif row is not None:
            place["row"] = row + 1
        if column is not None and column < len(self.rows[self.head]):
            place["column"] = self.header[column] or cells.column_letter(column)
        return place

    def columns(self, known: Mapping[str, str]) -> dict[str, int]:
        """Where each known header stands: name → column; a header twice is a fault."""
        found: dict[str, int] = {}
        for column, said in enumerate(self.header):
            name = known.get(folded(said))
            if name is None:
                continue
            if name in found:
                self.blame(
                    "header-twice",
                    N_("有两列都是“{header}”。"),
                    N_("请删除或改名其中一列。"),
                    row=self.head,
                    column=column,
                    header=said,
                )
            found.setdefault(name, column)
        return found


def folded(header: str) -> str:
    """A header for comparison: full-width forms, case and outer spaces do not matter."""
    return unicodedata.normalize("NFKC", header).strip().casefold()


def read_table(path: Path, data: bytes, *, sheet: str = "") -> Table:
    """Read *data*, the content of *path*, by its ending.

    Of a workbook the sheet named *sheet* is read, else the first one that is not empty.

    Raises ``Faulty`` when it is neither CSV nor XLSX, not readable, or has no header.
    """
    name = path.name
    if path.suffix.lower() == ".xlsx":
        table = _read_workbook(name, data, sheet)
    elif path.suffix.lower() == ".csv":
        table = _read_csv(name, data)
    else:
        raise refusal(
            name,
            "file-type",
            N_("这个文件不是 .csv 或 .xlsx。"),
            N_("请另存为 CSV（UTF-8）或 Excel 工作簿（.xlsx）。"),
        )
    filled = [i for i, row in enumerate(table.rows) if not all(cells.is_empty(v) for v in row)]
    if not filled:
        raise refusal(name, "empty-file", N_("文件是空的。"), N_("请检查是否选错了文件。"))
    table.head = filled[0]
    return table


def refusal(file: str, code: str, what: str, mend: str = "", **facts: object) -> Faulty:
    """A whole file refused, as the error to raise."""
    return Faulty([Fault(code, what, mend, facts, file=file)])


def _read_csv(name: str, data: bytes) -> Table:
    if len(data) > MAX_BYTES:
        raise refusal(
            name,
            "too-big",
            N_("文件有 {size} MB，超过 {limit} MB 的上限。"),
            N_("请拆分文件，或删除无关的列。"),
            size=round(len(data) / 2**20, 1),
            limit=MAX_BYTES // 2**20,
        )
    said = decoded(name, data)
    try:
        rows: list[list[Any]] = list(csv.reader(io.StringIO(said, newline=""), strict=True))
    except csv.Error as problem:
        raise refusal(
            name,
            "not-csv",
            N_("无法按 CSV 读取：{reason}"),
            N_("请检查引号是否成对，或重新导出为 CSV。"),
            reason=str(problem),
        ) from None
    table = Table(name, rows)
    wide = max((len(row) for row in rows), default=0)
    if wide == 1 and rows and any(mark in rows[0][0] for mark in ";\t"):
        raise refusal(
            name,
            "separator",
            N_("列之间不是用英文逗号分隔的。"),
            N_("请另存为逗号分隔的 CSV，或直接使用 .xlsx。"),
        )
    return table


def decoded(name: str, data: bytes) -> str:
    """CSV bytes as text: UTF-8 (with or without BOM), else GB18030; anything else is refused."""
    try:
        if not data.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) and b"\x00" not in data:
            return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    raise refusal(
        name,
        "encoding",
        N_("文件编码既不是 UTF-8，也不是 GB18030（GBK）。"),
        N_("请另存为“CSV UTF-8（逗号分隔）”。"),
    )


def _read_workbook(name: str, data: bytes, preferred: str) -> Table:
    from evaluation.platform.workbooks import read_workbook  # only when there is a workbook

    book = read_workbook(data, name=name, max_bytes=MAX_BYTES)
    sheets = [sheet for sheet in book.sheets.values() if not sheet.hidden]
    filled = [s for s in sheets if any(not cells.is_empty(v) for row in s.rows for v in row)]
    if not filled:
        raise refusal(name, "empty-file", N_("文件是空的。"), N_("请检查是否选错了文件。"))
    named = [sheet for sheet in filled if sheet.name == preferred]
    sheet = (named or filled)[0]
    table = Table(name, sheet.rows, sheet)
    for top, left, bottom, right in sheet.merged:
        table.blame(
            "merged",
            N_("这里有合并单元格（{cells}）。"),
            N_("请取消合并，每个单元格各填各的。"),
            row=top,
            column=left,
            cells=f"{cells.address(top, left)}:{cells.address(bottom, right)}",
        )
    for other in filled:
        if other is not sheet and not named:
            table.blame(
                "sheet-unread",
                N_("只读取第一张工作表，没有读取“{other}”。"),
                severity="warning",
                other=other.name,
            )
    return table
