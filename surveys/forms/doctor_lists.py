"""The doctor looks at settings, choices and translations."""

from __future__ import annotations

import re
from itertools import chain

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Row
from surveys.forms.drafting import languages_of, method_of, settings_row
from surveys.forms.mechanical import ascii_name
from surveys.forms.outline import Outline

FORM_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
CHOICE = re.compile(r"[A-Za-z0-9_.\-]+")
COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
RESERVED_IDS = frozenset({"new", "check"})  # they are addresses of pages
LONGEST_TITLE = 200


def check(form: Outline) -> None:
    """Note every fault of the settings and choices sheets, and what is not translated."""
    _settings(form)
    _choices(form)
    _translations(form)


def _settings(form: Outline) -> None:
    book, row = form.book, settings_row(form.book)
    table = book[words.SETTINGS]
    said = row.get("form_id")
    if not said and "form_id" in table.columns:
        book.fault(
            "no-form-id", words.SETTINGS, row, "form_id",
            N_("没有写表单编号。"),
            N_("小写字母开头，只用小写字母、数字、下划线，例如 hall_visit。"),
        )  # fmt: skip
    elif said and not FORM_ID.fullmatch(said):
        book.fault(
            "bad-form-id", words.SETTINGS, row, "form_id",
            N_("表单编号“{id}”不能用。"),
            N_("小写字母开头，只用小写字母、数字、下划线，不超过 64 个，例如 {near}。"),
            facts={"id": said[:60], "near": ascii_name(said.lower())[:64] or "hall_visit"},
        )  # fmt: skip
    elif said in RESERVED_IDS:
        book.fault(
            "reserved-form-id", words.SETTINGS, row, "form_id",
            N_("表单编号“{id}”由系统使用。"), N_("请改名，例如 {id}_1。"), facts={"id": said},
        )  # fmt: skip
    title = row.get("form_title::zh") or row.get("form_title::en")
    if not title and any(table.languages("form_title")):
        book.fault(
            "no-title", words.SETTINGS, row, "form_title::zh",
            N_("没有写表单标题。"), N_("请写上标题，例如“政务大厅暗访”。"),
        )  # fmt: skip
    for full in ("form_title::zh", "form_title::en"):
        if len(row.get(full)) > LONGEST_TITLE:
            book.fault(
                "long-title", words.SETTINGS, row, full,
                N_("标题有 {count} 个字，超过 {limit} 个。"), N_("请改短。"),
                facts={"count": len(row.get(full)), "limit": LONGEST_TITLE},
            )  # fmt: skip
    if "method" in table.columns and not method_of(row.get("method")):
        book.fault(
            "bad-method", words.SETTINGS, row, "method",
            N_("采集方式“{method}”不对。"),
            N_("请写 simulation（现场模拟体验）、inspection（明察暗访）或 "
               "basic_data（基础数据收集核实）。"),
            facts={"method": row.get("method")[:60]},
        )  # fmt: skip
    _refused(form)
    for other in [each for each in table.rows if each.texts][1:]:
        book.fault(
            "second-settings", words.SETTINGS, other, "form_id",
            N_("设置只读第一行，这一行没有使用。"), N_("请删除这一行。"), warning=True,
        )  # fmt: skip


def _refused(form: Outline) -> None:
    """Settings that would hide or lose records; the plain warning of their column goes."""
    book = form.book
    table = book[words.SETTINGS]
    for header in table.extra:
        why = words.REFUSED_SETTINGS.get(words.plain(header))
        if why is None:
            continue
        book.faults[:] = [
            each for each in book.faults
            if not (each.sheet == table.title and each.column == header)
        ]  # fmt: skip
        book.faults.append(
            Fault("refused-setting", N_("不支持设置“{name}”。"), why, {"name": header},
                  sheet=table.title, cell=table.cell(table.header_row, header),
                  row=table.header_row, column=header)
        )  # fmt: skip


def _choices(form: Outline) -> None:
    book = form.book
    table = book[words.CHOICES]
    for header in table.extra:
        if not COLUMN.fullmatch(header):
            book.fault(
                "bad-filter-column", words.CHOICES, table.header_row, header,
                N_("筛选列“{name}”的名称不能用。"),
                N_("只用字母、数字和下划线，例如 city；说明文字请用“备注”列。"),
                facts={"name": header[:60]},
            )  # fmt: skip
    for row in table.rows:
        if row.texts and not row.get("list_name"):
            book.fault(
                "no-list-name", words.CHOICES, row, "list_name",
                N_("这个选项没有写列表名。"), N_("请写上它属于哪个列表。"),
            )  # fmt: skip
    used = {item.list_name for item in form.items}
    for name, rows in form.lists.items():
        _one_list(form, name, rows, used=name in used)


def _one_list(form: Outline, name: str, rows: list[Row], *, used: bool) -> None:
    book = form.book
    if not CHOICE.fullmatch(name):
        book.fault(
            "bad-list-name", words.CHOICES, rows[0], "list_name",
            N_("列表名“{list}”里有不能用的字符。"),
            N_("只用字母、数字和下划线，例如 {near}。"),
            facts={"list": name[:60], "near": ascii_name(name) or "yes_no"},
        )  # fmt: skip
    if not used:
        book.fault(
            "unused-list", words.CHOICES, rows[0], "list_name",
            N_("列表“{list}”没有题目使用。"), N_("请检查“类型”列的列表名，或删除这个列表。"),
            warning=True, facts={"list": name[:60]},
        )  # fmt: skip
    first: dict[str, int] = {}
    for row in rows:
        choice = row.get("name")
        if not choice:
            book.fault(
                "no-choice-name", words.CHOICES, row, "name",
                N_("这个选项没有名称。"), N_("请填写英文名称，例如 yes。"),
            )  # fmt: skip
        elif not CHOICE.fullmatch(choice):
            book.fault(
                "chinese-choice" if not choice.isascii() else "bad-choice", words.CHOICES, row,
                "name", N_("选项名“{name}”里有汉字、空格或不能用的符号。"),
                N_("只用字母、数字、下划线、点和连字符，例如 {near}；中文写在“标签”列。"),
                facts={"name": choice[:60], "near": ascii_name(choice) or f"c{row.number}"},
            )  # fmt: skip
        elif choice in first:
            book.fault(
                "duplicate-choice", words.CHOICES, row, "name",
                N_("列表“{list}”里选项“{name}”与第 {other} 行重复。"), N_("请改名或删除。"),
                facts={"list": name[:60], "name": choice[:60], "other": first[choice]},
            )  # fmt: skip
        first.setdefault(choice, row.number)
        if not (row.get("label::zh") or row.get("label::en")):
            book.fault(
                "no-choice-label", words.CHOICES, row, "label::zh",
                N_("这个选项没有标签。"), N_("请写上给人看的文字。"),
            )  # fmt: skip


def _translations(form: Outline) -> None:
    """What has one language where the form has two; a form with one language is told once."""
    book = form.book
    spoken = languages_of(book)
    if words.EN not in spoken:
        book.fault(
            "one-language", words.SURVEY, book[words.SURVEY].header_row, "label::zh",
            N_("表单没有英文：英文界面也会显示中文。"),
            N_("需要时请加一列“label::English (en)”。"), warning=True,
        )  # fmt: skip
        return
    named = {item.list_name for item in form.items}
    listed = chain.from_iterable(rows for name, rows in form.lists.items() if name in named)
    for sheet, rows, keys in (
        (words.SURVEY, book[words.SURVEY].rows, ("label", "hint", "constraint_message",
                                                 "required_message")),
        (words.CHOICES, listed, ("label",)),
        (words.SETTINGS, book[words.SETTINGS].rows, ("form_title",)),
        *((key, book[key].rows, ("text",)) for key in (words.KIT, words.STORIES, words.SCRIPT)),
    ):  # fmt: skip
        for row in rows:
            for key in keys:
                _translated(form, sheet, row, key)


def _translated(form: Outline, sheet: str, row: Row, key: str) -> None:
    zh, en = row.get(f"{key}::zh"), row.get(f"{key}::en")
    if bool(zh) == bool(en):
        return
    missing = words.EN if zh else words.ZH
    form.book.fault(
        "untranslated", sheet, row, f"{key}::{missing}",
        N_("缺少英文，英文界面会显示中文。") if zh else N_("缺少中文，中文界面会显示英文。"),
        N_("请补上译文。"), warning=True,
    )  # fmt: skip
