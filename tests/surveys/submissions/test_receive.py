"""Taking records in: once, with all their files, whatever is sent twice, late or in pieces."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from evaluation.platform import audit, clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceFile, EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import rules
from surveys.submissions.errors import Refused, RefusedClash
from surveys.submissions.models import Edition, EditionFile, Refusal, Submission
from surveys.submissions.receipts import Receipt
from tests.conftest import Person
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, an_instance, picture


@pytest.fixture
def phone(
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
) -> Phone:
    """A phone of the evaluator ``lin``."""
    person("evaluator", name="lin")
    return a_phone(database, evidence_store, settings, "lin")


def counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {
            table.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (Submission, Edition, EditionFile, Refusal)
        }


def state(database: Database) -> str:
    with database.reading() as session:
        return session.scalars(sa.select(Submission)).one().state


def set_state(database: Database, state: str) -> None:
    with database.writing() as session:
        session.execute(sa.update(Submission).values(state=state))


def test_a_record_with_its_photo_is_received_once(phone: Phone) -> None:
    photo = picture()
    xml = phone.record(photo="a.jpg")
    ledger = a_ledger({"a.jpg": photo})

    first = phone.send(xml, ledger, {"a.jpg": photo})
    again = phone.send(xml, ledger, {"a.jpg": photo})

    assert first.new
    assert not again.new
    assert first.code == again.code
    assert first.complete
    assert first.state == again.state == rules.RECEIVED
    assert [file.sha256 for file in first.files] == [sha256(photo).hexdigest()]
    assert counts(phone.database) == {
        "submissions": 1, "editions": 1, "edition_files": 1, "refusals": 0,
    }  # fmt: skip
    with phone.database.reading() as session:
        edition = session.scalars(sa.select(Edition)).one()
        record = session.scalars(sa.select(Submission)).one()
        assert phone.store.get(edition.xml) == xml
        assert phone.store.get(edition.ledger or "") == ledger
        assert record.edition_id == edition.id
        assert (record.city, record.evaluator, record.visit_id) == ("C1", "lin", phone.visit.id)
        assert edition.completed_at is not None
        assert edition.findings == []
        assert len(edition.answers_sha256) == 64
        stored = set(session.scalars(sa.select(EvidenceFile.sha256)))
        assert {edition.xml, edition.ledger, sha256(photo).hexdigest()} <= stored
        assert audit.verify(session) is None


def test_the_audit_log_says_neither_who_nor_which_visit(phone: Phone) -> None:
    photo = picture()
    xml = phone.record(photo="lin-0930.jpg")
    phone.send(xml, None, {"lin-0930.jpg": photo, "stray.jpg": picture(3)})
    with pytest.raises(Refused):
        phone.send(phone.record(visit="NOSUCHVISIT"))
    with phone.database.reading() as session:
        rows = [
            row
            for row in session.scalars(sa.select(AuditEntry))
            if row.action.startswith("submission.")
        ]
        assert len(rows) == 3
        for row in rows:
            said = f"{row.username} {row.subject} {row.before} {row.after}"
            assert row.username.startswith("V-")
            assert row.role == "evaluator"
            assert "lin" not in said
            assert phone.visit.code not in said
        for kept in session.scalars(sa.select(EvidenceFile)):
            assert kept.stored_by != "lin"


def test_parallel_identical_posts_are_one_row(phone: Phone) -> None:
    photo = picture()
    xml, ledger = phone.record(photo="a.jpg"), a_ledger({"a.jpg": photo})
    answers: list[Receipt | Exception] = []
    barrier = threading.Barrier(20)

    def post() -> None:
        barrier.wait()
        try:
            answers.append(phone.send(xml, ledger, {"a.jpg": photo}))
        except Exception as error:
            answers.append(error)

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [each for each in answers if isinstance(each, Exception)] == []
    receipts = [each for each in answers if isinstance(each, Receipt)]
    assert len(receipts) == 20
    assert len({each.code for each in receipts}) == 1
    assert sum(each.new for each in receipts) == 1
    assert counts(phone.database)["editions"] == 1
    assert counts(phone.database)["submissions"] == 1
    with phone.database.reading() as session:
        assert audit.verify(session) is None
        received = sa.select(AuditEntry).where(AuditEntry.action == "submission.received")
        assert len(session.scalars(received).all()) == 1


def test_parallel_records_of_one_visit_are_one_and_the_others_are_kept(phone: Phone) -> None:
    done: list[str] = []
    barrier = threading.Barrier(8)

    def post() -> None:
        xml = phone.record(instance=an_instance())
        barrier.wait()
        try:
            phone.send(xml)
            done.append("taken")
        except RefusedClash as refused:
            done.append(refused.reason)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["taken"] + ["visit-taken"] * 7
    assert counts(phone.database) == {
        "submissions": 1, "editions": 1, "edition_files": 0, "refusals": 7,
    }  # fmt: skip


def test_the_same_id_with_other_bytes_is_a_clash_and_both_are_kept(phone: Phone) -> None:
    instance = an_instance()
    first = phone.record(instance=instance, minutes=12)
    other = phone.record(instance=instance, minutes=3)
    receipt = phone.send(first)

    for _ in range(2):
        with pytest.raises(RefusedClash) as refused:
            phone.send(other)
        assert refused.value.reason == "altered"

    with phone.database.reading() as session:
        kept = session.scalars(sa.select(Refusal)).one()
        assert kept.reason == "altered"
        assert kept.code == refused.value.refusal
        assert phone.store.get(kept.sha256) == other
        assert phone.store.get(session.scalars(sa.select(Edition)).one().xml) == first
    assert phone.send(first).code == receipt.code


def test_a_ledger_may_be_sent_again_at_another_moment_but_not_altered(phone: Phone) -> None:
    photo = picture()
    xml = phone.record(photo="a.jpg")
    moment = clock.now().isoformat()
    later = (clock.now() + timedelta(minutes=1)).isoformat()
    first = phone.send(xml, a_ledger({"a.jpg": photo}, sent_at=moment))

    again = phone.send(xml, a_ledger({"a.jpg": photo}, sent_at=later))
    without = phone.send(xml)
    assert first.code == again.code == without.code

    with pytest.raises(RefusedClash) as refused:
        phone.send(xml, a_ledger({"a.jpg": picture(9)}, sent_at=later))
    assert refused.value.reason == "altered"
    with pytest.raises(RefusedClash):
        phone.send(xml, b"[]")


def test_files_may_come_later_in_any_number_of_posts(phone: Phone) -> None:
    photo = picture()
    xml = phone.record(photo="a.jpg")

    receipt = phone.send(xml)
    assert receipt.state == rules.INCOMPLETE
    assert receipt.missing == ["a.jpg"]
    assert state(phone.database) == rules.INCOMPLETE

    receipt = phone.send(xml, None, {"a.jpg": photo})
    assert receipt.complete
    assert state(phone.database) == rules.RECEIVED
    with phone.database.reading() as session:
        assert session.scalars(sa.select(Edition)).one().completed_at is not None


def test_a_file_nobody_named_is_kept_aside_and_the_rest_is_taken(phone: Phone) -> None:
    photo, stray = picture(), picture(7)
    xml = phone.record(photo="a.jpg")
    receipt = phone.send(xml, None, {"../../a.jpg": photo, "stray.jpg": stray})
    assert receipt.complete
    assert [(each.name, each.reason) for each in receipt.asides] == [
        ("stray.jpg", "unexpected-file")
    ]
    phone.send(xml, None, {"stray.jpg": stray})
    with phone.database.reading() as session:
        kept = session.scalars(sa.select(Refusal)).one()
        assert phone.store.get(kept.sha256) == stray
        assert kept.name == "stray.jpg"


def test_a_file_that_is_not_what_was_captured_stays_missing(phone: Phone) -> None:
    photo, other = picture(), picture(5)
    xml, ledger = phone.record(photo="a.jpg"), a_ledger({"a.jpg": photo})
    receipt = phone.send(xml, ledger, {"a.jpg": other})
    assert receipt.missing == ["a.jpg"]
    assert [each.problem for each in receipt.files] == ["wrong-hash"]
    assert [each.reason for each in receipt.asides] == ["wrong-hash"]

    receipt = phone.send(xml, ledger, {"a.jpg": photo})
    assert receipt.complete
    assert [each.problem for each in receipt.files] == [""]


def test_a_file_replaced_afterwards_is_a_clash_and_both_are_kept(phone: Phone) -> None:
    photo, other = picture(), picture(5)
    xml = phone.record(photo="a.jpg")
    phone.send(xml, None, {"a.jpg": photo})
    with pytest.raises(RefusedClash) as refused:
        phone.send(xml, None, {"a.jpg": other})
    assert refused.value.reason == "altered-file"
    with phone.database.reading() as session:
        held = session.scalars(sa.select(EditionFile)).one()
        assert held.sha256 == sha256(photo).hexdigest()
        assert phone.store.get(session.scalars(sa.select(Refusal)).one().sha256) == other


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "svg"),
        (b"<html></html>", "html"),
        (b"", "empty"),
        (b"MZ\x90\x00 no picture at all", "unknown"),
    ],
)
def test_what_is_no_photo_is_kept_sealed_and_said(
    phone: Phone, content: bytes, problem: str
) -> None:
    receipt = phone.send(phone.record(photo="a.jpg"), None, {"a.jpg": content})
    assert receipt.complete
    assert [each.problem for each in receipt.files] == [problem]
    with phone.database.reading() as session:
        held = session.scalars(sa.select(EditionFile)).one()
        assert held.media_type == "application/octet-stream"
        assert phone.store.get(held.sha256 or "") == content
