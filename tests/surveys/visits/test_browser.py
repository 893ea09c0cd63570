"""Every page of visits in a real browser: wide and narrow, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from evaluation.accounts.access import COOKIE
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.submissions import rules as record_rules
from surveys.visits import plans_store, rules
from surveys.visits.models import VisitPlan
from tests.browser.browser import DESKTOP, PHONE, axe_violations, overflow, small_targets
from tests.conftest import Server
from tests.factories.field import a_conflict, a_site
from tests.surveys.visits.desk import Field, a_submission, an_entry, draw, issue, make_plan, set_up

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_kind", ["sqlite"])]


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """An issued plan with records and a conflict declared since, and an auditor."""
    found = set_up(database, evidence_store, person)
    found.people["auditor"] = person("auditor", name="auditor")
    with database.writing() as session:
        make_plan(found, session)
        a_site(
            session, "C3", name="兰山区政务服务中心" * 4, name_en="", county="兰山区", active=False
        )
    draw(found)
    issue(found)
    with database.writing() as session:
        plan = found.plan(session)
        visits = plans_store.visits(session, plan.id)
        a_submission(session, visits[0], record_rules.ACCEPTED)
        a_submission(session, visits[1], record_rules.RETURNED)
        a_conflict(session, visits[2].evaluator, visits[2].city)
    return found


def another(made: Field) -> str:
    """A further plan in its first state, with quotas; gives its code."""
    with made.database.writing() as session:
        plan = make_plan(made, session, title="四月暗访（示例）", second_percent=0)
        return plan.code


def pages_of(made: Field) -> dict[str, list[str]]:
    """Addresses by who opens them."""
    draft = another(made)
    with made.database.reading() as session:
        plan = made.plan(session)
        home = "/rounds/R1/visits"
        codes = [visit.code for visit in plans_store.visits(session, plan.id)]
        evaluator = plans_store.visits(session, plan.id)[1].evaluator
        code = plan.code
    watching = [
        "/sites", "/sites/C1-0", "/conflicts", home, f"{home}/{code}", f"{home}/{code}/draw",
        f"{home}/{code}/{codes[3]}",
    ]  # fmt: skip
    planning = [
        "/", "/sites/new", "/sites/uploads", f"{home}/new", f"{home}/{draft}",
        f"{home}/{draft}/settings",
    ]  # fmt: skip
    return {
        "planner": [*watching, *planning],
        "auditor": watching,
        evaluator: ["/", "/my-visits", "/conflicts"],
    }


def enter(page: Page, server: Server, made: Field, who: str, language: str) -> None:
    """Somebody's session in the browser."""
    page.context.add_cookies(
        [
            {"name": COOKIE, "value": made.people[who].token, "url": server.url},
            {"name": "yingshang_language", "value": language, "url": server.url},
        ]
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits(
    server: Server, made: Field, page: Page, language: str
) -> None:
    """No axe fault, nothing wider than its window, nothing too small for a finger."""
    wrong: list[str] = []
    for who, paths in pages_of(made).items():
        enter(page, server, made, who, language)
        for path in [*paths, "/rounds/R1"]:
            page.set_viewport_size(DESKTOP)
            answer = page.goto(f"{server.url}{path}")
            assert answer is not None
            assert answer.status == 200, (who, path)
            for size in (DESKTOP, PHONE):
                page.set_viewport_size(size)
                here = f"{who} {path} {size['width']} px"
                wrong += [f"{here}: {fault}" for fault in axe_violations(page)]
                if wide := overflow(page):
                    wrong.append(f"{here}: {wide} px too wide")
    assert not wrong, "\n".join(wrong)


def test_fingers_find_everything(server: Server, made: Field, phone: Page) -> None:
    """On a touch screen nothing pressed is lower than 44 px."""
    small: list[str] = []
    for who, paths in pages_of(made).items():
        enter(phone, server, made, who, "zh")
        for path in paths:
            phone.goto(f"{server.url}{path}")
            small += [f"{who} {path} {each}" for each in small_targets(phone, 44)]
    assert not small, "\n".join(small)


def test_a_plan_from_nothing_to_issued(server: Server, made: Field, page: Page) -> None:
    """Two people plan, draw and issue by keyboard and mouse; dialogs ask before what matters."""
    enter(page, server, made, "planner", "zh")
    page.goto(f"{server.url}/rounds/R1/visits/new")
    entry = an_entry()
    assert entry.opens_at is not None
    page.get_by_label("计划名称").fill("五月暗访")
    page.get_by_label("开始日期").fill("2031-05-01")
    page.get_by_label("结束日期").fill("2031-05-28")
    page.get_by_label("示例表单 open").check()
    page.get_by_role("button", name="建立计划").click()
    page.get_by_label("甲市 示例表单 open").fill("2")
    page.get_by_label("乙市 示例表单 open").fill("9")
    page.get_by_role("button", name="保存配额").click()
    page.get_by_role("button", name="抽取", exact=True).click()
    assert "要 9 次，6 个可用场所只够 6 次" in page.inner_text(".error-summary")
    page.get_by_label("乙市 示例表单 open").fill("1")
    page.get_by_role("button", name="保存配额").click()
    page.get_by_role("button", name="抽取", exact=True).click()
    assert page.locator("#plan-visits tbody tr").count() == 4
    assert "等待另一位" in page.inner_text("main")
    assert page.get_by_role("button", name="下发").count() == 0
    where = page.url
    enter(page, server, made, "second", "zh")
    page.goto(where)
    page.get_by_role("button", name="下发").click()
    page.locator("#confirm button[value=proceed]").click()
    page.get_by_text("已下发 4 次访查").wait_for()
    with made.database.reading() as session:
        plan = session.query(VisitPlan).filter_by(title="五月暗访").one()
        assert plan.state == rules.ISSUED
        assert (plan.drawn_by, plan.issued_by) == ("planner", "second")
