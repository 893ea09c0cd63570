"""The filing grid in a real browser: keyboard, saving by itself, conflicts, a lost network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.rounds import store as rounds
from surveys.filings import store
from tests.browser.browser import axe_violations, overflow
from tests.conftest import Person, Server
from tests.surveys.filings.desk import a_filing_round, save, workbook

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]

HOME = "/rounds/R1/filing/C1"


@pytest.fixture(autouse=True)
def a_round_to_file(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I2", 88)


@pytest.fixture
def enter(person: Callable[..., Person], server: Server) -> Callable[..., str]:
    """Give a browser page somebody's session; answers the server's address."""

    def as_somebody(page: Page, role: str, **scope: Any) -> str:
        token = person(role, **scope).token
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
        return str(server.url)

    return as_somebody


def state(page: Page, indicator: str) -> Any:
    return page.locator(f"#row-{indicator} td.cell")


def held(database: Database, indicator: str) -> float | None:
    with database.reading() as session:
        found = rounds.by_code(session, "R1")
        return store.cell(session, found.id, "C1", indicator).entry.value


def test_the_keyboard_is_enough(page: Page, enter: Any, database: Database) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.locator("#value-I1").focus()
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    expect(page.locator("#value-I2")).to_be_focused()
    expect(state(page, "I1")).to_have_attribute("data-state", "saved")
    expect(page.locator("[data-filled]")).to_have_text("已填 2 / 4")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#value-I3")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    expect(page.locator("#value-I2")).to_have_value("88")
    assert held(database, "I1") == 12.5
    assert held(database, "I2") == 88


def test_a_bad_number_stays_typed_with_its_message_beside_it(
    page: Page, enter: Any, database: Database
) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.locator("#value-I1").fill("１２")
    page.keyboard.press("Enter")
    expect(state(page, "I1")).to_have_attribute("data-state", "invalid")
    expect(page.locator("#said-I1")).to_contain_text("改为数字 12")
    expect(page.locator("#value-I1")).to_have_value("１２")
    expect(page.locator("[data-unsaved]")).to_have_text("1 项未保存")
    assert held(database, "I1") is None
    page.locator("#value-I1").fill("12")
    page.keyboard.press("Enter")
    expect(state(page, "I1")).to_have_attribute("data-state", "saved")
    expect(page.locator("[data-unsaved]")).to_have_text("全部已保存")


def test_not_applicable_and_note_save_too(page: Page, enter: Any, database: Database) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    row = page.locator("#row-I4")
    row.locator("[name=not_applicable]").check()
    expect(state(page, "I4")).to_have_attribute("data-state", "saved")
    expect(page.locator("#value-I4")).to_be_disabled()
    row.locator("[name=note]").fill("没有管网")
    row.locator("[name=note]").blur()
    expect(page.locator("[data-unsaved]")).to_have_text("全部已保存")
    page.reload()
    expect(row.locator("[name=note]")).to_have_value("没有管网")
    expect(row.locator("[name=not_applicable]")).to_be_checked()


@pytest.mark.parametrize(("choice", "kept"), [("保留我的", 7.0), ("采用对方的", 3.0)])
def test_the_second_editor_chooses(
    page: Page, enter: Any, database: Database, choice: str, kept: float
) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    with database.writing() as session:
        save(session, rounds.by_code(session, "R1"), "C1", "I1", 3)
    page.locator("#value-I1").fill("7")
    page.keyboard.press("Enter")
    expect(state(page, "I1")).to_have_attribute("data-state", "conflict")
    expect(page.locator("#said-I1")).to_contain_text("clerk 已改为“3”，您填的是“7”")
    page.get_by_role("button", name=choice).click()
    expect(state(page, "I1")).to_have_attribute("data-state", "saved")
    expect(page.locator("#value-I1")).to_have_value(f"{kept:g}")
    expect(page.locator("[data-unsaved]")).to_have_text("全部已保存")
    assert held(database, "I1") == kept


def test_without_a_network_nothing_typed_is_lost(
    page: Page, enter: Any, database: Database
) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.context.set_offline(True)
    page.locator("#value-I1").fill("9")
    page.keyboard.press("Enter")
    expect(page.locator("#said-I1")).to_contain_text("将自动重试")
    expect(page.locator("#value-I1")).to_have_value("9")
    assert page.evaluate(
        "() => { const e = new Event('beforeunload', {cancelable: true}); "
        "window.dispatchEvent(e); return e.defaultPrevented; }"
    )
    page.context.set_offline(False)
    expect(state(page, "I1")).to_have_attribute("data-state", "saved")
    assert held(database, "I1") == 9


def test_a_workbook_up_and_confirmed(
    page: Page, enter: Any, database: Database, tmp_path: Path
) -> None:
    with database.reading() as session:
        content = workbook(session, rounds.by_code(session, "R1"), values={"H4": 12, "H6": "1,2"})
        right = workbook(session, rounds.by_code(session, "R1"), values={"H4": 12, "H6": 70})
    (tmp_path / "坏.xlsx").write_bytes(content)
    (tmp_path / "好.xlsx").write_bytes(right)
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.locator("#f-workbook").set_input_files(tmp_path / "坏.xlsx")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("单元格 H6")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注版").click()
    assert download.value.suggested_filename == "坏-标注.xlsx"
    assert axe_violations(page) == []
    page.get_by_role("link", name="返回填报表").click()
    page.locator("#f-workbook").set_input_files(tmp_path / "好.xlsx")
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("button", name="确认保存 2 项")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="确认保存 2 项").click()
    expect(page.locator("#flashes")).to_contain_text("已保存 2 项指标的数据")
    assert held(database, "I3") == 70


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("clerk", HOME),
        ("clerk", f"{HOME}/values/I1"),
        ("approver", f"{HOME}/check"),
        ("office", f"{HOME}/review"),
        ("office", "/rounds/R1/filing"),
    ],
)
@pytest.mark.parametrize("screen", ["page", "phone"])
def test_every_page_is_accessible_and_fits(
    request: pytest.FixtureRequest, enter: Any, screen: str, role: str, path: str
) -> None:
    page: Page = request.getfixturevalue(screen)
    page.goto(enter(page, role, cities=[] if role == "office" else ["C1"]) + path)
    assert axe_violations(page) == []
    assert overflow(page) == 0


def test_what_a_crashed_page_had_typed_comes_back(
    page: Page, enter: Any, database: Database
) -> None:
    """Left cells are sent again; one still being typed is shown and asked about.

    The first page hangs for good, cut off from the server; the second is opened after it.
    """
    page.route("**/values/*", lambda route: route.abort())
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.locator("#value-I1").fill("9")
    page.locator("#value-I1").press("Enter")
    page.locator("#value-I3").fill("70")
    page.locator("#value-I3").press("Escape")
    page.locator("#value-I2").fill("9")  # of 91, say
    address, page = page.url, page.context.new_page()
    page.goto(address)
    expect(state(page, "I1")).to_have_attribute("data-state", "saved")
    expect(page.locator("#value-I2")).to_have_value("9")
    expect(page.locator("#said-I2")).to_contain_text("这是上次没有存下的输入")
    expect(page.locator("[data-unsaved]")).to_have_text("1 项未保存")
    assert held(database, "I1") == 9
    assert held(database, "I2") == 88
    assert held(database, "I3") is None
    page.get_by_role("button", name="放弃").click()
    expect(page.locator("#value-I2")).to_have_value("88")
    expect(state(page, "I2")).to_have_attribute("data-state", "saved")
    expect(page.locator("[data-unsaved]")).to_have_text("全部已保存")
    assert page.evaluate("localStorage.length") == 0


def test_signing_out_leaves_nothing_typed_behind(page: Page, enter: Any) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.locator("#value-I1").fill("abc")
    page.keyboard.press("Enter")
    expect(state(page, "I1")).to_have_attribute("data-state", "invalid")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("#value-I1")).to_be_focused()
    page.once("dialog", lambda dialog: dialog.accept())  # leaving with something unsaved
    page.goto(page.url.removesuffix(HOME))
    assert page.evaluate("Object.keys(localStorage).join()").endswith("C1/values/I1")
    page.locator("header summary").last.click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#confirm")).to_contain_text("还没有保存")
    page.locator("#confirm").get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate("localStorage.length") == 0


def test_escape_gives_back_an_empty_cell_as_empty(page: Page, enter: Any) -> None:
    page.goto(enter(page, "clerk", cities=["C1"]) + HOME)
    page.locator("#value-I1").fill("abc")
    page.locator("#value-I1").press("Enter")
    expect(state(page, "I1")).to_have_attribute("data-state", "invalid")
    page.locator("#value-I1").press("Escape")
    expect(state(page, "I1")).to_have_attribute("data-state", "empty")
    expect(page.locator("#row-I1 [data-status]")).to_have_text("未填")
    expect(page.locator("#said-I1")).to_have_text("")
