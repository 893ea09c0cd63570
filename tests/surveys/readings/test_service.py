"""What acceptance writes, what it refuses, and what opening again takes back."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as round_rules
from evaluation.rounds import service as round_service
from evaluation.rounds import store as rounds
from surveys.observations import service as observations
from surveys.observations import store as observed
from surveys.observations.models import Observation
from surveys.readings import service
from surveys.readings.models import Reading
from surveys.submissions.models import EditionFile, Submission
from surveys.visits.models import Visit
from tests.factories.field import a_form
from tests.surveys.readings.desk import (
    REVIEWER,
    a_document_with,
    a_field_round,
    a_form_of,
    a_record,
)


def cell(session: Session, city: str = "C1") -> Observation | None:
    found = rounds.by_code(session, "R1")
    held = observed.of_cell(session, found.id, city, "I1")
    return next((each for each in held if each.method == "inspection"), None)


def readings(session: Session) -> list[tuple[float | None, bool]]:
    rows = session.execute(sa.select(Reading.value, Reading.counts).order_by(Reading.id))
    return [(value, counts) for value, counts in rows]


def test_visits_become_an_observation_with_their_number_and_spread(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        for minutes in (10, 20):
            sent = a_record(session, evidence_store, found, version, minutes=minutes)
            service.on_accept(session, evidence_store, REVIEWER, sent)
    with database.reading() as session:
        held = cell(session)
        assert held is not None
        assert (held.value, held.visits) == (15.0, 2)
        assert held.spread == pytest.approx(7.0710678118654755)
        assert held.adopted
        assert held.source == "现场采集，2 次访查的平均值"
        assert readings(session) == [(10.0, True), (20.0, True)]
        last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert last is not None
        assert json.loads(last.after or "")["changes"] == [["C1", "I1", "inspection", 10, 15]]
        assert "evelyn.wu" not in (last.after or "") + last.username
        assert audit.verify(session) is None


def test_accepting_the_same_again_changes_nothing(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        sent = a_record(session, evidence_store, a_field_round(session))
        for _again in range(2):
            service.on_accept(session, evidence_store, REVIEWER, sent)
        held = cell(session)
        assert held is not None
        assert (held.value, held.visits, held.revision) == (12.0, 1, 1)
        assert len(readings(session)) == 1


def test_a_second_look_is_kept_and_not_counted(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        first = a_record(session, evidence_store, found, version, minutes=10)
        visit = session.get_one(Visit, first.visit_id)
        again = a_record(
            session, evidence_store, found, version, evaluator="adam", second_of=visit, minutes=59
        )
        service.on_accept(session, evidence_store, REVIEWER, again)
        assert cell(session) is None
        service.on_accept(session, evidence_store, REVIEWER, first)
        held = cell(session)
        assert held is not None
        assert (held.value, held.visits, held.spread) == (10.0, 1, None)
        assert sorted(readings(session)) == [(10.0, True), (59.0, False)]


def test_each_city_has_its_own(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        for city, minutes in (("C1", 10), ("C2", 30)):
            sent = a_record(session, evidence_store, found, version, city=city, minutes=minutes)
            service.on_accept(session, evidence_store, REVIEWER, sent)
        assert [getattr(cell(session, city), "value", None) for city in ("C1", "C2")] == [
            10.0,
            30.0,
        ]


def test_what_is_not_accepted_is_not_counted(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        for state in ("incomplete", "received", "returned", "approved", "rejected", "withdrawn"):
            a_record(session, evidence_store, found, version, state=state, minutes=50)
        sent = a_record(session, evidence_store, found, version, minutes=10)
        service.on_accept(session, evidence_store, REVIEWER, sent)
        held = cell(session)
        assert held is not None
        assert (held.value, held.visits) == (10.0, 1)


def test_evidence_of_the_value_is_the_questions_files(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form_of(session, evidence_store, a_document_with(evidence=("photo",)))
        sent = a_record(session, evidence_store, found, version)
        bad = a_record(session, evidence_store, found, version)
        for file in _files(session, bad):
            file.problem = "polyglot"
        for each in (sent, bad):
            service.on_accept(session, evidence_store, REVIEWER, each)
        held = cell(session)
        assert held is not None
        assert held.evidence == [file.sha256 for file in _files(session, sent)]


def test_opening_again_takes_the_visit_out(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        sent = [
            a_record(session, evidence_store, found, version, minutes=minutes)
            for minutes in (10, 20)
        ]
        for each in sent:
            service.on_accept(session, evidence_store, REVIEWER, each)
        sent[0].state = "received"
        session.flush()
        service.on_reopen(session, evidence_store, REVIEWER, sent[0])
        held = cell(session)
        assert held is not None
        assert (held.value, held.visits, held.spread) == (20.0, 1, None)
        sent[1].state = "received"
        session.flush()
        service.on_reopen(session, evidence_store, REVIEWER, sent[1])
        assert cell(session) is None
        assert readings(session) == []


def test_opening_again_gives_the_city_its_own_value_back(
    database: Database, evidence_store: EvidenceStore
) -> None:
    """The rule adopts what is there: the filing when the visit is gone."""
    with database.writing() as session:
        found = a_field_round(session)
        sent = a_record(session, evidence_store, found)
        observations.record(
            session, REVIEWER, found, city="C1", indicator="I1", method="full_filing", value=3.0
        )
        service.on_accept(session, evidence_store, REVIEWER, sent)
        sent.state = "received"
        session.flush()
        service.on_reopen(session, evidence_store, REVIEWER, sent)
        (adopted,) = observed.adopted(session, found.id)
        assert (adopted.method, adopted.value) == ("full_filing", 3.0)


def test_everything_wrong_is_said_at_once_and_nothing_written(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        more = (("fee", "I5"), ("odd", "NONE"))  # I5: not by inspection; NONE: no such one
        version = a_form_of(session, evidence_store, a_document_with(*more))
        sent = a_record(
            session, evidence_store, found, version, minutes=61, fee=5, odd=1
        )  # I1 ends at 60
        with pytest.raises(Faulty) as caught:
            service.on_accept(session, evidence_store, REVIEWER, sent)
        said = [str(fault) for fault in caught.value.faults]
        assert [fault.code for fault in caught.value.faults] == [
            "out-of-range", "method-not-allowed", "unknown-indicator",
        ]  # fmt: skip
        assert "题目“等候分钟”" in said[0]
        assert "61 大于上限 60" in said[0]
        assert readings(session) == []
        assert cell(session) is None


@pytest.mark.parametrize("state", [round_rules.SCORED, round_rules.OBJECTION])
def test_a_scored_round_takes_nothing(
    database: Database, evidence_store: EvidenceStore, state: str
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        sent = a_record(session, evidence_store, found)
        for target in round_rules.ORDER[2 : round_rules.ORDER.index(state) + 1]:
            found = round_service.advance(session, System("factory", "system"), found, target)
        for step in (service.on_accept, service.on_reopen):
            with pytest.raises(round_rules.RoundClosed, match="数据已锁定"):
                step(session, evidence_store, REVIEWER, sent)


def _files(session: Session, sent: Submission) -> list[EditionFile]:
    query = sa.select(EditionFile).where(EditionFile.edition_id == sent.edition_id)
    return list(session.scalars(query))
