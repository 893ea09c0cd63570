"""The form doctor: every fault at once, each at its cell, in both languages, with a way out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from evaluation.platform.i18n import use_locale
from tests.surveys.forms.doctor_cases import FINE, RELEVANT, SURVEY, WARNINGS
from tests.surveys.forms.workbooks import GOOD, YES_NO, look, q, workbook

CHINESE = re.compile(r"[\u3400-\u9fff]")


def test_a_good_form_has_no_faults() -> None:
    said = look(GOOD)
    assert said.faults == ()
    assert said.draft is not None
    assert said.draft.document.by_name["reason"].path == "/data/why/reason"


@pytest.mark.parametrize(
    ("rows", "code", "cell"), [row[1:] for row in SURVEY], ids=[row[0] for row in SURVEY]
)
def test_each_fault_is_found_at_its_cell(rows: list[Any], code: str, cell: str) -> None:
    said = look(workbook(*rows))
    assert said.draft is None
    found = {(fault.code, fault.cell) for fault in said.faults if fault.severity == "error"}
    assert (code, cell) in found
    fault = next(each for each in said.faults if (each.code, each.cell) == (code, cell))
    assert fault.sheet == "survey"
    assert fault.row == int(re.sub(r"\D", "", cell))
    assert fault.column
    for locale in ("zh", "en"):
        with use_locale(locale):
            text = f"{fault.explain()} {fault.remedy()}"
            assert "Traceback" not in text
            assert "{" not in text.replace("${", "")
    with use_locale("en"):
        quoted = re.sub(r"[“'(].*?[”')]", "", text)
        assert not CHINESE.search(quoted), text


@pytest.mark.parametrize(
    ("rows", "code"), [row[1:] for row in WARNINGS], ids=[row[0] for row in WARNINGS]
)
def test_warnings_do_not_stand_in_the_way(rows: list[Any], code: str) -> None:
    said = look(workbook(*rows))
    assert code in {fault.code for fault in said.warnings}
    assert said.errors == ()
    assert said.draft is not None


@pytest.mark.parametrize("rows", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_what_is_right_is_left_alone(rows: list[Any]) -> None:
    five = [("five", str(n), f"{n} 分", f"{n}") for n in range(1, 6)]
    used = {row["type"].split()[-1] for row in rows if row and " " in row["type"]}
    choices = [row for row in (*YES_NO, *five) if row[0] in used]
    assert look(workbook(*rows, choices=choices)).faults == ()


def test_everything_is_told_at_once_in_the_order_of_the_sheets() -> None:
    content = workbook(
        q("integr", "a"),
        q("text", "姓名"),
        q("text", "b", relevant="${x} ＝ ‘no’"),
        q("begin group", "g"),
        settings={"form_id": "Bad Id", "method": "guess"},
        choices=[*YES_NO, ("yes_no", "甲", "甲", "A")],
    )
    found = [(fault.code, fault.cell) for fault in look(content).errors]
    assert found == [
        ("unknown-type", "A3"),
        ("chinese-name", "B4"),
        ("full-width", f"{RELEVANT}5"),
        ("curly", f"{RELEVANT}5"),
        ("unknown-reference", f"{RELEVANT}5"),
        ("unbalanced", "A6"),
        ("empty-group", "A6"),
        ("chinese-choice", "B4"),
        ("bad-form-id", "A2"),
        ("bad-method", "D2"),
    ]
