"""pyxform behind one door: rows in, an XForm or a fault at its cell out, never a traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import Any

import structlog
from pyxform.errors import ErrorCode, PyXFormError
from pyxform.xls2xform import convert as pyxform_convert

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Book
from surveys.forms.outline import ROOT


@dataclass(frozen=True, slots=True)
class Converted:
    """An XForm and what pyxform remarks on it."""

    xform: str
    remarks: tuple[Fault, ...]


def convert(book: Book, rows: dict[str, Any]) -> Converted | Fault:
    """Convert what `drafting.for_pyxform` gave; the fault where pyxform refuses."""
    warnings: list[str] = []
    try:
        made = pyxform_convert(_quoted(rows), warnings=warnings, form_name=ROOT)
    except PyXFormError as error:
        return _fault(book, error)
    except Exception as error:
        # pyxform trips over some inputs instead of refusing them; the author gets a sentence
        structlog.get_logger().warning("pyxform", error=repr(error))
        return Fault(
            "conversion", N_("表单无法转换，转换程序没有说明原因。"),
            N_("请对照模板检查最近改动的行；仍不行请把工作簿交给管理员。"),
        )  # fmt: skip
    remarks = [_remark(book, said) for said in warnings if not _EXPECTED.search(said)]
    return Converted(made.xform.translate(_BACK), tuple(remarks))


#: pyxform would make every typographic quote straight, which is wrong in Chinese texts: signs
#: without a meaning stand for them on the way. In expressions the doctor has mended them before.
_QUOTES = str.maketrans("‘’“”", "\ue2f0\ue2f1\ue2f2\ue2f3")
_BACK = str.maketrans("\ue2f0\ue2f1\ue2f2\ue2f3", "‘’“”")


def _quoted(rows: dict[str, Any]) -> dict[str, Any]:
    return {
        sheet: [{key: str(said).translate(_QUOTES) for key, said in row.items()} for row in table]
        for sheet, table in rows.items()
    }


#: What pyxform says that does not concern us: photos keep their pixels, and translations are
#: looked at by the doctor.
_EXPECTED = re.compile(r"max-pixels|is missing the .* column|has no label|valid machine-readable")
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_COLUMN = re.compile(r"the '([\w:]+)' value")
_SHEET = re.compile(r"'(survey|choices|settings)' sheet")


def _place(book: Book, said: str) -> dict[str, Any]:
    """Sheet, row, column and cell as the author's workbook has them."""
    sheet = _SHEET.search(said)
    key = sheet[1] if sheet else words.SURVEY
    table = book[key]
    found: dict[str, Any] = {"sheet": table.title}
    row, column = _ROW.search(said), _COLUMN.search(said)
    if row:
        found["row"] = _row(book, key, int(row[1]))
    if column:
        full = next(table.languages(column[1]), column[1])
        found["column"] = table.headers.get(full, column[1])
        if row:
            found["cell"] = table.cell(found["row"], full)
    return found


def _row(book: Book, key: str, row: int) -> int:
    """pyxform counts from the header in row 1; rows of choices without a list were left out."""
    table = book[key]
    if key == words.CHOICES:
        listed = [each.number for each in table.rows if each.get("list_name")]
        return listed[row - 2] if 0 <= row - 2 < len(listed) else row
    return row - 1 + table.header_row


#: Beginnings of pyxform's sentences → ours. Those with a check of their own in the doctor never
#: come this far.
_SAYINGS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), what, mend)
    for pattern, what, mend in (
        (r"Parameters must be in the form|parameter key|'parameters' value",
         N_("“参数”列不对。"), N_("写法是 名称=值，用空格隔开，例如 start=1 end=5 step=1。")),
        (r"Missing calculation", N_("计算题没有写公式。"), N_("请在“计算”列写公式。")),
        (r"Reference variables? must|Reference variable lists",
         N_("对其他题的引用写得不对。"), N_("写法是 ${{名称}}，名称是“名称”列里的题。")),
        (r"names may contain letters", N_("名称里有不能用的字符。"),
         N_("以字母或下划线开头，只用字母、数字、下划线。")),
        (r"duplicate|must be unique|appears more than once", N_("名称重复。"),
         N_("每个名称只用一次。")),
        (r"table-list|table list", N_("表格式分组里的题必须用同一个选项列表。"),
         N_("请让这一组的单选或多选用同一个列表，或去掉 table-list。")),
        (r"repeat_count|jr:count", N_("循环次数写得不对。"), N_("请写整数或 ${{整数题}}。")),
        (r"trigger", N_("“触发”列写得不对。"), N_("写法是 ${{名称}}，名称是另一道题。")),
        (r"randomize|seed", N_("随机排列的参数不对。"), N_("写法是 randomize=true。")),
        (r"rows", N_("rows 参数应为整数。"), N_("例如 rows=3。")),
        (r"max-pixels", N_("max-pixels 参数应为整数。"), N_("请删除：原图按原样保存。")),
        (r"quality", N_("录音质量的参数不对。"), N_("可以写 quality=low。")),
    )
)  # fmt: skip


UNKNOWN = N_("转换程序拒绝了这里：“{said}”")


def _sentence(said: str) -> tuple[str, str, dict[str, Any]]:
    facts = {"said": _ROW.sub("", said).strip().split("\n", maxsplit=1)[0][:300]}
    for pattern, what, mend in _SAYINGS:
        if pattern.search(said):
            return what, mend, facts
    return UNKNOWN, N_("请对照模板修改。"), facts


def _fault(book: Book, error: PyXFormError) -> Fault:
    said = str(error)
    code, facts = _code(said)
    what, mend = _BY_CODE.get(code, ("", ""))
    if not what:
        what, mend, facts = _sentence(said)
    return Fault(
        code.lower().replace("_", "-") or "conversion", what, mend, facts, **_place(book, said)
    )


def _code(said: str) -> tuple[str, dict[str, Any]]:
    """The code whose sentence this is, and what it was filled with."""
    for code, pattern in _patterns():
        found = pattern.fullmatch(said)
        if found:
            return code, found.groupdict()
    return "", {}


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """pyxform formats most of its messages before it raises them; read backwards."""
    found = []
    for code in ErrorCode:
        pattern, seen = "", set()
        for text, field, _spec, _conversion in Formatter().parse(code.value.msg):
            pattern += re.escape(text)
            if field in seen:
                pattern += f"(?P={field})"
            elif field:
                pattern += f"(?P<{field}>.*?)"
                seen.add(field)
        found.append((code.name, re.compile(pattern, re.DOTALL)))
    return found


#: Faults of parameters, which the doctor leaves to pyxform.
_BY_CODE = {
    "RANGE_001": (N_("参数“{name}”应为数字。"), N_("例如 start=1 end=5 step=1。")),
    "RANGE_002": (N_("参数“{name}”不能为 0。"), N_("例如 start=1 end=5 step=1。")),
    "RANGE_003": (N_("参数“{name}”超过了 start 到 end 的范围。"), N_("请改小。")),
    "RANGE_004": (N_("参数“{name}”应是 step 的倍数。"), N_("例如 step=1。")),
    "RANGE_005": (N_("参数“{name}”应在 start 和 end 之间。"), N_("例如 start=1 end=5。")),
    "SURVEY_005": (N_("参数“{rejected}”不能用在这种题型上。"), N_("可以写：{accepted}。")),
}


def _remark(book: Book, said: str) -> Fault:
    what, mend, facts = _sentence(said)
    if what == UNKNOWN:
        what, mend = N_("转换程序提醒：“{said}”"), ""
    return Fault("remark", what, mend, facts, severity="warning", **_place(book, said))
