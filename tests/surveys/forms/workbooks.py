"""Form workbooks as authors write them, built in the test."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.platform.errors import Fault
from surveys.forms import vocabulary as words
from surveys.forms.doctor import Diagnosis, examine

HEADERS = (
    *("type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant"),
    *("constraint", "constraint_message::中文 (zh)", "constraint_message::English (en)"),
    *("calculation", "choice_filter", "appearance", "indicator", "score_rule", "across_visits"),
    *("evidence", "measure", "department", "severity", "fails_when", "integrity", "timer"),
    *("default", "read_only", "hint::中文 (zh)", "media::image", "repeat_count", "parameters"),
)
SETTINGS = {
    "form_id": "hall",
    "form_title": "大厅暗访（示例）",
    "form_title::English (en)": "Hall visit (example)",
    "method": "inspection",
}
YES_NO = (("yes_no", "yes", "是", "Yes"), ("yes_no", "no", "否", "No"))
CHOICE_HEADERS = ("list_name", "name", "label::中文 (zh)", "label::English (en)")

Row = Mapping[str, Any]
SHORT = {
    "label": "label::中文 (zh)",
    "label_en": "label::English (en)",
    "message": "constraint_message::中文 (zh)",
    "message_en": "constraint_message::English (en)",
    "hint": "hint::中文 (zh)",
    "image": "media::image",
}


def q(kind: str, name: str, **columns: Any) -> dict[str, Any]:
    """A row of the survey sheet with labels in both languages; None takes a column away."""
    row: dict[str, Any] = {"type": kind, "name": name}
    if kind not in ("calculate", "end group", "end repeat", "start", "end", "today"):
        row |= {"label::中文 (zh)": f"题 {name}", "label::English (en)": f"Question {name}"}
    row |= {SHORT.get(key, key): value for key, value in columns.items()}
    return {key: value for key, value in row.items() if value is not None}


VISIT = q("text", "visit", required="yes")


def workbook(
    *survey: Row | None,
    choices: Sequence[Sequence[Any]] = YES_NO,
    choice_headers: Sequence[str] = CHOICE_HEADERS,
    settings: Row | None = None,
    visit: bool = True,
    headers: Sequence[str] = HEADERS,
    **sheets: Sequence[Sequence[Any]],
) -> bytes:
    """An .xlsx with the given rows; None is a blank row. The visit question comes first."""
    rows: list[list[Any]] = [list(headers)]
    given_rows = (VISIT, *survey) if visit else survey
    rows += [[(row or {}).get(header) for header in headers] for row in given_rows]
    given = {**SETTINGS, **(settings or {})}
    return written(
        {
            "survey": rows,
            "choices": [list(choice_headers), *map(list, choices)],
            "settings": [list(given), list(given.values())],
            **{name: [list(line) for line in lines] for name, lines in sheets.items()},
        }
    )


def written(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An .xlsx of sheets as they are given."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def changed(content: bytes, sheet: str, cell: str, value: Any) -> bytes:
    """The same workbook with another value in a cell."""
    book = load_workbook(io.BytesIO(content))
    book[sheet][cell] = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(name: str) -> str:
    """The letter of a survey column."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(HEADERS.index(name) + 1)


#: A small form without any fault.
GOOD = workbook(
    q("select_one yes_no", "queue", required="yes", evidence="photo", fails_when="no", measure=4,
      department="政务服务局", severity="medium"),
    q("image", "photo", required="yes"),
    q("integer", "minutes", constraint=". >= 0 and . < 600", message="0 到 600", message_en="0–600",
      indicator="I1", score_rule="value | max 100", timer="wait"),
    q("begin group", "why", relevant="${queue} = 'no'"),
    q("text", "reason"),
    q("end group", ""),
    q("calculate", "double", calculation="${minutes} * 2"),
    kit=[["key", "text::zh", "text::en"], ["scenario", "示例情景", "Example"]],
    stories=[["code", "text::zh", "text::en"], ["owner", "店主", "A shopkeeper"]],
    script=[["code", "text::zh", "text::en", "minutes"], ["wait", "等候", "Wait", 15]],
)  # fmt: skip


def look(content: bytes, **more: Any) -> Diagnosis:
    """What the doctor says."""
    return examine(content, "表单.xlsx", **more)


def faults(content: bytes, **more: Any) -> list[Fault]:
    """All its faults."""
    return list(look(content, **more).faults)


def only(content: bytes, code: str, **more: Any) -> Fault:
    """The one fault of a code; no error but that one."""
    found = faults(content, **more)
    assert {fault.code for fault in found if fault.severity == "error"} <= {code}
    (fault,) = [each for each in found if each.code == code]
    return fault


class RowOf:
    """Writes rows of a sheet by the keys of its columns, whatever their language."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        key = words.sheet_of(sheet.title)
        headers = [words.header_of(key, str(cell.value)) for cell in sheet[1] if cell.value]
        self.columns = {header.full: at for at, header in enumerate(headers, 1) if header}

    def write(self, row: int, values: Row) -> None:
        """Write *values* into a row."""
        for full, value in values.items():
            self.sheet.cell(row, self.columns[full]).value = value
