"""Goes over every cell of a form workbook and mends what can be mended without asking."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Book, Row, Table
from surveys.forms.mechanical import REASONS, Mended, mend_expression, mend_label, mend_name

Mender = Callable[[str], Mended]


@dataclass(frozen=True, slots=True)
class Mend:
    """A cell with what it said and what it should say."""

    sheet: str
    cell: str
    before: str
    after: str


def tidy(text: str) -> Mended:
    """Free text: only the spaces around it go, which nobody sees."""
    return Mended(text.strip(), {})


def mend_condition(text: str) -> Mended:
    """A ``fails_when``: half-width, operators as written in the grammar, without quotes."""
    said = mend_expression(text)
    bare = re.sub(r"['\"]", "", said.text)
    reasons = {key: signs for key, signs in said.reasons.items() if key != "curly"}
    if bare != said.text:
        reasons["curly"] = "".join(dict.fromkeys(re.findall(r"['\"‘’“”]", text)))
    return Mended(bare, reasons)


def mend_yes_no(text: str) -> Mended:
    """A yes or no in any of its words, or an expression."""
    if words.plain(text) in words.YES | words.NO:
        return tidy(text)
    return mend_expression(text)


def mend_default(text: str) -> Mended:
    """A default value, which is text unless it calculates something."""
    return mend_expression(text) if re.search(r"[$＄]\s*[{｛]|\w\(\)", text) else tidy(text)


_SURVEY: dict[str, Mender] = {
    **dict.fromkeys(words.EXPRESSIONS, mend_expression),
    **dict.fromkeys(("required", "read_only"), mend_yes_no),
    **dict.fromkeys(("label", "hint", "guidance_hint"), mend_label),
    **dict.fromkeys(("constraint_message", "required_message"), mend_label),
    **dict.fromkeys(("department", "media::image", "media::audio", "media::video", "note"), tidy),
    "default": mend_default,
    "fails_when": mend_condition,
}
_OTHERS: dict[str, dict[str, Mender]] = {
    words.CHOICES: {"label": mend_label, "media::image": tidy, "media::audio": tidy, "note": tidy},
    words.SETTINGS: {
        **dict.fromkeys(("form_title", "method", "version", "note", "default_language"), tidy),
        "instance_name": mend_expression,
    },
    **{key: {"text": tidy, "note": tidy} for key in (words.KIT, words.STORIES, words.SCRIPT)},
}


def mend(book: Book) -> list[Mend]:
    """Mend the book in place, noting a fault for each cell; give what was mended."""
    return [
        done
        for table in book.tables.values()
        for row in table.rows
        for full in list(row.texts)
        if (done := _cell(book, table, row, full)) is not None
    ]


def _cell(book: Book, table: Table, row: Row, full: str) -> Mend | None:
    before = row.texts[full]
    base = full.rpartition("::")[0] if full.endswith(("::zh", "::en")) else full
    menders = _SURVEY if table.key == words.SURVEY else _OTHERS[table.key]
    found = menders.get(base, mend_name)(before)
    row.texts[full] = found.text
    if not found.text:
        del row.texts[full]
    if not found.reasons:
        return None
    serious = set(found.reasons) - {"spaces"}
    for reason, signs in found.reasons.items():
        book.fault(
            reason, table.key, row, full, REASONS[reason], N_("应为：{after}"),
            warning=reason not in serious,
            facts={"signs": signs, "after": found.text[:200]},
        )  # fmt: skip
    return Mend(table.title, table.cell(row.number, full), before, found.text)
