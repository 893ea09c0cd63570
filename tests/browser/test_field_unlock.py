"""The box on the phone: what opens it, what does not, what empties it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from evaluation.accounts import service as accounts
from evaluation.platform import clock
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import devices
from surveys.submissions.models import Device, Edition
from tests.browser import field_world as phone_world
from tests.browser.field_world import PASSWORD, sign_in
from tests.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
TEXT = "窗口没有人，等了一个小时"
NEW = "Nuan-Quan-2027"
#: Every value of every database of the phone, as bytes and as text, read as any tool could.
RAW = """async () => {
  const said = [];
  const spell = (value) => {
    if (value instanceof ArrayBuffer) return spell(new Uint8Array(value));
    if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
    if (value instanceof CryptoKey) return `key ${value.extractable}`;
    if (!value || typeof value !== "object") return String(value);
    return Object.entries(value).map(([name, each]) => name + spell(each)).join();
  };
  const done = (request) => new Promise((ok) => { request.onsuccess = () => ok(request.result); });
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      for (const ask of ["getAllKeys", "getAll"]) {
        const all = await done(db.transaction(store).objectStore(store)[ask]());
        said.push(`${name} ${store} ${all.map(spell).join(" ")}`);
      }
    }
    db.close();
  }
  const kept = [];
  for (const name of await caches.keys()) {
    for (const each of await (await caches.open(name)).keys()) kept.push(each.url);
  }
  const shown = [document.title, location.href, JSON.stringify(history.state)];
  const local = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
  return { said: said.join("\\n"), open: local + shown.join(), kept };
}"""
#: What must not be found, in each spelling that a tool would try.
SECRETS = ("示例政务大厅", "wang.fang", "/data/q02", "long_hall", "instanceID", TEXT, PASSWORD)


@pytest.fixture
def url(server: Server, database: Database, evidence_store: EvidenceStore) -> str:
    with database.writing() as session:
        phone_world.a_world(session, evidence_store)
    return server.url


@pytest.fixture
def device(database: Database, settings: Settings) -> Callable[..., None]:
    """Change the only phone's row; ``revoke=True`` revokes it."""

    def change(*, revoke: bool = False, **values: Any) -> None:
        with database.writing() as session:
            held = session.scalars(sa.select(Device)).one()
            if revoke:
                devices.revoke(session, System(), held, secret=settings.secret)
            else:
                session.execute(sa.update(Device).values(**values))

    return change


def draft(page: Page) -> None:
    phone_world.begin(page)
    page.locator("[name='/data/q02']").fill(TEXT)
    page.locator("[name='/data/q03'][value=yes], [data-name='/data/q03'][value=yes]").check()
    phone_world.saved(page)


def test_nothing_on_the_phone_can_be_read(phone: Page, url: str) -> None:
    phone_world.enter(phone, url)
    draft(phone)
    raw = phone.evaluate(RAW)
    assert len(raw["said"]) > 20_000
    for secret in SECRETS:
        assert secret not in raw["open"], secret
        for spelling in (secret, secret.encode().decode("latin1")):
            assert spelling not in raw["said"], secret
    assert "key true" not in raw["said"]  # the key at work cannot be taken out
    assert "key false" in raw["said"]
    assert not [each for each in raw["kept"] if "sync" in each or "forms/" in each]
    phone.locator("#lock").click()
    expect(phone.locator("#password")).to_be_visible()
    assert "key false" not in phone.evaluate(RAW)["said"]


def test_wrong_passwords_are_told_and_slowed_without_a_network(phone: Page, url: str) -> None:
    phone_world.enter(phone, url)
    phone.locator("#lock").click()
    phone.context.set_offline(True)
    for _ in range(3):
        expect(phone.locator("#go")).to_be_enabled(timeout=15_000)
        sign_in(phone, password="not-the-password")
        expect(
            phone.get_by_text("打不开。没有网络时只能用本机上次登录的用户名和密码")
        ).to_be_visible()
    expect(phone.locator("#go")).to_be_disabled()
    expect(phone.locator("#go")).to_contain_text("请等")
    phone.reload()  # starting again does not help
    expect(phone.locator("#go")).to_be_disabled()
    expect(phone.locator("#go")).to_be_enabled(timeout=15_000)
    sign_in(phone, name="li.na")
    expect(phone.locator("#gate-error .notice")).to_be_visible()
    expect(phone.locator("#go")).to_be_enabled(timeout=15_000)
    sign_in(phone)
    expect(phone.get_by_text("我的访查")).to_be_visible()


def test_the_first_time_needs_a_network(phone: Page, url: str) -> None:
    phone.goto(f"{url}/field/")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)
    phone.reload()
    sign_in(phone)
    expect(phone.get_by_text("第一次使用需要联网登录，请检查网络后重试")).to_be_visible()
    phone.context.set_offline(False)
    sign_in(phone)
    expect(phone.get_by_text("我的访查")).to_be_visible()


def test_left_alone_it_locks_and_a_reload_within_the_time_does_not_ask(
    phone: Page, url: str
) -> None:
    phone.clock.install()
    phone_world.enter(phone, url)
    draft(phone)
    phone.reload()
    expect(phone.locator("[name='/data/q02']")).to_have_value(TEXT)
    phone.clock.fast_forward("31:00")
    expect(phone.locator("#password")).to_be_visible()
    phone.reload()
    expect(phone.locator("#password")).to_be_visible()
    sign_in(phone)
    expect(phone.locator("[name='/data/q02']")).to_have_value(TEXT)


def test_a_changed_password_opens_after_signing_in_online(
    phone: Page, url: str, database: Database
) -> None:
    phone_world.enter(phone, url)
    draft(phone)
    phone.locator("#lock").click()
    with database.writing() as session:
        accounts.reset_password(session, System(), phone_world.NAME, NEW)
        session.execute(sa.text("UPDATE users SET must_change_password = false"))
    phone.context.set_offline(True)
    expect(phone.locator("#go")).to_be_enabled()
    sign_in(phone, password=NEW)
    expect(phone.get_by_text("如果密码刚改过，请连上网络再登录一次")).to_be_visible()
    phone.context.set_offline(False)
    sign_in(phone, password=NEW)
    expect(phone.locator("[name='/data/q02']")).to_have_value(TEXT)
    phone.locator("#lock").click()
    phone.context.set_offline(True)
    sign_in(phone, password=PASSWORD)  # the old one no longer
    expect(phone.locator("#gate-error .notice")).to_be_visible()
    sign_in(phone, password=NEW)
    expect(phone.locator("[name='/data/q02']")).to_have_value(TEXT)


def test_the_old_password_with_a_network_is_told_at_once(
    phone: Page, url: str, database: Database
) -> None:
    phone_world.enter(phone, url)
    phone.clock.install()
    phone.clock.fast_forward("13:00:00")
    with database.writing() as session:
        accounts.reset_password(session, System(), phone_world.NAME, NEW)
        session.execute(sa.text("UPDATE users SET must_change_password = false"))
    expect(phone.locator("#password")).to_be_visible(timeout=15_000)  # a beat is 5 s
    sign_in(phone, password=PASSWORD)
    expect(phone.get_by_text("您的密码已改")).to_be_visible()
    phone.locator("#sign-in-again").click()
    phone.locator("#password").fill(NEW)
    phone.locator("#go").click()
    expect(phone.get_by_text("我的访查")).to_be_visible()
    expect(phone.get_by_text("您的密码已改")).to_have_count(0)


def test_a_record_arrives_after_signing_in_again(
    phone: Page, url: str, device: Callable[..., None], database: Database
) -> None:
    phone_world.enter(phone, url)
    draft(phone)
    phone.context.set_offline(True)
    phone_world.finish(phone)
    device(unlocked_at=clock.now() - timedelta(days=15))
    phone.context.set_offline(False)
    expect(phone.get_by_text("服务器要求重新输入密码")).to_be_visible()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Edition)) == 0
    phone.locator("#sign-in-again").click()
    phone.locator("#password").fill(PASSWORD)
    phone.locator("#go").click()
    expect(phone.get_by_text("全部已发送")).to_be_visible()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Edition)) == 1


def test_a_revoked_phone_wipes_itself_and_says_so(
    phone: Page, url: str, device: Callable[..., None]
) -> None:
    phone_world.enter(phone, url)
    draft(phone)
    phone.context.set_offline(True)
    phone_world.finish(phone)
    device(revoke=True)
    phone.context.set_offline(False)
    expect(phone.get_by_text("其中 1 条记录没有发送。请立即联系评价督导")).to_be_visible()
    raw = phone.evaluate(RAW)
    assert "field-" not in raw["said"]
    assert "key" not in raw["said"]
    phone.context.set_offline(True)
    sign_in(phone)
    expect(phone.get_by_text("第一次使用需要联网登录")).to_have_count(2)


def test_signing_out_shows_what_would_be_lost_and_asks(phone: Page, url: str) -> None:
    phone_world.enter(phone, url)
    draft(phone)
    phone.locator("#back").click()
    phone.locator("#back").click()
    phone.locator("#to-phone").click()
    phone.locator("#leave").click()
    dialog = phone.locator("dialog")
    expect(dialog).to_contain_text("示例政务大厅1")
    expect(dialog.locator(".button-danger")).to_be_disabled()
    dialog.locator("#confirm-check").check()
    dialog.locator(".button-danger").click()
    expect(phone.get_by_text("已退出，本机保存的内容已全部清除")).to_be_visible()
    assert "field-" not in phone.evaluate(RAW)["said"]


def test_two_people_share_a_phone_and_see_their_own(
    phone: Page, url: str, database: Database
) -> None:
    with database.writing() as session:
        phone_world.an_evaluator(session, "li.na", "Dun-Huang-2026")
    phone_world.enter(phone, url)
    draft(phone)
    phone.locator("#lock").click()
    sign_in(phone, "li.na", "Dun-Huang-2026")
    expect(phone.get_by_text("目前没有待做的访查")).to_be_visible()
    expect(phone.get_by_text("示例政务大厅1")).to_have_count(0)
    phone.locator("#lock").click()
    sign_in(phone)
    expect(phone.locator("[name='/data/q02']")).to_have_value(TEXT)
