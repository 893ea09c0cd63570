"""Failed checkpoints become findings, once; reopened records take theirs back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from surveys.findings import rules, service, store
from surveys.findings.models import Finding
from surveys.forms.document import Question, Words
from surveys.submissions.models import Edition, EditionFile
from surveys.visits.models import Visit
from tests.factories.field import a_document, a_form
from tests.surveys.photos import samples
from tests.surveys.photos.records import a_file
from tests.surveys.readings.desk import REVIEWER, a_field_round, a_form_of, a_record


def findings(session: Session) -> list[Finding]:
    return list(session.scalars(sa.select(Finding).order_by(Finding.id)))


def test_a_failed_checkpoint_carries_what_putting_it_right_needs(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        bad = a_record(session, evidence_store, found, version, sign="no")
        good = a_record(session, evidence_store, found, version, sign="yes")
        for sent in (bad, good):
            service.on_accept(session, evidence_store, REVIEWER, sent)
        (made,) = findings(session)
        assert (made.title, made.title_en) == ("有指引标识", "There is a sign")
        assert (made.answer, made.answer_en) == ("否", "No")
        assert (made.city, made.measure, made.department) == ("C1", 1, "政务局")
        assert (made.severity, made.state) == ("medium", "open")
        assert made.found_on == clock.local(clock.now(), "Asia/Shanghai").strftime("%Y-%m")
        (photo,) = session.scalars(
            sa.select(EditionFile).where(EditionFile.edition_id == bad.edition_id)
        )
        assert made.evidence == [
            {"sha256": photo.sha256, "question": "photo", "media_type": "image/jpeg", "shown": True}
        ]
        log = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "findings.recorded"))
        assert [json.loads(each.after or "") for each in log] == [{made.code: "open"}]


def test_the_framework_names_the_department_where_the_form_does_not(
    database: Database, evidence_store: EvidenceStore
) -> None:
    document = a_document()
    questions = tuple(
        replace(each, department="", severity="") if each.name == "sign" else each
        for each in document.questions
    )
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form_of(session, evidence_store, replace(document, questions=questions))
        sent = a_record(session, evidence_store, found, version, sign="no")
        service.on_accept(session, evidence_store, REVIEWER, sent)
        (made,) = findings(session)
        assert (made.department, made.severity) == ("省示例局", "medium")


def test_accepted_again_it_is_the_same_finding(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        sent = a_record(session, evidence_store, a_field_round(session), sign="no")
        service.on_accept(session, evidence_store, REVIEWER, sent)
        code = findings(session)[0].code
        service.show_outside(session, REVIEWER, findings(session)[0], 1, False)
        service.on_reopen(session, evidence_store, REVIEWER, sent)
        assert [each.state for each in findings(session)] == ["withdrawn"]
        assert store.findings(session, store.conditions(sent.round_id, rules.Scope())) == []
        service.on_accept(session, evidence_store, REVIEWER, sent)
        (made,) = findings(session)
        assert (made.code, made.state) == (code, "open")
        assert made.evidence[0]["shown"] is False  # kept back stays kept back


def test_a_checkpoint_that_was_mended_stays_withdrawn(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        version = a_form(session, evidence_store)
        sent = a_record(session, evidence_store, a_field_round(session), version, sign="no")
        service.on_accept(session, evidence_store, REVIEWER, sent)
        edition = session.get_one(Edition, sent.edition_id)
        edition.xml = evidence_store.put(
            evidence_store.get(edition.xml).replace(b"<sign>no<", b"<sign>yes<")
        )
        service.on_accept(session, evidence_store, REVIEWER, sent)
        assert [each.state for each in findings(session)] == ["withdrawn"]


def test_a_second_look_finds_nothing_of_its_own(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        first = a_record(session, evidence_store, found, version)
        again = a_record(
            session, evidence_store, found, version, evaluator="adam",
            second_of=session.get_one(Visit, first.visit_id), sign="no",
        )  # fmt: skip
        service.on_accept(session, evidence_store, REVIEWER, again)
        assert findings(session) == []


def test_what_a_visitor_typed_is_not_told(
    database: Database, evidence_store: EvidenceStore
) -> None:
    typed = Question(
        "why", "/data/why", "text", 9, Words("为什么没有标识"), fails_when="!= none", measure=1
    )
    document = a_document()
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form_of(
            session, evidence_store, replace(document, questions=(*document.questions, typed))
        )
        sent = a_record(session, evidence_store, found, version, why="我三号上午去的，姓王")
        service.on_accept(session, evidence_store, REVIEWER, sent)
        (made,) = findings(session)
        assert (made.title, made.answer, made.answer_en) == ("为什么没有标识", "", "")


@pytest.mark.parametrize(
    ("kind", "appearance", "media_type", "shown"),
    [
        ("image", "", "image/jpeg", True),
        ("image", "signature", "image/png", False),
        ("signature", "", "image/png", False),
        ("image", "", "image/heic", False),
        ("audio", "", "audio/mp4", False),
        ("video", "", "video/mp4", False),
        ("file", "", "application/pdf", False),
    ],
)
def test_only_pictures_of_the_place_are_shown(
    kind: str, appearance: str, media_type: str, shown: bool
) -> None:
    question = Question("q", "/data/q", kind, 1, appearance=appearance)
    assert rules.may_be_shown(question, media_type) is shown


def test_a_signature_and_a_voice_stay_inside(
    database: Database, evidence_store: EvidenceStore
) -> None:
    document = a_document()
    questions = [
        replace(each, evidence=("photo", "signed", "voice")) if each.name == "sign" else each
        for each in document.questions
    ]
    questions += [
        Question("signed", "/data/signed", "image", 9, appearance="signature"),
        Question("voice", "/data/voice", "audio", 10),
    ]
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form_of(session, evidence_store, replace(document, questions=tuple(questions)))
        sent = a_record(
            session, evidence_store, found, version, sign="no", signed="s.png", voice="v.m4a"
        )
        edition = session.get_one(Edition, sent.edition_id)
        a_file(session, evidence_store, edition, "s.png", samples.picture("PNG"),
               media_type="image/png")  # fmt: skip
        a_file(session, evidence_store, edition, "v.m4a", samples.film(b"M4A "),
               media_type="audio/mp4")  # fmt: skip
        service.on_accept(session, evidence_store, REVIEWER, sent)
        (made,) = findings(session)
        assert [(each["question"], each["shown"]) for each in made.evidence] == [
            ("photo", True), ("signed", False), ("voice", False),
        ]  # fmt: skip
        with pytest.raises(NotFound):  # no voice is let out by hand either
            service.show_outside(session, REVIEWER, made, 3, True)


@pytest.mark.parametrize("days", [-730, 730])
def test_a_wrong_clock_does_not_change_the_month(
    database: Database, evidence_store: EvidenceStore, days: int
) -> None:
    moment = clock.now() + timedelta(days=days)
    clocked = {"started_at": moment, "ended_at": moment, "skew_seconds": None}
    with database.writing() as session:
        sent = a_record(session, evidence_store, a_field_round(session), sign="no", edition=clocked)
        service.on_accept(session, evidence_store, REVIEWER, sent)
        (made,) = findings(session)
        assert made.found_on == clock.local(clock.now(), "Asia/Shanghai").strftime("%Y-%m")
