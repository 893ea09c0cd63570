"""Two tabs, a full phone, a new version of the app."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.submissions.models import Edition, EditionFile, Submission
from tests.browser import field_world as phone_world
from tests.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]

#: From now on the page's database has no room, as when the disk itself is full.
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    const { transaction } = this;
    const full = new DOMException("full", "QuotaExceededError");
    Object.defineProperty(transaction, "error", { get: () => full });
    transaction.abort();
    return request;
  };
}"""


@pytest.fixture
def url(server: Server, database: Database, evidence_store: EvidenceStore) -> str:
    with database.writing() as session:
        phone_world.a_world(session, evidence_store)
    return server.url


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_record_is_filled_in_on_one_tab_at_a_time(
    phone: Page, url: str, database: Database
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone.locator("[name='/data/q02']").fill("第一个页面")
    phone_world.saved(phone)
    other = phone.context.new_page()
    other.goto(f"{url}/field/")
    expect(other.get_by_text("正在另一个页面填写")).to_be_visible()
    phone.locator("[name='/data/q05']").fill("还没停笔")  # typed, and not yet noticed
    other.locator("#take").click()
    expect(other.locator("[name='/data/q05']")).to_have_value("还没停笔", timeout=20_000)
    expect(phone.get_by_text("正在另一个页面填写")).to_be_visible()
    other.locator("[name='/data/q02']").fill("第二个页面")
    phone_world.choose(other, "q03", "yes")
    phone_world.saved(other)
    phone.locator("#take").click()
    expect(phone.locator("[name='/data/q02']")).to_have_value("第二个页面", timeout=20_000)
    phone_world.finish(phone)
    expect(phone.get_by_text("全部已发送")).to_be_visible(timeout=20_000)
    expect(other.locator("#take")).to_be_visible()
    other.locator("#take").click()
    expect(other.get_by_text("全部已发送")).to_be_visible()
    assert count(database, Edition) == 1


def test_two_tabs_send_once(phone: Page, url: str, database: Database, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo())
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone_world.choose(phone, "q03", "yes")
    phone_world.take(phone, "q10", photo)
    phone_world.saved(phone)
    posts: list[str] = []

    def noted(request: Any) -> None:
        if request.method == "POST" and "submission" in request.url:
            posts.append(request.url)

    phone.context.set_offline(True)
    phone_world.finish(phone)
    other = phone.context.new_page()
    other.goto(f"{url}/field/")
    expect(other.get_by_text("剩 1 / 1 个文件")).to_be_visible()
    for page in (phone, other):
        page.on("response", lambda answer: noted(answer.request))
    phone.context.set_offline(False)
    for page in (phone, other):
        expect(page.get_by_text("全部已发送")).to_be_visible(timeout=20_000)
    assert len(posts) == 1
    assert (count(database, Submission), count(database, EditionFile)) == (1, 1)


def test_locking_one_tab_locks_all(phone: Page, url: str) -> None:
    phone_world.enter(phone, url)
    other = phone.context.new_page()
    other.goto(f"{url}/field/")
    expect(other.get_by_text("我的访查")).to_be_visible()
    phone.locator("#lock").click()
    expect(other.locator("#password")).to_be_visible()
    expect(other.get_by_text("示例政务大厅")).to_have_count(0)


def test_on_a_full_phone_a_photo_is_refused_in_words_and_nothing_before_it_is_lost(
    phone: Page, url: str, database: Database, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo(size=1600))
    tool = phone.context.new_cdp_session(phone)  # the browser believes its first look for a while
    tool.send("Storage.overrideQuotaForOrigin", {"origin": url, "quotaSize": 1_800_000})
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone.locator("[name='/data/q02']").fill("空间不足之前")
    phone_world.choose(phone, "q03", "yes")
    phone_world.saved(phone)
    question = phone.locator(".question:has([name='/data/q10'])")
    question.locator("input.picker").first.set_input_files(photo)
    expect(phone.locator("#fill-said")).to_contain_text(
        "手机空间不足，这个文件没有保存；其他内容都在"
    )
    expect(question.locator("img")).to_have_count(0)
    phone.locator("[name='/data/q05']").fill("之后还能写")
    phone_world.saved(phone)
    phone.reload()
    expect(phone.locator("[name='/data/q02']")).to_have_value("空间不足之前", timeout=20_000)
    expect(phone.locator("[name='/data/q05']")).to_have_value("之后还能写")
    tool.send("Storage.overrideQuotaForOrigin", {"origin": url})
    phone_world.take(phone, "q10", photo)
    phone_world.saved(phone)
    phone_world.finish(phone)
    expect(phone.get_by_text("全部已发送")).to_be_visible(timeout=20_000)
    with database.reading() as session:
        assert session.scalars(sa.select(EditionFile)).one().size == len(photo.read_bytes())


def test_answers_find_a_place_on_a_phone_without_any_room(
    phone: Page, url: str, database: Database, evidence_store: EvidenceStore
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone_world.choose(phone, "q03", "yes")
    phone_world.saved(phone)
    phone.evaluate(FULL)
    phone.locator("[name='/data/q02']").fill("没有空间了")
    phone_world.saved(phone)
    kept = phone.evaluate("() => JSON.stringify({ ...localStorage })")
    assert "field:" in kept
    assert "没有空间了" not in kept
    phone.reload()
    expect(phone.locator("[name='/data/q02']")).to_have_value("没有空间了", timeout=20_000)
    phone_world.saved(phone)  # there is room again, so it is back in its box
    assert "field:" not in phone.evaluate("() => JSON.stringify({ ...localStorage })").replace(
        "field:language", ""
    )
    phone_world.finish(phone)
    expect(phone.get_by_text("全部已发送")).to_be_visible(timeout=20_000)
    with database.reading() as session:
        xml = session.scalars(sa.select(Edition.xml)).one()
    assert "没有空间了" in evidence_store.get(xml).decode()


def test_a_new_version_is_taken_when_the_person_says_so_and_the_old_one_goes(
    phone: Page, url: str, server: Server
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone.locator("[name='/data/q02']").fill("更新之前")
    phone_world.saved(phone)
    made = server.app.state.field_shell
    server.app.state.field_shell = replace(
        made,
        version="0123456789ab",
        page=made.page.replace(made.version, "0123456789ab"),
        worker=made.worker.replace(made.version, "0123456789ab"),
    )
    phone.evaluate("() => navigator.serviceWorker.ready.then((each) => each.update())")
    phone.locator("#back").click()
    phone.locator("#back").click()
    phone.locator("#update").click()
    phone.locator("#to-phone").click()
    expect(phone.get_by_text("版本 0123456789ab")).to_be_visible()
    names = phone.evaluate("() => caches.keys()")
    assert sorted(names) == ["field-files", "field-page-0123456789ab"]
    phone.locator("#back").click()
    phone.locator(".card-go", has_text="示例政务大厅1").click()
    expect(phone.locator("[name='/data/q02']")).to_have_value("更新之前", timeout=20_000)
