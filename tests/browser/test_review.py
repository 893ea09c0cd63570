"""Review in a real browser: keyboard, return by question, two reviewers, every page in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.submissions.models import Submission
from tests.browser.browser import axe_violations, overflow, small_targets
from tests.conftest import Person, Server
from tests.surveys.review.submitted import a_field, resubmit, submit

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]

HOME = "/rounds/R1/submissions"
HERE = {"source": "camera", "lat": 36.0603, "lon": 103.8302, "accuracy": 12.0}
FAR = {"source": "gallery", "lat": 36.09, "lon": 103.83, "accuracy": 15.0, "mock": True}
FAULT = {"kind": "required", "path": "/data/remark", "facts": {}}
LEDGER = {
    "steps": [{"code": "queue", "seconds": 95}],
    "positions": [{"at": "2026-11-24T02:05:00+00:00", "lat": 36.0605, "lon": 103.8305}],
}


@pytest.fixture
def codes(database: Database, evidence_store: EvidenceStore) -> dict[str, str]:
    """Records by what is the matter with them, in the order in which they wait."""
    with database.writing() as session:
        field = a_field(session, evidence_store)
        first = field.visit("visitor")
        again = field.visit("other", site=first.site, second_of=first.id)
        made = {
            "plain": submit(field, visit=first, photos=(HERE,), ledger=LEDGER),
            "odd": submit(field, sign="no", photos=(FAR,), findings=[FAULT], flags=["late"]),
            "second": submit(field, visit=again, sign="no", photos=(HERE,), minutes=30),
            "approved": submit(field, state="approved", approved_by="somebody"),
            "returned": submit(field, state="returned", evaluator="me"),
        }
        told = {"minutes": 31, "sign": "no", "remark": "改过的备注", "photos": (HERE,)}
        resubmit(field, made["second"], **told)
        return {name: record.code for name, record in made.items()}


@pytest.fixture
def enter(person: Callable[..., Person], server: Server) -> Callable[..., str]:
    """Give a browser page somebody's session; answers the server's address."""

    def as_somebody(page: Page, role: str, **scope: Any) -> str:
        token = person(role, **scope).token
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
        return str(server.url)

    return as_somebody


def state(database: Database, code: str) -> str:
    with database.reading() as session:
        return str(session.query(Submission).filter_by(code=code).one().state)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", ["page", "phone"])
def test_every_page_fits_and_can_be_used_by_everybody(
    request: pytest.FixtureRequest, codes: dict[str, str], enter: Any, width: str, language: str
) -> None:
    page: Page = request.getfixturevalue(width)
    base = enter(page, "supervisor")
    page.goto(f"{base}/language/{language}")
    paths = [HOME, f"{HOME}?state=all&form=hall", "/rounds/R1/agreement", "/rounds/R1"]
    paths += [f"{HOME}/{code}" for code in codes.values()]
    for path in paths:
        page.goto(base + path)
        assert axe_violations(page) == [], path
        assert overflow(page) == 0, path
        if width == "phone" and path != "/rounds/R1":  # which is everybody's
            assert small_targets(page, 44) == [], path


@pytest.mark.parametrize("width", ["page", "phone"])
def test_an_evaluators_own_pages(
    request: pytest.FixtureRequest, codes: dict[str, str], enter: Any, width: str
) -> None:
    page: Page = request.getfixturevalue(width)
    base = enter(page, "evaluator", name="me")
    for path in ("/my-submissions", f"/my-submissions/{codes['returned']}"):
        page.goto(base + path)
        assert axe_violations(page) == [], path
        assert overflow(page) == 0, path
    page.goto(f"{base}/my-submissions")
    page.get_by_role("link", name="示例场所").click()
    expect(page.locator("main")).to_contain_text("退回补正")


def test_the_keyboard_is_enough(
    page: Page, codes: dict[str, str], enter: Any, database: Database
) -> None:
    page.goto(enter(page, "supervisor") + HOME)
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=codes["plain"])).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_have_text("已选 1 份")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=codes["odd"])).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HOME}/{codes['plain']}*")
    page.keyboard.press("j")
    page.wait_for_url(f"**{HOME}/{codes['odd']}*")
    page.keyboard.press("k")
    page.wait_for_url(f"**{HOME}/{codes['plain']}*")
    page.get_by_role("button", name="通过", exact=True).press("Enter")
    page.wait_for_url(f"**{HOME}/{codes['odd']}*")
    expect(page.locator("#flashes")).to_contain_text("审核通过")
    assert state(database, codes["plain"]) == "approved"


def test_shortcuts_can_be_turned_off_and_never_disturb_typing(
    page: Page, codes: dict[str, str], enter: Any
) -> None:
    page.goto(enter(page, "supervisor") + HOME)
    page.locator("#f-q").press_sequentially("jkx")
    expect(page.locator("#f-q")).to_have_value("jkx")
    expect(page.locator(".pick input:checked")).to_have_count(0)
    page.get_by_label("键盘快捷键").uncheck()
    page.reload()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=codes["plain"])).not_to_be_focused()


def test_a_return_says_why_by_question(
    page: Page, codes: dict[str, str], enter: Any, database: Database
) -> None:
    page.goto(enter(page, "supervisor") + f"{HOME}/{codes['odd']}")
    decision = page.locator(".review-decision")
    decision.get_by_text("退回给评价员").first.click()
    decision.get_by_role("button", name="退回给评价员").click()
    expect(page.locator(".error-summary")).to_contain_text("至少写明一道题")
    photo = page.locator(".answer", has_text="标识照片").last
    photo.get_by_text("退回这道题").click()
    photo.get_by_role("textbox").fill("看不清门牌，请补拍")
    expect(decision).to_contain_text("已写 1 道题")
    decision.get_by_role("button", name="退回给评价员").click()
    expect(page.locator("#flashes")).to_contain_text("退回补正")
    assert state(database, codes["odd"]) == "returned"
    page.goto(page.url.partition("/rounds")[0] + f"{HOME}/{codes['odd']}")
    expect(page.locator("main")).to_contain_text("看不清门牌，请补拍")


def test_despite_findings_only_with_a_reason(
    page: Page, codes: dict[str, str], enter: Any, database: Database
) -> None:
    page.goto(enter(page, "supervisor") + f"{HOME}/{codes['odd']}")
    page.get_by_role("button", name="通过", exact=True).click()
    assert state(database, codes["odd"]) == "received"  # the field is required
    page.get_by_label("为什么仍然通过").fill("备注确实没有可写的")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("审核通过")
    assert state(database, codes["odd"]) == "approved"


def test_two_reviewers_of_one_record(
    page: Page, phone: Page, codes: dict[str, str], enter: Any, database: Database
) -> None:
    for each in (page, phone):
        each.goto(enter(each, "supervisor") + f"{HOME}/{codes['plain']}")
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.locator("#flashes")).to_contain_text("审核通过")
    phone.get_by_role("button", name="通过", exact=True).click()
    expect(phone.locator(".error-summary")).to_contain_text("supervisor1于")
    expect(phone.locator(".error-summary")).to_contain_text("审核通过")
    phone.get_by_role("button", name="采信", exact=True).click()
    phone.get_by_role("dialog").get_by_role("button", name="采信").click()
    expect(phone.locator("#flashes")).to_contain_text("复核采信")
    assert state(database, codes["plain"]) == "accepted"


def test_several_at_once_are_told_one_by_one(
    page: Page, codes: dict[str, str], enter: Any, database: Database
) -> None:
    page.goto(enter(page, "supervisor") + HOME)
    page.get_by_label("全选本页").check()
    expect(page.locator("[data-picked]")).to_have_text("已选 3 份")
    page.get_by_role("button", name="通过", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="通过").click()
    told = page.get_by_role("region", name="每份的结果")
    expect(told.get_by_role("row", name=codes["odd"])).to_contain_text("没有改动")
    expect(told.get_by_role("row", name=codes["plain"])).to_contain_text("已办")
    assert axe_violations(page) == []
    assert (state(database, codes["odd"]), state(database, codes["plain"])) == (
        "received",
        "approved",
    )


def test_on_paper_nothing_is_left_to_press(page: Page, codes: dict[str, str], enter: Any) -> None:
    page.goto(enter(page, "supervisor") + f"{HOME}/{codes['second']}")
    page.emulate_media(media="print")
    expect(page.locator(".review-decision")).to_be_hidden()
    expect(page.locator(".answer-act").first).to_be_hidden()
    expect(page.locator("svg.way")).to_be_visible()
    expect(page.locator("main")).to_contain_text("改过的备注")
