"""From the phone to the server: cut, refused, returned, on a wrong clock, with a newer form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.review.models import ReviewStep
from surveys.submissions.models import Device, Edition, EditionFile, Refusal, Submission
from surveys.visits.models import Visit
from tests.browser import field_world as phone_world
from tests.browser.field_form import a_long_form
from tests.browser.field_proxy import bad_line
from tests.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
PIECE = 256 * 1024


@pytest.fixture
def url(server: Server, database: Database, evidence_store: EvidenceStore) -> str:
    with database.writing() as session:
        phone_world.a_world(session, evidence_store)
    return server.url


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(phone_world.photo())
    return path


@pytest.fixture
def one(database: Database) -> Callable[[Any], Any]:
    """The only row of a table."""

    def read(table: Any) -> Any:
        with database.reading() as session:
            return session.scalars(sa.select(table)).one()

    return read


def answer(page: Page, photo: Path | None = None) -> None:
    page.locator("[name='/data/q02']").fill("第一次的答案")
    phone_world.choose(page, "q03", "yes")
    if photo:
        phone_world.take(page, "q10", photo)
    phone_world.saved(page)


def card(page: Page) -> Any:
    return page.locator(".card-go", has_text="示例政务大厅1")


def all_sent(page: Page) -> None:
    expect(page.get_by_text("全部已发送")).to_be_visible(timeout=20_000)
    expect(
        page.locator("section", has_text="已发送").last.locator(".card-go code").first
    ).to_be_visible()


def test_a_cut_photo_goes_on_where_it_was_cut(
    phone: Page, url: str, photo: Path, one: Any, evidence_store: EvidenceStore
) -> None:
    offsets: list[int] = []
    with bad_line(int(url.rpartition(":")[2])) as line:
        phone_world.enter(phone, f"http://127.0.0.1:{line.own_port}")
        phone_world.begin(phone)
        answer(phone, photo)
        phone.on(
            "request",
            lambda each: (
                each.method == "PATCH" and offsets.append(int(each.headers["upload-offset"]))
            ),
        )
        line.arm(PIECE + PIECE // 2)
        phone_world.finish(phone)
        expect(card(phone)).to_contain_text("剩 1 / 1 个文件，已发送 256 KB")
        expect(card(phone)).to_contain_text("等待发送文件", timeout=20_000)
        assert line.dead
        assert one(Edition).completed_at is None
        line.mend()
        phone_world.network_is_back(phone)
        all_sent(phone)
    assert offsets[0] == 0
    assert offsets.count(0) == 1  # what had arrived was not sent again
    assert len(offsets) > 2
    file = one(EditionFile)
    assert evidence_store.get(file.sha256) == photo.read_bytes()
    assert one(Edition).completed_at is not None


@pytest.mark.parametrize(("status", "code"), [(409, "offset-conflict"), (422, "hash-mismatch")])
def test_a_piece_that_does_not_fit_is_sent_again_by_itself(
    phone: Page, url: str, photo: Path, status: int, code: str
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone, photo)
    problem = {"type": f"urn:yingshang:problem:{code}", "title": code, "status": status}
    refused: list[str] = []

    def refuse_once(route: Any) -> None:
        if route.request.method != "PATCH" or refused:
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=status, json=problem)

    phone.route("**/openrosa/files/**", refuse_once)
    phone_world.finish(phone)
    all_sent(phone)
    assert refused


def test_nothing_is_dropped_before_the_receipt_lists_it(phone: Page, url: str, photo: Path) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone, photo)

    def without_files(route: Any) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "complete": True, "files": [], "missing": []})

    phone.route("**/openrosa/receipts/**", without_files)
    phone_world.finish(phone)
    expect(card(phone)).to_contain_text("剩 1 / 1 个文件")
    phone.unroute("**/openrosa/receipts/**")
    phone_world.network_is_back(phone)
    all_sent(phone)


def test_a_refusal_is_told_in_words_and_the_record_stays(
    phone: Page, url: str, database: Database, one: Any
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone)
    with database.writing() as session:
        session.execute(sa.update(Visit).values(state="cancelled", reason="重复"))
    phone_world.finish(phone)
    expect(card(phone)).to_contain_text("服务器没有接受")
    expect(card(phone)).to_contain_text("这次访查已经取消")
    card(phone).click()
    expect(phone.get_by_text("记录还在本机，没有丢失")).to_be_visible()
    assert one(Refusal).reason == "visit-cancelled"
    with database.writing() as session:
        session.execute(sa.update(Visit).values(state="issued", reason=""))
    phone.locator("#retry").click()
    expect(phone.locator(".receipt-code")).to_be_visible()
    phone.locator("#back").click()
    all_sent(phone)
    phone.locator("#to-phone").click()
    phone.locator("#journal summary").click()
    expect(phone.locator(".journal")).to_contain_text("服务器没有接受（422")
    expect(phone.locator(".journal")).to_contain_text("收齐，回执")


def test_a_returned_record_shows_each_reason_at_its_question_and_follows_on(
    phone: Page, url: str, photo: Path, database: Database, one: Any, evidence_store: EvidenceStore
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone, photo)
    phone_world.finish(phone)
    all_sent(phone)
    with database.writing() as session:
        held = session.scalars(sa.select(Submission)).one()
        held.state = "returned"
        step = ReviewStep(
            submission_id=held.id, edition_id=held.edition_id, action="return",
            from_state="received", to_state="returned", by="reviewer", at=clock.now(),
            reason="请核对", reasons={"/data/q02": "写得太笼统", "/data/q99": "没有这一题"},
        )  # fmt: skip
        session.add(step)
    phone.locator("#to-phone").click()
    phone.locator("#sync").click()
    phone.locator("#back").click()
    expect(card(phone)).to_contain_text("退回补正")
    card(phone).click()
    expect(phone.get_by_text("写得太笼统")).to_be_visible()
    phone.locator("#edit").click()
    question = phone.locator(".question:has([name='/data/q02'])")
    expect(question.locator(".reviewer-said")).to_contain_text("写得太笼统", timeout=20_000)
    expect(phone.locator(".fill > .notice")).to_contain_text("没有这一题")  # said all the same
    expect(phone.locator("[name='/data/q02']")).to_have_value("第一次的答案")
    phone.locator("[name='/data/q02']").fill("第二次的答案")
    phone_world.saved(phone)
    phone.reload()  # an edit is a draft as any other
    expect(phone.locator("[name='/data/q02']")).to_have_value("第二次的答案", timeout=20_000)
    phone_world.finish(phone)
    all_sent(phone)
    with database.reading() as session:
        first, second = session.scalars(sa.select(Edition).order_by(Edition.place))
        files = session.scalars(sa.select(EditionFile)).all()
    assert (first.place, second.place, second.follows) == (1, 2, first.instance)
    assert "第二次的答案" in evidence_store.get(second.xml).decode()
    assert {each.sha256 for each in files} == {files[0].sha256}  # carried over, not sent again
    assert second.completed_at is not None
    assert one(Submission).state == "received"


def test_a_record_is_mended_on_a_phone_that_never_had_it(
    phone: Page, url: str, photo: Path, database: Database
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone, photo)
    phone_world.finish(phone)
    all_sent(phone)
    phone.locator("#to-phone").click()
    phone.locator("#leave").click()
    phone.locator("dialog .button-danger").click()
    expect(phone.get_by_text("已退出")).to_be_visible()
    phone_world.sign_in(phone)
    phone.get_by_text("从别的手机发送的记录").click()
    phone.locator("#edit").click()
    phone.locator("dialog .button-primary").click()
    expect(phone.locator("[name='/data/q02']")).to_have_value("第一次的答案", timeout=20_000)
    phone.locator("[name='/data/q02']").fill("在新手机上补的")
    phone_world.saved(phone)
    phone_world.finish(phone)
    all_sent(phone)
    with database.reading() as session:
        assert [each.place for each in session.scalars(sa.select(Edition))] == [1, 2]
        assert all(each.completed_at for each in session.scalars(sa.select(Edition)))


@pytest.mark.parametrize(
    ("days", "words"), [(-730, "本机时钟比服务器慢"), (730, "本机时钟比服务器快")]
)
def test_on_a_clock_two_years_off_the_servers_time_counts(
    phone: Page, url: str, one: Any, days: int, words: str
) -> None:
    phone.clock.install(time=clock.now() + timedelta(days=days))
    phone_world.enter(phone, url)
    expect(phone.get_by_text(words)).to_contain_text("730 天")
    phone_world.begin(phone)  # the window is open, whatever this phone believes
    answer(phone)
    phone_world.finish(phone)
    all_sent(phone)
    edition = one(Edition)
    assert edition.skew_seconds == pytest.approx(days * 86400, abs=120)
    assert "skew" in edition.flags
    told = phone_world.until(phone, lambda: one(Device).report.get("skew_seconds"))
    assert told == pytest.approx(days * 86400, abs=120)


def test_a_draft_stays_with_the_form_it_began_on(
    phone: Page, url: str, database: Database, evidence_store: EvidenceStore
) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone)
    with database.writing() as session:
        newer = a_long_form(session, evidence_store)
    assert newer.number == 2
    phone.locator("#back").click()
    phone.locator("#back").click()
    phone.locator("#to-phone").click()
    phone.locator("#sync").click()
    expect(phone.locator("#flashes")).to_contain_text("已同步。")
    phone.locator("#back").click()
    card(phone).click()
    expect(phone.locator("[name='/data/q02']")).to_have_value("第一次的答案", timeout=20_000)
    phone_world.finish(phone)
    all_sent(phone)
    phone_world.begin(phone, "示例政务大厅2")
    phone_world.choose(phone, "q03", "no")
    phone_world.saved(phone)
    phone_world.finish(phone)
    all_sent(phone)
    with database.reading() as session:
        editions = session.scalars(sa.select(Edition).order_by(Edition.id)).all()
    assert 'version="1"' in evidence_store.get(editions[0].xml).decode()
    assert 'version="2"' in evidence_store.get(editions[1].xml).decode()


def test_the_receipt_can_be_checked_later(phone: Page, url: str, photo: Path, one: Any) -> None:
    phone_world.enter(phone, url)
    phone_world.begin(phone)
    answer(phone, photo)
    phone_world.finish(phone)
    all_sent(phone)
    card(phone).click()
    phone.locator("#check").click()
    expect(phone.locator("#flashes")).to_contain_text(f"回执 {one(Edition).receipt}，1 个文件齐全")
    phone.context.set_offline(True)
    phone.locator("#check").click()
    expect(phone.locator("#flashes")).to_contain_text("没有网络")
