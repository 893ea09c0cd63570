"""The audit, comparisons, sureness and lineage in a real browser: for everybody, on a phone."""

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
    "scoring/audit",
    "scoring/audit?check=size",
    "scoring/compare?with=2026Q3",
    "firmness?a=620500&b=620100",
    "cities/620500/N01",
    "cities/620500/N01.02",
)


@pytest.fixture
def here(server: Server, database: Database, evidence_store: EvidenceStore) -> str:
    """The address of the second of two published rounds."""
    framework = demo_framework()
    with database.writing() as session:
        for code, shift, previous in (("2026Q3", 0, None), ("2026Q4", 1, "2026Q3")):
            values = demo_values(framework, seed=7, round_shift=shift)
            published_round(
                session,
                evidence_store,
                code=code,
                framework=framework,
                values=values,
                previous=previous,
            )
    return f"{server.url}/rounds/2026Q4"


def enter(page: Page, here: str, person: Callable[..., Person], locale: str) -> None:
    """A leader signs in."""
    url = here.split("/rounds")[0]
    cookies = {COOKIE: person(roles.LEADER).token, "yingshang_language": locale}
    page.context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])


def test_every_page_is_accessible_and_fits(
    page: Page, phone: Page, here: str, person: Callable[..., Person]
) -> None:
    for screen, locale in ((page, "zh"), (phone, "en")):
        enter(screen, here, person, locale)
        for path in PAGES:
            screen.goto(f"{here}/{path}")
            assert axe_violations(screen) == [], path
            assert overflow(screen) == 0, path


def test_from_the_ranking_to_why_and_how_sure(
    page: Page, here: str, person: Callable[..., Person]
) -> None:
    enter(page, here, person, "zh")
    page.goto(f"{here}/ranking")
    page.locator("#ranking tbody tr").first.locator("td.num a").first.click()
    page.wait_for_url("**/cities/*/*")
    assert page.locator("#parts").is_visible()
    page.goto(f"{here}/ranking")
    page.get_by_role("link", name="与上期比").click()
    page.wait_for_url("**/scoring/compare?with=2026Q3")
    assert page.locator("#why").is_visible()
    page.goto(f"{here}/ranking")
    page.get_by_role("link", name="名次有多确定").click()
    page.wait_for_url("**/firmness")
    page.select_option("#pick-a", index=4)
    page.select_option("#pick-b", index=5)
    page.get_by_role("button", name="比较", exact=True).click()
    page.wait_for_url("**/firmness?a=*")
    assert "第 5 名" in page.locator(".notice-info").inner_text()
    page.emulate_media(media="print")
    assert not page.locator("#pick-a").is_visible()
    assert page.locator("#matrix").is_visible()
