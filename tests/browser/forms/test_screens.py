"""Languages, pages, hostile labels, and use by everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.browser import axe_violations, overflow, small_targets
from tests.browser.forms.every_kind import EVERY_KIND
from tests.browser.forms.form_page import FormPage, value, xform

pytestmark = [pytest.mark.browser]


def test_the_language_changes_at_once_with_everything_in_it(form: FormPage) -> None:
    form.open(EVERY_KIND)
    form.choose("/data/hall/open", "yes")
    form.page.evaluate("handle.locale('en')")
    for text in (
        "Is the window open?",
        "Take a photo",
        "Sign",
        "Get this position",
        "Use this order",
    ):
        expect(form.page.get_by_text(text, exact=True)).to_be_visible()
    options = form.question("/data/hall/asked").locator("option")
    assert options.all_text_contents() == ["Choose one", "ID card", "Lease", "None"]
    expect(form.question("/data/hall/shown")).to_contain_text("Long queue: no")
    shown = form.page.locator("#form").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", shown), shown
    form.page.evaluate("handle.locale('zh')")
    expect(form.page.get_by_text("拍照", exact=True)).to_be_visible()
    assert value(form.xml(), "hall/open") == ["yes"]


HOSTILE = (
    "<img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>\"'&amp;"
    " [x](javascript:alert(4)) **粗**"
)
ALIVE = """[...document.querySelectorAll("#form *")]
  .flatMap((element) => [...element.attributes])
  .filter(({ name }) => name.startsWith("on") || name === "style").length"""


def test_nothing_that_an_author_writes_can_run(form: FormPage) -> None:
    both = f"{HOSTILE} ${{visit}} | {HOSTILE} ${{visit}}"
    form.open(
        xform(
            (
                f"begin_group | g | {both}",
                (
                    f"text | t | {both} | hint::中文 (zh)={HOSTILE} | required=yes"
                    f" | required_message::中文 (zh)={HOSTILE}"
                ),
                f"select_one bad | s | {both}",
                f"select_one bad | m | {both} | appearance=minimal",
                f"select_one bad | f | {both} | choice_filter=filter != ''",
                "end_group | |",
            ),
            (f"bad | a | {HOSTILE} | {HOSTILE} | x",),
        )
    )
    page = form.page
    page.evaluate("() => { window.alert = () => { throw new Error('ran') } }")
    form.validate()
    page.evaluate("handle.locale('en')")
    assert (
        page.locator("#form :is(script, svg, img, iframe, object, a:not(.faults a))").count() == 0
    )
    assert page.evaluate(ALIVE) == 0
    expect(form.question("/data/g/t").locator(".question-label").first).to_contain_text(
        "<script>alert(2)</script>"
    )
    expect(form.question("/data/g/t").locator("strong").first).to_have_text("粗")
    expect(form.question("/data/g/f").locator("label .option-label.active")).to_contain_text(
        "<img src=x onerror=alert(1)>"
    )


PAGED = xform(
    (
        "begin_group | one | 第一组 | First",
        "text | a | 甲 | A | required=yes",
        "end_group | |",
        "begin_group | two | 第二组 | Second | relevant=${a} != 'x'",
        "text | b | 乙 | B",
        "end_group | |",
        "text | c | 丙 | C | required=yes",
    ),
    settings="pages",
)


def test_one_screen_a_group_where_the_form_asks_for_it(form: FormPage) -> None:
    form.open(PAGED)
    page = form.page
    expect(page.get_by_text("第 1 页，共 3 页")).to_be_visible()
    expect(page.get_by_role("button", name="上一页")).to_be_hidden()
    page.get_by_role("button", name="下一页").click()
    expect(form.question("/data/one/a").locator(".fault")).to_be_visible()
    page.get_by_role("button", name="先跳过，下一页").click()
    expect(page.get_by_text("第 2 页，共 3 页")).to_be_visible()
    expect(page.get_by_role("heading", name="第二组")).to_be_focused()
    page.get_by_role("button", name="下一页").click()
    expect(form.question("/data/c")).to_be_visible()
    expect(page.get_by_role("button", name="下一页")).to_be_hidden()
    form.validate()
    page.get_by_role("link", name="甲").click()
    expect(form.question("/data/one/a").locator("input")).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Tab")
    expect(page.get_by_text("第 1 页，共 2 页")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_form_is_usable_by_everybody(form: FormPage, locale: str) -> None:
    form.open(EVERY_KIND, locale=locale)
    form.validate()
    form.question("/data/hall/signed").get_by_role("button").first.click()
    assert axe_violations(form.page) == []
    assert overflow(form.page) == 0
    boxes = ("radio", "checkbox", "file")  # pressed through the label around them
    found = small_targets(form.page, 44)
    assert [each for each in found if not any(f'type="{box}"' in each for box in boxes)] == []
    labels = form.page.locator(
        "#form label:has(input:is([type=radio], [type=checkbox], [type=file])):visible"
    )
    assert min(each.bounding_box()["height"] for each in labels.all()) >= 44
