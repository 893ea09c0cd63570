"""Submitted by the approver, accepted or returned by the office; values become observations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation.platform import audit, clock
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import service as rounds_service
from evaluation.rounds.rules import ReasonNeeded
from surveys.filings import (
    approving,
    attaching,
    history_store,
    overview,
    progress_store,
    service,
    store,
    story,
)
from surveys.filings.errors import (
    FilingLocked,
    NothingChosen,
    NotSubmittable,
    SamePerson,
    WrongStep,
)
from surveys.filings.rules import Entry
from surveys.observations import store as observations
from tests.surveys.filings.desk import APPROVER, CLERK, OFFICE, a_filing_round, save

PDF = b"%PDF-1.7\n1 0 obj\n"


def test_the_whole_way(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        with pytest.raises(NotSubmittable):
            approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        for code, value in {"I1": 10, "I2": 80, "I3": 70}.items():
            save(session, found, "C1", code, value)
        with pytest.raises(NotSubmittable, match="佐证"):
            approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        proof = attaching.attach(
            session, evidence_store, CLERK, found, "C1", "I1", PDF, name="证明.pdf"
        )
        with pytest.raises(NotSubmittable, match="未填"):
            approving.submit(session, APPROVER, found, "C1")
        service.save_value(session, CLERK, found, "C1", "I4", Entry(None, True, "无"), read=0)
        filing = approving.submit(session, APPROVER, found, "C1")
        assert (filing.state, filing.submitted_by) == ("submitted", "approver")
        with pytest.raises(FilingLocked):
            save(session, found, "C1", "I1", 11)
        with pytest.raises(WrongStep):
            approving.submit(session, APPROVER, found, "C1")
        assert approving.accept(session, OFFICE, found, "C1") == 4
        told = {o.indicator: o for o in observations.observations(session, found.id)}
        assert (told["I1"].value, told["I1"].method, told["I1"].adopted) == (
            10,
            "full_filing",
            True,
        )
        assert told["I1"].evidence == [proof.sha256]
        assert told["I4"].not_applicable
        assert store.cell(session, found.id, "C1", "I1").state == "accepted"
    with database.reading() as session:
        assert audit.verify(session) is None


def test_returned_cells_open_with_their_reason_and_the_rest_stay_shut(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I2", 80)
        save(session, found, "C1", "I3", 70)
        approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        approving.accept(session, OFFICE, found, "C1")
        for reasons in ({}, {"I2": " "}):
            with pytest.raises(NothingChosen):
                approving.give_back(session, OFFICE, found, "C1", reasons)
        approving.give_back(session, OFFICE, found, "C1", {"I2": "口径不符", "I4": "请补填"})
        kept = [o.indicator for o in observations.observations(session, found.id)]
        assert kept == ["I3"]
        cell = store.cell(session, found.id, "C1", "I2")
        assert (cell.state, cell.return_reason, cell.entry.value) == ("returned", "口径不符", 80)
        with pytest.raises(FilingLocked):
            save(session, found, "C1", "I3", 71)
        with pytest.raises(NotSubmittable, match="退回"):
            approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        save(session, found, "C1", "I2", 81)
        save(session, found, "C1", "I4", 5)
        assert store.cell(session, found.id, "C1", "I2").state == "mended"
        approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        assert approving.accept(session, OFFICE, found, "C1") == 3
        told = {o.indicator: o.value for o in observations.observations(session, found.id)}
        assert told == {"I2": 81, "I3": 70, "I4": 5}
        history = history_store.versions(session, found.id, "C1", "I2")
        assert [(v.how, v.value) for v in history] == [("grid", 81), ("returned", 80), ("grid", 80)]


def test_an_overdue_filing_is_closed_by_one_and_accepted_by_another(database: Database) -> None:
    moment = clock.now()
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I3", 70)
        with pytest.raises(WrongStep):
            approving.close_late(session, OFFICE, found, "C1", reason="逾期")
        found.filing_closes_at = moment - timedelta(minutes=1)
        session.flush()
        with pytest.raises(FilingLocked):
            approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        with pytest.raises(ReasonNeeded):
            approving.close_late(session, OFFICE, found, "C1", reason=" ")
        approving.close_late(session, OFFICE, found, "C1", reason="逾期未提交")
        with pytest.raises(SamePerson):
            approving.accept(session, OFFICE, found, "C1")
        assert approving.accept(session, System("office2", "office"), found, "C1") == 1


def test_the_round_waits_for_submission_then_for_acceptance(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        text = story.blockers(session, found, "verifying")[0].text
        assert text == "4 个市州还没有提交填报：甲市、乙市、丙市、丁新区"
        for city in ("C1", "C2", "C3", "C4"):
            save(session, found, city, "I3", 70)
            approving.submit(session, APPROVER, found, city, missing_confirmed=True)
        assert story.blockers(session, found, "verifying") == []
        found = rounds_service.advance(session, OFFICE, found, "verifying")
        assert story.blockers(session, found, "scored")[0].text.startswith("4 个")
        for city in ("C1", "C2", "C3", "C4"):
            approving.accept(session, OFFICE, found, city)
        assert story.blockers(session, found, "scored") == []


def test_progress_counts_what_is_filled_and_what_lacks_evidence(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I1", 10)
        save(session, found, "C1", "I2", 50)
        save(session, found, "C1", "I3", 70)
        save(session, found, "C1", "I3", None)
        standing = overview.standings(session, found, ["C1"])[0]
        assert (standing.filled, standing.total, standing.lacking_evidence) == (2, 4, 1)
        assert (standing.state, standing.light) == ("open", "green")
        sheet = overview.sheet(session, found, "C1")
        assert [row.node.code for row in sheet.odd] == ["I2"]
        assert [row.node.code for row in sheet.missing] == ["I3", "I4"]


def test_last_rounds_values_are_beside_the_new_ones(database: Database) -> None:
    with database.writing() as session:
        old = a_filing_round(session, "R0")
        save(session, old, "C1", "I3", 70)
        save(session, old, "C1", "I2", 60)
        approving.submit(session, APPROVER, old, "C1", missing_confirmed=True)
        found = a_filing_round(session, "R1", previous="R0")
        assert progress_store.last_values(session, found, "C1") == {"I2": 60, "I3": 70}
        approving.accept(session, OFFICE, old, "C1")
        assert progress_store.last_values(session, found, "C1") == {"I2": 60, "I3": 70}
        assert progress_store.last_values(session, found, "C2") == {}
