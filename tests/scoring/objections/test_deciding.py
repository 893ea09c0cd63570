"""Answers and decisions: who may, what accepting changes, what holds a round up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation.platform import audit, clock
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as rounds
from evaluation.rounds import service as round_service
from evaluation.rounds.models import Round
from evaluation.rounds.story import Story
from scoring.objections import deciding, rules, service, shown, store, story
from scoring.objections.deciding import Verdict
from scoring.runs import service as runs
from scoring.runs import store as run_store
from surveys.observations import store as observed
from tests.scoring.objections.desk import (
    APPROVER,
    CLERK,
    JUDGE,
    SCORER,
    SUPERVISOR,
    answered,
    decided,
    filed,
)
from tests.scoring.runs.results import principal, scored_round

YES = Verdict(True, "台账属实", 80.0)
NO = Verdict(False, "口径不符")


def test_accepting_gives_a_new_value_a_new_run_and_its_difference(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        held = decided(session, evidence_store, found, Verdict(True, "属实", 20.0))
        assert (held.state, held.decided_value) == (rules.ACCEPTED, 20.0)
        newest = run_store.latest(session, found)
        assert newest is not None
        assert (newest.number, newest.id, newest.scored_by) == (
            run.number + 1,
            held.new_run_id,
            JUDGE.username,
        )
        (adopted,) = [e for e in observed.of_cell(session, found.id, "C1", "I2") if e.adopted]
        assert (adopted.method, adopted.value) == ("review", 20.0)
        assert held.code in adopted.source
        assert len(adopted.evidence) == 1, "the signature page is no evidence of the value"
        office = shown.difference(session, evidence_store, found, held, ranks=True)
        city = shown.difference(session, evidence_store, found, held, ranks=False)
        assert office is not None
        assert city is not None
        assert (office.before.number, office.after.number) == (1, 2)
        was, now = office.value
        assert was is not None
        assert now is not None
        assert (was.value, now.value) == (99.0, 20.0)
        assert office.total[0] is not None
        assert office.total[1] is not None
        assert office.total[1] < office.total[0]
        assert city.moved == ()
    with database.reading() as session:
        said = [row["action"] for row in audit.entries(session)]
        assert said[-3:] == ["objection.accepted", "observation.corrected", "run.scored"]
        assert audit.verify(session) is None


def test_rejecting_changes_nothing(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        held = decided(session, evidence_store, found, NO)
        assert (held.state, held.new_run_id) == (rules.REJECTED, None)
        newest = run_store.latest(session, found)
        assert newest is not None
        assert newest.id == run.id
        assert not runs.is_stale(session, found, run)


def test_several_accepted_in_a_row_give_a_run_each(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        one = decided(session, evidence_store, found, Verdict(True, "属实", 90.0))
        two = decided(session, evidence_store, found, Verdict(True, "属实", 91.0), city="C2")
        told = store.feedback(session, found)
        assert told is not None
        assert (one.run_id, two.run_id) == (told.run.id, told.run.id)
        difference = shown.difference(session, evidence_store, found, two, ranks=True)
        assert difference is not None
        assert (difference.before.number, difference.after.number) == (2, 3)
        assert [each.number for each in run_store.runs(session, found)] == [3, 2, 1]


def test_each_side_answers_once_and_nobody_else(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        filed(session, evidence_store, found)
        with pytest.raises(NotFound):
            deciding.answer(session, evidence_store, APPROVER, found, "C1", "I2", "x")
        with pytest.raises(Faulty):
            deciding.answer(session, evidence_store, SUPERVISOR, found, "C1", "I2", " ")
        deciding.answer(session, evidence_store, SUPERVISOR, found, "C1", "I2", "看过台账")
        with pytest.raises(rules.Overtaken, match="已经答复"):
            deciding.answer(session, evidence_store, SUPERVISOR, found, "C1", "I2", "再说")


@pytest.mark.parametrize("who", [SCORER, SUPERVISOR, APPROVER, principal("office-three")])
def test_who_had_a_part_does_not_decide(
    database: Database, evidence_store: EvidenceStore, who: object
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        filed(session, evidence_store, found)
        for each in (principal("office-three"), SUPERVISOR):
            deciding.answer(session, evidence_store, each, found, "C1", "I2", "答复")
        held = store.live(session, found, "C1", "I2")
        assert held is not None
        with pytest.raises(rules.MayNotDecide):
            deciding.decide(session, evidence_store, who, found, "C1", "I2", NO, read=held.revision)  # type: ignore[arg-type]
        assert held.state == rules.FILED


def test_both_are_heard_or_their_time_is_over(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        held = filed(session, evidence_store, found)
        read = held.revision
        with pytest.raises(rules.AnswersFirst):
            deciding.decide(session, evidence_store, JUDGE, found, "C1", "I2", NO, read=read)
        held.answer_due_at = clock.now() - timedelta(seconds=1)
        session.flush()
        deciding.decide(session, evidence_store, JUDGE, found, "C1", "I2", NO, read=read)
        with pytest.raises(rules.Overtaken):
            deciding.answer(session, evidence_store, SUPERVISOR, found, "C1", "I2", "太晚")


def test_the_second_decision_is_told_of_the_first(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        held = answered(session, evidence_store, found)
        read = held.revision
        with pytest.raises(rules.Overtaken, match="新的答复"):
            deciding.decide(session, evidence_store, JUDGE, found, "C1", "I2", NO, read=read - 1)
        deciding.decide(session, evidence_store, JUDGE, found, "C1", "I2", NO, read=read)
        with pytest.raises(rules.Overtaken, match="不予采纳"):
            deciding.decide(
                session, evidence_store, principal("office-x"), found, "C1", "I2", YES, read=read
            )


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(True, "x", 101.0),
        Verdict(True, "x", None),
        Verdict(True, "x", None, True),
        Verdict(True, "x", 99.0),
        Verdict(True, "x", float("nan")),
        Verdict(True, " ", 50.0),
        Verdict(False, ""),
    ],
)
def test_a_decision_is_within_bounds_says_why_and_changes_something(
    database: Database, evidence_store: EvidenceStore, verdict: Verdict
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        with pytest.raises(Faulty):
            decided(session, evidence_store, found, verdict)
        newest = run_store.latest(session, found)
        assert newest is not None
        assert newest.number == 1


def test_approval_waits_for_decisions_and_for_every_word_or_the_deadline(
    database: Database, evidence_store: EvidenceStore
) -> None:
    def texts(found: Round) -> list[str]:
        return [each.text for each in story.blockers(session, found, rounds.APPROVED)]

    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        assert len(texts(found)) == 1
        assert "4 个市州" in texts(found)[0]
        held = answered(session, evidence_store, found)
        assert "1 条异议" in texts(found)[0]
        assert "1 条异议" in story.blockers(session, found, rounds.VERIFYING)[0].text
        deciding.decide(session, evidence_store, JUDGE, found, "C1", "I2", NO, read=held.revision)
        assert story.blockers(session, found, rounds.VERIFYING) == []
        service.consent_on_paper(session, SCORER, found, ["C2", "C3", "C4"], reference="会议纪要")
        assert "1 个市州" in texts(found)[0]
        service.consent(session, APPROVER, found, "C1")
        assert texts(found) == []
        found.objection_closes_at = clock.now() - timedelta(seconds=1)
        for agreed in store.consents(session, found).values():
            session.delete(agreed)
        session.flush()
        assert texts(found) == [], "silence is consent"


def test_silence_is_written_down_when_the_result_is_approved(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        decided(session, evidence_store, found, NO)
        service.consent_on_paper(session, SCORER, found, ["C2"], reference="来函")
        held = Story(blockers=(story.blockers,), settled=(story.settled,))
        with pytest.raises(rounds.StepBlocked):
            round_service.settle(session, held, SCORER, found, rounds.APPROVED)
        found.objection_closes_at = clock.now() - timedelta(seconds=1)
        round_service.settle(session, held, SCORER, found, rounds.APPROVED)
        row = [r for r in audit.entries(session) if r["action"] == "objection.period_closed"][-1]
        assert '"consented":["C2"],"objected":["C1"],"silent":["C3","C4"]' in row["after"]


def test_everybody_is_told_what_waits_for_them(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        assert "确认无异议" in story.tasks(session, CLERK, found)[0].title
        filed(session, evidence_store, found)
        assert story.tasks(session, CLERK, found) == []
        for who in (SCORER, JUDGE, SUPERVISOR):
            assert story.tasks(session, who, found)[0].title.startswith("答复甲市对“网办率”的异议")
        far = principal("s", "supervisor", cities=frozenset({"C2"}))
        for who in (far, principal("l", "leader"), principal("a", "auditor")):
            assert story.tasks(session, who, found) == []
        for who in (SCORER, SUPERVISOR):
            deciding.answer(session, evidence_store, who, found, "C1", "I2", "答复")
        assert story.tasks(session, SCORER, found) == []
        (task,) = story.tasks(session, JUDGE, found)
        assert task.title.startswith("复核")
