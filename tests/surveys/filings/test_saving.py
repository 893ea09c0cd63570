"""One cell: saved with its version and its audit row, once, by whoever may, when they may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from evaluation.platform import audit, clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.rounds import service as rounds_service
from evaluation.rounds import store as rounds
from surveys.filings import approving, history_store, service, store
from surveys.filings.errors import EditConflict, FilingLocked
from surveys.filings.rules import Entry
from tests.surveys.filings.desk import CLERK, OFFICE, a_filing_round, save


def test_a_saved_value_has_a_version_and_an_audit_row(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        cell = service.save_value(session, CLERK, found, "C1", "I1", Entry(3.5), read=0)
        assert (cell.revision, cell.state) == (1, "saved")
        cell = service.save_value(
            session, CLERK, found, "C1", "I1", Entry(4.0, note="复核"), read=1
        )
        assert cell.revision == 2
    with database.reading() as session:
        versions = history_store.versions(session, found.id, "C1", "I1")
        assert [(v.revision, v.value, v.note, v.by, v.how) for v in versions] == [
            (2, 4.0, "复核", "clerk", "grid"),
            (1, 3.5, "", "clerk", "grid"),
        ]
        entry = session.scalars(
            sa.select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
        ).one()
        assert entry.subject == "round:R1/city:C1/indicator:I1"
        assert entry.before == '{"not_applicable":false,"note":"","value":3.5}'
        assert entry.after == '{"not_applicable":false,"note":"复核","value":4.0}'
        assert audit.verify(session) is None


def test_the_same_save_twice_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        first = service.save_value(session, CLERK, found, "C1", "I1", Entry(3.5), read=0, key="a")
        again = service.save_value(session, CLERK, found, "C1", "I1", Entry(3.5), read=0, key="a")
        assert (first.revision, again.revision) == (1, 1)
        save(session, found, "C1", "I1", 9)
        late = service.save_value(session, CLERK, found, "C1", "I1", Entry(3.5), read=0, key="a")
        assert (late.revision, late.entry.value) == (2, 9)
        assert len(history_store.versions(session, found.id, "C1", "I1")) == 2


def test_the_second_editor_is_told_with_both_values(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I1", 3)
    with (
        pytest.raises(EditConflict) as refused,
        database.writing() as session,
    ):
        service.save_value(session, OFFICE, found, "C1", "I1", Entry(7.0), read=0, key="b")
    facts = refused.value.facts
    assert (facts["theirs"], facts["yours"], facts["who"], facts["revision"]) == (
        "3",
        "7",
        "clerk",
        1,
    )
    assert facts["at"] is not None
    with database.reading() as session:
        assert store.cell(session, found.id, "C1", "I1").entry.value == 3


@pytest.mark.parametrize("start", [0, 1])
def test_of_many_at_once_exactly_one_wins(database: Database, start: int) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        if start:
            save(session, found, "C1", "I1", 50)

    def one(value: int) -> bool:
        try:
            with database.writing() as session:
                mine = rounds.by_code(session, "R1")
                service.save_value(
                    session, CLERK, mine, "C1", "I1", Entry(float(value)), read=start
                )
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(one, range(1, 13)))
    assert outcomes.count(True) == 1
    with database.reading() as session:
        versions = history_store.versions(session, found.id, "C1", "I1")
        assert len(versions) == start + 1
        assert versions[0].value == outcomes.index(True) + 1
        assert audit.verify(session) is None


@pytest.mark.parametrize(
    ("indicator", "entry", "code"),
    [
        ("I1", Entry(-1), "out-of-range"),
        ("I1", Entry(61), "out-of-range"),
        ("I1", Entry(None, True), "not-applicable-refused"),
        ("I4", Entry(5, True), "value-and-not-applicable"),
        ("I1", Entry(float("inf")), "not-finite"),
        ("I1", Entry(5, False, "长" * 1001), "note-too-long"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    database: Database, indicator: str, entry: Entry, code: str
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        with pytest.raises(Faulty) as refused:
            service.save_value(session, CLERK, found, "C1", indicator, entry, read=0)
        assert code in [fault.code for fault in refused.value.faults]
        assert store.cells(session, found.id, "C1") == {}


def test_not_applicable_is_a_value_where_allowed(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        cell = service.save_value(
            session, CLERK, found, "C1", "I4", Entry(None, True, "没有管网"), read=0
        )
        assert cell.entry.filled


@pytest.mark.parametrize(
    ("city", "indicator"), [("C9", "I1"), ("C1", "I9"), ("C1", "D1"), ("C1", "I5")]
)
def test_what_the_round_does_not_ask_does_not_exist(
    database: Database, city: str, indicator: str
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        with pytest.raises(NotFound):
            service.save_value(session, CLERK, found, city, indicator, Entry(1.0), read=0)


def test_after_the_deadline_only_returned_cells_open(database: Database) -> None:
    moment = clock.now()
    with database.writing() as session:
        found = a_filing_round(
            session,
            filing_opens_at=moment - timedelta(days=9),
            filing_closes_at=moment - timedelta(seconds=5),
        )
        with pytest.raises(FilingLocked) as refused:
            save(session, found, "C1", "I1", 3)
        assert refused.value.facts["reason"] == "填报已截止"
        approving.give_back(session, OFFICE, found, "C1", {"I1": "请补填"})
        save(session, found, "C1", "I1", 3)
        save(session, found, "C1", "I1", 4)
        with pytest.raises(FilingLocked):
            save(session, found, "C1", "I2", 50)


def test_nothing_is_filed_once_the_round_verifies(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        rounds_service.advance(session, OFFICE, found, "verifying")
        with pytest.raises(FilingLocked):
            save(session, found, "C1", "I1", 3)
