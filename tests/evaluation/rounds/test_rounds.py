"""The life of a round: what follows what, who may, what blocks, and what the page shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.accounts import roles
from evaluation.framework import service as frameworks
from evaluation.platform import clock
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.rounds import rules, service, store
from evaluation.rounds.home import IDLE
from evaluation.rounds.story import Blocker
from tests.factories.province import a_round, small_framework

OFFICE = System("office", roles.OFFICE)


def test_the_story_runs_from_start_to_end(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session, state=rules.PLANNED)
        for target in rules.ORDER[1:]:
            found = service.advance(session, OFFICE, found, target)
        assert found.state == rules.ARCHIVED
        assert [step.to_state for step in store.history(session, found)] == list(rules.ORDER[1:])
        actions = session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.subject == "round:R1")
        ).all()
        assert set(actions) >= {f"round.{target}" for target in rules.ORDER[1:]}


@given(st.sampled_from(rules.ORDER), st.sampled_from([*rules.ORDER, "nonsense"]))
@settings(derandomize=True)
def test_only_the_listed_steps_exist(source: str, target: str) -> None:
    allowed = {(step.source, step.target) for step in rules.STEPS}
    reachable = any(step.target == target for step in rules.steps_from(source))
    assert reachable == ((source, target) in allowed)


def test_a_skipped_state_is_refused(database: Database) -> None:
    with pytest.raises(rules.StepRefused), database.writing() as session:
        service.advance(session, OFFICE, a_round(session), rules.PUBLISHED)


def test_a_step_of_another_role_is_refused(database: Database) -> None:
    clerk = System("wang", roles.CLERK)
    with pytest.raises(rules.StepRefused), database.writing() as session:
        service.advance(session, clerk, a_round(session), rules.VERIFYING)


def test_a_step_back_needs_a_reason(database: Database) -> None:
    with database.writing() as session:
        a_round(session, state=rules.VERIFYING)
    with pytest.raises(rules.ReasonNeeded), database.writing() as session:
        service.advance(session, OFFICE, store.by_code(session, "R1"), rules.COLLECTING, note=" ")
    with database.writing() as session:
        found = store.by_code(session, "R1")
        service.advance(session, OFFICE, found, rules.COLLECTING, note="补充数据")
    with database.reading() as session:
        assert store.history(session, store.by_code(session, "R1"))[-1].note == "补充数据"


def test_a_blocked_step_names_what_blocks_it(database: Database) -> None:
    with pytest.raises(rules.StepBlocked) as refused, database.writing() as session:
        service.advance(
            session, OFFICE, a_round(session), rules.VERIFYING, blocked_by=[Blocker("甲市未提交")]
        )
    assert "甲市未提交" in refused.value.explain()


def test_two_moves_at_once_are_one_move(database: Database) -> None:
    with database.writing() as session:
        a_round(session)
    with database.reading() as session:
        stale = store.by_code(session, "R1")
    with database.writing() as session:
        service.advance(session, OFFICE, stale, rules.VERIFYING)
    with pytest.raises(rules.StepRefused), database.writing() as session:
        service.advance(session, OFFICE, stale, rules.VERIFYING)


def test_a_used_framework_is_frozen_and_the_next_import_is_a_new_version(
    database: Database,
) -> None:
    with database.writing() as session:
        version = a_round(session).framework_version
        assert version.frozen_at is not None
        again, new = frameworks.add_version(session, OFFICE, small_framework())
        assert (again.version, new) == (1, False)
        changed, new = frameworks.add_version(session, OFFICE, small_framework(edition="2"))
        assert (changed.version, new, changed.frozen_at) == (2, True, None)


def test_every_fault_of_a_new_round_is_told_at_once(database: Database) -> None:
    with database.writing() as session:
        version = a_round(session).framework_version
        moment = clock.now()
        with pytest.raises(Faulty) as refused:
            service.open_round(
                session,
                OFFICE,
                code="R1",
                name=" ",
                kind="daily",
                framework_version=version,
                filing_opens_at=moment,
                filing_closes_at=moment - timedelta(days=1),
                previous_code="R0",
                disclosure="none",
            )
    assert {fault.code for fault in refused.value.faults} == {
        "round-taken",
        "round-name",
        "round-kind",
        "round-window",
        "round-previous",
        "round-disclosure",
    }


def test_a_planned_round_is_the_offices_own(database: Database, person: object) -> None:
    with database.writing() as session:
        a_round(session, state=rules.PLANNED)
    office, leader = person("office").principal, person("leader").principal
    with database.reading() as session:
        assert [found.code for found in store.visible(session, office)] == ["R1"]
        assert store.visible(session, leader) == []
        with pytest.raises(NotFound):
            store.get(session, leader, "R1")


def test_a_person_limited_to_rounds_sees_no_other(database: Database, person: object) -> None:
    with database.writing() as session:
        a_round(session)
        a_round(session, code="R2", previous="R1")
    limited = person("supervisor", rounds=["R2"]).principal
    with database.reading() as session:
        assert [found.code for found in store.visible(session, limited)] == ["R2"]


def test_the_office_opens_a_round_on_the_page(database: Database, sign_in_as: object) -> None:
    with database.writing() as session:
        frameworks.add_version(session, OFFICE, small_framework())
    browser = sign_in_as("office")
    form = {
        "code": "2026Q4",
        "name": "第四季度",
        "kind": "quarterly",
        "framework": "SMALL@1",
        "opens": "2026-11-01",
        "closes": "2026-12-10",
        "disclosure": "own",
    }
    refused = browser.post("/rounds/new", data=form | {"closes": "2026-10-01", "name": ""})
    assert refused.status_code == 422
    assert "填报截止必须晚于开始" in refused.text
    assert "请填写轮次名称" in refused.text
    assert 'value="2026Q4"' in refused.text
    assert browser.post("/rounds/new", data=form).headers["location"] == "/rounds/2026Q4"
    page = browser.get("/rounds/2026Q4")
    assert "第四季度" in page.text
    assert "2026-12-10 23:59" in page.text
    moved = browser.post("/rounds/2026Q4/steps", data={"target": "collecting"})
    assert moved.status_code == 303
    assert browser.post("/rounds/2026Q4/steps", data={"target": "archived"}).status_code == 409


def test_steps_with_a_page_of_their_own_are_not_taken_here(
    database: Database, sign_in_as: object
) -> None:
    with database.writing() as session:
        a_round(session, state=rules.OBJECTION)
    answer = sign_in_as("office").post("/rounds/R1/steps", data={"target": "approved"})
    assert answer.status_code == 404
    with database.reading() as session:
        assert store.by_code(session, "R1").state == rules.OBJECTION


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.OFFICE])
def test_nobody_but_the_office_moves_a_round(
    database: Database, sign_in_as: object, role: str
) -> None:
    with database.writing() as session:
        a_round(session)
    browser = sign_in_as(role, cities=["C1"])
    assert browser.post("/rounds/R1/steps", data={"target": "verifying"}).status_code == 404
    assert browser.get("/rounds/new").status_code == 404


def test_a_deadline_that_cannot_be_is_refused_on_the_page_itself(
    database: Database, sign_in_as: object
) -> None:
    with database.writing() as session:
        a_round(session)
    office = sign_in_as("office")
    early = office.post("/rounds/R1/window", data={"closes": "2020-01-02", "reason": "因故提前"})
    assert early.status_code == 422
    assert "填报截止必须晚于开始" in early.text
    assert 'value="因故提前"' in early.text
    assert "“closes”" not in early.text
    silent = office.post("/rounds/R1/window", data={"closes": "2099-01-02", "reason": " "})
    assert silent.status_code == 422
    assert "必须写明原因" in silent.text
    assert 'value="2099-01-02"' in silent.text


@pytest.mark.parametrize("role", roles.ROLES)
def test_home_says_something_of_its_own_to_every_role(sign_in_as: object, role: str) -> None:
    page = sign_in_as(role, cities=["C1"]).get("/").text
    assert IDLE[role] in page
    assert ('class="button" href="/audit"' in page) == (role == roles.AUDITOR)


def test_home_names_a_step_that_nothing_blocks(database: Database, sign_in_as: object) -> None:
    with database.writing() as session:
        a_round(session, state=rules.PLANNED)
    assert "开始采集：轮次 R1" in sign_in_as("office").get("/").text
    assert "开始采集" not in sign_in_as("supervisor").get("/").text
    with database.writing() as session:
        service.advance(session, OFFICE, store.by_code(session, "R1"), rules.COLLECTING)
    assert "转入核验" not in sign_in_as("office").get("/").text
