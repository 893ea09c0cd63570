"""One cell of a framework workbook as the field it stands for, or why it cannot be."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from evaluation.framework import workbook_columns as columns
from evaluation.framework.methods import METHODS
from evaluation.platform.i18n import N_
from evaluation.platform.workbooks.cells import CellProblem, is_empty, number, text

if TYPE_CHECKING:
    from evaluation.framework.workbook_columns import Column
    from evaluation.platform.workbooks import CellValue

FLAGS = {
    **dict.fromkeys(("是", "true", "yes", "y", "1", "√", "✓"), True),
    **dict.fromkeys(("否", "false", "no", "n", "0", "×", "✗"), False),
}
DIRECTIONS = {
    **dict.fromkeys(("正向", "1", "+1", "higher", "越高越好", "正"), 1),
    **dict.fromkeys(("逆向", "-1", "−1", "lower", "越低越好", "逆", "负向"), -1),
}
SEPARATORS = re.compile(r"[、,，;；\n]+")
METHOD_KEYS = {**{name: key for key, name in METHODS.items()}, **{key: key for key in METHODS}}


def parse(
    value: CellValue,
    column: Column,
    *,
    unit: str = "",
    trouble: str = "",
    percent_format: bool = False,
) -> Any:
    """The field's value, None for "use the default", or a ``CellProblem``."""
    if trouble:
        return number(None, trouble=trouble)
    if is_empty(value):
        return None
    if column.kind == columns.NUMBER:
        measured = "" if column.key == "weight" else unit
        return number(value, unit=measured, percent_format=percent_format)
    if column.kind == columns.WHOLE:
        return _whole(number(value))
    said = text(value)
    if column.kind == columns.FLAG:
        return _choice(said, FLAGS, N_("请填“是”或“否”。"))
    if column.kind == columns.DIRECTION:
        return _choice(said, DIRECTIONS, N_("请填“正向”或“逆向”。"))
    if column.kind == columns.DAY:
        return _day(value, said)
    if column.kind == columns.METHOD:
        return tuple(METHOD_KEYS.get(word, word) for word in _split(said))
    if column.kind in (columns.CODES, columns.WORDS):
        return _split(said)
    return said


def _split(said: str) -> tuple[str, ...]:
    return tuple(word for part in SEPARATORS.split(said) if (word := part.strip()))


def _whole(value: float | CellProblem | None) -> int | CellProblem | None:
    if not isinstance(value, float):
        return value
    if not value.is_integer():
        return CellProblem(
            "not-whole", N_("{value} 不是整数。"), N_("请填整数。"), {"value": f"{value:.10g}"}
        )
    return int(value)


def _choice(said: str, choices: dict[str, Any], mend: str) -> Any:
    found = choices.get(said.lower())
    if found is None:
        return CellProblem("not-a-choice", N_("“{value}”无法识别。"), mend, {"value": said[:60]})
    return found


def _day(value: CellValue, said: str) -> str | CellProblem:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", said)
    try:
        if found:
            return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass  # 2026-02-30: told below, like any other text
    return CellProblem(
        "bad-date",
        N_("“{value}”不是日期。"),
        N_("请填日期，例如 2026-12-31。"),
        {"value": said[:60]},
    )
