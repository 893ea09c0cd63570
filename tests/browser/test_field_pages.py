"""Every screen of the phone: accessible, nothing cut off, in both languages; what it warns of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.review.models import ReviewStep
from surveys.submissions.models import Submission
from tests.browser import field_world as phone_world
from tests.browser.browser import PHONE, axe_violations, overflow, small_targets
from tests.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
TOUCH = 44
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
DATA = re.compile(
    "王芳（示例）|示例路 . 号|看不清|中文"
)  # what people wrote, and a language's own name


@pytest.fixture
def url(server: Server, database: Database, evidence_store: EvidenceStore) -> str:
    with database.writing() as session:
        phone_world.a_world(session, evidence_store, visits=3)
    return server.url


Opens = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opens]:
    """A page of a phone of some kind: ``opened(locale="en-GB", user_agent=…)``."""
    contexts = []

    def make(**options: Any) -> Page:
        settings = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
        context = chromium.new_context(
            timezone_id="Asia/Shanghai", reduced_motion="reduce", **(settings | options)
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def sound(page: Page, name: str) -> list[str]:
    """What is wrong with the screen as it stands, each with the screen's name."""
    found = [f"{name}: {each}" for each in axe_violations(page)]
    low = small_targets(page, TOUCH)  # a choice of the form is as high as its label
    found += [f"{name}: low {each}" for each in low if '="/data/' not in each]
    if overflow(page):
        found.append(f"{name}: {overflow(page)} px too wide")
    if page.locator("html").get_attribute("lang") == "en":
        shown = page.locator("#bar").inner_text() + page.locator("#main").inner_text()
        found += [f"{name}: not English: {each}" for each in CHINESE.findall(DATA.sub("", shown))]
    return found


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_screen_is_accessible_and_fits(
    opened: Opens, url: str, database: Database, tmp_path: Path, locale: str
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo())
    page = opened(locale=locale)
    page.goto(f"{url}/field/")
    page.locator("#go").wait_for()
    found = sound(page, "door")
    page.locator("#go").click()
    found += sound(page, "door, both asked for")
    phone_world.sign_in(page)
    page.locator(".card-go").nth(2).wait_for()
    phone_world.ready_offline(page)
    found += sound(page, "first page")
    page.locator(".card-go").first.click()
    page.locator("#start").wait_for()
    found += sound(page, "visit")
    page.locator("#start").click()
    expect(page.locator("#saved[data-state=saved]")).to_be_visible()
    page.locator("#kit summary").click()
    phone_world.take(page, "q10", photo)
    found += sound(page, "filling in")
    page.locator("#finish").click()
    page.locator("section.faults").wait_for()
    found += sound(page, "faults")
    phone_world.choose(page, "q03", "yes")
    phone_world.saved(page)
    page.context.set_offline(True)
    page.locator("#finish").click()
    page.locator("dialog").wait_for()
    found += sound(page, "finish?")
    page.locator("dialog .button-primary").click()
    page.locator("progress").wait_for()
    found += sound(page, "unsent")
    page.locator(".card-go").first.click()
    page.locator("#retry").wait_for()
    found += sound(page, "unsent record")
    page.context.set_offline(False)
    page.locator(".receipt-code").wait_for()
    page.locator("#check").wait_for()
    found += sound(page, "sent record")
    give_back(database)
    page.locator("#back").click()
    page.locator("#to-phone").click()
    page.locator("#sync").click()
    page.locator("#flashes .notice").wait_for()
    page.locator("#journal summary").click()
    found += sound(page, "this phone")
    page.locator("#leave").click()
    page.locator("dialog").wait_for()
    found += sound(page, "sign out?")
    page.locator("dialog .button").last.click()
    page.locator("#back").click()
    page.locator("section", has=page.locator("code")).locator(".card-go").click()
    page.locator("#edit").wait_for()
    found += sound(page, "returned record")
    page.locator("#edit").click()
    page.locator(".reviewer-said").wait_for()
    found += sound(page, "mending")
    assert "\n".join(found) == ""


def give_back(database: Database) -> None:
    with database.writing() as session:
        held = session.scalars(sa.select(Submission)).one()
        held.state = "returned"
        session.add(
            ReviewStep(
                submission_id=held.id, edition_id=held.edition_id, action="return",
                from_state="received", to_state="returned", by="reviewer", at=clock.now(),
                reason="看不清", reasons={"/data/q10": "看不清"},
            )
        )  # fmt: skip


def test_the_language_changes_at_once_and_is_remembered(opened: Opens, url: str) -> None:
    page = opened()
    page.goto(f"{url}/field/")
    page.locator("#language").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    phone_world.sign_in(page)
    expect(page.get_by_text("My visits")).to_be_visible()
    page.locator("#language").click()
    expect(page.get_by_text("我的访查")).to_be_visible()


def test_an_iphone_is_told_of_the_seven_days_before_they_bite(opened: Opens, url: str) -> None:
    page = opened(user_agent=IPHONE)
    page.clock.install()
    page.goto(f"{url}/field/")
    phone_world.sign_in(page)
    expect(page.get_by_text("连续 7 天没有打开后，清除浏览器里保存的全部内容")).to_be_visible()
    page.get_by_text("怎样避免").click()
    expect(page.get_by_text("添加到主屏幕后不会被清除")).to_be_visible()
    assert sound(page, "iPhone") == []
    phone_world.begin(page)
    phone_world.saved(page)
    page.locator("#lock").click()
    page.clock.fast_forward(100 * 3600 * 1000)
    page.reload()
    phone_world.sign_in(page)
    page.locator("#back").click()
    expect(page.get_by_text("距上次打开已有 4 天")).to_be_visible()
    expect(page.get_by_text("现在有 1 条记录只在本机")).to_be_visible()


def test_other_phones_are_not_told_of_apple(opened: Opens, url: str) -> None:
    page = opened()
    page.goto(f"{url}/field/")
    phone_world.sign_in(page)
    expect(page.get_by_text("我的访查")).to_be_visible()
    expect(page.get_by_text("苹果")).to_have_count(0)


def test_leaving_the_screen_covers_it(opened: Opens, url: str) -> None:
    """The system's list of open apps shows a picture of each."""
    page = opened()
    phone_world.enter(page, url)
    hide = """value => {
      Object.defineProperty(document, "hidden", { get: () => value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    expect(page.get_by_text("示例政务大厅1")).not_to_be_visible()
    page.evaluate(hide, False)
    expect(page.get_by_text("示例政务大厅1")).to_be_visible()


def test_distances_are_shown_when_the_person_asks(opened: Opens, url: str) -> None:
    page = opened(geolocation={"latitude": 36.06, "longitude": 103.83}, permissions=[])
    phone_world.enter(page, url)
    expect(page.locator(".card-go").first).not_to_contain_text("km")
    page.context.grant_permissions(["geolocation"])
    page.locator("#where").click()
    expect(page.locator(".card-go").nth(1)).to_contain_text("1.1 km")


def test_a_phone_without_what_it_takes_says_what_is_missing(opened: Opens, url: str) -> None:
    page = opened()
    page.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    page.goto(f"{url}/field/")
    expect(page.get_by_text("浏览器版本太旧")).to_be_visible()
    page = opened()
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(f"{url}/field/")
    expect(page.get_by_text("地址不是安全连接（https）")).to_be_visible()
