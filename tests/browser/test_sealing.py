"""Sealing and reopening in a real browser: the steps are found, typed and read by everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from evaluation.accounts import roles
from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as round_store
from scoring.sealing import reopening
from surveys.observations.rules import Given
from tests.browser.browser import DESKTOP, PHONE, axe_violations, overflow
from tests.conftest import Person, Server
from tests.scoring.runs.results import OFFICE, corrected, published_round, reopened

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]
BETTER = Given("C2", "I1", "review", 1.0, reason="台账抄录有误")


@pytest.fixture
def enter(
    server: Server,
    database: Database,
    evidence_store: EvidenceStore,
    person: Callable[..., Person],
) -> Callable[[Page, str, str], str]:
    """A published round, and a browser signed in; gives the address of the round."""
    with database.writing() as session:
        published_round(session, evidence_store)

    def signed_in(page: Page, role: str, locale: str = "zh") -> str:
        someone = person(role, cities=["C1"] if role == roles.CLERK else [])
        page.context.clear_cookies()
        page.context.add_cookies(
            [
                {"name": COOKIE, "value": someone.token, "url": server.url},
                {"name": "yingshang_language", "value": locale, "url": server.url},
            ]
        )
        return f"{server.url}/rounds/R1"

    return signed_in


def well_made(page: Page) -> None:
    assert axe_violations(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize(("size", "locale"), [(DESKTOP, "zh"), (PHONE, "en")])
def test_two_people_reopen_and_one_corrects(
    page: Page, enter: Callable[..., str], size: dict[str, int], locale: str
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    here = enter(page, roles.OFFICE, locale)
    page.goto(f"{here}/scoring")
    well_made(page)
    with page.expect_download() as download:
        page.click("a[href$='/package/1/result.zip']")
    assert download.value.suggested_filename == "R1-result-1.zip"
    page.click("a[href$='/scoring/reopening']")
    well_made(page)
    page.fill("[name=reason]", "一项数据抄录有误")
    page.click("form[action$='/ask'] button")
    page.locator("dialog[open] .button-primary, dialog[open] .button-danger").click()
    page.locator("#now").wait_for()
    assert page.locator("form[action$='/agree']").count() == 0
    enter(page, roles.OFFICE, locale)
    page.goto(f"{here}/scoring/reopening")
    page.click("form[action$='/agree'] button")
    page.locator("dialog[open] .button-primary, dialog[open] .button-danger").click()
    page.locator("form[action$='/correct']").wait_for()
    well_made(page)
    page.select_option("[name=city]", "C2")
    page.select_option("[name=indicator]", "I1")
    page.fill("[name=value]", "一天")
    page.fill("[name=why_value]", "台账抄录有误")
    page.click("form[action$='/correct'] button")
    assert page.locator("#f-value-error").is_visible()
    assert page.input_value("[name=why_value]") == "台账抄录有误"
    page.fill("[name=value]", "1")
    page.click("form[action$='/correct'] button")
    page.locator("#values").wait_for()
    page.click("form[action$='/reopening/run'] button")
    page.locator("a[href$='/scoring#correct']").wait_for()
    page.goto(f"{here}/scoring")
    assert page.input_value("#f-why") == "一项数据抄录有误"
    well_made(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_readers_are_told_of_a_correction_as_far_as_it_is_theirs(
    page: Page,
    enter: Callable[..., str],
    database: Database,
    evidence_store: EvidenceStore,
    size: dict[str, int],
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    here = enter(page, roles.CLERK)
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        reopening.ask(session, OFFICE, found, reason="还没有人同意的原因")
    page.goto(f"{here}/ranking")
    assert "还没有人同意的原因" not in page.content()
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        reopening.end(session, OFFICE, found, reason="看错了")
        reopened(session, found, "一项数据抄录有误")
    page.goto(f"{here}/ranking")
    assert "更正中：一项数据抄录有误" in page.content()
    with database.writing() as session:
        corrected(session, evidence_store, round_store.by_code(session, "R1"), BETTER)
    page.goto(f"{here}/ranking")
    note = page.locator("details.card").first
    assert "改动 1 个数据" in note.inner_text()
    assert "开办时间" not in note.inner_text()  # of another city
    well_made(page)
    enter(page, roles.LEADER)
    page.goto(f"{here}/ranking")
    assert "乙市 · 开办时间" in page.locator("details.card").first.inner_text()
