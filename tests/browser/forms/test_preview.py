"""The preview page in a real browser: the phone's engine at a desk, and the server's reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evaluation.accounts.access import COOKIE
from evaluation.accounts.principal import Principal
from evaluation.platform.database import Database
from evaluation.platform.edge import LOCALE_COOKIE
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import service
from tests.browser.browser import axe_violations, overflow
from tests.conftest import Person, Server

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]

LIBRARY = Path(service.__file__).parent / "library"
HOME = "/forms/service_hall_covert/1/preview"
HALL = "service_hall_covert.xlsx"


@pytest.fixture(autouse=True)
def a_form(
    database: Database, evidence_store: EvidenceStore, person: Callable[..., Person]
) -> None:
    who: Principal = person("office").principal
    with database.writing() as session:
        content = (LIBRARY / HALL).read_bytes()
        service.publish(session, who, service.upload(session, evidence_store, who, content, HALL))


@pytest.fixture
def enter(person: Callable[..., Person], server: Server) -> Callable[..., str]:
    """Give a browser page somebody's session; answers the server's address."""

    def as_somebody(page: Page, role: str) -> str:
        token = person(role).token
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
        return str(server.url)

    return as_somebody


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("on", ["page", "phone"])
def test_a_form_is_tried_at_a_desk_and_read_by_the_server(
    request: pytest.FixtureRequest, enter: Callable[..., str], language: str, on: str
) -> None:
    page: Page = request.getfixturevalue(on)
    words = {
        "zh": ("检查答案", "否", "正在正常办公", "有 4 处需要处理", "没有办公", "未答"),
        "en": ("Check the answers", "No", "open for", "4 things", "Not open", "Not answered"),
    }[language]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    home = enter(page, "auditor")
    page.context.add_cookies([{"name": LOCALE_COOKIE, "value": language, "url": home}])
    page.goto(home + HOME)
    open_now = page.get_by_role("group", name=words[2]).first
    open_now.locator("label", has_text=words[1]).click()
    page.get_by_role("button", name=words[0]).click()
    expect(page.get_by_role("heading", name=words[3])).to_be_visible()
    outcome = page.locator("[data-outcome]")
    expect(outcome.locator("h3")).to_have_count(3)
    expect(outcome.locator(".outcome-bad")).to_have_count(4)
    expect(outcome).to_contain_text(words[4])
    expect(outcome).to_contain_text(words[5])
    expect(page.locator("[data-xml]")).to_contain_text("<open_now>no</open_now>")
    page.evaluate("scrollTo(0, 0)")  # nothing half behind the bar
    assert axe_violations(page) == []
    assert overflow(page) == 0
    assert said == []


def test_language_and_answers_start_over(page: Page, enter: Callable[..., str]) -> None:
    page.goto(enter(page, "office") + HOME)
    first = page.locator(".option-wrapper label").first
    first.click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Was it open for business when you arrived?")).to_be_visible()
    expect(first.locator("input")).to_be_checked()
    page.get_by_role("button", name="重新开始").click()
    expect(page.get_by_text("Was it open for business when you arrived?")).to_be_visible()
    expect(page.locator("[data-form] input:checked")).to_have_count(0)


def test_a_form_that_does_not_arrive_is_said(page: Page, enter: Callable[..., str]) -> None:
    home = enter(page, "office")
    page.route("**/preview/form", lambda route: route.fulfill(status=503, body=""))
    page.goto(home + HOME)
    expect(page.get_by_text("表单没有打开：503")).to_be_visible()
    expect(page.get_by_role("button", name="检查答案")).to_be_disabled()
