"""What changed between two versions, field by field."""

from __future__ import annotations

from typing import Any

from evaluation.platform.i18n import use_locale
from surveys.forms.diff import Change, diff
from surveys.forms.doctor import examine
from tests.surveys.forms.workbooks import YES_NO, q, workbook

BASE = (
    q("select_one yes_no", "a", evidence="p", fails_when="no", measure=3, department="甲局"),
    q("image", "p"),
    q("integer", "n", constraint=". > 0", message="大于 0", message_en="above 0"),
    q("begin group", "g"),
    q("text", "inside"),
    q("end group", ""),
    q("calculate", "c", calculation="${n} * 2"),
)
SCRIPT = [["code", "text::zh", "text::en", "minutes"], ["wait", "等", "Wait", 5],
          ["ask", "问", "Ask", 3]]  # fmt: skip


def changes(new: tuple[Any, ...] = BASE, **more: Any) -> list[tuple[str, ...]]:
    old = examine(workbook(*BASE, script=SCRIPT), "old.xlsx").draft
    given = {"script": SCRIPT, **more}
    made = examine(workbook(*new, **given), "new.xlsx")
    assert old is not None
    assert made.draft is not None, made.errors
    found = diff(old.document, made.draft.document, old_xform=old.xform, new_xform=made.draft.xform)
    for change in found:
        for locale in ("zh", "en"):
            with use_locale(locale):
                assert "{" not in change.explain().replace("${", "")
    return [
        (change.kind, change.part, change.item, change.field, change.before, change.after)
        for change in found
    ]


def changed(at: int, **columns: Any) -> tuple[Any, ...]:
    rows = [dict(row) for row in BASE]
    rows[at] |= columns
    return tuple(rows)


def test_nothing_changed() -> None:
    assert changes() == []


def test_added_and_removed() -> None:
    rows = (*BASE[:2], *BASE[3:6], q("text", "new"))
    assert changes(rows) == [
        ("removed", "questions", "n 题 n", "", "", ""),
        ("removed", "questions", "c", "", "", ""),
        ("added", "questions", "new 题 new", "", "", ""),
    ]


def test_moved_within_the_form_and_into_a_group() -> None:
    rows = (BASE[1], BASE[0], *BASE[2:])
    (moved,) = changes(rows)
    assert moved[0] == "moved"
    assert moved[3] == "order"
    rows = (*BASE[:2], BASE[3], BASE[2], *BASE[4:])
    (moved, *rest) = changes(rows)
    assert moved == ("moved", "questions", "n 题 n", "path", "", "题 g")
    assert [each[3] for each in rest] == ["calculation"]  # its path in the formula


def test_every_column_is_compared() -> None:
    assert changes(changed(0, required="yes")) == [
        ("changed", "questions", "a 题 a", "required", "否", "是")
    ]
    assert changes(changed(0, fails_when="yes")) == [
        ("changed", "questions", "a 题 a", "fails_when", "no", "yes")
    ]
    assert changes(changed(0, measure=4)) == [
        ("changed", "questions", "a 题 a", "measure", "3", "4")
    ]
    assert changes(changed(0, evidence=None)) == [
        ("changed", "questions", "a 题 a", "evidence", "p", "")
    ]
    assert changes(changed(0, **{"label::English (en)": "Other"})) == [
        ("changed", "questions", "a 题 a", "label_en", "Question a", "Other")
    ]
    score = changed(2, indicator="I1", score_rule="value")
    assert [change[3:] for change in changes(score)] == [
        ("indicator", "", "I1"), ("score_rule", "", "value")
    ]  # fmt: skip


def test_constraints_and_calculations_are_compared() -> None:
    assert changes(changed(2, constraint=". > 1"))[0][3:] == ("constraint", ". > 0", ". > 1")
    assert changes(changed(6, calculation="${n} * 3"))[0][3:] == (
        *("calculation", "/data/n * 2", "/data/n * 3"),
    )


def test_choices() -> None:
    found = changes(
        choices=[YES_NO[1], ("yes_no", "yes", "有", "Yes"), ("yes_no", "na", "无", "-")]
    )
    kinds = [(change[0], change[2], change[3]) for change in found]
    assert ("added", "yes_no: na 无", "") in kinds
    assert ("changed", "yes_no: yes 有", "label_zh") in kinds
    assert any(change[0] == "moved" for change in found)


def test_the_kit() -> None:
    script = [SCRIPT[0], SCRIPT[2], ["sign", "签", "Sign", 1]]
    found = changes(script=script, kit=[["key", "text::zh"], ["scenario", "去"]])
    assert {(change[0], change[2], change[3]) for change in found} == {
        ("removed", "脚本 wait", ""),
        ("added", "脚本 sign", ""),
        ("added", "情景", ""),
        ("changed", "脚本 ask", "order"),
    }


def test_the_form_itself() -> None:
    found = changes(settings={"form_title": "另一个标题", "method": "simulation"})
    assert {(change[1], change[3]) for change in found} == {
        ("form", "title_zh"),
        ("form", "method"),
    }


def test_a_sentence_in_either_language() -> None:
    change = Change("changed", "questions", "a", "fails_when", "", "no")
    assert change.explain() == "题目“a”的不合格条件由“∅”改为“no”"
    with use_locale("en"):
        assert "fails when" in change.explain()
