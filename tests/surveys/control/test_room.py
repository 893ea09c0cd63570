"""What the control room counts, for whom, and in how many questions to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.accounts.principal import Principal
from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from surveys.control.lens import Lens
from surveys.control.room import Room, look
from surveys.forms.models import FormVersion
from surveys.review.models import ReviewStep
from surveys.submissions.models import Edition, Refusal
from surveys.visits.codes import random_code
from surveys.visits.masking import alias
from surveys.visits.models import Visit, VisitQuota
from tests.factories.field import a_device, a_form, a_plan, a_visit
from tests.surveys.photos import samples
from tests.surveys.photos.records import a_file
from tests.surveys.readings.desk import a_field_round, a_record


@dataclass
class Field:
    """A round under way."""

    session: Session
    store: EvidenceStore
    settings: Settings
    round: Round
    version: FormVersion

    def record(self, **options: Any) -> Any:
        return a_record(self.session, self.store, self.round, self.version, **options)

    def seen_by(self, role: str = roles.OFFICE, cities: tuple[str, ...] = ()) -> Room:
        who = Principal(
            0, 0, role, role, role, frozenset(cities), frozenset(), "", must_change_password=False
        )
        self.session.flush()
        return look(Lens(self.session, self.store, self.settings, who, self.round))


@pytest.fixture
def field(database: Database, evidence_store: EvidenceStore, settings: Settings) -> Iterator[Field]:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        yield Field(session, evidence_store, settings, found, version)


def test_records_by_state_and_age(field: Field) -> None:
    now = clock.now()
    field.record(state="received", edition={"completed_at": now - timedelta(days=2)})
    old = field.record(state="received", edition={"completed_at": now - timedelta(days=20)})
    approved = field.record(state="approved")
    approved.approved_at = now - timedelta(days=5)
    field.record(state="accepted")
    field.record(state="rejected")
    room = field.seen_by()
    assert room.by_state == {"received": 2, "approved": 1}
    assert room.ages["received"] == [0, 1, 0, 1]
    assert room.ages["approved"] == [0, 0, 1, 0]
    assert room.today == 5
    assert old.code


def test_a_return_ages_from_the_return(field: Field) -> None:
    sent = field.record(state="returned", edition={"completed_at": clock.now() - timedelta(days=9)})
    field.session.add(
        ReviewStep(
            submission_id=sent.id, edition_id=sent.edition_id, action="return",
            from_state="received", to_state="returned", by="sun",
            at=clock.now() - timedelta(days=2),
        )
    )  # fmt: skip
    room = field.seen_by()
    assert room.ages["returned"] == [0, 1, 0, 0]
    assert [line.code for line in room.returned] == [sent.code]


def test_coverage_against_quota(field: Field) -> None:
    plan = a_plan(field.session, field.round, issued_at=clock.now(), issued_by="office")
    field.session.add(
        VisitQuota(plan_id=plan.id, city="C1", form_id=field.version.form_id, count=4)
    )
    for state in ("accepted", "received", "withdrawn"):
        field.record(state=state)
    a_visit(field.session, field.round, field.version, "adam", "C1", plan=plan)
    (cell,) = field.seen_by().covered.cells.values()
    assert (cell.wanted, cell.issued, cell.arrived, cell.accepted) == (4, 4, 2, 1)


def test_what_is_missing_is_named_by_its_question(field: Field) -> None:
    sent = field.record(state="incomplete", photo=None)
    edition = field.session.get_one(Edition, sent.edition_id)
    a_file(field.session, field.store, edition, "1709600000000.jpg", None)
    a_file(field.session, field.store, edition, "here.jpg", samples.picture())
    (line,) = field.seen_by().incomplete
    assert (line.code, line.why) == (sent.code, ("标识照片",))


def test_fast_visits_by_script_by_median_and_by_what_was_noted(field: Field) -> None:
    now = clock.now()

    def took(minutes: float) -> dict[str, Any]:
        return {"started_at": now - timedelta(minutes=minutes), "ended_at": now}

    for _ in range(5):
        field.record(state="received", edition=took(30))
    script = field.record(state="received", edition=took(0.5))  # the script takes two minutes
    usual = field.record(state="received", edition=took(9))
    noted = field.record(state="received", edition=took(40) | {"flags": ["too-fast"]})
    field.record(state="accepted", edition=took(1))
    found = {line.code: line.expected for line in field.seen_by().fast}
    assert found == {script.code: 30.0, usual.code: 30.0, noted.code: None}


def test_lookalikes_and_files_used_twice(field: Field) -> None:
    same = {"answers_sha256": "a" * 64}
    one, two = (field.record(state="received", edition=same) for _ in range(2))
    field.record(state="rejected", edition=same)
    photo = samples.picture("PNG")
    three = field.record(state="received", photo=photo)
    four = field.record(state="accepted", photo=photo, city="C2")
    room = field.seen_by()
    assert [group.codes for group in room.alike] == [tuple(sorted((one.code, two.code)))]
    assert [group.codes for group in room.twins] == [tuple(sorted((three.code, four.code)))]
    own = field.seen_by(roles.SUPERVISOR, ("C1",))
    assert [(group.codes, group.elsewhere) for group in own.twins] == [((three.code,), 1)]
    assert field.seen_by(roles.SUPERVISOR, ("C3",)).twins == []


def test_two_looks_at_one_place_may_well_be_alike(field: Field) -> None:
    same = {"answers_sha256": "b" * 64}
    first = field.record(state="received", edition=same)
    visit = field.session.get_one(Visit, first.visit_id)
    second = field.record(state="received", edition=same, second_of=visit, evaluator="other")
    assert field.seen_by().alike == []
    third = field.record(state="received", edition=same)
    (group,) = field.seen_by().alike
    assert set(group.codes) == {first.code, second.code, third.code}


def test_phones_of_people_at_work_that_are_silent_or_full(field: Field) -> None:
    session, now = field.session, clock.now()
    for who, seen, unsent in (
        ("silent", now - timedelta(days=2), 3), ("full", now, 2), ("well", now, 0),
        ("never", None, None), ("resting", None, None),
    ):  # fmt: skip
        a_device(session, who, name=f"phone of {who}", seen_at=seen,
                 report={} if unsent is None else {"unsent": unsent})  # fmt: skip
        if who != "resting":
            a_visit(session, field.round, field.version, who)
    a_visit(session, field.round, field.version, "phoneless", "C2")
    a_device(session, "phoneless", revoked_at=now, revoked_by="office")
    field.record(evaluator="done", state="received")
    room = field.seen_by()
    found = {each.visitor: (each.is_silent, each.unsent) for each in room.phones}
    assert found == {
        "silent": (True, 3), "full": (False, 2), "never": (True, None), "phoneless": (True, None),
    }  # fmt: skip
    assert (room.silent, room.unsent) == (3, 5)
    own = field.seen_by(roles.SUPERVISOR, ("C2",))
    assert [each.visitor for each in own.phones] == ["phoneless"]


def test_refusals_of_this_round_and_of_none(field: Field) -> None:
    device, _key = a_device(field.session, "eve")
    for facts, settled in (
        ({"round": "R1", "city": "C1"}, False),
        ({"round": "R1", "city": "C2"}, False),
        ({"round": "R1", "city": "C1"}, True),
        ({"round": "R9", "city": "C1"}, False),
        ({"round": None, "city": None}, False),
    ):
        field.session.add(
            Refusal(
                code=random_code(), reason="window-closed", sha256="0" * 64, size=1,
                device_id=device.id, evaluator="eve", facts=facts, received_at=clock.now(),
                settled_at=clock.now() if settled else None,
            )
        )  # fmt: skip
    assert field.seen_by().refusals == {"window-closed": 3}
    assert field.seen_by(roles.SUPERVISOR, ("C1",)).refusals == {"window-closed": 1}


def test_reviewers_with_what_waits_for_them(field: Field) -> None:
    for name, role, cities in (
        ("sun", "supervisor", ["C1"]), ("song", "supervisor", ["C2"]), ("ou", "office", []),
    ):  # fmt: skip
        field.session.add(
            User(
                username=name, display_name=name.title(), role=role, cities=cities, rounds=[],
                department="", password_hash="!", must_change_password=False, active=True,
                created_at=clock.now(),
            )
        )  # fmt: skip
    field.record(state="received", city="C1")
    done = field.record(state="approved", city="C1")
    for days in (0, 3, 30):
        field.session.add(
            ReviewStep(
                submission_id=done.id, edition_id=done.edition_id, action="approve",
                from_state="received", to_state="approved", by="sun",
                at=clock.now() - timedelta(days=days),
            )
        )  # fmt: skip
    found = [(r.name, r.waiting, r.today, r.week) for r in field.seen_by().reviewers]
    assert found == [("Ou", 1, 0, 0), ("Sun", 1, 1, 2)]


def test_an_auditor_meets_aliases_only(field: Field) -> None:
    same = {"answers_sha256": "a" * 64}
    photo = samples.picture("PNG")
    for _ in range(2):
        field.record(state="returned", edition=same | {"flags": ["too-fast"]}, photo=photo)
    a_visit(field.session, field.round, field.version, "adam")
    room = field.seen_by(roles.AUDITOR)
    masked = alias(field.settings.secret, "evelyn.wu")
    assert [line.visitor for line in (*room.returned, *room.fast)] == [masked] * 4
    assert [group.visitors for group in (*room.alike, *room.twins)] == [(masked,)] * 2
    assert room.phones[0].visitor.startswith("V-")
    assert "evelyn.wu" not in repr(room)
    assert "adam" not in repr(room)
    assert "evelyn.wu" in repr(field.seen_by())


def test_a_supervisor_sees_their_cities(field: Field) -> None:
    field.record(state="received", city="C1")
    field.record(state="received", city="C2")
    assert field.seen_by(roles.SUPERVISOR, ("C2",)).by_state == {"received": 1}
    assert field.seen_by(roles.SUPERVISOR).by_state == {"received": 2}


def test_the_number_of_questions_does_not_grow(field: Field) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            who = f"visitor{number}-{random_code(4)}"
            for state in ("received", "incomplete", "returned", "approved"):
                field.record(state=state, evaluator=who, edition={"answers_sha256": "b" * 64})
            a_visit(field.session, field.round, field.version, who)
            a_device(field.session, who)
        field.session.flush()

    fill(1)
    with counted(field.session) as few:
        field.seen_by()
    fill(6)
    with counted(field.session) as many:
        field.seen_by()
    assert len(many) <= len(few)
    assert len(many) <= 22


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Every statement that the block sends."""
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
