"""The page of evaluators in a real browser: it fits, and everybody can use it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.browser.browser import axe_violations, overflow, small_targets
from tests.conftest import Person, Server
from tests.scoring.agreement.world import AGREE, DIFFER, looked_twice

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]


@pytest.mark.parametrize("width", ["page", "phone"])
def test_the_page_fits_and_the_office_asks_checks_and_goes_on(
    request: pytest.FixtureRequest,
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Person],
    server: Server,
    width: str,
) -> None:
    with database.writing() as session:
        looked_twice(session, evidence_store, (*AGREE * 3, *DIFFER * 2), alone=1)
    page: Page = request.getfixturevalue(width)
    token = person("office").token
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
    page.goto(f"{server.url}/rounds/R1/raters")
    for each in page.locator("main details > summary").all():
        each.click()
    _good(page, width)
    page.fill("#f-least", "7")
    page.fill("#f-reason", "试点")
    page.click("button[name=ask][value='1']")
    assert page.locator("#f-least").get_attribute("aria-invalid") == "true"
    _good(page, width)
    page.fill("#f-least", "0.9")
    page.click("button[name=ask][value='1']")
    page.click("form[action$='/check'] button")
    _good(page, width)
    page.fill("#f-waiver", "大厅已整改")
    page.click("form[action$='/waiver'] button")
    assert "大厅已整改" in page.locator("#requirement").inner_text()
    _good(page, width)


def _good(page: Page, width: str) -> None:
    assert axe_violations(page) == []
    assert overflow(page) == 0
    if width == "phone":
        assert small_targets(page, 44) == []
