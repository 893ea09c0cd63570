"""Taking in records: sent again, late, in other orders, and what is refused."""

# ruff: noqa: F401, F811 - fixtures are imported by name
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from evaluation.platform import audit, clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import rules
from surveys.submissions.errors import Refused, RefusedClash
from surveys.submissions.models import Edition, Refusal, Submission
from tests.conftest import Person
from tests.factories import field as factory
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, an_instance, picture
from tests.surveys.submissions.test_receive import counts, phone, set_state


def test_an_edit_is_the_next_edition(phone: Phone) -> None:
    photo = picture()
    first, second = an_instance(), an_instance()
    ledger = a_ledger({"a.jpg": photo})
    phone.send(phone.record(instance=first, photo="a.jpg"), ledger, {"a.jpg": photo})
    receipt = phone.send(
        phone.record(instance=second, follows=first, photo="a.jpg", minutes=20), ledger
    )
    assert receipt.complete, "the photo of the first edition is there"
    assert receipt.state == rules.RECEIVED
    with phone.database.reading() as session:
        record = session.scalars(sa.select(Submission)).one()
        chain = session.scalars(sa.select(Edition).order_by(Edition.place)).all()
        assert [(each.instance, each.place) for each in chain] == [(first, 1), (second, 2)]
        assert record.edition_id == chain[1].id
        assert record.root == first


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_edits_out_of_order_end_in_order(phone: Phone, order: tuple[int, ...]) -> None:
    ids = [an_instance() for _ in range(3)]
    photos = [picture(at) for at in range(3)]
    sendings = [
        (
            phone.record(
                instance=ids[at], follows=ids[at - 1] if at else "", minutes=at, photo=f"{at}.jpg"
            ),
            {f"{at}.jpg": photos[at]},
        )
        for at in range(3)
    ]
    for at in order:
        receipt = phone.send(sendings[at][0], None, sendings[at][1])
        assert receipt.complete
    with phone.database.reading() as session:
        record = session.scalars(sa.select(Submission)).one()
        chain = session.scalars(sa.select(Edition).order_by(Edition.place)).all()
        assert [each.instance for each in chain] == ids
        assert [each.place for each in chain] == [1, 2, 3]
        assert {each.submission_id for each in chain} == {record.id}
        assert (record.state, record.root) == (rules.RECEIVED, ids[0])
        assert record.edition_id == chain[2].id
        assert audit.verify(session) is None


def test_an_edition_that_waits_says_so(phone: Phone) -> None:
    receipt = phone.send(phone.record(follows=an_instance()))
    assert receipt.state == rules.WAITING
    assert counts(phone.database)["submissions"] == 0
    with phone.database.reading() as session:
        held = session.scalars(sa.select(Edition)).one()
        assert (held.place, held.submission_id) == (None, None)


def test_an_edit_after_approval_goes_back_to_review(phone: Phone) -> None:
    first = an_instance()
    phone.send(phone.record(instance=first))
    set_state(phone.database, rules.APPROVED)
    receipt = phone.send(phone.record(instance=an_instance(), follows=first, minutes=9))
    assert receipt.state == rules.RECEIVED
    with phone.database.reading() as session:
        newest = session.scalars(sa.select(Edition).order_by(Edition.place.desc())).first()
        assert newest is not None
        assert "edited-after-approval" in newest.flags


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (rules.ACCEPTED, "locked"),
        (rules.REJECTED, "rejected"),
        (rules.WITHDRAWN, "withdrawn"),
    ],
)
def test_a_record_that_is_closed_takes_no_edit(phone: Phone, held: str, reason: str) -> None:
    first = an_instance()
    phone.send(phone.record(instance=first))
    set_state(phone.database, held)
    edit = phone.record(instance=an_instance(), follows=first, minutes=9)
    with pytest.raises(RefusedClash) as refused:
        phone.send(edit)
    assert refused.value.reason == reason
    with phone.database.reading() as session:
        assert phone.store.get(session.scalars(sa.select(Refusal)).one().sha256) == edit


def test_resending_a_rejected_record_is_refused_with_its_reason(phone: Phone) -> None:
    xml = phone.record()
    phone.send(xml)
    set_state(phone.database, rules.REJECTED)
    with pytest.raises(RefusedClash) as refused:
        phone.send(xml)
    assert refused.value.reason == "rejected"
    assert "不予采信" in refused.value.explain()
    assert counts(phone.database)["refusals"] == 0, "nothing new came"


def test_a_visit_whose_record_was_withdrawn_can_be_recorded_again(phone: Phone) -> None:
    phone.send(phone.record())
    set_state(phone.database, rules.WITHDRAWN)
    assert phone.send(phone.record()).state == rules.RECEIVED
    assert counts(phone.database)["submissions"] == 2


def test_an_edit_of_what_was_edited_already_is_kept(phone: Phone) -> None:
    first = an_instance()
    phone.send(phone.record(instance=first))
    phone.send(phone.record(follows=first, minutes=2))
    with pytest.raises(RefusedClash) as refused:
        phone.send(phone.record(follows=first, minutes=3))
    assert refused.value.reason == "branched"


def test_an_edit_belongs_to_its_own_visit(
    phone: Phone, database: Database, evidence_store: EvidenceStore, settings: Settings
) -> None:
    other = a_phone(database, evidence_store, settings, "lin", code="bank")
    first = an_instance()
    phone.send(phone.record(instance=first))
    with pytest.raises(RefusedClash) as refused:
        other.send(other.record(follows=first))
    assert refused.value.reason == "chain"
    own = an_instance()
    with pytest.raises(RefusedClash):
        phone.send(phone.record(instance=own, follows=own))


def test_what_waits_for_another_visits_record_is_not_linked_to_it(
    phone: Phone, database: Database, evidence_store: EvidenceStore, settings: Settings
) -> None:
    other = a_phone(database, evidence_store, settings, "lin", code="bank")
    first = an_instance()
    other.send(other.record(follows=first))
    phone.send(phone.record(instance=first))
    with database.reading() as session:
        waiting = session.scalars(sa.select(Edition).where(Edition.place.is_(None))).one()
        assert waiting.submission_id is None


def test_flags_of_a_clock_that_is_wrong(phone: Phone) -> None:
    now = clock.now()
    wrong = now + timedelta(days=730)
    receipt = phone.send(
        phone.record(),
        a_ledger(
            sent_at=wrong.isoformat(),
            started_at=(wrong - timedelta(minutes=30)).isoformat(),
            ended_at=(wrong - timedelta(minutes=5)).isoformat(),
        ),
    )
    assert receipt.state == rules.RECEIVED
    with phone.database.reading() as session:
        held = session.scalars(sa.select(Edition)).one()
        assert held.flags == ["skew"]
        assert held.skew_seconds == pytest.approx(730 * 86400, abs=60)


def test_a_record_without_a_ledger_or_in_no_time_is_flagged(phone: Phone) -> None:
    now = clock.now()
    phone.send(
        phone.record(),
        a_ledger(started_at=(now - timedelta(seconds=2)).isoformat(), ended_at=now.isoformat()),
    )
    with phone.database.reading() as session:
        assert session.scalars(sa.select(Edition)).one().flags == ["too-fast"]


@pytest.mark.parametrize("ledger", [b"{", b"[1]", b"\xff", b'{"files": 3}', b"{}"])
def test_a_broken_ledger_costs_nothing(phone: Phone, ledger: bytes) -> None:
    receipt = phone.send(phone.record(), ledger)
    assert receipt.state == rules.RECEIVED
    with phone.database.reading() as session:
        held = session.scalars(sa.select(Edition)).one()
        assert phone.store.get(held.ledger or "") == ledger
        assert ("bad-ledger" in held.flags) == (not ledger.startswith(b"{") or ledger == b"{")


def test_an_engine_that_fails_costs_no_record(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveys.forms import logic

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("the engine broke")

    monkeypatch.setattr(logic, "check", fail)
    assert phone.send(phone.record()).state == rules.RECEIVED
    with phone.database.reading() as session:
        held = session.scalars(sa.select(Edition)).one()
        assert [each["kind"] for each in held.findings or ()] == ["not-evaluated"]


def test_findings_are_what_the_forms_logic_says(phone: Phone) -> None:
    phone.send(phone.record(minutes=-4))
    with phone.database.reading() as session:
        held = session.scalars(sa.select(Edition)).one()
        assert "constraint" in [each["kind"] for each in held.findings or ()]


def test_refusals_of_one_person_are_bounded(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from surveys.submissions import refusing
    from surveys.submissions.errors import TooManyRefusals

    monkeypatch.setattr(refusing, "MOST_A_DAY", 2)
    for at in range(2):
        with pytest.raises(Refused):
            phone.send(phone.record(visit="NOSUCHVISIT", minutes=at))
    with pytest.raises(TooManyRefusals):
        phone.send(phone.record(visit="NOSUCHVISIT", minutes=9))
    assert phone.send(phone.record()).state == rules.RECEIVED


def test_refused_files_of_later_posts_are_added_to_the_refusal(phone: Phone) -> None:
    xml = phone.record(visit="NOSUCHVISIT", photo="a.jpg")
    for name, content in (("a.jpg", picture()), ("b.jpg", picture(2)), ("a.jpg", picture())):
        with pytest.raises(Refused):
            phone.send(xml, None, {name: content})
    with phone.database.reading() as session:
        kept = session.scalars(sa.select(Refusal)).one()
        files = kept.facts["files"]
        assert [each["name"] for each in files] == ["a.jpg", "b.jpg"]
        assert phone.store.get(files[1]["sha256"]) == picture(2)
        facts = json.dumps(kept.facts)
        assert "NOSUCHVISIT" in facts


def test_another_evaluators_id_is_refused(
    phone: Phone,
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
) -> None:
    person("evaluator", name="wu")
    other = a_phone(database, evidence_store, settings, "wu", code="bank")
    instance = an_instance()
    phone.send(phone.record(instance=instance))
    with pytest.raises(RefusedClash) as refused:
        other.send(other.record(instance=instance))
    assert refused.value.reason == "instance-taken"
    assert counts(database)["editions"] == 1


def test_a_conflict_of_interest_closes_the_city(phone: Phone) -> None:
    with phone.database.writing() as session:
        factory.a_conflict(session, "lin", "C1")
    with pytest.raises(Refused) as refused:
        phone.send(phone.record())
    assert refused.value.reason == "conflict"
    assert counts(phone.database)["refusals"] == 1
