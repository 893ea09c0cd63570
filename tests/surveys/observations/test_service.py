"""Recording, adopting and withdrawing, on both databases."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty, NotFound
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from surveys.observations import rules, service, store
from surveys.observations.rules import Given
from tests.factories.province import a_round

WHO = System("office1", "office")


def entries(session: Session) -> list[AuditEntry]:
    return list(
        session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.action.like("observation%"))
            .order_by(AuditEntry.number)
        )
    )


def adopted(session: Session, round_id: int) -> dict[tuple[str, str], tuple[str, float | None]]:
    return {
        (each.city, each.indicator): (each.method, each.value)
        for each in service.adopted(session, round_id)
    }


def give(session: Session, method: str, value: float | None, **more: Any) -> Any:
    found = rounds.by_code(session, "R1")
    city = {"city": "C1", "indicator": "I1"} | more
    return service.record(session, WHO, found, method=method, value=value, **city)


def test_record_then_change_then_the_same_again(database: Database) -> None:
    with database.writing() as session:
        a_round(session)
        first = give(session, "full_filing", 5, source="填报")
        assert (first.value, first.revision, first.unit, first.adopted) == (5.0, 1, "工作日", True)
        changed = give(session, "full_filing", 6.5, source="填报")
        assert (changed.value, changed.revision) == (6.5, 2)
        give(session, "full_filing", 6.5, source="填报")
        said = entries(session)
        assert [entry.action for entry in said] == ["observation.recorded"] * 2
        assert said[1].subject == "round:R1/city:C1/indicator:I1"
        assert json.loads(said[1].after or "")["changes"] == [["C1", "I1", "full_filing", 5, 6.5]]
        assert audit.verify(session) is None


def test_verification_takes_over_and_a_choice_by_hand_stays(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session)
        give(session, "full_filing", 5)
        give(session, "verification", 9)
        assert adopted(session, found.id) == {("C1", "I1"): ("verification", 9.0)}
        service.adopt(session, WHO, found, "C1", "I1", "full_filing", "台账复核无误")
        chosen = service.adopted(session, found.id)[0]
        assert (chosen.method, chosen.chosen_by) == ("full_filing", "office1")
        assert chosen.chosen_reason == "台账复核无误"
        give(session, "verification", 10)
        assert adopted(session, found.id) == {("C1", "I1"): ("full_filing", 5.0)}
        service.follow_rule(session, WHO, found, "C1", "I1", "重新核验")
        assert adopted(session, found.id) == {("C1", "I1"): ("verification", 10.0)}
        assert [entry.action for entry in entries(session)][2:] == [
            "observation.adopted",
            "observation.recorded",
            "observation.released",
        ]


def test_what_may_not_be_adopted(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session)
        give(session, "full_filing", 5)
        with pytest.raises(rules.NotObserved):
            service.adopt(session, WHO, found, "C1", "I1", "verification", "因为")
        with pytest.raises(rules.ChoiceNeedsReason):
            service.adopt(session, WHO, found, "C1", "I1", "full_filing", "  ")
        with pytest.raises(NotFound):
            service.adopt(session, WHO, found, "C1", "D1", "full_filing", "因为")
        with pytest.raises(NotFound):
            service.adopt(session, WHO, found, "C9", "I1", "full_filing", "因为")
        assert len(entries(session)) == 1


def test_not_applicable_is_neither_missing_nor_zero(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session)
        held = give(session, "full_filing", None, indicator="I4", not_applicable=True)
        assert (held.value, held.not_applicable, held.adopted) == (None, True, True)
        held = give(session, "full_filing", -0.0, indicator="I4")
        assert (str(held.value), held.not_applicable) == ("0.0", False)
        after = json.loads(entries(session)[-1].after or "")
        assert after["changes"] == [["C1", "I4", "full_filing", "NA", 0]]
        assert store.adopted_counts(session, found.id) == [("C1", "full_filing", 1)]


def test_many_are_all_or_nothing_with_one_audit_row(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session)
        good = [Given(c, i, "full_filing", 5.0) for c in ("C1", "C2", "C3") for i in ("I1", "I2")]
        with pytest.raises(Faulty) as refused:
            service.record_many(
                session, WHO, found, [*good, Given("C9", "I1", "full_filing", 5.0), good[0]]
            )
        assert [(fault.code, fault.row) for fault in refused.value.faults] == [
            ("unknown-city", 7),
            ("repeated", 8),
        ]
        assert service.adopted(session, found.id) == []
        done = service.record_many(session, WHO, found, good, about={"file": "甲.xlsx"})
        assert (done.changed, done.readopted) == (6, 6)
        assert service.record_many(session, WHO, found, good).changed == 0
        (entry,) = entries(session)
        after = json.loads(entry.after or "")
        assert (entry.subject, after["file"], len(after["changes"])) == ("round:R1", "甲.xlsx", 6)


def test_withdrawn_values_give_way_to_the_next_method(database: Database) -> None:
    with database.writing() as session:
        found = a_round(session)
        give(session, "full_filing", 5)
        give(session, "verification", 9)
        keys = [("C1", "I1", "verification"), ("C2", "I1", "verification")]
        assert service.withdraw(session, WHO, found, keys, reason="退回") == 1
        assert adopted(session, found.id) == {("C1", "I1"): ("full_filing", 5.0)}
        assert service.withdraw(session, WHO, found, keys, reason="退回") == 0
        assert entries(session)[-1].action == "observations.withdrawn"


@pytest.mark.parametrize("state", ["scored", "objection", "published"])
def test_a_scored_round_is_closed(database: Database, state: str) -> None:
    with database.writing() as session:
        found = a_round(session, state=state)
        for attempt in (
            lambda: give(session, "full_filing", 5),
            lambda: service.adopt(session, WHO, found, "C1", "I1", "full_filing", "因为"),
            lambda: service.withdraw(
                session, WHO, found, [("C1", "I1", "full_filing")], reason="退回"
            ),
        ):
            with pytest.raises(round_rules.RoundClosed):
                attempt()
