"""The header of a sheet, in Chinese, in English keys or both, and what is wrong with it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Protocol

from evaluation.platform.i18n import N_
from evaluation.platform.workbooks import address
from evaluation.platform.workbooks.cells import text

if TYPE_CHECKING:
    from evaluation.framework.workbook_columns import Column
    from evaluation.platform.workbooks import Sheet

HEADER_ROWS = 10  # the header is looked for in the first rows: some put a title above it


class Tell(Protocol):
    """Takes note of a fault."""

    def __call__(self, code: str, what: str, mend: str, sheet: str = "", **place: Any) -> None:
        """One fault, at a cell or column of a sheet."""


def find_header(tell: Tell, sheet: Sheet, shape: tuple[Column, ...]) -> tuple[dict[str, int], int]:
    """Where each key's column is, and the first row of data; an empty mapping on failure."""
    known = {
        word: column.key
        for column in shape
        for word in (column.key, column.header, *column.aliases)
    }
    rows = [[text(cell) for cell in row] for row in sheet.rows[:HEADER_ROWS]]
    scores = [sum(cell in known for cell in row) for row in rows]
    at = max(range(len(rows)), key=lambda row: scores[row], default=0)
    if not rows or scores[at] < min(2, len(shape)):
        tell(
            "no-header",
            N_("没有找到表头。"),
            N_("请保留模板的表头行：{names}。"),
            sheet.name,
            facts={"names": "、".join(column.header for column in shape)},
        )
        return {}, 0
    at = next(row for row in range(at + 1) if scores[row] >= max(2, scores[at] // 2))
    last = at
    while last + 1 < len(rows) and scores[last + 1] >= max(2, scores[at] // 2):
        last += 1
    return _columns(tell, sheet, rows[at : last + 1], known, shape, at), last + 1


def _columns(
    tell: Tell,
    sheet: Sheet,
    rows: list[list[str]],
    known: dict[str, str],
    shape: tuple[Column, ...],
    top: int,
) -> dict[str, int]:
    where: dict[str, int] = {}
    strangers: list[tuple[int, int, str]] = []
    for at in range(max(map(len, rows))):
        words = [(row, cells[at]) for row, cells in enumerate(rows) if at < len(cells)]
        keys = {known[word] for _row, word in words if word in known}
        for row, word in words:
            if word and word not in known:
                strangers.append((top + row, at, word))
        for key in keys:
            if key in where or len(keys) > 1:
                tell(
                    "duplicate-header",
                    N_("表头“{name}”重复或两行不一致。"),
                    N_("请每列只保留一个表头。"),
                    sheet.name,
                    cell=address(top, at),
                    facts={"name": words[0][1]},
                )
            where.setdefault(key, at)
    absent = [column for column in shape if column.key not in where]
    for row, at, word in strangers:
        _stranger(tell, sheet, row, at, word, absent)
    for column in absent:
        if column.required:
            tell(
                "missing-column",
                N_("缺少“{name}”列。"),
                N_("请从导出的模板复制这一列。"),
                sheet.name,
                column=column.header,
                facts={"name": column.header},
            )
    return where


def _stranger(tell: Tell, sheet: Sheet, row: int, at: int, word: str, absent: list[Column]) -> None:
    names = [name for column in absent for name in (column.header, column.key)]
    near = difflib.get_close_matches(word, names, 1, 0.5)
    mend = N_("请删除这一列，或改为模板中的表头。")
    if near:
        mend = N_("是否应为“{near}”？请改名。")
        absent[:] = [c for c in absent if near[0] not in (c.header, c.key)]
    tell(
        "unknown-header",
        N_("不认识的表头“{name}”。"),
        mend,
        sheet.name,
        cell=address(row, at),
        facts={"name": word[:60], "near": near[0] if near else ""},
    )


def tell_merged(tell: Tell, sheet: Sheet, first: int) -> None:
    for top, left, bottom, right in sheet.merged:
        if bottom >= first:
            tell(
                "merged-cells",
                N_("{range} 是合并单元格，无法判断每行的值。"),
                N_("请取消合并，并在每一行填写。"),
                sheet.name,
                cell=address(top, left),
                facts={"range": f"{address(top, left)}:{address(bottom, right)}"},
            )
