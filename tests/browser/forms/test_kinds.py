"""Every kind of question is answered on a phone, and comes back from a draft."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from playwright.sync_api import expect

from tests.browser.forms.every_kind import EVERY_KIND
from tests.browser.forms.form_page import FormPage, value

pytestmark = [pytest.mark.browser]


def test_every_kind_of_question_is_answered_on_a_phone(form: FormPage) -> None:
    page = form.page
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 36.0612345, "longitude": 103.8341234, "accuracy": 8})
    form.open(EVERY_KIND)
    form.choose("/data/hall/open", "yes")
    form.choose("/data/hall/sign", "no")
    form.question("/data/hall/asked").locator("select").select_option("lease")
    form.choose("/data/hall/papers", "id")
    form.choose("/data/hall/papers", "lease")
    form.type("/data/hall/said", "请到三号窗口")
    form.type("/data/hall/told", "排队\n取号")
    expect(form.question("/data/hall/told").locator(".counter")).to_have_text(
        "已写 5 字，最多 200 字"
    )
    form.type("/data/hall/queue", "12")
    form.type("/data/hall/fee", "12.50")
    form.question("/data/hall/mark").get_by_role("button", name="增加").click()
    form.question("/data/hall/mark").get_by_role("button", name="增加").click()
    form.question("/data/hall/order").get_by_role("button", name="下移：身份证").click()
    form.pick("/data/hall/photo", "从相册选")
    expect(form.question("/data/hall/photo")).to_contain_text("已存入")
    with page.expect_file_chooser() as asked:
        form.question("/data/hall/leaflet").locator("label.button").click()
    asked.value.set_files(
        {"name": "告知单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1"}
    )
    form.question("/data/hall/signed").get_by_role("button", name="签名").click()
    pad = form.question("/data/hall/signed").locator("canvas").bounding_box()
    page.mouse.move(pad["x"] + 20, pad["y"] + 20)
    page.mouse.down()
    page.mouse.move(pad["x"] + 90, pad["y"] + 60, steps=5)
    page.mouse.up()
    form.question("/data/hall/signed").get_by_role("button", name="完成签名").click()
    expect(form.question("/data/hall/signed").locator("img")).to_be_visible()
    form.question("/data/hall/here").get_by_role("button", name="获取当前位置").click()
    expect(form.question("/data/hall/here")).to_contain_text("已记录，精度 8 米")
    form.type("/data/hall/day", "2026-11-24")
    form.type("/data/hall/at", "09:30")
    form.type("/data/hall/moment", "2026-11-24T09:30")
    form.type("/data/hall/code", "6901234567892")
    form.choose("/data/hall/checked", "OK")
    expect(form.question("/data/hall/shown")).to_contain_text("排队过长：yes")

    xml = form.xml()
    held = {each.tag: each.text for each in etree.fromstring(xml).find("hall")}
    assert held == {
        "open": "yes",
        "sign": "no",
        "asked": "lease",
        "papers": "id lease",
        "said": "请到三号窗口",
        "told": "排队\n取号",
        "queue": "12",
        "fee": "12.5",
        "mark": "2",
        "order": "lease id none",
        "photo": "photo-1.png",
        "leaflet": "leaflet-2.pdf",
        "signed": "signed-3.png",
        "here": "36.0612345 103.8341234 0.0 8.0",
        "day": "2026-11-24",
        "at": "09:30:00.000+08:00",
        "moment": "2026-11-24T09:30:00+08:00",
        "code": "6901234567892",
        "long": "yes",
        "shown": None,
        "checked": "OK",
    }
    assert value(xml, "visit") == ["V123456789"]
    assert re.fullmatch(r"uuid:[0-9a-f-]{36}", value(xml, "meta/instanceID")[0])
    assert form.validate() == []
    assert form.page.evaluate("captures.map(each => each.source)") == [
        "gallery",
        "unknown",
        "signature",
    ]

    form.reopen(instance=form.draft())
    assert form.xml() == xml
    for path in ("photo", "signed"):
        expect(form.question(f"/data/hall/{path}").locator("img")).to_be_visible()
    expect(form.question("/data/hall/mark").locator("output")).to_have_text("2")
    first = form.question("/data/hall/order").locator(".rank-item").first
    expect(first).to_contain_text("租约")
    expect(form.question("/data/hall/asked").locator("select")).to_have_value("lease")
    expect(form.question("/data/hall/open").locator("input[value=yes]")).to_be_checked()


def test_a_shown_record_cannot_be_changed(form: FormPage) -> None:
    form.open(EVERY_KIND)
    form.choose("/data/hall/open", "yes")
    form.type("/data/hall/said", "甲")
    form.reopen(instance=form.draft(), readonly=True)
    assert form.page.locator("#form button:visible, #form label.button:visible").count() == 0
    enabled = "#form :is(input, select, textarea):visible:enabled:not([readonly])"
    assert form.page.locator(enabled).count() == 0


def test_the_code_of_the_visit_is_never_shown(form: FormPage) -> None:
    form.open(EVERY_KIND)
    for media in ("screen", "print"):
        form.page.emulate_media(media=media)
        expect(form.question("/data/visit")).to_be_hidden()
