"""The form doctor on choices, settings, the kit, and what workbooks are like."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from evaluation.platform.errors import Faulty
from tests.factories.province import small_framework
from tests.surveys.forms.doctor_cases import RELEVANT
from tests.surveys.forms.workbooks import (
    CHOICE_HEADERS,
    GOOD,
    VISIT,
    YES_NO,
    changed,
    column,
    faults,
    look,
    only,
    q,
    saved,
    workbook,
    written,
)

CHOICES: list[tuple[str, list[Any], str, str]] = [
    ("choice without a name", [("yes_no", None, "是", "Yes")], "no-choice-name", "B2"),
    ("choice twice", [*YES_NO, ("yes_no", "yes", "对", "Right")], "duplicate-choice", "B4"),
    ("choice with a space", [("yes_no", "very good", "很好", "Very good")], "bad-choice", "B2"),
    ("choice without a label", [("yes_no", "yes", None, None)], "no-choice-label", "C2"),
    ("choice without a list", [*YES_NO, (None, "maybe", "也许", "Maybe")], "no-list-name", "A4"),
]


@pytest.mark.parametrize(
    ("choices", "code", "cell"), [row[1:] for row in CHOICES], ids=[row[0] for row in CHOICES]
)
def test_choices(choices: list[Any], code: str, cell: str) -> None:
    fault = only(workbook(q("select_one yes_no", "a"), choices=choices), code)
    assert (fault.sheet, fault.cell) == ("choices", cell)


def test_a_list_that_nobody_uses_is_a_warning() -> None:
    fault = only(workbook(q("text", "a")), "unused-list")
    assert fault.severity == "warning"


def test_filter_columns_need_names_that_expressions_can_use() -> None:
    fault = only(
        workbook(
            q("select_one yes_no", "a"),
            choice_headers=(*CHOICE_HEADERS, "所属 市"),
            choices=[(*row, "x") for row in YES_NO],
        ),
        "bad-filter-column",
    )
    assert fault.cell == "E1"


SETTINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"form_id": None}, "no-form-id", "A2"),
    ({"form_id": "Hall"}, "bad-form-id", "A2"),
    ({"form_id": "new"}, "reserved-form-id", "A2"),
    ({"form_title": None, "form_title::English (en)": None}, "no-title", "B2"),
    ({"form_title": "题" * 201}, "long-title", "B2"),
    ({"method": "seminar"}, "bad-method", "D2"),
    ({"public_key": "MIIB"}, "refused-setting", "E1"),
    ({"auto_delete": "true"}, "refused-setting", "E1"),
]


@pytest.mark.parametrize(("settings", "code", "cell"), SETTINGS)
def test_settings(settings: dict[str, Any], code: str, cell: str) -> None:
    fault = only(workbook(q("text", "a"), settings=settings, choices=[]), code)
    assert (fault.sheet, fault.cell) == ("settings", cell)


def test_the_visit_question() -> None:
    assert only(workbook(q("text", "a"), visit=False, choices=[]), "no-visit").row == 2
    later = workbook(q("text", "a"), VISIT, visit=False, choices=[])
    assert only(later, "visit-first").cell == "B3"
    numbered = workbook(q("integer", "visit", required="yes"), q("text", "a"), visit=False,
                        choices=[])  # fmt: skip
    assert only(numbered, "visit-shape").cell == "A2"
    optional = workbook(q("text", "visit"), q("text", "a"), visit=False, choices=[])
    assert only(optional, "visit-required").severity == "warning"
    assert only(workbook(choices=[]), "no-questions").sheet == "survey"


def test_the_kit() -> None:
    content = workbook(
        q("decimal", "a", timer="waitt"),
        choices=[],
        kit=[["key", "text::zh", "text::en"], ["scene", "情景", "Scene"]],
        stories=[["code", "text::zh", "text::en"], ["店主", "店主", "A"], ["b", None, None]],
        script=[["code", "text::zh", "text::en", "minutes"], ["wait", "等", "Wait", "ten"],
                ["wait", "再等", "Again", 1]],
    )  # fmt: skip
    found = {(fault.code, fault.sheet, fault.cell) for fault in look(content).errors}
    assert found == {
        ("unknown-step", "survey", f"{column('timer')}3"),
        ("unknown-kit", "kit", "A2"),
        ("bad-code", "stories", "A2"),
        ("no-text", "stories", "B3"),
        ("bad-minutes", "script", "D2"),
        ("duplicate-code", "script", "A3"),
    }


def test_timers_are_numbers_outside_repeats() -> None:
    script = [["code", "text::zh", "text::en"], ["wait", "等", "Wait"]]
    kind = workbook(q("text", "a", timer="wait"), choices=[], script=script)
    assert only(kind, "timer-kind").cell == f"{column('timer')}3"
    rows = (q("begin repeat", "r"), q("integer", "a", timer="wait"), q("end repeat", ""))
    assert only(workbook(*rows, choices=[], script=script), "timer-in-repeat")


def test_codes_are_compared_with_the_newest_framework() -> None:
    row = q("integer", "a", indicator="I99", score_rule="value", measure=9, department="甲局",
            fails_when="> 3")  # fmt: skip
    content = workbook(row, choices=[])
    assert {fault.code for fault in faults(content)} == set()
    found = faults(content, framework=small_framework())
    assert {fault.code for fault in found} >= {"unknown-indicator"}
    assert all(fault.severity == "warning" for fault in found)


def test_formulas_and_error_values_are_told() -> None:
    content = changed(GOOD, "survey", f"{column('fails_when')}3", "=no")
    found = {fault.code: fault for fault in faults(content)}
    assert found["formula"].cell == f"{column('fails_when')}3"


def test_merged_cells_hide_what_they_cover() -> None:
    book = load_workbook(io.BytesIO(GOOD))
    book["survey"].merge_cells("C3:C4")
    found = [fault for fault in faults(saved(book)) if fault.code == "merged"]
    assert [fault.cell for fault in found] == ["C3"]


def test_sheets_and_columns_that_are_missing_or_misspelt() -> None:
    survey = [["type", "namee", "label", "hints", "wetter"], ["text", "visit", "编号", "", ""]]
    found = {fault.code: fault for fault in faults(written({"survey": survey, "chioces": [["a"]]}))}
    misspelt = [fault.cell for fault in faults(written({"survey": survey})) if
                fault.code == "misspelt-column"]  # fmt: skip
    assert misspelt == ["B1", "D1"]
    assert found["missing-column"].facts["column"] == "name"
    assert found["missing-sheet"].facts["sheet"] == "settings"
    assert found["misspelt-sheet"].facts["near"] == "choices"
    assert found["unknown-column"].severity == "warning"


def test_the_same_column_twice() -> None:
    survey = [["type", "类型", "name", "label"], ["text", "", "visit", "编号"]]
    found = {fault.code: fault for fault in faults(written({"survey": survey}))}
    assert found["duplicate-column"].cell == "B1"


def test_chinese_headers_types_and_words_are_read() -> None:
    content = written(
        {
            "问卷": [
                ["类型", "名称", "标签", "标签::英文", "必填", "跳转条件", "不合格条件", "佐证"],
                ["文本", "visit", "访查编号", "Visit code", "是"],
                ["单选 yes_no", "queue", "有叫号机吗", "Tickets?", "必答", None, "no", "p"],
                ["照片", "p", "照片", "Photo", "是"],
                ["开始分组", "why", "原因", "Why", None, "${queue} = 'no'"],
                ["多选 yes_no", "many", "多选", "Many"],
                ["结束分组"],
                ["签名", "sign", "签名", "Signature", "否"],
            ],
            "选项": [["列表", "名称", "标签", "标签（英文）"], *YES_NO],
            "设置": [["表单编号", "表单标题", "表单标题::英文", "采集方式"],
                     ["hall", "大厅", "Hall", "明察暗访"]],
            "情景": [["项目", "文字", "文字::英文"], ["情景", "去大厅", "Go to the hall"]],
        }
    )  # fmt: skip
    said = look(content)
    assert said.faults == ()
    assert said.draft is not None
    document = said.draft.document
    assert document.method == "inspection"
    assert document.languages == ("zh", "en")
    assert document.kit.scenario.zh == "去大厅"
    assert [q.kind for q in document.questions] == [
        *("text", "select_one", "image", "select_multiple", "signature")
    ]
    assert document.by_name["queue"].required
    assert not document.by_name["sign"].required
    assert document.groups["/data/why"].en == "Why"


def test_a_title_above_the_headers_moves_the_rows() -> None:
    content = written(
        {
            "survey": [["我的表单"], [], ["type", "name", "label"], ["text", "visit", "编号"],
                       ["integr", "a", "甲"]],
            "settings": [["form_id", "form_title", "method"], ["hall", "大厅", "inspection"]],
        }
    )  # fmt: skip
    (fault,) = [each for each in faults(content) if each.code == "unknown-type"]
    assert fault.cell == "A5"


def test_rows_that_pyxform_counts_are_the_sheets_own() -> None:
    content = written(
        {
            "survey": [["我的表单"], ["type", "name", "label", "parameters"],
                       ["text", "visit", "编号"], [], ["range", "a", "甲", "start=1 end=5 step=0"]],
            "settings": [["form_id", "form_title", "method"], ["hall", "大厅", "inspection"]],
        }
    )  # fmt: skip
    (fault,) = [each for each in faults(content) if each.code == "range-002"]
    assert fault.cell == "D5"


def test_too_many_questions() -> None:
    rows = [q("text", f"q{n}") for n in range(501)]
    assert only(workbook(*rows, choices=[]), "too-many").facts["limit"] == 500


def test_mended_cells_are_what_they_should_be() -> None:
    content = workbook(
        q("select_one yes_no", "a"), q("text", " b", relevant="$｛a｝＝‘no’"), q("text", "ｃ")
    )
    mends = {mend.cell: (mend.before, mend.after) for mend in look(content).mends}
    assert mends == {
        "B4": (" b", "b"),
        f"{RELEVANT}4": ("$｛a｝＝‘no’", "${a}='no'"),
        "B5": ("ｃ", "c"),
    }


def test_other_checks_look_at_what_is_meant() -> None:
    """A full-width sign does not hide the unknown choice behind it."""
    content = workbook(q("select_one yes_no", "a"), q("text", "b", relevant="${a} ＝ ‘nope’"))
    assert {fault.code for fault in look(content).errors} == {
        *("full-width", "curly", "unknown-choice")
    }


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", GOOD[:400], b"PK\x03\x04" + b"\x00" * 100]
)
def test_what_is_no_workbook_is_refused_at_the_door(content: bytes) -> None:
    with pytest.raises(Faulty):
        look(content)


def test_whatever_pyxform_trips_over_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(*_given: Any, **_named: Any) -> None:
        raise KeyError("children")

    monkeypatch.setattr("surveys.forms.conversion.pyxform_convert", trips)
    fault = only(GOOD, "conversion")
    assert "KeyError" not in fault.explain()
