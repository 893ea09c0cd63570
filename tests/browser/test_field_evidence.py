"""What goes with a record: hashes at capture, timings, what happened on the phone, positions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.submissions.models import Device, Edition, Refusal
from surveys.visits.models import Visit
from tests.browser import field_world as phone_world
from tests.conftest import Browser, Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]


@pytest.fixture
def url(server: Server, database: Database, evidence_store: EvidenceStore) -> str:
    with database.writing() as session:
        phone_world.a_world(session, evidence_store)
    return server.url


@pytest.fixture
def ledger(database: Database, evidence_store: EvidenceStore) -> Callable[[], dict[str, Any]]:
    """The ledger of the only edition, as the server keeps it."""

    def read() -> dict[str, Any]:
        with database.reading() as session:
            kept = session.scalars(sa.select(Edition.ledger)).one()
        assert kept is not None
        found: dict[str, Any] = json.loads(evidence_store.get(kept))
        return found

    return read


def all_sent(page: Page) -> None:
    expect(page.get_by_text("全部已发送")).to_be_visible(timeout=20_000)


def test_the_ledger_says_what_was_captured_when_and_what_happened(
    phone: Page, url: str, ledger: Any, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo())
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 36.06, "longitude": 103.83, "accuracy": 12})
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone_world.take(phone, "q10", photo)
    phone_world.choose(phone, "q03", "yes")
    phone.locator("[name='/data/q02']").fill("答案")
    phone.locator("[name='/data/q02']").blur()
    phone_world.saved(phone)
    phone.reload()
    expect(phone.locator("[name='/data/q02']")).to_have_value("答案", timeout=20_000)
    phone_world.saved(phone)
    phone_world.finish(phone)
    all_sent(phone)
    said = ledger()
    (file,) = said["files"]
    assert file["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert (file["question"], file["size"]) == ("q10", photo.stat().st_size)
    assert (file["lat"], file["lon"], file["accuracy"]) == (36.06, 103.83, 12)
    assert file["mock"] is None  # no browser tells
    happened = [(each["what"], each.get("path")) for each in said["events"]]
    assert happened[0] == ("opened", None)
    assert ("answered", "/data/q02") in happened
    assert ("answered", "/data/q03") in happened
    assert ("resumed", None) in happened
    assert happened[-1] == ("finished", None)
    assert [each["at"] for each in said["events"]] == sorted(each["at"] for each in said["events"])
    assert len(said["positions"]) >= 2  # at the start and at the end
    assert said["started_at"] < said["ended_at"] <= said["sent_at"]


def test_a_timer_runs_through_a_reload_and_a_lock(phone: Page, url: str, ledger: Any) -> None:
    phone.clock.install()
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone_world.choose(phone, "q03", "yes")
    phone.get_by_role("button", name="开始计时").click()
    phone_world.saved(phone)
    phone.clock.fast_forward("10:00")
    phone.reload()
    phone.locator("#saved[data-state=saved]").wait_for(timeout=20_000)
    phone.locator("#lock").click()
    phone.clock.fast_forward("05:00")
    phone_world.sign_in(phone)
    stop = phone.locator(".widget-timer .button-primary")
    expect(phone.locator(".timer-face")).to_contain_text("00:15", timeout=20_000)
    stop.click()
    phone_world.saved(phone)
    phone_world.finish(phone)
    all_sent(phone)
    (step,) = ledger()["steps"]
    assert step["code"] == "queue"
    assert step["seconds"] == pytest.approx(15 * 60, abs=60)


def test_what_never_left_the_phone_can_be_filled_in_further(
    phone: Page, url: str, database: Database, evidence_store: EvidenceStore
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone_world.choose(phone, "q03", "yes")
    phone.locator("[name='/data/q02']").fill("先这样")
    phone_world.saved(phone)
    phone.context.set_offline(True)
    phone_world.finish(phone)
    phone.locator(".card-go", has_text="示例政务大厅1").click()
    phone.locator("#reopen").click()
    expect(phone.locator("[name='/data/q02']")).to_have_value("先这样", timeout=20_000)
    phone.locator("[name='/data/q02']").fill("再补一句")
    phone_world.saved(phone)
    phone_world.finish(phone)
    phone.context.set_offline(False)
    all_sent(phone)
    with database.reading() as session:
        edition = session.scalars(sa.select(Edition)).one()
    assert "再补一句" in evidence_store.get(edition.xml).decode()
    assert edition.place == 1


def test_what_a_supervisor_lets_in_goes_on_by_itself(
    phone: Page, url: str, database: Database, sign_in_as: Callable[..., Browser], tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(phone_world.photo())
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    phone_world.choose(phone, "q03", "yes")
    phone_world.take(phone, "q10", photo)
    phone_world.saved(phone)
    with database.writing() as session:
        session.execute(sa.update(Visit).values(state="cancelled", reason="重复"))
    phone_world.finish(phone)
    expect(phone.locator(".card-go", has_text="示例政务大厅1")).to_contain_text("没有接受")
    with database.reading() as session:
        refusal = session.scalars(sa.select(Refusal.code)).one()
    answer = sign_in_as("supervisor").post(
        f"/rounds/R1/refusals/{refusal}/admit", data={"reason": "已核实，取消有误"}
    )
    assert answer.status_code == 303
    phone.locator("#to-phone").click()
    phone.locator("#sync").click()
    phone.locator("#back").click()
    all_sent(phone)


def test_signing_out_gives_the_key_back(phone: Page, url: str, database: Database) -> None:
    phone_world.enter(phone, url)
    phone.locator("#to-phone").click()
    phone.locator("#leave").click()
    phone.locator("dialog .button-danger").click()
    expect(phone.get_by_text("已退出")).to_be_visible()
    with database.reading() as session:
        assert session.scalars(sa.select(Device)).one().revoked_at is not None
