"""A sealed result is changed by two people only, and the public is told what moved."""

from __future__ import annotations

import math
from itertools import product

import pytest
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as rounds
from evaluation.rounds import service as round_service
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from scoring.runs import rules as run_rules
from scoring.runs import service
from scoring.runs import store as runs
from scoring.sealing import reopening, store, story
from scoring.sealing import reopening_rules as rules
from scoring.sealing.checking import check
from scoring.sealing.note import told
from scoring.sealing.verifying import verify
from surveys.observations.rules import Given
from tests.scoring.runs.results import (
    OFFICE,
    OTHER,
    corrected,
    principal,
    published_round,
    reopened,
    scored_round,
    sealer,
)

BETTER = Given("C2", "I1", "review", 1.0, reason="台账抄录有误")


def published(session: Session, files: EvidenceStore) -> Round:
    return published_round(session, files)[0]


def test_without_a_reopening_nothing_changes(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        run = runs.latest(session, found)
        assert run is not None
        with pytest.raises(run_rules.RunRefused):
            service.score_round(session, evidence_store, OFFICE, found)
        with pytest.raises(rules.ReopeningNeeded):
            reopening.correct(session, OFFICE, found, BETTER)
        reopening.ask(session, OFFICE, found, reason="一项有误")
        with pytest.raises(run_rules.RunRefused):
            service.score_round(session, evidence_store, OFFICE, found)
        with pytest.raises(rules.ReopeningNeeded):
            reopening.correct(session, OFFICE, found, BETTER)
        with pytest.raises(rules.SameAsker):
            reopening.agree(session, OFFICE, found)
        with pytest.raises(rules.AlreadyOpen):
            reopening.ask(session, OTHER, found, reason="又一项")
        reopening.agree(session, OTHER, found)
        with pytest.raises(rules.NotOpen):
            reopening.agree(session, OTHER, found)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_reopening_says_why(
    database: Database, evidence_store: EvidenceStore, reason: str
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        with pytest.raises(rounds.ReasonNeeded):
            reopening.ask(session, OFFICE, found, reason=reason)
        reopening.ask(session, OFFICE, found, reason="一项有误")
        with pytest.raises(rounds.ReasonNeeded):
            reopening.end(session, OTHER, found, reason=reason)


def test_only_what_is_published_is_reopened(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        with pytest.raises(rules.NothingToReopen):
            reopening.ask(session, OFFICE, found, reason="一项有误")


def test_a_correction_is_chained_sealed_and_told(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        reopened(session, found)
        assert check(session, evidence_store, found) == []
        corrected(session, evidence_store, found, BETTER, note="台账抄录有误")
    with database.reading() as session:
        found = round_store.by_code(session, "R1")
        second, first = store.seals(session, found)
        verdict = verify(evidence_store.get(second.seal.package_sha256))
        assert verdict.holds, [str(each) for each in verdict.problems]
        assert verdict.manifest is not None
        assert verdict.manifest["previous"] == {
            "version": 1,
            "sha256": first.seal.package_sha256,
        }
        assert verdict.manifest["note"] == "台账抄录有误"
        assert verdict.manifest["changes"] == second.publication.changes
        assert check(session, evidence_store, found, calculate=True) == []
        (held,) = store.reopenings(session, found)
        assert (held.outcome, held.corrected_by_id) == ("corrected", second.publication.id)
        assert store.open_reopening(session, found) is None
        actions = [row["action"] for row in audit.entries(session)]
        order = [actions.index(f"reopening.{each}") for each in ("asked", "agreed", "corrected")]
        assert order == sorted(order)
        assert actions.index("observation.corrected") > order[1]
    with database.writing() as session, pytest.raises(rules.ReopeningNeeded):
        reopening.correct(session, OFFICE, round_store.by_code(session, "R1"), BETTER)


def test_the_note_adds_up_and_cities_learn_nothing_of_others(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        reopened(session, found)
        reopening.correct(session, OFFICE, found, Given("C3", "I3", "review", 10, reason="核"))
        corrected(session, evidence_store, found, BETTER)
        public = runs.published_run(session, found)
    assert public is not None
    assert public.publication is not None
    note = told(public.publication.changes, "full")
    assert note is not None
    assert (note.version, note.changed, note.method) == (1, 2, False)
    assert note.cells == (("C2", "I1"), ("C3", "I3"))
    assert {each.city for each in note.places} == {"C3"}
    for each in note.moved:
        assert each.score_before is not None
        assert each.score_after is not None
        whole = each.score_after - each.score_before
        assert math.isclose(sum(cause.score for cause in each.causes), whole, abs_tol=1e-12)
    theirs = told(public.publication.changes, frozenset({"C2"}))
    assert theirs is not None
    assert theirs.cells == (("C2", "I1"),)
    assert theirs.changed == 2
    assert [each.city for each in theirs.moved] == [each.city for each in note.moved]
    for each, whole in zip(theirs.moved, note.moved, strict=True):
        assert {cause.city for cause in each.causes} <= {"C2", ""}
        parts = (sum(cause.score for cause in some.causes) for some in (each, whole))
        assert math.isclose(*parts, abs_tol=1e-12)
    assert told({}, "full") is None


def test_it_ends_without_a_correction_only_while_nothing_was_corrected(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        reopening.ask(session, OFFICE, found, reason="一项有误")
        assert reopening.end(session, OTHER, found, reason="无误").outcome == rules.REFUSED
        reopening.ask(session, OFFICE, found, reason="另一项")
        assert reopening.end(session, OFFICE, found, reason="看错了").outcome == rules.WITHDRAWN
        reopened(session, found)
        reopening.correct(session, OFFICE, found, BETTER)
        with pytest.raises(rules.HasChanges):
            reopening.end(session, OFFICE, found, reason="算了")
        assert [each.number for each in store.reopenings(session, found)] == [3, 2, 1]


def test_a_run_older_than_the_last_correction_is_not_published(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        reopened(session, found)
        reopening.correct(session, OFFICE, found, BETTER)
        run = service.score_round(session, evidence_store, OFFICE, found).run
        service.approve(session, OFFICE, found, run, note="误")
        reopening.correct(session, OFFICE, found, Given("C1", "I3", "review", 5, reason="核"))
        with pytest.raises(run_rules.RunStale):
            service.publish(session, sealer(evidence_store), OTHER, found)
        service.withdraw(session, OFFICE, found, reason="还有一项")
        with pytest.raises(run_rules.RunStale):
            service.approve(session, OFFICE, found, run, note="误")


def test_whoever_has_to_act_is_told_and_the_round_is_not_archived_meanwhile(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = published(session, evidence_store)
        found = round_service.advance(session, OFFICE, found, rounds.RECTIFYING)
        assert story.blockers(session, found, rounds.ARCHIVED) == []
        reopening.ask(session, OFFICE, found, reason="一项有误")
        assert story.blockers(session, found, rounds.ARCHIVED)
        assert story.tasks(session, OFFICE, found) == []
        assert len(story.tasks(session, OTHER, found)) == 1
        assert story.tasks(session, principal("l", "leader"), found) == []
        reopening.agree(session, OTHER, found)
        assert len(story.tasks(session, OFFICE, found)) == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_in_whatever_order_two_people_act_nobody_acts_twice(
    database: Database, evidence_store: EvidenceStore
) -> None:
    """Asking and agreeing, and approving and publishing, are always two people each."""
    acts = ("ask", "agree", "correct", "run", "approve", "publish")
    with database.writing() as session:
        published(session, evidence_store)
    for people in product((OFFICE, OTHER), repeat=4):
        with database.session(writes=True) as session:
            found = round_store.by_code(session, "R1")
            turns = [people[0], people[1], OFFICE, OFFICE, people[2], people[3]]
            done = [act(session, evidence_store, found, *one) for one in zip(acts, turns)]  # noqa: B905
            held = runs.published_run(session, found)
            assert held is not None
            assert held.publication is not None
            two = people[0] != people[1] and people[2] != people[3]
            assert (held.publication.version == 2) == two, (people, done)
            session.rollback()


def act(session: Session, files: EvidenceStore, found: Round, name: str, who: object) -> bool:
    from evaluation.accounts.principal import Principal

    assert isinstance(who, Principal)
    try:
        if name == "ask":
            reopening.ask(session, who, found, reason="一项有误")
        elif name == "agree":
            reopening.agree(session, who, found)
        elif name == "correct":
            reopening.correct(session, who, found, BETTER)
        elif name == "run":
            service.score_round(session, files, who, found)
        elif name == "approve":
            run = runs.latest(session, found)
            assert run is not None
            service.approve(session, who, found, run, note="误")
        else:
            service.publish(session, sealer(files), who, found)
    except DomainError:
        return False
    return True
