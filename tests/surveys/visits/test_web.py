"""Who opens what: those who plan, the auditor under aliases, evaluators their own, nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from surveys.visits import draws, masking, rules
from surveys.visits.models import Visit
from tests.conftest import Browser
from tests.factories.field import a_conflict
from tests.surveys.visits.desk import (
    EVALUATORS,
    SECRET,
    TITLE,
    Field,
    make_plan,
)
from tests.surveys.visits.pages import HOME, LATER, visits


@pytest.fixture
def database_kind() -> str:
    """Pages are tried on one database."""
    return "sqlite"


def addresses(made: Field) -> list[tuple[str, str]]:
    """Every address of visits, with the method it is asked by."""
    one = visits(made)[0]
    plan = f"{HOME}/{one['plan']}"
    read = [
        HOME, f"{HOME}/new", plan, f"{plan}/settings", f"{plan}/draw",
        f"{plan}/draw/record.json", f"{plan}/{one['code']}", f"{plan}/quotas/workbook.xlsx",
        "/sites", "/sites/new", "/sites/C1-0", "/sites/workbook.xlsx", "/sites/uploads",
        f"/sites/uploads/{'0' * 64}", "/conflicts", "/my-visits",
    ]  # fmt: skip
    write = [
        f"{HOME}/new", f"{plan}/settings", f"{plan}/quotas", f"{plan}/quotas/workbook",
        f"{plan}/draw", f"{plan}/issue", f"{plan}/close", f"{plan}/deleted",
        f"{plan}/{one['code']}/change", f"{plan}/{one['code']}/cancel", "/sites/new", "/sites/C1-0",
        f"/sites/uploads/{'0' * 64}", "/conflicts", "/conflicts/withdrawn",
    ]  # fmt: skip
    return [("GET", each) for each in read] + [("POST", each) for each in write]


@pytest.mark.parametrize("role", ["clerk", "approver", "department", "leader"])
def test_nobody_outside_learns_that_there_are_visits(
    made: Field, enter: Callable[[str], Browser], role: str
) -> None:
    """Every address is 404, the same page as for one that never was; no page tells a thing."""
    browser = enter(role)
    missing = browser.get(f"{HOME}/NOSUCHPLAN", headers={"accept": "application/json"}).json()
    for method, address in addresses(made):
        data: dict[str, str] | None = {} if method == "POST" else None
        headers = {"accept": "application/json"}
        said = browser.request(method, address, headers=headers, data=data)
        assert said.status_code == 404, (method, address)
        assert said.json() == missing, (method, address)
        assert set(said.headers) == set(browser.get("/nothing").headers)
    with made.database.writing() as session:
        session.execute(sa.update(Round).values(state=round_rules.PUBLISHED))
    for page in ("/", "/rounds", "/rounds/R1", "/rounds/R1/filing", "/audit"):
        text = browser.get(page).text
        for told in ("访查", "场所", "利益冲突", TITLE, *EVALUATORS, *map(str, codes(made))):
            assert told not in text, (page, told)


def codes(made: Field) -> list[str]:
    """Codes of visits."""
    return [each["code"] for each in visits(made)]


def test_an_evaluator_sees_own_visits_only_and_no_second_look(
    made: Field, enter: Callable[[str], Browser]
) -> None:
    """Not another's code, not the word: neither of the two knows."""
    everything = visits(made)
    for name in EVALUATORS:
        browser = enter(name)
        page = browser.get("/my-visits").text
        for each in everything:
            assert (each["code"] in page) == (each["evaluator"] == name)
        home = browser.get("/").text
        for text in (page, home, browser.get("/conflicts").text, browser.get("/rounds/R1").text):
            assert "复访" not in text
        for method, address in addresses(made):
            if address in ("/my-visits", "/conflicts", "/conflicts/withdrawn"):
                continue
            said = browser.request(method, address, data={} if method == "POST" else None)
            assert said.status_code == 404, (name, method, address)
    assert all(code not in enter("idle").get("/my-visits").text for code in codes(made))


def test_pages_of_the_two_looks_differ_in_nothing(
    made: Field, enter: Callable[[str], Browser]
) -> None:
    """Whoever makes a second look sees a visit like any other: same words, other facts."""
    again = next(each for each in visits(made) if each["second"])
    with made.database.writing() as session:
        session.execute(
            sa.update(Visit).where(Visit.code != again["code"]).values(state=rules.CANCELLED)
        )
    as_second = told(enter(again["evaluator"]))
    with made.database.writing() as session:
        session.execute(sa.update(Visit).values(second_of=None))
    assert told(enter(again["evaluator"])) == as_second


def told(browser: Browser) -> str:
    """The page of own visits without the token of its forms."""
    return re.sub(r'value="[0-9a-f]{64,}"', "", browser.get("/my-visits").text)


def test_the_auditor_reads_everything_under_aliases(
    made: Field, enter: Callable[[str], Browser]
) -> None:
    """All of it, no name of an evaluator, and nothing to press."""
    one = visits(made)[0]
    with made.database.writing() as session:
        a_conflict(session, one["evaluator"], one["city"])
    browser = enter("auditor")
    plan = f"{HOME}/{one['plan']}"
    for address in (
        HOME, plan, f"{plan}/draw", f"{plan}/draw/record.json", f"{plan}/{one['code']}",
        "/sites", "/conflicts", "/rounds/R1",
    ):  # fmt: skip
        said = browser.get(address)
        assert said.status_code == 200, address
        assert not any(name in said.text for name in EVALUATORS), address
        main = said.text.partition("<main")[2]
        assert 'method="post"' not in main, address
    assert masking.alias(SECRET, one["evaluator"]) in browser.get(plan).text
    for method, address in addresses(made):
        if method == "POST":
            assert browser.post(address, data={}).status_code == 404, address


def test_a_supervisor_of_one_city_sees_only_that(
    made: Field, enter: Callable[[str], Browser]
) -> None:
    """Other cities' visits, sites and conflicts do not exist; the whole plan is not to issue."""
    everything = visits(made)
    with made.database.writing() as session:
        a_conflict(session, "v.one", "C1", reason="甲市的关系")
    browser = enter("local")
    plan = f"{HOME}/{everything[0]['plan']}"
    page = browser.get(plan).text
    for each in everything:
        mine = each["city"] == "C2"
        assert (each["code"] in page) == mine
        there = browser.get(f"{plan}/{each['code']}").status_code
        assert there == (200 if mine else 404)
    assert "甲市" not in page
    assert browser.get("/sites/C1-0").status_code == 404
    assert browser.get("/sites?city=C1").status_code == 404
    assert "C1-0" not in browser.get("/sites").text
    assert "甲市的关系" not in browser.get("/conflicts").text
    assert browser.get(f"{plan}/draw/record.json").status_code == 404
    refused = browser.post(f"{plan}/close", data={"revision": "4", "reason": "x"})
    assert refused.status_code == 409


def test_the_seed_is_shown_to_planners_only_after_issuing(
    made: Field, enter: Callable[[str], Browser]
) -> None:
    """Whoever knows it before could look for inputs that please."""
    with made.database.writing() as session:
        again = make_plan(made, session, title="四月", **LATER)
        draws.draw(session, made.office(session), again, read=again.revision)
        code, seed = again.code, again.seed
    issued = visits(made)[0]["plan"]
    planner, auditor = enter("planner"), enter("auditor")
    assert planner.get(f"{HOME}/{issued}/draw/record.json").status_code == 200
    assert planner.get(f"{HOME}/{code}/draw/record.json").status_code == 404
    assert seed not in planner.get(f"{HOME}/{code}/draw").text
    assert seed not in planner.get(f"{HOME}/{code}").text
    assert seed in auditor.get(f"{HOME}/{code}/draw").text
