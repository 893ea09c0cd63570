"""The audit chain: holds when left alone, names the first row touched otherwise."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.database import Database

WHO = audit.System("wang", "office")


@pytest.fixture
def chain(database: Database) -> Database:
    """Five rows."""
    for number in range(5):
        with database.writing() as session:
            audit.record(session, WHO, "test.changed", f"thing:{number}", after={"n": number})
    return database


def verdict(database: Database) -> audit.Break | None:
    with database.reading() as session:
        return audit.verify(session)


def unlock(session: Session) -> None:
    """Take the database's own guard away, as somebody with the keys to it could."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("DROP TRIGGER audit_entries_no_update"))
        session.execute(sa.text("DROP TRIGGER audit_entries_no_delete"))
    else:
        session.execute(sa.text("DROP TRIGGER audit_entries_append_only ON audit_entries"))


def test_an_untouched_chain_holds(chain: Database) -> None:
    assert verdict(chain) is None


def test_an_empty_chain_holds(database: Database) -> None:
    assert verdict(database) is None


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET role='x'", "DELETE FROM audit_entries"]
)
def test_the_database_itself_refuses_changes(chain: Database, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), chain.writing() as session:
        session.execute(sa.text(statement))
    assert verdict(chain) is None


@pytest.mark.parametrize(
    ("statement", "number", "reason"),
    [
        ("UPDATE audit_entries SET after='[9]' WHERE number=3", 3, "altered"),
        ("UPDATE audit_entries SET username='li' WHERE number=2", 2, "altered"),
        ("DELETE FROM audit_entries WHERE number=2", 2, "missing"),
        ("DELETE FROM audit_entries WHERE number>3", 4, "tail-cut"),
        ("UPDATE audit_head SET number=4, digest='0' WHERE id=1", 6, "head-behind"),
        ("DELETE FROM audit_head", 5, "no-head"),
    ],
)
def test_the_first_broken_row_is_named(
    chain: Database, statement: str, number: int, reason: str
) -> None:
    with chain.writing() as session:
        unlock(session)
        session.execute(sa.text(statement))
    assert verdict(chain) == audit.Break(number, reason)


def test_a_row_rehashed_by_hand_breaks_the_next_link(chain: Database) -> None:
    with chain.writing() as session:
        unlock(session)
        row = dict(
            session.execute(sa.select(*audit.AuditEntry.__table__.columns).filter_by(number=2))
            .mappings()
            .one()
        )
        row["after"] = '{"n":100}'
        session.execute(
            sa.update(audit.AuditEntry)
            .where(audit.AuditEntry.number == 2)
            .values(after=row["after"], digest=audit.digest(row))
        )
    assert verdict(chain) == audit.Break(3, "not-linked")


def test_the_row_goes_with_its_change(database: Database) -> None:
    def fail_after_recording() -> None:
        with database.writing() as session:
            audit.record(session, WHO, "test.changed", "thing:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(audit.AuditEntry)) == 0
    assert verdict(database) is None


def test_writers_stand_in_line(database: Database) -> None:
    def write(name: str) -> None:
        for number in range(20):
            with database.writing() as session:
                audit.record(session, audit.System(name, "office"), "test.changed", f"{number}")

    threads = [threading.Thread(target=write, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdict(database) is None
    with database.reading() as session:
        head = session.get_one(audit.AuditHead, 1)
        assert head.number == 80


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_each_row_records_its_hash(database: Database, algorithm: str) -> None:
    with database.writing() as session:
        session.execute(sa.update(audit.AuditHead).values(algorithm=algorithm))
        audit.record(session, WHO, "test.changed", "thing", before={"名": "甲"}, after=None)
    with database.reading() as session:
        row = session.get_one(audit.AuditEntry, 1)
        assert (row.algorithm, len(row.digest)) == (algorithm, 64)
    assert verdict(database) is None


def test_a_number_that_is_not_one_never_enters_the_log(database: Database) -> None:
    with pytest.raises(ValueError, match="JSON"), database.writing() as session:
        audit.record(session, WHO, "test.changed", "thing", after={"value": float("nan")})
