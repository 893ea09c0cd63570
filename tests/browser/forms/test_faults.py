"""What is wrong is said beside the question, listed on top, and gone when it is put right."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.forms.form_page import YES_NO, FormPage, value, xform

pytestmark = [pytest.mark.browser]

FAULTY = xform(
    (
        "select_one yn | open | 开放？ | Open? | required=yes",
        (
            "integer | wait | 等候 | Wait | constraint=. <= 600"
            " | constraint_message::中文 (zh)=最多 600 分钟"
            " | constraint_message::English (en)=600 minutes at most"
        ),
        "decimal | fee | 收费 | Fee",
        "text | note | 备注 | Note | required=yes",
    ),
    YES_NO,
)


def test_faults_are_said_beside_the_question_and_listed_on_top(form: FormPage) -> None:
    form.open(FAULTY)
    form.type("/data/wait", "601")
    expect(form.question("/data/wait").locator(".fault")).to_contain_text("最多 600 分钟")
    expect(form.question("/data/wait").locator("input")).to_have_attribute("aria-invalid", "true")
    found = form.validate()
    assert found == [
        {"path": "/data/open", "label": "开放？", "text": "这一题必须回答"},
        {"path": "/data/wait", "label": "等候", "text": "最多 600 分钟"},
        {"path": "/data/note", "label": "备注", "text": "这一题必须回答"},
    ]
    summary = form.page.get_by_role("region", name="有 3 处需要处理")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="备注").click()
    expect(form.question("/data/note").locator("input")).to_be_focused()
    form.page.keyboard.type("正常")
    form.page.keyboard.press("Tab")
    expect(form.page.get_by_role("region", name="有 2 处需要处理")).to_be_visible()
    form.type("/data/wait", "60")
    form.choose("/data/open", "yes")
    expect(form.page.locator(".faults")).to_be_hidden()
    expect(form.page.locator(".fault")).to_have_count(0)
    assert form.validate() == []


@pytest.mark.parametrize(
    ("path", "typed", "held", "said"),
    [
        ("/data/wait", "１２", "12", ""),
        ("/data/wait", "12.5", "", "整数"),
        ("/data/wait", "1,234", "", "千位逗号"),
        ("/data/wait", "12分钟", "", "单位"),
        ("/data/wait", "1234567890123456", "", "15 位"),
        ("/data/fee", "３．５０", "3.5", ""),
        ("/data/fee", "1e3", "", "只填数字"),
        ("/data/fee", "-0.25", "-0.25", ""),
        ("/data/fee", "Infinity", "", "只填数字"),
    ],
)
def test_numbers_are_read_strictly(
    form: FormPage, path: str, typed: str, held: str, said: str
) -> None:
    form.open(FAULTY)
    form.type(path, typed)
    fault = form.question(path).locator(".fault")
    expect(fault).to_have_count(1 if said else 0)
    if said:
        expect(fault).to_contain_text(said)
        assert path in [each["path"] for each in form.validate()]
    assert value(form.xml(), path) == [held]


def test_typing_is_in_the_record_before_the_field_is_left(form: FormPage) -> None:
    form.page.clock.install()
    form.open(FAULTY)
    form.question("/data/note").locator("input").press_sequentially("还没写完")
    form.page.clock.run_for(400)
    assert form.page.evaluate("changes.at(-1)") == {
        "what": "answer",
        "path": "/data/note",
        "timers": {},
    }
    assert value(form.xml(), "note") == ["还没写完"]
    form.question("/data/note").locator("input").press_sequentially("了")
    assert value(form.xml(), "note") == ["还没写完了"]


def test_the_keyboard_is_enough(form: FormPage) -> None:
    form.open(FAULTY)
    keyboard = form.page.keyboard
    form.page.locator("#form").evaluate("element => { element.tabIndex = -1; element.focus() }")
    for key in ("Tab", "Space", "ArrowDown", "Tab"):
        keyboard.press(key)
    keyboard.type("15")
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.type("好")
    keyboard.press("Tab")
    assert form.validate() == []
    xml = form.xml()
    assert [value(xml, name)[0] for name in ("open", "wait", "note")] == ["no", "15", "好"]


PICTURED = xform(
    (
        "select_one yn | clean | 整洁？ | Clean?",
        "image | photo | 照片 | Photo",
    ),
    YES_NO,
)


WITH_EVIDENCE = {
    "questions": [
        {
            "name": "clean",
            "path": "/data/clean",
            "kind": "select_one",
            "evidence": ["photo"],
            "repeat": "",
        },
        {"name": "photo", "path": "/data/photo", "kind": "image", "evidence": [], "repeat": ""},
    ]
}


def test_an_answer_needs_the_evidence_that_comes_with_it(form: FormPage) -> None:
    form.open(PICTURED, document=WITH_EVIDENCE)
    assert form.validate() == []
    form.choose("/data/clean", "no")
    assert form.validate() == [
        {"path": "/data/clean", "label": "整洁？", "text": "有答案，还缺佐证：照片"}
    ]
    form.pick("/data/photo", "拍照")
    expect(form.page.locator(".fault")).to_have_count(0)
    expect(form.page.locator(".faults")).to_be_hidden()
    assert form.validate() == []
