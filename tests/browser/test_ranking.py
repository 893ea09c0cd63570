"""The ranking in a real browser: readable by everybody, on a phone, by keyboard, on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from evaluation.accounts import roles
from evaluation.accounts.access import COOKIE
from evaluation.framework.demo_province import demo_framework, demo_values
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.browser.browser import axe_violations, overflow
from tests.conftest import Person, Server
from tests.scoring.runs.results import published_round

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
PAGES = (
    "ranking",
    "ranking/N01",
    "indicators/N01.02",
    "cities/620500",
    "cities/620500/N01.02",
    "method",
)


@pytest.fixture
def province(database: Database, evidence_store: EvidenceStore) -> None:
    """Two published rounds of the demo province."""
    framework = demo_framework()
    with database.writing() as session:
        for code, shift, previous in (("2026Q3", 0, None), ("2026Q4", 1, "2026Q3")):
            published_round(
                session,
                evidence_store,
                code=code,
                framework=framework,
                values=demo_values(framework, seed=7, round_shift=shift),
                previous=previous,
            )


@pytest.fixture
def enter(
    server: Server, province: None, person: Callable[..., Person]
) -> Callable[[Page, str], str]:
    """Sign a browser in; gives the address of the round."""

    def signed_in(page: Page, role: str, locale: str = "zh") -> str:
        someone = person(role, cities=["620500"] if role == roles.CLERK else [])
        page.context.add_cookies(
            [
                {"name": COOKIE, "value": someone.token, "url": server.url},
                {"name": "yingshang_language", "value": locale, "url": server.url},
            ]
        )
        return f"{server.url}/rounds/2026Q4"

    return signed_in


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_is_accessible_and_fits(
    page: Page, phone: Page, enter: Callable[..., str], locale: str
) -> None:
    for screen in (page, phone):
        here = enter(screen, roles.LEADER, locale)
        for path in PAGES:
            screen.goto(f"{here}/{path}")
            assert axe_violations(screen) == [], path
            assert overflow(screen) == 0, path


def names(page: Page) -> list[str]:
    return [
        cell.split("\n")[0]
        for cell in page.locator("#ranking tbody tr:visible th[scope=row]").all_inner_texts()
    ]


def test_sorting_by_keyboard_and_filtering_stay_in_the_address(
    page: Page, enter: Callable[..., str]
) -> None:
    here = enter(page, roles.LEADER)
    page.goto(f"{here}/ranking")
    by_rank = names(page)
    button = page.locator("#ranking th[data-key=N01] button")
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ranking?sort=N01.desc")
    by_dimension = names(page)
    assert by_dimension != by_rank
    assert sorted(by_dimension) == sorted(by_rank)
    assert by_dimension[-1] == by_rank[-1]  # the unit that is not ranked stays at the foot
    page.keyboard.press("Enter")
    page.wait_for_url("**/ranking?sort=N01.asc")
    assert names(page)[:-1] == by_dimension[:-1][::-1]
    page.locator("#ranking-zone").select_option("hexi")
    filtered = names(page)
    assert 0 < len(filtered) < len(by_rank)
    page.reload()
    assert names(page) == filtered


def test_the_name_stays_in_view_while_figures_scroll(
    phone: Page, enter: Callable[..., str]
) -> None:
    here = enter(phone, roles.LEADER)
    phone.goto(f"{here}/ranking")
    name = phone.locator("#ranking tbody tr").first.locator("th")
    before = name.bounding_box()
    phone.locator(".table-scroll").evaluate("box => { box.scrollLeft = 400 }")
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] >= 0
    assert after["x"] <= before["x"]
    assert after["x"] + after["width"] < 300


def test_three_clicks_from_rank_to_source(page: Page, enter: Callable[..., str]) -> None:
    here = enter(page, roles.LEADER)
    page.goto(f"{here}/ranking")
    page.locator("#ranking tfoot a").first.click()
    page.wait_for_url("**/ranking/N01")
    page.locator("#ranking tfoot a").nth(1).click()
    page.wait_for_url("**/indicators/N01.02")
    page.locator("#values tbody a").first.click()
    page.wait_for_url("**/cities/*/N01.02")
    assert page.get_by_text("示例台账").is_visible()


def test_a_clerk_finds_the_own_city_marked(page: Page, enter: Callable[..., str]) -> None:
    here = enter(page, roles.CLERK)
    page.goto(f"{here}/ranking")
    assert "天水市" in page.locator("tr.mine").inner_text()
    assert page.locator("tr.mine").count() == 1


def test_printing_is_landscape_without_controls(page: Page, enter: Callable[..., str]) -> None:
    here = enter(page, roles.LEADER)
    page.goto(f"{here}/ranking")
    page.emulate_media(media="print")
    for control in (".page-actions", ".tools", ".topbar"):
        assert not page.locator(control).first.is_visible()
    assert page.locator("#ranking").is_visible()
    media = page.evaluate("getComputedStyle(document.body).page")
    assert media == "wide"
