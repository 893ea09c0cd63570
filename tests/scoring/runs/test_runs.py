"""Run, approve, publish: who may, when, and what is kept."""

from __future__ import annotations

import pytest

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as rounds
from evaluation.rounds import service as round_service
from evaluation.rounds import store as round_store
from scoring.runs import rules, service, store, story
from scoring.runs.comparison import compare
from scoring.runs.judging import score_snapshot
from scoring.runs.sheets import sheet_bytes
from scoring.sealing import reopening
from surveys.observations.rules import Given
from surveys.observations.service import record
from tests.factories.province import a_round, small_framework
from tests.scoring.runs.results import (
    OFFICE,
    OTHER,
    observed_round,
    principal,
    published_round,
    reopened,
    scored_round,
    sealer,
)


def test_a_run_keeps_what_it_scored_and_what_came_out(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        ran = service.score_round(
            session, evidence_store, OFFICE, observed_round(session), note="初算"
        )
        assert ran.new
        assert ran.run.number == 1
    with database.reading() as session:
        found = round_store.by_code(session, "R1")
        run = store.run(session, found, 1)
        snapshot = store.held_snapshot(evidence_store, run.snapshot_sha256)
        assert len(snapshot.observations) == 19
        assert evidence_store.get(run.sheet_sha256) == sheet_bytes(score_snapshot(snapshot))
        assert run.method["rank"]["ties"] == "min"
        assert audit.verify(session) is None


def test_nothing_changed_is_no_new_run(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found = observed_round(session)
        first = service.score_round(session, evidence_store, OFFICE, found)
        second = service.score_round(session, evidence_store, OTHER, found)
        assert second.run.id == first.run.id
        assert not second.new
        record(session, OFFICE, found, city="C1", indicator="I1", method="full_filing", value=3)
        third = service.score_round(session, evidence_store, OFFICE, found)
        assert third.new
        assert third.run.number == 2


def test_a_round_without_data_is_not_scored(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session, pytest.raises(rules.NothingAdopted):
        service.score_round(
            session, evidence_store, OFFICE, a_round(session, state=rounds.VERIFYING)
        )


@pytest.mark.parametrize("state", [rounds.PLANNED, rounds.COLLECTING])
def test_a_round_is_not_scored_before_verifying(
    database: Database, evidence_store: EvidenceStore, state: str
) -> None:
    with database.writing() as session, pytest.raises(rules.RunRefused):
        service.score_round(session, evidence_store, OFFICE, a_round(session, state=state))


def test_a_published_round_is_not_scored_again(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = published_round(session, evidence_store)
        with pytest.raises(rules.RunRefused):
            service.score_round(session, evidence_store, OFFICE, found)


def test_confirming_needs_a_run_of_what_is_adopted_now(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = observed_round(session)
        assert story.blockers(session, found, rounds.SCORED)
        service.score_round(session, evidence_store, OFFICE, found)
        assert not story.blockers(session, found, rounds.SCORED)
        record(session, OFFICE, found, city="C1", indicator="I1", method="full_filing", value=3)
        blocked = story.blockers(session, found, rounds.SCORED)
        assert "第 1 次" in blocked[0].text


def test_two_people_publish(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
        assert found.state == rounds.APPROVED
        assert store.published_run(session, found) is None
        with pytest.raises(rules.SamePerson):
            service.publish(session, sealer(evidence_store), OFFICE, found)
        assert found.state == rounds.APPROVED
        publication = service.publish(session, sealer(evidence_store), OTHER, found)
        assert (publication.approved_by, publication.published_by) == (
            OFFICE.username,
            OTHER.username,
        )
        assert found.state == rounds.PUBLISHED
        result = store.published_run(session, found)
        assert result is not None
        assert result.run.id == run.id
    with database.reading() as session:
        actions = [row["action"] for row in audit.entries(session)]
        assert actions.index("result.approved") < actions.index("result.published")
        assert audit.verify(session) is None


def test_nothing_is_published_twice(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, run = published_round(session, evidence_store)
        with pytest.raises(rules.NotApproved):
            service.publish(session, sealer(evidence_store), OTHER, found)
        with pytest.raises(rules.SameResult):
            service.approve(session, OFFICE, found, run, note="再来")


@pytest.mark.parametrize("state", [rounds.VERIFYING, rounds.SCORED])
def test_approval_waits_for_the_objection_period(
    database: Database, evidence_store: EvidenceStore, state: str
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store, state=state)
        with pytest.raises(rules.ApprovalRefused):
            service.approve(session, OFFICE, found, run)


def test_an_approval_can_be_taken_back_with_a_reason(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
        with pytest.raises(rules.AlreadyApproved):
            service.approve(session, OTHER, found, run)
        with pytest.raises(rounds.ReasonNeeded):
            service.withdraw(session, OFFICE, found, reason=" ")
        service.withdraw(session, OFFICE, found, reason="一项数据有误")
        assert found.state == rounds.OBJECTION
        assert store.waiting(session, found) is None
        with pytest.raises(rules.NotApproved):
            service.publish(session, sealer(evidence_store), OTHER, found)
        service.approve(session, OTHER, found, run)
        service.publish(session, sealer(evidence_store), OFFICE, found)


def test_a_stale_run_is_not_approved(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, first = scored_round(session, evidence_store)
        found = round_service.advance(session, OFFICE, found, rounds.VERIFYING, note="改正")
        record(session, OFFICE, found, city="C1", indicator="I1", method="full_filing", value=9)
        second = service.score_round(session, evidence_store, OFFICE, found).run
        for target in (rounds.SCORED, rounds.OBJECTION):
            found = round_service.advance(session, OFFICE, found, target)
        with pytest.raises(rules.RunStale):
            service.approve(session, OFFICE, found, first)
        service.approve(session, OFFICE, found, second)


def test_a_correction_needs_a_note_and_two_people_and_keeps_the_first_version(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, first = published_round(session, evidence_store)
        reopened(session, found)
        reopening.correct(session, OFFICE, found, Given("C1", "I1", "review", 9, reason="核对"))
        second = service.score_round(session, evidence_store, OFFICE, found).run
        with pytest.raises(rounds.ReasonNeeded):
            service.approve(session, OTHER, found, second)
        service.approve(session, OTHER, found, second, note="误用了更新前的数据")
        shown = store.published_run(session, found)
        assert shown is not None
        assert shown.run.id == first.id
        with pytest.raises(rules.SamePerson):
            service.publish(session, sealer(evidence_store), OTHER, found)
        service.publish(session, sealer(evidence_store), OFFICE, found)
        shown = store.published_run(session, found)
        assert shown is not None
        assert shown.run.id == second.id
        assert shown.publication is not None
        assert (shown.publication.version, found.state) == (2, rounds.PUBLISHED)
        assert len(store.publications(session, found)) == 2


@pytest.mark.parametrize(
    "role", ["leader", "clerk", "approver", "department", "supervisor", "evaluator"]
)
@pytest.mark.parametrize("number", [None, 1, 99])
def test_before_publication_there_is_nothing(
    database: Database, evidence_store: EvidenceStore, role: str, number: int | None
) -> None:
    who = principal("someone", role, cities=frozenset({"C1"}))
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
        with pytest.raises(NotFound):
            store.visible_result(session, who, found, number)
        for reader in ("office", "auditor"):
            assert store.visible_result(session, principal("x", reader), found).run.id == run.id


def test_comparing_names_inputs_scores_and_places(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = observed_round(session)
        runs = [service.score_round(session, evidence_store, OFFICE, found).run]
        record(session, OFFICE, found, city="C2", indicator="I1", method="full_filing", value=1)
        runs.append(service.score_round(session, evidence_store, OFFICE, found).run)
        before, after = (
            (
                store.held_snapshot(evidence_store, run.snapshot_sha256),
                store.sheet(evidence_store, run.sheet_sha256),
            )
            for run in runs
        )
    same = compare(before, before)
    assert (same.inputs, same.scores, same.method) == ((), (), False)
    found_changes = compare(before, after)
    (changed,) = found_changes.inputs
    assert (changed.city, changed.indicator) == ("C2", "I1")
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.value, changed.after.value) == (10, 1)
    assert {each.node for each in found_changes.scores} == {"I1", "D1", "T"}
    (total,) = (each for each in found_changes.of_node("T") if each.before != each.after)
    assert total.city == "C2"
    assert [each.city for each in found_changes.moved("T")] == ["C3"]
    assert not found_changes.method


def test_tasks_follow_the_round(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found = observed_round(session)
        (task,) = story.tasks(session, OFFICE, found)
        assert "计算" in task.title
        assert story.tasks(session, principal("l", "leader"), found) == []
        run = service.score_round(session, evidence_store, OFFICE, found).run
        for target in (rounds.SCORED, rounds.OBJECTION):
            found = round_service.advance(session, OFFICE, found, target)
        assert "审定" in story.tasks(session, OFFICE, found)[0].title
        service.approve(session, OFFICE, found, run)
        assert story.tasks(session, OFFICE, found) == []
        assert "发布" in story.tasks(session, OTHER, found)[0].title
        service.publish(session, sealer(evidence_store), OTHER, found)
        assert story.tasks(session, OTHER, found) == []


def test_a_method_the_data_cannot_bear_is_explained(
    database: Database, evidence_store: EvidenceStore
) -> None:
    framework = small_framework(
        method={"normalise": {"method": "zscore"}, "aggregate": {"method": "geometric"}}
    )
    with database.writing() as session:
        found = observed_round(session, framework=framework)
        with pytest.raises(rules.NotScorable, match="负数"):
            service.score_round(session, evidence_store, OFFICE, found)
