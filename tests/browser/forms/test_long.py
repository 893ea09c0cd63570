"""Long forms: 60 questions with photos, and 300 questions on a processor slowed four times."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pyxform.xls2xform import convert

from bench.form_lines import QUESTIONS, workbook
from tests.browser.forms.form_page import YES_NO, FormPage, value, xform
from tests.browser.forms.robot import fill

pytestmark = [pytest.mark.browser]

KINDS = (
    "select_one yn | {0} | 问题{0} | Question {0}",
    "integer | {0} | 数{0} | Number {0}",
    "text | {0} | 文字{0} | Text {0}",
    "date | {0} | 日期{0} | Date {0}",
    "image | {0} | 照片{0} | Photo {0}",
    "select_multiple yn | {0} | 多选{0} | Several {0}",
)
SIXTY = xform(
    [f"{KINDS[at % len(KINDS)].format(f'q{at}')} | required=yes" for at in range(60)], YES_NO
)
PHOTOS = [f"q{at}" for at in range(60) if at % len(KINDS) == 4]


def test_sixty_questions_with_photos(form: FormPage) -> None:
    form.open(SIXTY)
    for name in PHOTOS:
        form.pick(f"/data/{name}", "拍照")
        expect(form.question(f"/data/{name}")).to_contain_text("已存入")
    pictures = {name: value(form.xml(), name)[0] for name in PHOTOS}
    fill(form, 7, careless=False, answers=pictures)
    assert form.validate() == []
    held = form.xml()
    assert sorted(each["name"] for each in form.page.evaluate("handle.files()")) == sorted(
        pictures.values()
    )
    form.reopen(instance=form.draft())
    assert form.xml() == held
    for name in PHOTOS:
        expect(form.question(f"/data/{name}").locator("img")).to_have_count(1)


def test_three_hundred_questions_on_a_slow_phone(form: FormPage) -> None:
    page = form.page
    cdp = page.context.new_cdp_session(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    form.open(str(convert(workbook(), validate=False, file_type=".md").xform))
    assert page.locator(".question:not(.or-visit)").count() == QUESTIONS
    hidden = form.question("/data/g9/q9_24")
    expect(hidden).to_be_hidden()
    form.choose("/data/g9/q9_20", "yes")
    expect(hidden).to_be_visible()
    form.type("/data/g9/q9_21", "12")
    assert value(form.xml(), "g9/q9_21") == ["12"]
    faults = form.validate()
    shown = page.locator(".question:not(.or-visit):not(.disabled):not(.faulty)")
    assert len(faults) > 200
    assert shown.count() == 2
