"""A city prepares, files, withdraws, agrees: when, with what, and what is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from evaluation.platform import audit, clock
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import rules as rounds
from evaluation.rounds import service as round_service
from scoring.objections import overview, rules, service, store
from scoring.objections.attaching import Upload
from scoring.objections.service import Asked
from tests.factories.province import a_round
from tests.scoring.objections.desk import (
    APPROVER,
    CLERK,
    PDF,
    PROOF,
    SCORER,
    SIGNED,
    SUPERVISOR,
    answered,
    filed,
)
from tests.scoring.runs.results import scored_round

NOTHING = Asked("")


def actions(session: Any) -> list[str]:
    return [
        row["action"] for row in audit.entries(session) if row["action"].startswith("objection.")
    ]


def test_a_clerk_prepares_and_the_approver_files(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        asked = Asked("漏计两个月", 80)
        held, faults = service.prepare(
            session, evidence_store, CLERK, found, "C1", "I2", asked, [PROOF]
        )
        assert faults == []
        assert [fault.column for fault in service.lacking(session, held)] == ["signature"]
        held, faults = service.prepare(
            session, evidence_store, CLERK, found, "C1", "I2", asked, [SIGNED, PROOF],
            read=held.revision,
        )  # fmt: skip
        assert len(store.files_of(session, [held.id])) == 2, "the same file again is one"
        service.file(session, APPROVER, found, "C1", "I2", read=held.revision)
    with database.reading() as session:
        (kept,) = store.listed(session, found)
        assert (kept.state, kept.filed_by, kept.run_id) == (rules.FILED, "approver-one", run.id)
        assert kept.filed_at < kept.answer_due_at < kept.decision_due_at
        assert actions(session) == ["objection.drafted"] * 2 + ["objection.filed"]
        assert audit.verify(session) is None


def test_everything_missing_is_told_at_once_and_the_draft_is_kept(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        wrong = [
            Upload(rules.EVIDENCE, "x.html", b"<html></html>"),
            Upload(rules.SIGNATURE, "y.docx", b""),
            PROOF,
        ]
        held, faults = service.prepare(
            session, evidence_store, CLERK, found, "C1", "I2", Asked(" ", 1e9), wrong
        )
        assert [fault.column for fault in faults] == ["value", "evidence", "signature"]
        assert held.asked_value is None
        with pytest.raises(Faulty) as refused:
            service.file(session, APPROVER, found, "C1", "I2", read=held.revision)
        assert [f.column for f in refused.value.faults] == ["reasons", "signature"]


def test_a_signature_page_is_a_scan(database: Database, evidence_store: EvidenceStore) -> None:
    import io

    from openpyxl import Workbook

    content = io.BytesIO()
    Workbook().save(content)
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        sheet = Upload(rules.SIGNATURE, "签字.xlsx", content.getvalue())
        held, faults = service.prepare(
            session, evidence_store, CLERK, found, "C1", "I2", NOTHING, [sheet]
        )
        assert "扫描件" in faults[0].explain()
        assert store.files_of(session, [held.id]) == []


@pytest.mark.parametrize("city", ["C9", "C1"])
def test_only_indicators_and_cities_that_there_are(
    database: Database, evidence_store: EvidenceStore, city: str
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        with pytest.raises(NotFound):
            service.prepare(
                session, evidence_store, CLERK, found, city, "D1" if city == "C1" else "I1", NOTHING
            )


def test_late_is_late(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        held, _faults = service.prepare(
            session, evidence_store, CLERK, found, "C1", "I2", Asked("x"), [PROOF, SIGNED]
        )
        found.objection_closes_at = clock.now() - timedelta(seconds=1)
        session.flush()
        with pytest.raises(rules.PeriodOver, match="逾期不再受理"):
            service.file(session, APPROVER, found, "C1", "I2", read=held.revision)
        with pytest.raises(rules.PeriodOver):
            service.consent(session, APPROVER, found, "C1")
        (standing,) = overview.standings(session, found, [unit_of(found)])
        assert (standing.word, standing.at) == (overview.SILENT, found.objection_closes_at)


@pytest.mark.parametrize("state", [rounds.COLLECTING, rounds.VERIFYING, rounds.SCORED])
def test_nobody_objects_before_scores_are_fed_back(
    database: Database, evidence_store: EvidenceStore, state: str
) -> None:
    with database.writing() as session:
        found = a_round(session, state=state)
        with pytest.raises(rules.NotFedBack):
            service.prepare(session, evidence_store, CLERK, found, "C1", "I2", NOTHING)
        assert store.feedback(session, found) is None


def test_two_who_write_one_draft_do_not_overwrite_each_other(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        service.prepare(session, evidence_store, CLERK, found, "C1", "I2", Asked("甲"))
        with pytest.raises(rules.Overtaken):
            service.prepare(session, evidence_store, APPROVER, found, "C1", "I2", Asked("乙"))


def test_withdrawn_until_answered_and_then_no_more(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        held = filed(session, evidence_store, found)
        service.withdraw(session, APPROVER, found, "C1", "I2", read=held.revision)
        held = answered(session, evidence_store, found)
        with pytest.raises(rules.Overtaken, match="不能再撤回"):
            service.withdraw(session, APPROVER, found, "C1", "I2", read=held.revision)
        assert [each.state for each in store.listed(session, found)] == ["withdrawn", "filed"]


def test_consent_can_be_taken_back_by_objecting(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        first = service.consent(session, APPROVER, found, "C1")
        assert service.consent(session, APPROVER, found, "C1") is first
        held, _faults = service.prepare(
            session, evidence_store, CLERK, found, "C1", "I2", Asked("x"), [PROOF, SIGNED]
        )
        assert "C1" in store.consents(session, found), "a draft is no objection yet"
        service.file(session, APPROVER, found, "C1", "I2", read=held.revision)
        assert store.consents(session, found) == {}
        service.prepare(session, evidence_store, CLERK, found, "C1", "I3", Asked("y"))
        with pytest.raises(rules.DraftWaiting):
            service.consent(session, APPROVER, found, "C1")


def test_written_consent_names_its_letter(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        with pytest.raises(Faulty) as refused:
            service.consent_on_paper(session, SCORER, found, ["C9"], reference=" ")
        assert [f.column for f in refused.value.faults] == ["reference", "cities"]
        service.consent_on_paper(session, SCORER, found, ["C1", "C2"], reference="甲函〔2026〕1号")
        (standing,) = overview.standings(session, found, [unit_of(found)])
        assert standing.word == overview.ON_PAPER
        rows = [r for r in audit.entries(session) if r["action"] == "objection.consented"]
        assert all("甲函〔2026〕1号" in row["after"] for row in rows)


def test_agreeing_to_an_earlier_feedback_does_not_count(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        service.consent(session, APPROVER, found, "C1")
        closes = found.objection_closes_at
        for target in (rounds.VERIFYING, rounds.SCORED, rounds.OBJECTION):
            found = round_service.advance(session, SCORER, found, target, note="改正")
        assert store.consents(session, found) == {}
        assert found.objection_closes_at == closes
        service.consent(session, APPROVER, found, "C1")
        assert set(store.consents(session, found)) == {"C1"}


def test_what_is_stored_is_what_came(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        found, _run = scored_round(session, evidence_store)
        held = filed(session, evidence_store, found)
        proof = store.files_of(session, [held.id])[0]
        assert evidence_store.get(proof.sha256) == PDF + b"proof"
        with pytest.raises(NotFound):
            store.file(session, found, "C2", "I2", proof.id)
    assert SUPERVISOR.sees_filing("C1")


def unit_of(found: Any, city: str = "C1") -> Any:
    from evaluation.rounds import store as round_store

    return round_store.framework(found).unit_by_code[city]
