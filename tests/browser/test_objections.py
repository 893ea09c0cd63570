"""Objections in a real browser: readable and usable on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from scoring.objections.deciding import Verdict
from tests.browser.browser import axe_violations, overflow, small_targets
from tests.conftest import Person, Server
from tests.scoring.objections.desk import PDF, answered, decided
from tests.scoring.runs.results import scored_round

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
PAGES = {
    "approver": ("", "/I1", "/I2", "/I3"),
    "office": ("", "/I2", "/I3", "/.."),
    "supervisor": ("/I3", "/.."),
}


@pytest.fixture
def disputed(database: Database, evidence_store: EvidenceStore) -> None:
    """One accepted objection, and one that waits for a decision."""
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        decided(session, evidence_store, found, Verdict(True, "台账属实", 30.0))
        answered(session, evidence_store, found, "I3")


@pytest.fixture
def enter(
    server: Server, disputed: None, person: Callable[..., Person]
) -> Callable[[Page, str, str], str]:
    """Sign a browser in; gives the address of the city's page."""

    def signed_in(page: Page, role: str, locale: str) -> str:
        someone = person(role, cities=[] if role == "office" else ["C1"])
        page.context.add_cookies(
            [
                {"name": COOKIE, "value": someone.token, "url": server.url},
                {"name": "yingshang_language", "value": locale, "url": server.url},
            ]
        )
        return f"{server.url}/rounds/R1/objections/C1"

    return signed_in


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_is_accessible_and_fits(
    page: Page, phone: Page, enter: Callable[..., str], locale: str
) -> None:
    for screen, height in ((page, 24), (phone, 40)):
        for role, paths in PAGES.items():
            here = enter(screen, role, locale)
            for path in paths:
                screen.goto(here + path)
                assert axe_violations(screen) == [], (role, path)
                assert overflow(screen) == 0, (role, path)
                assert small_targets(screen, height) == [], (role, path)
    enter(page, "office", locale)
    page.goto(enter(page, "office", locale).split("/rounds")[0] + "/holidays")
    assert axe_violations(page) == []
    assert overflow(page) == 0


def test_an_objection_is_filed_by_keyboard(page: Page, enter: Callable[..., str]) -> None:
    here = enter(page, "approver", "zh")
    page.goto(f"{here}/I1")
    page.get_by_label("异议理由").fill("登记册漏计了两个月")
    page.get_by_label("佐证材料").set_input_files(
        {"name": "台账.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="提交异议").focus()
    page.keyboard.press("Enter")
    page.get_by_text("请上传市州主要负责人签字页").first.wait_for()
    assert page.get_by_label("异议理由").input_value() == "登记册漏计了两个月"
    page.get_by_label("主要负责人签字页").set_input_files(
        {"name": "签字.pdf", "mimeType": "application/pdf", "buffer": PDF + b"1"}
    )
    page.get_by_role("button", name="提交异议").click()
    page.get_by_text("异议已提交").wait_for()
    assert page.get_by_role("link", name="台账.pdf").is_visible()
