"""A requirement holds a round back until it is met, or passed over for a reason."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.agreement import looks, service, story
from scoring.agreement.requirement import Requirement
from surveys.forms.models import FormVersion
from tests.scoring.agreement.world import AGREE, DIFFER, look_twice, looked_twice
from tests.scoring.runs.results import OFFICE
from tests.surveys.review.submitted import Field

ASKED = Requirement(least=0.8, least_pairs=4, share=50.0, methods=("inspection",))


def blocked(session: Session, found: Round) -> list[str]:
    return [each.text for each in story.blockers(session, found, rules.SCORED)]


def ask(session: Session, found: Round, asked: Requirement = ASKED) -> None:
    service.require(session, OFFICE, found, asked, reason="试点要求")


def test_a_round_that_asks_nothing_is_not_held_back(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        assert blocked(session, found) == []
        with pytest.raises(service.NothingAsked):
            service.check(session, evidence_store, OFFICE, found)


def test_looks_that_agree_let_it_through_once_checked(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, AGREE * 4)
        ask(session, found)
        assert len(blocked(session, found)) == 1  # not checked yet
        assert service.check(session, evidence_store, OFFICE, found)
        assert blocked(session, found) == []
        assert story.blockers(session, found, rules.COLLECTING) == []


def test_looks_that_differ_hold_it_back_and_say_what_to_do(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        ask(session, found)
        assert not service.check(session, evidence_store, OFFICE, found)
        (said,) = blocked(session, found)
        assert "示例表单 hall" in said
        assert "8 对" in said
        assert "95%" in said
        assert "复访" in said


def test_too_few_pairs_and_too_small_a_share_are_two_things(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, AGREE, alone=5)
        ask(session, found)
        service.check(session, evidence_store, OFFICE, found)
        kinds = [each["kind"] for each in found.agreement["found"]["short"]]
        assert kinds == ["share", "agreement"]
        assert all("复访" in text for text in blocked(session, found))


def test_another_method_is_not_held_to_it(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        ask(session, found, Requirement(least=0.8, least_pairs=4, methods=("simulation",)))
        assert service.check(session, evidence_store, OFFICE, found)


def test_a_written_reason_lets_it_through_until_something_else_is_short(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        ask(session, found, Requirement(least=0.6, least_pairs=4, methods=("inspection",)))
        with pytest.raises(service.NothingShort):
            service.waive(session, OFFICE, found, reason="还没有核对")
        service.check(session, evidence_store, OFFICE, found)
        with pytest.raises(rules.ReasonNeeded):
            service.waive(session, OFFICE, found, reason="  ")
        service.waive(session, OFFICE, found, reason="大厅已整改，复访不再可比")
        assert blocked(session, found) == []
        service.check(session, evidence_store, OFFICE, found)
        assert blocked(session, found) == []  # the same is short: the reason stands
        field = Field(session, evidence_store, found, session.query(FormVersion).one())
        for _ in range(30):
            look_twice(field, ("yes", "yes"), ("evelyn.wu", "adam.li"))
            look_twice(field, ("no", "no"), ("evelyn.wu", "adam.li"))
        assert len(blocked(session, found)) == 1  # records have changed: check again
        assert service.check(session, evidence_store, OFFICE, found)
        assert "waived" not in found.agreement


def test_asking_something_else_forgets_check_and_reason(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        ask(session, found)
        service.check(session, evidence_store, OFFICE, found)
        service.waive(session, OFFICE, found, reason="说明")
        ask(session, found, Requirement(least=0.9, least_pairs=4, methods=("inspection",)))
        assert {"found", "waived"} & set(found.agreement) == set()
        service.require(session, OFFICE, found, None, reason="不再要求")
        assert found.agreement == {}


def test_once_scored_nothing_is_changed(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        ask(session, found)
        found.state = rules.SCORED
        session.flush()
        for act in (
            lambda: service.require(session, OFFICE, found, None, reason="x"),
            lambda: service.check(session, evidence_store, OFFICE, found),
            lambda: service.waive(session, OFFICE, found, reason="x"),
        ):
            with pytest.raises(rules.RoundClosed):
                act()


def test_a_reason_is_needed_once_collection_has_begun(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, (), state=rules.PLANNED)
        service.require(session, OFFICE, found, ASKED)
        found.state = rules.COLLECTING
        session.flush()
        with pytest.raises(Faulty) as caught:
            service.require(session, OFFICE, found, None)
        assert caught.value.faults[0].column == "reason"


def test_every_step_is_in_the_log_and_no_visitor_is(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, DIFFER * 4)
        ask(session, found)
        service.check(session, evidence_store, OFFICE, found)
        service.waive(session, OFFICE, found, reason="说明")
        rows = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action.like("agreement.%"))
        ).all()
        assert [row.action.split(".")[1] for row in rows] == ["required", "checked", "waived"]
        told = str([(row.before, row.after) for row in rows]) + str(found.agreement)
        assert not any(name in told for name in ("evelyn.wu", "adam.li", "bella.qi"))


def test_the_order_of_records_changes_no_verdict(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = looked_twice(session, evidence_store, (*AGREE, *DIFFER, *AGREE))
        seen = looks.records(session, found.id, None)
        one = looks.by_form(evidence_store, seen, str)
        two = looks.by_form(evidence_store, seen[::-1], str)
        assert [(each.pairs, each.marks) for each in one] == [
            (each.pairs, each.marks) for each in two
        ]
        assert looks.fingerprint(found, seen) == looks.fingerprint(found, seen[::-1])
        assert rounds.by_code(session, "R1").agreement == {}
