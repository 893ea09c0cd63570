"""The steps of a review on both databases: states, stamps, steps, audit, what follows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import service as rounds_service
from evaluation.rounds.rules import SCORED, VERIFYING, RoundClosed
from surveys.review import errors, service, store
from surveys.review.cases import Seen
from tests.surveys.review.submitted import (
    OFFICE,
    OTHER_OFFICE,
    SECOND,
    SUPERVISOR,
    Field,
    a_field,
    resubmit,
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


def take(field: Field, who: Any, action: str, record: Any, **told: Any) -> Any:
    hooks = {name: told.pop(name) for name in ("accepted", "reopened") if name in told}
    now = told.pop("seen", None) or seen(field.session, record)
    return service.take(field.session, field.desk(who, **hooks), action, record, now, **told)


def test_the_whole_way_and_what_follows(field: Field, session: Session) -> None:
    record = field.record()
    followed: list[Any] = []

    def accepted(*given: Any) -> None:
        followed.append(("accepted", given[2].username, given[3].state))

    def reopened(*given: Any) -> None:
        followed.append(("reopened", given[2].username, given[3].state))

    take(field, SUPERVISOR, "approve", record)
    assert (record.state, record.approved_by, record.revision) == ("approved", "sun", 2)
    take(field, OFFICE, "accept", record, accepted=(accepted,))
    assert (record.state, record.accepted_by) == ("accepted", "ou")
    take(field, OFFICE, "ask", record, reason="照片不是同一处", reopened=(reopened,))
    assert record.state == "accepted"
    take(field, SECOND, "reopen", record, reopened=(reopened,))
    assert (record.state, record.approved_by, record.accepted_by) == ("received", None, None)
    assert followed == [("accepted", "ou", "accepted"), ("reopened", "song", "received")]
    told = [(s.action, s.from_state, s.to_state, s.by) for s in store.steps(session, record)]
    assert told == [
        ("approve", "received", "approved", "sun"),
        ("accept", "approved", "accepted", "ou"),
        ("ask", "accepted", "accepted", "ou"),
        ("reopen", "accepted", "received", "song"),
    ]
    assert audit.verify(session) is None


def test_a_declined_reopening_stays_accepted_and_may_be_asked_again(field: Field) -> None:
    record = field.record(state="accepted", approved_by="sun", accepted_by="ou")
    take(field, OFFICE, "ask", record, reason="看错了")
    with pytest.raises(errors.SecondPersonNeeded):
        take(field, OFFICE, "reopen", record)
    take(field, OFFICE, "decline", record, reason="没有看错")
    with pytest.raises(errors.SecondPersonNeeded):
        take(field, OTHER_OFFICE, "reopen", record)
    take(field, OFFICE, "ask", record, reason="确实错了")
    take(field, OTHER_OFFICE, "reopen", record)
    assert record.state == "received"


def test_a_returned_record_carries_its_reasons_and_comes_back(
    field: Field, session: Session
) -> None:
    record = field.record(sign="no")
    with pytest.raises(errors.ReasonsMissing):
        take(field, SUPERVISOR, "return", record, reason="重做")
    with pytest.raises(errors.NoSuchQuestion):
        take(field, SUPERVISOR, "return", record, reasons={"/data/other": "x"})
    take(field, SUPERVISOR, "return", record, reasons={"/data/photo": "看不清门牌 "})
    assert record.state == "returned"
    (step,) = store.steps(session, record)
    assert step.reasons == {"/data/photo": "看不清门牌"}
    with pytest.raises(errors.WrongState, match="退回补正"):
        take(field, SUPERVISOR, "approve", record)
    edition = resubmit(field, record)
    take(field, SUPERVISOR, "approve", record)
    assert store.steps(session, record)[-1].edition_id == edition.id


def test_findings_are_answered_before_approval(field: Field, session: Session) -> None:
    record = field.record(findings=[MISMATCH, {"kind": "relevant", "path": "/data/x"}])
    with pytest.raises(errors.FindingsUnanswered) as refused:
        take(field, SUPERVISOR, "approve", record)
    assert refused.value.facts["count"] == 1
    assert record.state == "received"
    take(field, SUPERVISOR, "approve", record, reason="表单旧版的算法，现场核对过")
    assert store.steps(session, record)[0].reason == "表单旧版的算法，现场核对过"


def test_what_was_never_checked_is_answered_too(field: Field) -> None:
    record = field.record(findings=None)
    with pytest.raises(errors.FindingsUnanswered):
        take(field, SUPERVISOR, "approve", record)


def test_a_record_without_its_files_is_not_approved(field: Field) -> None:
    record = field.record(state="incomplete", arrived=False)
    with pytest.raises(errors.StillIncomplete):
        take(field, SUPERVISOR, "approve", record, reason="先通过")
    sneaked = field.record(arrived=False)
    with pytest.raises(errors.StillIncomplete):
        take(field, SUPERVISOR, "approve", sneaked, reason="先通过")


def test_the_visitor_of_any_edition_does_not_review(field: Field) -> None:
    record = field.record(evaluator="sun")
    with pytest.raises(errors.OwnWork):
        take(field, SUPERVISOR, "approve", record)
    with pytest.raises(errors.OwnWork):
        take(field, SUPERVISOR, "return", record, reasons={"/data/photo": "x"})


def test_a_supervisor_of_other_cities_finds_nothing(field: Field) -> None:
    record = field.record()
    elsewhere = somebody("supervisor", "far", ["C2"])
    with pytest.raises(NotFound):
        take(field, elsewhere, "approve", record)
    with pytest.raises(NotFound):
        store.get(field.session, field.desk(elsewhere), record.code)
    assert store.get(field.session, field.desk(SUPERVISOR), record.code) is record


@pytest.mark.parametrize("role", ["auditor", "evaluator", "clerk", "approver", "leader"])
def test_no_other_role_takes_a_step(field: Field, role: str) -> None:
    record = field.record()
    for action in ("approve", "reject", "withdraw"):
        with pytest.raises(NotFound):
            take(field, somebody(role, cities=["C1"]), action, record, reason="x")


def test_the_second_to_save_is_told_what_the_first_did(field: Field, session: Session) -> None:
    record = field.record()
    old = seen(session, record)
    take(field, SECOND, "return", record, reasons={"/data/photo": "看不清"})
    with pytest.raises(errors.Moved) as refused:
        take(field, SUPERVISOR, "approve", record, seen=old)
    said = refused.value.explain()
    assert "song" in said
    assert "退回补正" in said
    assert "看不清" in said
    resubmit(field, record)
    with pytest.raises(errors.Moved, match="第 2 版"):
        take(field, SUPERVISOR, "approve", record, seen=old)
    assert "visitor" not in said
    with pytest.raises(errors.Moved):
        take(field, SUPERVISOR, "approve", record, seen=Seen.read("whatever"))


def test_rejected_and_withdrawn_records_come_back(field: Field, session: Session) -> None:
    record = field.record()
    with pytest.raises(errors.ReasonMissing):
        take(field, SUPERVISOR, "reject", record)
    take(field, SUPERVISOR, "reject", record, reason="不是这个大厅")
    with pytest.raises(NotFound):
        take(field, SUPERVISOR, "restore", record, reason="是")
    take(field, OFFICE, "restore", record, reason="核实是同一大厅")
    take(field, OFFICE, "withdraw", record, reason="测试数据")
    assert record.state == "withdrawn"
    visit = store.visit_of(session, record)
    again = field.record(visit=visit)
    with pytest.raises(errors.VisitTaken, match=again.code):
        take(field, OFFICE, "restore", record, reason="误撤销")
    take(field, OFFICE, "withdraw", again, reason="测试数据")
    take(field, OFFICE, "restore", record, reason="误撤销")
    assert record.state == "received"


def test_a_record_restored_without_its_files_waits_for_them(field: Field) -> None:
    record = field.record(state="incomplete", arrived=False)
    take(field, SUPERVISOR, "reject", record, reason="手机丢失")
    take(field, OFFICE, "restore", record, reason="手机找到了")
    assert record.state == "incomplete"


def test_nothing_moves_once_the_round_is_scored(field: Field, session: Session) -> None:
    record = field.record(state="approved", approved_by="sun")
    for state in (VERIFYING, SCORED):
        rounds_service.advance(session, OFFICE, field.round, state)
    with pytest.raises(RoundClosed):
        take(field, OFFICE, "accept", record)


def test_the_log_names_the_reviewer_and_never_the_visitor(
    field: Field, session: Session, person: Any
) -> None:
    record = field.record(evaluator="zhang.wei", findings=[MISMATCH])
    take(field, SUPERVISOR, "approve", record, reason="问过 Zhang.Wei，属实")
    take(field, SECOND, "return", record, reasons={"/data/photo": "请 zhang.wei 补拍"})
    rows = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action.like("submission.%"))
    ).all()
    assert [(row.username, row.action, row.subject) for row in rows] == [
        ("sun", "submission.approve", f"submission:{record.code}"),
        ("song", "submission.return", f"submission:{record.code}"),
    ]
    text = " ".join(f"{row.before} {row.after}" for row in rows)
    assert "zhang" not in text.lower()
    assert field.desk(OFFICE).alias("zhang.wei") in text
    after = json.loads(str(rows[0].after))
    assert (after["state"], after["findings"], after["edition"]) == ("approved", 1, 1)


def test_display_names_are_taken_out_of_the_log(
    field: Field, session: Session, evidence_store: EvidenceStore
) -> None:
    from evaluation.accounts.models import User
    from evaluation.platform import clock

    session.add(
        User(
            username="zw", display_name="张伟", role="evaluator", cities=[], rounds=[],
            department="", password_hash="!", must_change_password=False, active=True,
            created_at=clock.now(),
        )
    )  # fmt: skip
    record = field.record(evaluator="zw")
    take(field, SUPERVISOR, "reject", record, reason="张伟没有到场")
    row = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert row is not None
    assert "张伟" not in str(row.after)
    assert store.steps(session, record)[0].reason == "张伟没有到场"


def test_a_hook_that_refuses_leaves_everything_as_it_was(field: Field, database: Database) -> None:
    record = field.record(state="approved", approved_by="sun")

    def refuses(*_: Any) -> None:
        raise Faulty([Fault("out-of-range", "超出范围")])

    before = record.revision
    with pytest.raises(Faulty), field.session.begin_nested():
        take(field, OFFICE, "accept", record, accepted=(refuses,))
    assert (record.state, record.revision) == ("approved", before)
