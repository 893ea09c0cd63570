"""The empty form workbook: every column with its note, drop-downs, and a guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from evaluation.platform.i18n import N_, _, current_locale
from evaluation.platform.workbooks.layout import fit_rows, set_page
from evaluation.platform.workbooks.saving import to_bytes
from evaluation.platform.workbooks.writing import House
from surveys.forms import vocabulary as words
from surveys.forms.score_rules import ACROSS
from surveys.forms.template_words import COLUMNS, FAILS, RULES, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

GUIDE = N_("说明")
LISTS = "_lists"
ROWS = 300  # rows made ready as text
WIDE = {"label::zh": 30, "label::en": 30, "relevant": 26, "constraint": 22, "calculation": 24,
        "score_rule": 28, "hint::zh": 20, "hint::en": 20, "text::zh": 60, "text::en": 60,
        "constraint_message::zh": 20, "constraint_message::en": 20, "form_title::zh": 30,
        "form_title::en": 30, "evidence": 16, "type": 20, "choice_filter": 18}  # fmt: skip
FIRST = {"type": "text", "name": "visit", "required": "yes"}
CHOICES = (("yes", "是", "Yes"), ("no", "否", "No"), ("na", "不适用", "Not applicable"))


def template() -> bytes:
    """The .xlsx in the current language; both read the same."""
    book = Workbook()
    house = House(book)
    book.remove(book["Sheet"])
    for sheet in words.SHEETS:
        made = book.create_sheet(words.SHEETS[sheet][1] if _chinese() else sheet)
        _columns(house, made, sheet)
    _prefill(house, book)
    _dropdowns(book)
    _guide(house, book.create_sheet(_(GUIDE)))
    return to_bytes(book, title=_("表单模板"))


def header(sheet: str, full: str) -> str:
    """A column's header in the current language."""
    base, _colons, language = full.rpartition("::")
    key, language = (base, language) if language in words.LANGUAGES else (full, "")
    shown = words.HEADERS[sheet][key][0] if _chinese() else key
    return f"{shown}::{words.LANGUAGES[language]}" if language else shown


def _chinese() -> bool:
    return current_locale() == "zh"


def _columns(house: House, made: Worksheet, sheet: str) -> None:
    for column, (full, what, example) in enumerate(COLUMNS[sheet], 1):
        cell = made.cell(1, column)
        ours = sheet == words.SURVEY and full in words.OURS
        house.put(cell, header(sheet, full), "head" if not ours else "group")
        said = f"{_(what)}\n{_('例如：{example}', example=_(example))}" if example else _(what)
        note = Comment(said, "营商")
        note.width, note.height = 280, 60 + 18 * (1 + len(said) // 20)
        cell.comment = note
        letter = get_column_letter(column)
        made.column_dimensions[letter].width = WIDE.get(full, 14)
        for row in range(2, ROWS + 2 if sheet in (words.SURVEY, words.CHOICES) else 42):
            made.cell(row, column).number_format = "@"
    made.row_dimensions[1].height = 32
    made.freeze_panes = "C2" if sheet == words.SURVEY else "A2"
    set_page(made, title_rows="1:1", paper=8 if sheet == words.SURVEY else 9)


def _prefill(house: House, book: Workbook) -> None:
    survey, choices, settings = (book.worksheets[at] for at in (0, 1, 2))
    given = {**FIRST, "label::zh": "访查编号", "label::en": "Visit code"}
    if _chinese():
        given |= {"type": words.TYPES["text"][0], "required": "是"}
    for column, (full, _what, _example) in enumerate(COLUMNS[words.SURVEY], 1):
        if full in given:
            _text(house, survey, 2, column, given[full])
    for row, choice in enumerate(CHOICES, 2):
        for column, value in enumerate(("yes_no", *choice), 1):
            _text(house, choices, row, column, value)
    house.dress(settings.cell(2, 1), "input", "@")
    for column in range(1, len(COLUMNS[words.SETTINGS]) + 1):
        house.dress(settings.cell(2, column), "input", "@")


def _text(house: House, sheet: Worksheet, row: int, column: int, value: str) -> None:
    house.put(sheet.cell(row, column), value, "text")
    sheet.cell(row, column).number_format = "@"


def _dropdowns(book: Workbook) -> None:
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    chinese = _chinese()
    types = [
        (also[0] if chinese else kind) + (" yes_no" if kind in words.WITH_LIST else "")
        for kind, also in words.TYPES.items()
    ]
    options: tuple[tuple[int, str, Sequence[str]], ...] = (
        (0, "type", types),
        (0, "required", ("是", "否") if chinese else ("yes", "no")),
        (0, "across_visits", tuple(ACROSS)),
        (0, "severity", tuple(words.SEVERITIES)),
        (0, "measure", tuple(str(number) for number in range(1, 26))),
        (2, "method", words.FORM_METHODS),
        (3, "key", tuple(words.KIT_KEYS)),
    )
    keys = list(COLUMNS)
    for at, (sheet, full, values) in enumerate(options, 1):
        for row, value in enumerate(values, 1):
            lists.cell(row, at).value = value
        column = [each[0] for each in COLUMNS[keys[sheet]]].index(full) + 1
        letter, source = get_column_letter(column), get_column_letter(at)
        rule = DataValidation(
            type="list", formula1=f"={LISTS}!${source}$1:${source}${len(values)}", allow_blank=True
        )
        rule.showErrorMessage = False  # a select's list is written behind its type
        rule.add(f"{letter}2:{letter}{ROWS + 1}")
        book.worksheets[sheet].add_data_validation(rule)


def _guide(house: House, sheet: Worksheet) -> None:
    house.title(sheet, 1, 3, _("怎样填写表单工作簿"))
    row = 3
    for step in STEPS:
        house.merged(sheet, row, 3, f"· {_(step, reference='${name}')}", "prose")
        row += 1
    for title, lines in (
        (_("计分规则的写法"), RULES),
        (_("不合格条件的写法"), FAILS),
    ):
        row = _table(house, sheet, row + 1, title, [(rule, "", _(what)) for rule, what in lines])
    row = _table(
        house, sheet, row + 1, _("题型"),
        [(also[0], kind, ", ".join(also[1:4])) for kind, also in words.TYPES.items()],
    )  # fmt: skip
    for key, columns in COLUMNS.items():
        title = _("工作表“{sheet}”的列", sheet=words.SHEETS[key][1] if _chinese() else key)
        listed = [
            (header(key, full), _(example) if example else "", _(what))
            for full, what, example in columns
        ]
        row = _table(house, sheet, row + 1, title, listed)
    for column, width in enumerate((38, 34, 70), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    fit_rows(sheet, from_row=3)
    set_page(sheet, landscape=True)


def _table(
    house: House, sheet: Worksheet, row: int, title: str, lines: list[tuple[str, str, str]]
) -> int:
    house.put(sheet.cell(row, 1), title, "heading")
    for at, (first, second, third) in enumerate(lines, row + 1):
        house.put(sheet.cell(at, 1), first, "wrap")
        house.put(sheet.cell(at, 2), second or third, "wrap")
        house.put(sheet.cell(at, 3), third if second else "", "wrap")
        if not second:
            sheet.merge_cells(start_row=at, start_column=2, end_row=at, end_column=3)
    return row + len(lines) + 1
