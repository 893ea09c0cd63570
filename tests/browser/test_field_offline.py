"""The phone without its server: filled in, reloaded, killed; in the end it is all there, once."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions.models import Edition, EditionFile, Submission
from tests.browser import field_world as phone_world
from tests.browser.browser import FLAGS, PHONE
from tests.browser.field_form import PHOTOS, QUESTIONS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
TEXT = "墙上没有公示牌，只有一张手写的纸"


@pytest.fixture
def site(settings: Settings, database: Database, evidence_store: EvidenceStore) -> Iterator[Any]:
    with database.writing() as session:
        phone_world.a_world(session, evidence_store)
    with phone_world.site(settings) as running:
        yield running


def fill(page: Page, numbers: range, photo: Path) -> None:
    """Answer these questions as a person does: type, tick, take a photo."""
    for n in numbers:
        name = f"/data/q{n:02}"
        if n in PHOTOS:
            question = page.locator(f".question:has([name='{name}'])")
            question.locator("input.picker").first.set_input_files(photo)
            expect(question.locator("img")).to_be_visible()
        elif n % 3 == 0:
            page.locator(f"[data-name='{name}'][value=yes], [name='{name}'][value=yes]").check()
        elif n % 3 == 1:
            page.locator(f"[name='{name}']").fill(str(n))
        elif n != 20:
            page.locator(f"[name='{name}']").fill(f"{TEXT} {n}")


def arrived(database: Database, evidence: EvidenceStore) -> tuple[str, list[EditionFile]]:
    """The one record that the server has: its XML, its files."""
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
        (edition,) = session.scalars(sa.select(Edition))
        files = list(session.scalars(sa.select(EditionFile).order_by(EditionFile.name)))
        return evidence.get(edition.xml).decode(), files


def all_sent(page: Page) -> None:
    expect(page.get_by_text("全部已发送")).to_be_visible(timeout=30_000)


def test_sixty_questions_with_the_server_dead_arrive_once(
    phone: Page, site: Any, database: Database, evidence_store: EvidenceStore, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo())
    phone_world.enter(phone, site.url)
    phone_world.begin(phone)
    fill(phone, range(1, 25), photo)
    phone_world.saved(phone)
    site.kill()
    phone.reload()
    expect(phone.locator("[name='/data/q23']")).to_have_value(f"{TEXT} 23", timeout=20_000)
    fill(phone, range(25, QUESTIONS), photo)
    phone_world.finish(phone)
    expect(phone.locator("section", has_text="未发送").locator(".card-item")).to_have_count(1)
    expect(phone.get_by_text("剩 3 / 3 个文件")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("剩 3 / 3 个文件")).to_be_visible()
    site.start()
    phone_world.network_is_back(phone)
    all_sent(phone)
    xml, files = arrived(database, evidence_store)
    assert all(
        f"<q{n:02}>{n}</q{n:02}>" in xml
        for n in range(1, QUESTIONS)
        if n % 3 == 1 and n not in PHOTOS
    )
    assert all(f"{TEXT} {n}<" in xml for n in (2, 23, 26, 59))
    assert [each.question for each in files] == [f"q{n}" for n in PHOTOS]
    assert all(evidence_store.get(each.sha256 or "") == photo.read_bytes() for each in files)
    phone.locator("section", has_text="已发送").last.locator(".card-go").first.click()
    receipt = phone.locator(".receipt-code").inner_text()
    with database.reading() as session:
        assert session.scalar(sa.select(Edition.receipt)) == receipt


@pytest.fixture
def profile(chromium: Browser, tmp_path: Path) -> Iterator[Any]:
    """Open a browser on a folder that outlives it; every one is closed at the end."""
    opened: list[BrowserContext] = []

    def launch() -> BrowserContext:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=phone_world.system_chromium(),
            args=list(FLAGS),
            viewport=PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield launch
    for context in opened:
        context.close()


def test_a_browser_killed_mid_answer_loses_nothing(
    profile: Any, site: Any, database: Database, evidence_store: EvidenceStore, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo())
    page = profile().pages[0]
    phone_world.enter(page, site.url)
    phone_world.begin(page)
    fill(page, range(1, 13), photo)
    page.locator("[name='/data/q14']").press_sequentially("打到一半的字")  # and never left
    phone_world.saved(page)
    site.kill()
    for pid in phone_world.processes_of(tmp_path / "profile"):
        os.kill(pid, signal.SIGKILL)
    again = profile().pages[0]
    again.goto(f"{site.url}/field/")
    expect(again.locator("[name='/data/q14']")).to_have_value("打到一半的字")
    expect(again.locator("[name='/data/q11']")).to_have_value(f"{TEXT} 11")
    expect(again.locator(".question:has([name='/data/q10']) img")).to_be_visible()
    phone_world.finish(again)
    site.start()
    phone_world.network_is_back(again)
    all_sent(again)
    xml, files = arrived(database, evidence_store)
    assert "打到一半的字" in xml
    assert [evidence_store.get(each.sha256 or "") for each in files] == [photo.read_bytes()]
    found = [path for path in (tmp_path / "profile").rglob("*") if path.is_file()]
    needle = "打到一半的字"
    spelt = (
        needle.encode(),
        needle.encode("utf-16-le"),
        phone_world.PASSWORD.encode(),
        phone_world.NAME.encode(),
        phone_world.NAME.encode("utf-16-le"),
    )
    assert found
    assert not [p.name for p in found if any(each in p.read_bytes() for each in spelt)]


def test_the_first_page_opens_for_days_without_a_server(phone: Page, site: Any) -> None:
    phone_world.enter(phone, site.url)
    site.kill()
    phone.close()
    for _ in range(2):
        page = phone.context.new_page()
        page.goto(f"{site.url}/field/")
        expect(page.get_by_text("示例政务大厅2")).to_be_visible()
        page.locator(".card-go", has_text="示例政务大厅2").click()
        expect(page.get_by_text("个体户业主，第一次来大厅。（示例）")).to_be_visible()
        page.locator("#lock").click()
        expect(page.locator("#password")).to_be_visible()
        page.close()
        page = phone.context.new_page()
        page.goto(f"{site.url}/field/")
        phone_world.sign_in(page)
        expect(page.get_by_text("我的访查")).to_be_visible()
        page.close()
