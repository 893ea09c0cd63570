"""What is done through the pages of visits, from a plan to a cancelled visit."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from evaluation.accounts import roles
from evaluation.platform.audit import AuditEntry
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from surveys.submissions import rules as record_rules
from surveys.visits import draws, plans_store
from surveys.visits.models import Conflict
from tests.conftest import Browser
from tests.factories.field import a_conflict
from tests.surveys.visits.desk import (
    Field,
    a_submission,
    make_plan,
)
from tests.surveys.visits.pages import HOME, LATER, visits


@pytest.fixture
def database_kind() -> str:
    """Pages are tried on one database."""
    return "sqlite"


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
