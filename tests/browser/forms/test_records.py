"""Entries, hidden answers, edits: what the record holds, and what a draft brings back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.forms.form_page import YES_NO, FormPage, value, xform

pytestmark = [pytest.mark.browser]

REPEATED = xform(
    (
        "begin_repeat | desk | 窗口 | Window",
        "text | number | 窗口号 | Number | required=yes",
        "select_one yn | busy | 有人排队？ | Is there a queue?",
        "integer | people | 人数 | How many | relevant=${busy}='yes'",
        "image | photo | 窗口照片 | Photo",
        "end_repeat | |",
        "calculate | total | | | calculation=sum(${people})",
        "note | shown | 共 ${total} 人 | ${total} in all",
    ),
    YES_NO,
)


def test_entries_are_added_and_removed_and_come_back_from_a_draft(form: FormPage) -> None:
    form.open(REPEATED)
    form.type("/data/desk/number", "A")
    form.choose("/data/desk/busy", "yes")
    form.type("/data/desk/people", "4")
    form.page.get_by_role("button", name="添加：窗口").click()
    expect(form.question("/data/desk/number", 1).locator("input")).to_be_focused()
    form.type("/data/desk/number", "B", 1)
    form.choose("/data/desk/busy", "yes", 1)
    form.type("/data/desk/people", "5", 1)
    form.pick("/data/desk/photo", "拍照", 1)
    expect(form.question("/data/desk/photo", 1)).to_contain_text("已存入")
    expect(form.page.get_by_text("共 9 人")).to_be_visible()
    assert form.page.evaluate("captures[0].path") == "/data/desk[2]/photo"
    before = form.xml()

    form.reopen(instance=form.draft())
    assert form.xml() == before
    assert form.page.locator(".or-repeat").count() == 2
    expect(form.question("/data/desk/photo", 1).locator("img")).to_be_visible()

    form.page.get_by_role("button", name="删除第 1 项").click()
    form.page.get_by_role("dialog").get_by_role("button", name="保留").click()
    assert form.page.locator(".or-repeat").count() == 2
    form.page.get_by_role("button", name="删除第 1 项").click()
    form.page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(form.page.get_by_role("button", name="添加：窗口")).to_be_focused()
    expect(form.page.get_by_text("共 5 人")).to_be_visible()
    assert value(form.xml(), "desk/number") == ["B"]
    assert form.page.locator(".or-repeat").get_attribute("aria-label") == "第 1 项"

    form.page.get_by_role("button", name="删除第 1 项").click()
    form.page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(form.page.locator(".or-repeat")).to_have_count(0)
    form.reopen(instance=form.draft())
    assert form.page.locator(".or-repeat").count() == 0
    assert value(form.xml(), "desk") == []
    assert form.validate() == []


HIDING = xform(
    (
        "select_one yn | open | 开放？ | Open?",
        "text | why | 原因 | Why | relevant=${open}='no' | required=yes",
        "begin_group | inside | 里面 | Inside | relevant=${open}='yes'",
        "integer | queue | 排队 | Queue",
        "end_group | |",
        "calculate | doubled | | | calculation=coalesce(${queue}, 0) * 2",
    ),
    YES_NO,
)


def test_what_is_hidden_is_not_sent_and_not_lost(form: FormPage) -> None:
    form.open(HIDING)
    form.choose("/data/open", "yes")
    form.type("/data/inside/queue", "7")
    assert value(form.xml(), "doubled") == ["14"]
    form.choose("/data/open", "no")
    form.type("/data/why", "午休")
    xml = form.xml()
    assert value(xml, "inside") == []
    assert value(xml, "why") == ["午休"]
    assert value(xml, "doubled") == ["0"]
    assert value(form.draft(), "inside/queue") == ["7"]

    form.reopen(instance=form.draft())
    assert form.xml() == xml
    form.choose("/data/open", "yes")
    expect(form.question("/data/inside/queue").locator("input")).to_have_value("7")
    assert value(form.xml(), "inside/queue") == ["7"]
    assert value(form.xml(), "doubled") == ["14"]
    assert value(form.xml(), "why") == []


def test_an_answer_emptied_while_it_is_shown_does_not_come_back(form: FormPage) -> None:
    form.open(HIDING)
    form.choose("/data/open", "yes")
    form.type("/data/inside/queue", "7")
    for answer in ("no", "yes"):
        form.choose("/data/open", answer)
    form.type("/data/inside/queue", "")
    for answer in ("no", "yes"):
        form.choose("/data/open", answer)
    expect(form.question("/data/inside/queue").locator("input")).to_have_value("")
    assert value(form.xml(), "inside/queue") == [""]
    assert value(form.xml(), "doubled") == ["0"]


def test_an_edit_follows_the_record_it_changes(form: FormPage) -> None:
    form.open(HIDING)
    form.choose("/data/open", "no")
    form.type("/data/why", "甲")
    sent = form.xml()
    first = value(sent, "meta/instanceID")[0]
    form.reopen(instance=sent, editOf=first)
    edit = form.xml()
    assert value(edit, "meta/deprecatedID") == [first]
    second = value(edit, "meta/instanceID")[0]
    assert second != first
    form.reopen(instance=form.draft(), editOf=first)
    assert value(form.xml(), "meta/instanceID") == [second]
    assert value(form.xml(), "meta/deprecatedID") == [first]
    assert value(form.xml(), "why") == ["甲"]


COUNTED = xform(
    (
        "integer | many | 几个项目 | How many",
        "begin_repeat | item | 项目 | Project | repeat_count=${many}",
        "text | name | 名称 | Name",
        "end_repeat | |",
    )
)


def test_a_slip_in_a_number_does_not_make_hundreds_of_entries(form: FormPage) -> None:
    form.open(COUNTED)
    form.type("/data/many", "2")
    form.type("/data/item/name", "甲", 1)
    form.type("/data/many", "2000000000")
    expect(form.page.get_by_text("前面的答案要求填 2000000000 项，最多 100 项")).to_be_visible()
    assert [each["path"] for each in form.validate()] == ["/data/item"]
    form.type("/data/many", "3")
    expect(form.page.locator(".fault")).to_have_count(0)
    expect(form.page.locator(".faults")).to_be_hidden()
    assert value(form.xml(), "item/name") == ["", "甲", ""]
    assert form.validate() == []
