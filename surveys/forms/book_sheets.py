"""Sheets and columns that are missing, misspelt or not ours."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words

if TYPE_CHECKING:
    from surveys.forms.book import Book


def unknown_header(key: str, text: str, where: Mapping[str, Any]) -> Fault:
    if "::" in text and words.header_of(key, text.split("::", maxsplit=1)[0]):
        return Fault(
            "other-language", N_("“{text}”不是中文或英文列，没有使用。"),
            N_("语言请写 ::中文 (zh) 或 ::English (en)。"),
            {"text": text[:60]}, severity="warning", **where,
        )  # fmt: skip
    known = [name for name, also in words.HEADERS[key].items() for name in (name, *also)]
    near = get_close_matches(words.plain(text), known, 1, 0.75)
    if near:
        return Fault(
            "misspelt-column", N_("不认识的列“{text}”。"), N_("是否应为“{near}”？"),
            {"text": text[:60], "near": near[0]}, **where,
        )  # fmt: skip
    return Fault(
        "unknown-column", N_("不认识的列“{text}”，没有使用。"),
        N_("不需要时请删除这一列；自己的说明请写在“备注”列。"),
        {"text": text[:60]}, severity="warning", **where,
    )  # fmt: skip


def ignored(book: Book, title: str, *, twice: bool) -> None:
    what = N_("这张工作表没有使用：同一种工作表已经有了。") if twice else N_(
        "这张工作表没有使用：本系统不支持它。"
    )  # fmt: skip
    book.faults.append(
        Fault("unused-sheet", what, N_("请删除，或把内容移到支持的工作表。"), sheet=title,
              severity="warning")
    )  # fmt: skip


def misspelt(book: Book, title: str, given: set[str]) -> None:
    names = [name for key, names in words.SHEETS.items() if key not in given for name in names]
    near = get_close_matches(words.plain(title), names, 1, 0.75)
    if near:
        book.faults.append(
            Fault("misspelt-sheet", N_("不认识的工作表“{title}”。"), N_("是否应为“{near}”？"),
                  {"title": title[:60], "near": near[0]}, sheet=title)
        )  # fmt: skip


def missing(book: Book, given: set[str]) -> None:
    for key in (words.SURVEY, words.SETTINGS):
        if key not in given:
            book.faults.append(
                Fault(
                    "missing-sheet", N_("缺少工作表“{sheet}”（{zh}）。"),
                    N_("请从模板复制这张工作表。"),
                    {"sheet": key, "zh": words.SHEETS[key][1]},
                )
            )  # fmt: skip
    for key in given:
        table = book.tables[key]
        bases = {full.rpartition("::")[0] if full.endswith(("::zh", "::en")) else full
                 for full in table.columns}  # fmt: skip
        for needed in words.NEEDED[key]:
            if needed not in bases and (table.rows or key in (words.SURVEY, words.SETTINGS)):
                book.faults.append(
                    Fault(
                        "missing-column", N_("缺少“{column}”（{zh}）列。"),
                        N_("请在第 {row} 行加上这一列。"),
                        {"column": needed, "zh": words.HEADERS[key][needed][0],
                         "row": table.header_row},
                        sheet=table.title, row=table.header_row,
                    )
                )  # fmt: skip
