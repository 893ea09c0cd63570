"""Who opens what: those who plan, the auditor under aliases, evaluators their own, nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.accounts import roles
from evaluation.accounts.access import COOKIE
from evaluation.platform import clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from surveys.submissions import rules as record_rules
from surveys.visits import draws, masking, plans_store, rules
from surveys.visits.models import Conflict, Visit
from tests.conftest import Browser
from tests.factories.field import a_conflict
from tests.surveys.visits.desk import EVALUATORS, SECRET, TITLE, Field, make_plan, set_up
from tests.surveys.visits.test_draws import a_submission, draw, issue

HOME = "/rounds/R1/visits"
#: When the sites of the issued plan have rested.
LATER: dict[str, Any] = {
    "opens_at": clock.start_of_day(date(2031, 5, 1), "Asia/Shanghai"),
    "closes_at": clock.end_of_day(date(2031, 5, 28), "Asia/Shanghai"),
}


@pytest.fixture
def database_kind() -> str:
    """Pages are tried on one database."""
    return "sqlite"


@pytest.fixture
def made(database: Database, evidence_store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """An issued plan, and somebody in every role."""
    found = set_up(database, evidence_store, person)
    for role, cities in (
        ("clerk", ["C1"]), ("approver", ["C1"]), ("department", []), ("leader", []),
        ("auditor", []),
    ):  # fmt: skip
        found.people[role] = person(role, cities=cities, name=role)
    found.people["local"] = person("supervisor", cities=["C2"], name="local")
    found.people["idle"] = person("evaluator", rounds=["R9"], name="idle")
    with database.writing() as session:
        make_plan(found, session)
    draw(found)
    issue(found)
    return found


@pytest.fixture
def enter(made: Field, browser: Callable[[], Browser]) -> Callable[[str], Browser]:
    """A browser of somebody."""

    def as_(name: str) -> Browser:
        entered = browser()
        entered.cookies.set(COOKIE, made.people[name].token)
        return entered

    return as_


def visits(made: Field) -> list[dict[str, Any]]:
    """What the tables say of each visit."""
    with made.database.reading() as session:
        plan = made.plan(session)
        return [
            {
                "plan": plan.code,
                "code": visit.code,
                "city": visit.city,
                "site": visit.site.name,
                "evaluator": visit.evaluator,
                "second": visit.second_of is not None,
                "revision": visit.revision,
            }
            for visit in plans_store.visits(session, plan.id)
        ]


def addresses(made: Field) -> list[tuple[str, str]]:
    """Every address of visits, with the method it is asked by."""
    one = visits(made)[0]
    plan = f"{HOME}/{one['plan']}"
    read = [
        HOME, f"{HOME}/new", plan, f"{plan}/settings", f"{plan}/draw",
        f"{plan}/draw/record.json", f"{plan}/{one['code']}", "/sites", "/sites/new",
        "/sites/C1-0", "/sites/workbook.xlsx", "/sites/uploads",
        f"/sites/uploads/{'0' * 64}", "/conflicts", "/my-visits",
    ]  # fmt: skip
    write = [
        f"{HOME}/new", f"{plan}/settings", f"{plan}/quotas", f"{plan}/draw", f"{plan}/issue",
        f"{plan}/close", f"{plan}/deleted", f"{plan}/{one['code']}/change",
        f"{plan}/{one['code']}/cancel", "/sites/new", "/sites/C1-0", f"/sites/uploads/{'0' * 64}",
        "/conflicts", "/conflicts/withdrawn",
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


def test_planning_by_hand_through_the_pages(made: Field, enter: Callable[[str], Browser]) -> None:
    """New, quotas, a refused draw in words, a draw, a second person's issue."""
    planner = enter("planner")
    form = {
        "title": "五月", "opens": "2031-05-01", "closes": "2031-05-20", "second_percent": "0",
        "site_days": "30", "story_days": "90", "form-open": "1", "in-v.one": "1",
    }  # fmt: skip
    bad = planner.post(f"{HOME}/new", data={**form, "closes": "2031-04-01", "site_days": "-1"})
    assert bad.status_code == 422
    assert "结束日期不能早于开始日期" in bad.text
    assert "请填 0 到 730 的整数" in bad.text
    assert 'value="五月"' in bad.text
    where = planner.post(f"{HOME}/new", data=form).headers["location"]
    bad = planner.post(f"{where}/quotas", data={"revision": "1", "q-C1-open": "二"})
    assert bad.status_code == 422
    assert 'value="二"' in bad.text
    said = planner.post(f"{where}/quotas", data={"revision": "1", "q-C1-open": "9"})
    assert said.status_code == 303
    refused = planner.post(f"{where}/draw", data={"revision": "2"})
    assert refused.status_code == 422
    assert "甲市 × 示例表单 open：要 9 次，6 个可用场所只够 6 次。" in refused.text
    stale = planner.post(f"{where}/quotas", data={"revision": "1", "q-C1-open": "2"})
    assert stale.status_code == 409
    assert planner.post(f"{where}/quotas", data={"revision": "2", "q-C1-open": "2"}).is_redirect
    assert planner.post(f"{where}/draw", data={"revision": "3"}).status_code == 303
    page = planner.get(where).text
    assert page.count("v.one") >= 2
    assert planner.post(f"{where}/issue", data={"revision": "4"}).status_code == 409
    assert enter("boss").post(f"{where}/issue", data={"revision": "4"}).status_code == 303
    assert len(re.findall("已下发", enter("boss").get(where).text)) >= 3


def test_a_visit_is_reassigned_and_cancelled_through_its_page(
    made: Field, enter: Callable[[str], Browser]
) -> None:
    """With a reason; the page tells what is wrong beside its field."""
    one = next(each for each in visits(made) if not each["second"])
    planner, home = enter("planner"), f"{HOME}/{one['plan']}"
    page = planner.get(f"{home}/{one['code']}").text
    other = re.findall(r'<option value="(v\.\w+)">', page)[0]
    form = dict(re.findall(r'name="(revision)" value="(\d+)"', page))
    form |= {"evaluator": other}
    for name in ("story", "first", "site"):
        held = re.search(rf'name="{name}".*?<option value="([^"]*)" selected', page, re.DOTALL)
        if held:
            form[name] = held[1]
    assert planner.post(f"{home}/{one['code']}/change", data=form).status_code == 422
    bad = planner.post(
        f"{home}/{one['code']}/change", data={**form, "reason": "换人", "first": "99"}
    )
    assert bad.status_code == 422
    assert "请选择访查期内的日期" in bad.text
    moved = planner.post(f"{home}/{one['code']}/change", data={**form, "reason": "换人"})
    assert moved.status_code == 303
    new = moved.headers["location"]
    assert new != f"{home}/{one['code']}"
    read = re.findall(r'name="revision" value="(\d+)"', planner.get(new).text)[0]
    done = planner.post(f"{new}/cancel", data={"revision": read, "reason": "场所搬迁"})
    assert done.status_code == 303
    assert "场所搬迁" in planner.get(new).text


def test_home_tells_each_what_waits(made: Field, enter: Callable[[str], Browser]) -> None:
    """An evaluator's visits; a plan to issue for whoever did not draw it; a clash."""
    mine = [each for each in visits(made) if each["evaluator"] == "v.one"]
    assert f"完成 {len(mine)} 次访查" in enter("v.one").get("/").text
    with made.database.writing() as session:
        plan = make_plan(made, session, title="六月", **LATER)
        draws.draw(session, made.office(session), plan, read=plan.revision)
        one = plans_store.visits(session, made.plan(session).id)[0]
        a_conflict(session, one.evaluator, one.city)
    assert "核对并下发访查计划“六月”" not in enter("planner").get("/").text
    assert "核对并下发访查计划“六月”" in enter("boss").get("/").text
    assert "与利益冲突相抵触" in enter("planner").get("/").text
    assert "请不要去" in enter(one.evaluator).get("/my-visits").text


def test_scoring_waits_for_visits(made: Field, enter: Callable[[str], Browser]) -> None:
    """Until their records are accepted or the plan is closed."""
    with made.database.writing() as session:
        session.execute(sa.update(Round).values(state=round_rules.VERIFYING))
        for visit in plans_store.visits(session, made.plan(session).id):
            a_submission(session, visit, record_rules.ACCEPTED)
            break
    assert "6 次已下发的访查还没有采信的记录" in enter("boss").get("/rounds/R1").text
    with made.database.reading() as session:
        plan = made.plan(session)
        where, read = f"{HOME}/{plan.code}", plan.revision
    said = enter("boss").post(f"{where}/close", data={"revision": read, "reason": "时间已到"})
    assert said.status_code == 303
    assert "还没有采信的记录" not in enter("boss").get("/rounds/R1").text


def test_conflicts_are_declared_and_withdrawn(made: Field, enter: Callable[[str], Browser]) -> None:
    """An evaluator for nobody else; what somebody recorded, only a planner withdraws."""
    mine, planner = enter("v.one"), enter("planner")
    assert mine.post("/conflicts", data={"city": "C1", "reason": ""}).status_code == 422
    assert mine.post("/conflicts", data={"city": "XX", "reason": "x"}).status_code == 422
    form = {"city": "C1", "reason": "曾任该局科长", "username": "v.two"}
    assert mine.post("/conflicts", data=form).status_code == 303
    with made.database.reading() as session:
        held = session.query(Conflict).one()
        assert (held.username, held.declared_by) == ("v.one", "v.one")
        row = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "conflict.declared"))
        said = row.one()
        assert "v.one" not in f"{said.username}{said.subject}{said.after}"
    assert mine.post("/conflicts", data=form).status_code == 422  # twice
    assert "曾任该局科长" in planner.get("/conflicts").text
    assert "曾任该局科长" not in enter("v.two").get("/conflicts").text
    recorded = {"city": "C2", "reason": "亲属", "username": "v.one"}
    assert planner.post("/conflicts", data=recorded).status_code == 303
    assert mine.post("/conflicts/withdrawn", data={"city": "C2"}).status_code == 404
    assert mine.post("/conflicts/withdrawn", data={"city": "C1"}).status_code == 303
    gone = {"city": "C2", "username": "v.one"}
    assert enter("v.two").post("/conflicts/withdrawn", data=gone).status_code == 404
    assert planner.post("/conflicts/withdrawn", data=gone).status_code == 303
    assert planner.post("/conflicts", data={**recorded, "username": "planner"}).status_code == 422
    assert made.people["v.one"].principal.role == roles.EVALUATOR
