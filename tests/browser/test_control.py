"""The control room in a real browser: it renews itself, keeps one's place, and says when it is old.

The other pages of evidence stand beside it: findings and readings, wide and narrow.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from evaluation.accounts.access import COOKIE
from evaluation.accounts.models import SignIn
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.control import web
from surveys.findings import service as findings
from surveys.readings import service as readings
from surveys.submissions.models import Submission
from tests.browser.browser import axe_violations, overflow, small_targets
from tests.conftest import Person, Server
from tests.factories.field import a_device, a_form
from tests.surveys.readings.desk import REVIEWER, a_field_round, a_record

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]

PAGE = "/rounds/R1/control"
STATE = "[data-live-state]"
#: As a browser does when another tab is looked at.
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def token(database: Database, evidence_store: EvidenceStore, person: Callable[..., Person]) -> str:
    """A round with a record in every state, and somebody of the office."""
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        for state in ("incomplete", "received", "returned", "approved", "accepted"):
            sent = a_record(
                session, evidence_store, found, version, state=state, sign="no",
                edition={"answers_sha256": "a" * 64, "flags": ["too-fast"]},
            )  # fmt: skip
        readings.on_accept(session, evidence_store, REVIEWER, sent)
        findings.on_accept(session, evidence_store, REVIEWER, sent)
        a_device(session, "evelyn.wu", name="手机", report={"unsent": 2})
    return person("office").token


def enter(page: Page, server: Server, token: str, path: str, language: str = "zh") -> None:
    page.context.add_cookies(
        [
            {"name": COOKIE, "value": token, "url": server.url},
            {"name": "yingshang_language", "value": language, "url": server.url},
        ]
    )
    answer = page.goto(f"{server.url}{path}")
    assert answer is not None
    assert answer.status == 200


def received(page: Page) -> str:
    return page.locator("[data-count=received] .tile-value").inner_text()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asks again every half second."""
    monkeypatch.setattr(web, "EVERY", 0.5)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", [PAGE, "/rounds/R1/findings", "/rounds/R1/readings/C1/I1"])
def test_accessible_and_in_frame(
    server: Server, token: str, page: Page, phone: Page, path: str, language: str
) -> None:
    enter(page, server, token, path, language)
    assert axe_violations(page) == []
    assert overflow(page) == 0
    enter(phone, server, token, path, language)
    assert axe_violations(phone) == []
    assert overflow(phone) == 0
    assert small_targets(phone, 44) == []


def test_it_renews_itself_says_so_and_keeps_the_place(
    server: Server, token: str, page: Page, database: Database, quick: None
) -> None:
    enter(page, server, token, PAGE)
    assert received(page) == "1"
    link = page.locator("[data-count=approved]")
    link.focus()
    with database.writing() as session:
        session.execute(
            sa.update(Submission).where(Submission.state == "returned").values(state="received")
        )
    expect(page.locator("[data-count=received] .tile-value")).to_have_text("2")
    expect(page.locator("[data-live-said]")).to_have_text("有更新：待审核 2，退回补正 0")
    assert page.evaluate("document.activeElement.dataset.count") == "approved"
    expect(page.locator(STATE)).to_contain_text("自动更新")


def test_what_is_unchanged_is_not_drawn_again(
    server: Server, token: str, page: Page, quick: None
) -> None:
    enter(page, server, token, PAGE)
    page.locator("#live").evaluate("part => { part.firstElementChild.dataset.mine = 1 }")
    for _ in range(2):
        with page.expect_response(lambda answer: answer.url.endswith("/live")) as told:
            pass
        assert told.value.status == 304
    expect(page.locator("#live > [data-mine]")).to_have_count(1)


def test_it_rests_while_paused_and_while_nobody_looks(
    server: Server, token: str, page: Page, quick: None
) -> None:
    enter(page, server, token, PAGE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="暂停更新").click()
    expect(page.locator(STATE)).to_contain_text("已暂停")
    asked.clear()
    page.evaluate("new Promise(done => setTimeout(done, 1500))")
    assert asked == []
    page.get_by_role("button", name="继续更新").click()
    expect(page.locator(STATE)).to_contain_text("自动更新")
    page.evaluate(HIDE, True)
    page.evaluate("new Promise(done => setTimeout(done, 700))")
    asked.clear()
    page.evaluate("new Promise(done => setTimeout(done, 1500))")
    assert asked == []
    with page.expect_response(lambda answer: answer.url.endswith("/live")):
        page.evaluate(HIDE, False)


def test_without_a_line_it_says_so_and_comes_back(
    server: Server, token: str, page: Page, quick: None
) -> None:
    enter(page, server, token, PAGE)

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/live", cut)
    expect(page.locator(STATE)).to_contain_text("连不上服务器")
    assert received(page) == "1"  # what was there stays
    page.unroute("**/live", cut)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(STATE)).to_contain_text("自动更新")


def test_signed_out_it_keeps_what_it_shows_and_says_how_to_go_on(
    server: Server, token: str, page: Page, database: Database, quick: None
) -> None:
    enter(page, server, token, PAGE)
    with database.writing() as session:
        session.execute(sa.delete(SignIn))
    expect(page.locator(STATE)).to_contain_text("登录已结束")
    expect(page.get_by_role("link", name="重新登录")).to_have_attribute(
        "href", "/sign-in?next=%2Frounds%2FR1%2Fcontrol"
    )
    assert received(page) == "1"
    expect(page.get_by_role("button", name="暂停更新")).to_be_hidden()


def test_it_says_everything_without_script(
    server: Server, token: str, chromium: object, database: Database
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")  # type: ignore[attr-defined]
    page = context.new_page()
    enter(page, server, token, PAGE)
    assert received(page) == "1"
    assert "更新于" in page.locator(STATE).inner_text()
    context.close()
