"""What-if in a real browser: readable everywhere, live by mouse and keys, whole without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from evaluation.accounts import roles
from evaluation.accounts.access import COOKIE
from evaluation.framework.demo_province import demo_framework, demo_values
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.browser.browser import axe_violations, overflow, small_targets
from tests.conftest import Person, Server
from tests.scoring.runs.results import published_round

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
PAGES = ("whatif", "whatif?city=620500&reach=5", "weights?w.N01=20")


@pytest.fixture
def here(
    server: Server,
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Person],
) -> Callable[[Page, str], str]:
    """Sign a leader in; gives the address of a published round of the demo province."""
    framework = demo_framework()
    with database.writing() as session:
        published_round(
            session,
            evidence_store,
            code="2026Q4",
            framework=framework,
            values=demo_values(framework, seed=7, round_shift=1),
        )
    token = person(roles.LEADER).token

    def enter(page: Page, locale: str = "zh") -> str:
        page.context.add_cookies(
            [
                {"name": COOKIE, "value": token, "url": server.url},
                {"name": "yingshang_language", "value": locale, "url": server.url},
            ]
        )
        return f"{server.url}/rounds/2026Q4"

    return enter


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_pages_are_accessible_and_fit(
    page: Page, phone: Page, here: Callable[..., str], locale: str
) -> None:
    for screen, least in ((page, 24), (phone, 44)):
        round_page = here(screen, locale)
        for path in PAGES:
            screen.goto(f"{round_page}/{path}")
            screen.wait_for_load_state("networkidle")
            assert axe_violations(screen) == [], path
            assert overflow(screen) == 0, path
            assert small_targets(screen, least) == [], path


def said(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


def places(page: Page) -> list[str]:
    return page.locator(".weights-table tbody th").all_inner_texts()


def test_a_slider_moves_the_ranking_and_the_address(page: Page, here: Callable[..., str]) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{here(page)}/weights")
    assert "没有变化" in said(page)
    before = places(page)
    knob = page.locator("[data-knob=N17]")
    with page.expect_response("**/weights.json?*"):
        knob.locator("input[type=range]").focus()
        page.keyboard.press("End")
    page.wait_for_url("**/weights?w.N17=*")
    page.locator("[data-said]", has_text="名次变了").wait_for()
    moved = places(page)
    assert moved != before
    with page.expect_response("**/weights.json?*"):
        knob.locator("[data-step='-1']").click()
    assert knob.locator("input[name]").input_value() == "29"
    page.wait_for_url("**/weights?w.N17=29")
    page.reload()
    assert knob.locator("input[name]").input_value() == "29"
    assert "名次变了" in said(page)
    page.locator("[data-reset]").click()
    page.locator("[data-said]", has_text="没有变化").wait_for()
    assert places(page) == before
    page.wait_for_url("**/weights")
    with page.expect_response("**/weights.json?*"):
        knob.locator("input[name]").fill("-4")
    page.locator(".error-summary").wait_for()
    assert "应在 0 到 1000 之间" in page.locator(".error-summary").inner_text()
    with page.expect_response("**/weights.json?*"):
        knob.locator("input[name]").fill("4")
    page.locator(".error-summary").wait_for(state="detached")
    assert [each for each in problems if "422" not in each] == []


def test_a_late_answer_does_not_overtake_and_waiting_is_said(
    page: Page, here: Callable[..., str]
) -> None:
    address = f"{here(page)}/weights"
    held: list[Route] = []

    def keep_back(route: Route) -> None:
        held.append(route)

    page.goto(address)
    page.route("**/weights.json?w.N01=30*", keep_back)
    field = page.locator("[data-knob=N01] input[name]")
    field.fill("30")
    page.get_by_text("正在计算").wait_for()
    field.fill("2")
    page.wait_for_url("**/weights?w.N01=2")
    newest = places(page)
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    assert places(page) == newest
    assert page.url.endswith("w.N01=2")


def test_without_script_the_form_does_the_same(
    chromium: Browser, page: Page, here: Callable[..., str]
) -> None:
    address = f"{here(page)}/weights"
    page.goto(f"{address}?w.N17=30")
    live = places(page)
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(address)
    assert plain.locator("input[type=range]:visible").count() == 0
    plain.locator("[data-knob=N17] input[name]").fill("30")
    plain.get_by_role("button", name="重新计算").click()
    assert places(plain) == live
    plain.goto(address.replace("weights", "whatif?city=620500"))
    plain.locator("#f-aim").select_option("next-better")
    plain.get_by_role("button", name="查看").click()
    assert "再上一档的值" in plain.locator(".whatif-gains").inner_text()
    context.close()


def test_efforts_stay_out_of_the_address_unless_changed_and_paper_has_no_controls(
    page: Page, here: Callable[..., str]
) -> None:
    page.goto(f"{here(page)}/whatif?city=620500")
    page.locator("details.efforts summary").click()
    first = page.locator(".effort input").first
    first.fill("7")
    page.locator("#f-reach").fill("5")
    page.get_by_role("button", name="找最省的办法").click()
    page.wait_for_url("**reach=5**")
    assert page.url.count("e.N") == 1
    assert "已改 1 项" in page.locator("details.efforts summary").inner_text()
    page.emulate_media(media="print")
    for control in (".page-actions", ".tools", ".way-form", ".tabs"):
        assert not page.locator(control).first.is_visible()
    assert page.locator(".whatif-gains").is_visible()
    page.goto(page.url.partition("/whatif")[0] + "/weights?w.N01=20")
    assert not page.locator("input[type=range]").first.is_visible()
    assert page.locator(".weights-table").is_visible()
