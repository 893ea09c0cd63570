"""The doctor looks at the visit's kit: scenario, cover stories, script."""

from __future__ import annotations

from math import isfinite

from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.book import Row
from surveys.forms.drafting import kit_key
from surveys.forms.outline import Outline
from surveys.forms.score_rules import number


def check(form: Outline) -> None:
    """Note every fault of the kit's sheets."""
    for row in form.book[words.KIT].rows:
        if row.texts and not kit_key(row.get("key")):
            form.book.fault(
                "unknown-kit", words.KIT, row, "key", N_("不认识的项目“{key}”。"),
                N_("可以写 scenario（情景）或 preparation（准备）。"),
                facts={"key": row.get("key")[:60]},
            )  # fmt: skip
    for sheet in (words.STORIES, words.SCRIPT):
        _codes(form, sheet)
    for row in form.book[words.SCRIPT].rows:
        text = row.get("minutes")
        minutes = number(text) if text else 0.0
        if minutes is None or not isfinite(minutes) or minutes < 0:
            form.book.fault(
                "bad-minutes", words.SCRIPT, row, "minutes", N_("时长“{text}”不是分钟数。"),
                N_("请写数字，例如 15。"), facts={"text": text[:60]},
            )  # fmt: skip


def _codes(form: Outline, sheet: str) -> None:
    first: dict[str, Row] = {}
    for row in form.book[sheet].rows:
        code = row.get("code")
        if not row.texts:
            continue
        if not code or not code.isascii() or not code.replace("_", "").isalnum():
            form.book.fault(
                "bad-code", sheet, row, "code", N_("代码“{code}”不能用。"),
                N_("只用字母、数字和下划线，例如 wait。"), facts={"code": code[:60]},
            )  # fmt: skip
        elif code in first:
            form.book.fault(
                "duplicate-code", sheet, row, "code", N_("代码“{code}”与第 {other} 行重复。"),
                N_("请改名。"), facts={"code": code, "other": first[code].number},
            )  # fmt: skip
        first.setdefault(code, row)
        if not (row.get("text::zh") or row.get("text::en")):
            form.book.fault(
                "no-text", sheet, row, "text::zh", N_("这一行没有文字。"), N_("请写上内容。")
            )
