"""Photos, positions and clocks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.forms.form_page import PNG, YES_NO, FormPage, value, xform

pytestmark = [pytest.mark.browser]

CLOCKED = xform(("decimal | minutes | 取号到叫号 | From ticket to call",))


CLOCK = {
    "questions": [
        {
            "name": "minutes",
            "path": "/data/minutes",
            "kind": "decimal",
            "timer": "call",
            "evidence": [],
        }
    ]
}


def test_a_reload_does_not_stop_the_clock(form: FormPage) -> None:
    page = form.page
    page.clock.install(time="2026-11-24T09:00:00+08:00")
    form.open(CLOCKED, document=CLOCK)
    page.get_by_role("button", name="开始计时").click()
    page.clock.fast_forward("10:00")
    assert form.validate() == [
        {"path": "/data/minutes", "label": "取号到叫号", "text": "计时还没有停止"}
    ]
    form.open(CLOCKED, document=CLOCK, instance=form.draft())
    expect(page.get_by_role("timer")).to_have_text("00:10:00")
    page.clock.fast_forward("05:30")
    page.get_by_role("button", name="停止").click()
    assert value(form.xml(), "minutes") == ["15.5"]
    clock = page.evaluate("changes.at(-1).timers['/data/minutes']")
    assert clock["code"] == "call"
    assert [each["seconds"] for each in clock["runs"]] == [pytest.approx(930, abs=4)]
    assert clock["runs"][0]["started_at"].startswith("2026-11-24T01:00:0")
    assert form.validate() == []

    page.get_by_role("button", name="接着计时").click()
    page.clock.fast_forward("00:30")
    page.get_by_role("button", name="停止").click()
    assert value(form.xml(), "minutes") == ["16"]
    page.get_by_role("button", name="重新计时").click()
    page.get_by_role("dialog").get_by_role("button", name="重新计时").click()
    expect(page.get_by_role("timer")).to_have_text("00:00:00")
    assert value(form.xml(), "minutes") == [""]
    page.get_by_role("button", name="手工填写").click()
    page.keyboard.type("8")
    page.keyboard.press("Tab")
    assert value(form.xml(), "minutes") == ["8"]
    expect(page.get_by_text("手工填写，不是计时得出")).to_be_visible()
    assert page.evaluate("changes.at(-1).timers['/data/minutes'].typed") is True


PICTURED = xform(
    (
        "select_one yn | clean | 整洁？ | Clean?",
        "image | photo | 照片 | Photo",
    ),
    YES_NO,
)


def test_a_photo_is_the_hosts_before_it_is_shown(form: FormPage) -> None:
    form.open(PICTURED)
    page, photo = form.page, form.question("/data/photo")
    page.evaluate("() => { window.capture = () => new Promise(done => { window.go_on = done }) }")
    form.pick("/data/photo", "拍照")
    expect(photo).to_contain_text("正在保存并计算指纹")
    assert value(form.xml(), "photo") == [""]
    expect(photo.locator("img")).to_have_count(0)
    page.evaluate("go_on()")
    expect(photo).to_contain_text(f"已存入 · {len(PNG)} B")
    assert value(form.xml(), "photo") == ["photo-1.png"]
    assert page.evaluate("handle.files()") == [
        {"name": "photo-1.png", "path": "/data/photo", "relevant": True}
    ]

    page.evaluate("() => { window.capture = () => { throw new Error('手机空间不足') } }")
    form.pick("/data/photo", "从相册选")
    expect(photo).to_contain_text("手机空间不足")
    assert value(form.xml(), "photo") == ["photo-1.png"]
    photo.get_by_role("button", name="删除").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(photo.get_by_role("button", name="删除")).to_be_hidden()
    assert value(form.xml(), "photo") == [""]
    form.pick("/data/photo", "拍照")
    expect(photo).to_contain_text("没有保存成功，请再试一次：手机空间不足")
    assert value(form.xml(), "photo") == [""]


def test_a_file_that_is_no_longer_on_the_device_is_said_and_kept(form: FormPage) -> None:
    form.open(PICTURED)
    form.pick("/data/photo", "从相册选")
    expect(form.question("/data/photo")).to_contain_text("已存入")
    draft = form.draft()
    form.page.evaluate("kept.clear()")
    form.reopen(instance=draft)
    expect(form.question("/data/photo")).to_contain_text("本机没有这个文件的副本")
    assert value(form.xml(), "photo") == ["photo-1.png"]


def test_no_position_is_explained_and_asked_for_again(form: FormPage) -> None:
    page = form.page
    form.open(xform(("geopoint | here | 位置 | Position",)))
    page.evaluate(
        """() => {
          navigator.geolocation.watchPosition = (found, failed) => {
            window.found = (accuracy) =>
              found({ coords: { latitude: 36, longitude: 103, altitude: null, accuracy } });
            window.failed = failed;
            return 7;
          };
        }"""
    )
    here = form.question("/data/here")
    here.get_by_role("button", name="获取当前位置").click()
    page.evaluate("failed({ code: 1 })")
    expect(here).to_contain_text("没有定位权限")
    here.get_by_role("button", name="重新获取").click()
    for metres in (150, 60, 90):
        page.evaluate("metres => found(metres)", metres)
    expect(here).to_contain_text("当前精度 60 米，正在提高")
    assert value(form.xml(), "here") == ["36.0000000 103.0000000 0.0 60.0"]
    here.get_by_role("button", name="就用这个位置").click()
    expect(here).to_contain_text("已记录，精度 60 米")
