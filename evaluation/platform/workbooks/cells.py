"""What is typed in a cell: addresses, and the explicit rule for numbers."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_

CellValue = str | float | int | bool | date | datetime | time | timedelta | None


def column_letter(column: int) -> str:
    """``0`` → ``"A"``, ``27`` → ``"AB"``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """``(11, 3)`` → ``"D12"``: rows and columns count from 0."""
    return f"{column_letter(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Why a cell is not the number it should be; ``at`` turns it into a Fault with its place."""

    code: str
    what: str
    mend: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def at(
        self,
        *,
        file: str = "",
        sheet: str = "",
        cell: str = "",
        row: int | None = None,
        column: str = "",
    ) -> Fault:
        """The same as a Fault at a place."""
        return Fault(self.code, self.what, self.mend, self.facts, file, sheet, cell, row, column)


def text(value: CellValue) -> str:
    """A cell as text: outer spaces gone, ``620100.0`` → ``"620100"``, a date in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def is_empty(value: CellValue) -> bool:
    """Nothing there, or only spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def number(
    value: CellValue, *, unit: str = "", percent_format: bool = False, trouble: str = ""
) -> float | CellProblem | None:
    """The number in a cell, None when it is empty, or why it is none. Never a silent conversion.

    *trouble* is what ``Sheet.truth`` says of the cell (``#DIV/0!``, or ``formula``);
    *percent_format* that the cell shows a percentage, so 98 % is stored as 0.98: against a unit
    in percent that is refused with the number meant. −0 becomes 0, the same quantity.
    """
    if trouble:
        return _trouble(trouble)
    if value is None:
        return None
    if isinstance(value, bool):
        return CellProblem(
            "boolean",
            N_("这里是逻辑值 {value}，不是数字。"),
            N_("请改为数字。"),
            {"value": "TRUE" if value else "FALSE"},
        )
    if isinstance(value, int | float):
        return _checked(float(value), unit, percent_format)
    if isinstance(value, str):
        return _said(value, unit)
    return CellProblem(
        "date",
        N_("这里是日期或时间 {value}，不是数字。"),
        N_("请把单元格格式改为“常规”，重新输入数字。"),
        {"value": text(value) or str(value)},
    )


def _checked(value: float, unit: str, percent_format: bool) -> float | CellProblem:
    if not math.isfinite(value):
        return _not_finite(str(value))
    if percent_format and is_percent(unit):
        return CellProblem(
            "percent-format",
            N_("单元格是百分比格式，实际存的是 {value}，而本项的单位已经是“{unit}”。"),
            N_("请把单元格格式改为“常规”，填 {likely}（不带百分号）。"),
            {"value": plain(value), "unit": unit, "likely": plain(round(value * 100, 10))},
        )
    return value + 0.0  # −0.0 + 0.0 is 0.0


def is_percent(unit: str) -> bool:
    """Whether the unit counts in hundredths."""
    return "%" in unit or "％" in unit


def plain(value: float) -> str:
    """A number for people: no exponent where avoidable, no trailing zeros."""
    value = float(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}"


def _trouble(trouble: str) -> CellProblem:
    if trouble == "formula":
        return CellProblem(
            "formula-without-value",
            N_("这里是公式，但文件里没有保存计算结果。"),
            N_("请用 Excel 打开并保存一次，或把公式粘贴为数值。"),
        )
    return CellProblem(
        "error-value",
        N_("这里是错误值 {value}。"),
        N_("请改正公式，或直接填写数字；没有数据请留空。"),
        {"value": trouble},
    )


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_NOT_FINITE = {"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞"}
CHANGE_TO = N_("请改为数字 {likely}。")
WRITE_NUMBER = N_("请填写数字；没有数据请留空。")


def _said(value: str, unit: str) -> float | CellProblem | None:
    """A text cell is never a number; the answer says which number was probably meant."""
    said = value.strip()
    if not said:
        return None
    facts: dict[str, Any] = {"value": said if len(said) <= 40 else said[:40] + "…"}
    if (said.startswith("#") and said.rstrip("!?").isupper()) or said.upper() in ERRORS:
        return _trouble(said.upper())
    if said.lower() in _NOT_FINITE:
        return _not_finite(said)
    normal = unicodedata.normalize("NFKC", said).replace("−", "-")
    normal = normal.replace(" ", "")
    wide = normal != said
    if normal.endswith("%"):
        return _percent(normal[:-1].replace(",", ""), unit, facts)
    if _GROUPED.fullmatch(normal):
        return CellProblem(
            "thousands-separator",
            N_("“{value}”带有千位分隔符，系统把它看作文字。"),
            CHANGE_TO,
            {**facts, "likely": normal.replace(",", "")},
        )
    if not _NUMBER.fullmatch(normal):
        likely = re.search(_NUMBER, normal.replace(",", ""))
        if likely and len(_NUMBER.findall(normal)) == 1 and not normal[:1].isalpha():
            return CellProblem(
                "text-with-number",
                N_("“{value}”里有数字以外的文字。"),
                N_("请只填数字（例如 {likely}），单位和说明写在备注里。"),
                {**facts, "likely": likely.group()},
            )
        return CellProblem("not-a-number", N_("“{value}”不是数字。"), WRITE_NUMBER, facts)
    if not math.isfinite(float(normal)):
        return _not_finite(said)
    facts["likely"] = plain(float(normal) + 0.0)
    if wide:
        return CellProblem(
            "full-width",
            N_("“{value}”里有全角字符或空格。"),
            N_("请用半角重新输入，改为数字 {likely}。"),
            facts,
        )
    return CellProblem(
        "number-as-text",
        N_("“{value}”是以文本格式保存的数字。"),
        N_("请把单元格格式改为“常规”，重新输入数字 {likely}。"),
        facts,
    )


ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}


def _not_finite(said: str) -> CellProblem:
    return CellProblem("not-finite", N_("“{value}”不是有限的数。"), WRITE_NUMBER, {"value": said})


def _percent(said: str, unit: str, facts: dict[str, Any]) -> CellProblem:
    if not _NUMBER.fullmatch(said) or not math.isfinite(float(said)):
        return CellProblem("not-a-number", N_("“{value}”不是数字。"), WRITE_NUMBER, facts)
    value = float(said)
    if is_percent(unit):
        return CellProblem(
            "percent-sign",
            N_("“{value}”带有百分号，而本项的单位已经是“{unit}”。"),
            CHANGE_TO,
            {**facts, "unit": unit, "likely": plain(value)},
        )
    return CellProblem(
        "percent-sign",
        N_("“{value}”带有百分号，而本项的单位是“{unit}”，不是百分比。"),
        N_("请按单位“{unit}”填写数字；若要填比例，{value} 即 {likely}。"),
        {**facts, "unit": unit or "1", "likely": plain(round(value / 100, 12))},
    )
