"""Assignments as phones ask for them."""

from __future__ import annotations

from datetime import timedelta

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms.document import load
from surveys.visits import rules, store
from tests.factories.field import a_conflict, a_form, a_record, a_visit
from tests.factories.province import a_round


def test_a_phone_is_told_of_its_own_issued_visits_only(
    database: Database, evidence_store: EvidenceStore
) -> None:
    """Drafts, cancelled ones, other people's and those long past are not listed."""
    now = clock.now()
    with database.writing() as session:
        found = a_round(session)
        version = a_form(session, evidence_store)
        later = a_visit(session, found, version, "v1")
        sooner = a_visit(session, found, version, "v1", closes_at=now + timedelta(days=1))
        just_past = a_visit(session, found, version, "v1", closes_at=now - rules.GRACE / 2)
        a_visit(session, found, version, "v1", closes_at=now - 2 * rules.GRACE)
        a_visit(session, found, version, "v1", state=rules.DRAFT)
        a_visit(session, found, version, "v1", state=rules.CANCELLED)
        a_visit(session, found, version, "v2")
        expected = [just_past.code, sooner.code, later.code]
    with database.reading() as session:
        listed = store.assigned(session, "v1", now)
        assert [visit.code for visit in listed] == expected
        assert listed[0].site.city == "C1"
        assert listed[0].form.code == "hall"


def test_a_visit_is_found_by_its_code_in_every_state(
    database: Database, evidence_store: EvidenceStore
) -> None:
    """Submissions must tell a cancelled visit from one that never was."""
    with database.writing() as session:
        version = a_form(session, evidence_store)
        cancelled = a_visit(session, a_round(session), version, "v1", state=rules.CANCELLED)
        code = cancelled.code
    with database.reading() as session:
        found = store.by_code(session, code)
        assert found is not None
        assert found.state == rules.CANCELLED
        assert store.by_code(session, "NOSUCHCODE") is None


def test_withdrawn_conflicts_no_longer_stand(database: Database) -> None:
    """Only what is declared and not withdrawn keeps somebody from a city."""
    with database.writing() as session:
        a_conflict(session, "v1", "C1")
        a_conflict(session, "v1", "C2", withdrawn_by="v1", withdrawn_at=clock.now())
        a_conflict(session, "v2", "C3")
    with database.reading() as session:
        assert store.conflicts_of(session, "v1") == {"C1"}


def test_the_factory_makes_versions_that_read_back(
    database: Database, evidence_store: EvidenceStore
) -> None:
    """A second call is the next version of the same form, and its document loads."""
    with database.writing() as session:
        first = a_form(session, evidence_store)
        second = a_form(session, evidence_store)
        assert (first.number, second.number) == (1, 2)
        assert first.form_id == second.form_id
        document = load(evidence_store.get(second.document))
        assert document.number == 2
        assert document.by_name["visit"].path == "/data/visit"
        assert b'version="2"' in a_record(second, "ABC")
