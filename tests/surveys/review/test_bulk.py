"""Many records at once, and two reviewers at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.review import bulk, errors, service, store
from surveys.review.cases import Seen
from surveys.review.desk import Desk
from surveys.submissions.models import Submission
from tests.surveys.review.submitted import (
    SECOND,
    SECRET,
    SUPERVISOR,
    Field,
    a_field,
    seen,
    somebody,
)

MISMATCH = {
    "kind": "calculation",
    "path": "/data/total",
    "facts": {"should": "3", "held": "2"},
}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def field(session: Session, evidence_store: EvidenceStore) -> Field:
    return a_field(session, evidence_store)


def test_many_at_once_keep_the_same_rules_one_by_one(field: Field, session: Session) -> None:
    good, own = field.record(), field.record(evaluator="sun")
    faulty, incomplete = field.record(findings=[MISMATCH]), field.record(state="incomplete")
    elsewhere, stale = field.record(city="C2"), field.record()
    desk = field.desk(somebody("supervisor", "sun", ["C1"]))
    everything = (good, own, faulty, incomplete, elsewhere)
    chosen = [(record.code, seen(session, record)) for record in everything]
    chosen += [(stale.code, Seen(7)), ("NOSUCHCODE", Seen(1)), chosen[0]]
    told = bulk.take_all(session, desk, "approve", chosen)
    assert [(each.code, each.done) for each in told] == [
        (good.code, True),
        (own.code, False),
        (faulty.code, False),
        (incomplete.code, False),
        (elsewhere.code, False),
        (stale.code, False),
        ("NOSUCHCODE", False),
    ]
    assert all(each.text for each in told)
    assert told[4].text == told[6].text
    assert good.state == "approved"
    assert {own.state, faulty.state, elsewhere.state, stale.state} == {"received"}
    assert session.scalar(sa.select(sa.func.count()).select_from(store.ReviewStep)) == 1
    assert audit.verify(session) is None


def test_a_bulk_return_names_its_question_for_each(field: Field, session: Session) -> None:
    one, two = field.record(), field.record()
    desk = field.desk(SUPERVISOR)
    chosen = [(each.code, seen(session, each)) for each in (one, two)]
    assert not any(each.done for each in bulk.take_all(session, desk, "return", chosen))
    told = bulk.take_all(session, desk, "return", chosen, reasons={"/data/photo": "看不清"})
    assert all(each.done for each in told)
    assert {one.state, two.state} == {"returned"}


def test_a_bulk_step_needs_something_and_not_too_much(field: Field, session: Session) -> None:
    desk = field.desk(SUPERVISOR)
    with pytest.raises(Faulty):
        bulk.take_all(session, desk, "approve", [])
    many = [(f"CODE{number}", Seen(1)) for number in range(bulk.MOST + 1)]
    with pytest.raises(Faulty):
        bulk.take_all(session, desk, "approve", many)


def test_accepting_together_still_takes_a_second_person(field: Field, session: Session) -> None:
    mine = field.record(state="approved", approved_by="sun")
    others = field.record(state="approved", approved_by="song")
    chosen = [(each.code, seen(session, each)) for each in (mine, others)]
    told = bulk.take_all(session, field.desk(SUPERVISOR), "accept", chosen)
    assert [each.done for each in told] == [False, True]


def test_of_two_at_the_same_moment_one_is_told(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        record = a_field(session, evidence_store).record()
        now = seen(session, record)
    together = Barrier(2)

    def approve(who: Any) -> str:
        together.wait()
        try:
            with database.writing() as session:
                found = rounds.by_code(session, "R1")
                held = session.get_one(Submission, record.id)
                desk = Desk(who, found, evidence_store, SECRET)
                service.approve(session, desk, held, now)
        except errors.Moved as moved:
            return moved.explain()
        return "approved"

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(approve, (SUPERVISOR, SECOND)))
    assert told[0] == "approved"
    assert "审核通过" in told[1]
    with database.reading() as session:
        assert len(store.steps(session, record)) == 1
        assert audit.verify(session) is None
