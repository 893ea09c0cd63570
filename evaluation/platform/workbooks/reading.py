"""Reading: calamine's speed for honest cells, the sheet's own XML for the suspicious ones."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import python_calamine as calamine

from evaluation.platform.i18n import N_
from evaluation.platform.workbooks.cells import CellValue, address
from evaluation.platform.workbooks.package import DAMAGED, FEWER, TOO_MANY, Package, refuse
from evaluation.platform.workbooks.reach import MAX_AREA, check_reach, longest_string
from evaluation.platform.workbooks.truth import Truth, percent_styles, read_truth, sheet_parts

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_BYTES = 20 * 2**20
MAX_SHEETS = 100

__all__ = ["MAX_BYTES", "Sheet", "Workbook", "read_workbook"]


@dataclass(frozen=True)
class Sheet:
    """One worksheet. Rows and columns count from 0 and always start at A1.

    ``merged`` holds ``(first_row, first_column, last_row, last_column)``.
    """

    name: str
    rows: list[list[CellValue]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    package: Package | None = field(default=None, repr=False, compare=False)
    path: str = ""

    def cell(self, row: int, column: int) -> CellValue:
        """The value; None for an empty cell or one outside what is filled."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    @staticmethod
    def address(row: int, column: int) -> str:
        """``(11, 3)`` → ``"D12"``."""
        return address(row, column)

    @cached_property
    def truth(self) -> Truth:
        """Errors, formulas without a stored value and percent formats, by ``(row, column)``.

        The fast reader gives an empty cell for the first two and a fraction for the third.
        """
        if self.package is None:
            return Truth()
        part = self.package.part(self.path)
        return read_truth(part, percent_styles(self.package.part("xl/styles.xml")))


@dataclass(frozen=True)
class Workbook:
    """A workbook that was read, sheets in their order; ``name`` is the file's."""

    name: str
    sheets: dict[str, Sheet]


def read_workbook(
    source: bytes | Path,
    *,
    name: str,
    max_bytes: int = MAX_BYTES,
    sheets: Collection[str] | None = None,
) -> Workbook:
    """Read an .xlsx that somebody gave us; *sheets* limits reading to those names.

    Dates come as ``date`` or ``datetime``, empty cells as None, formulas as their stored value.
    Raises ``Faulty`` when it is not a plain workbook or would need too much memory.
    """
    data = _bounded(source, name, max_bytes)
    package = Package(data, name)
    parts = sheet_parts(package)
    if len(parts) > MAX_SHEETS:
        refuse(
            name,
            "too-many-sheets",
            N_("工作簿有 {count} 张工作表，超过 {limit} 张。"),
            N_("请只保留模板中的工作表，删除其余后再上传。"),
            count=len(parts),
            limit=MAX_SHEETS,
        )
    wanted = {title: path for title, path in parts.items() if sheets is None or title in sheets}
    longest = longest_string(package.part("xl/sharedStrings.xml"))
    for path in sorted(set(wanted.values())):
        check_reach(package, path, longest)
    try:
        return Workbook(name, _read(package, wanted))
    except (calamine.CalamineError, ValueError, OverflowError, OSError):
        refuse(name, "damaged", DAMAGED)
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # the Rust reader's own crash
            raise
        refuse(name, "damaged", DAMAGED)


def _read(package: Package, wanted: dict[str, str]) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    area = 0
    with calamine.load_workbook(io.BytesIO(package.data)) as book:
        hidden = {
            meta.name
            for meta in book.sheets_metadata
            if meta.visible != calamine.SheetVisibleEnum.Visible
        }
        for title, path in wanted.items():
            source = book.get_sheet_by_name(title)
            area += source.total_height * source.total_width
            if area > MAX_AREA:
                refuse(package.name, "too-many-cells", TOO_MANY, FEWER)
            rows = [
                [None if value == "" else value for value in row]
                for row in source.to_python(skip_empty_area=False)
            ]
            merged = tuple((*first, *last) for first, last in source.merged_cell_ranges or ())
            found[title] = Sheet(title, rows, merged, title in hidden, package, path)
    return found


def _bounded(source: bytes | Path, name: str, max_bytes: int) -> bytes:
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > max_bytes:
        refuse(
            name,
            "too-big",
            N_("文件有 {size} MB，超过 {limit} MB 的上限。"),
            N_("请删除图片和多余的工作表后重新保存。"),
            size=round(size / 2**20, 1),
            limit=round(max_bytes / 2**20, 1),
        )
    return source.read_bytes() if isinstance(source, Path) else source
