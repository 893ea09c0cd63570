"""Pages over what phones sent and what was refused of it."""

# ruff: noqa: F401, F811 - fixtures are imported by name
from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import sqlalchemy as sa

from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions import rules
from surveys.submissions.models import Edition, EditionFile, Submission
from surveys.visits.models import Visit
from tests.conftest import Browser, Person
from tests.factories import field as factory
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, an_instance, picture
from tests.surveys.submissions.test_pages import home, lin, own, phone, refused, settled


def test_a_mistyped_visit_is_put_right(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    here, photo = home(phone), picture()
    xml = phone.record(visit="TYP0SH0RT", photo="a.jpg")
    code = refused(phone, xml, files={"a.jpg": photo})
    office = sign_in_as("office")
    answer = office.post(f"{here}/{code}/admit", data={"reason": "编号填错"})
    assert answer.status_code == 409
    assert "TYP0SH0RT" in answer.text
    said = {"reason": "编号填错", "visit": f" {phone.visit.code.lower()} "}
    assert office.post(f"{here}/{code}/admit", data=said).status_code == 303
    with database.reading() as session:
        record = session.scalars(sa.select(Submission)).one()
        assert record.visit_id == phone.visit.id
        assert record.state == rules.RECEIVED
        assert session.scalars(sa.select(EditionFile)).one().sha256 is not None
        told = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "refusal.admitted")
        ).one()
        assert "编号填错" not in (told.after or "")
        assert phone.visit.code not in (told.after or "")
    assert phone.send(xml, files={"a.jpg": photo}).complete


def test_another_evaluators_visit_is_no_way_around(
    phone: Phone,
    sign_in_as: Callable[..., Browser],
    person: Callable[..., Person],
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
) -> None:
    person("evaluator", name="wu")
    other = a_phone(database, evidence_store, settings, "wu")
    code = refused(phone, phone.record(visit="NOSUCH23"))
    said = {"reason": "x", "visit": other.visit.code}
    assert sign_in_as("office").post(f"{home(phone)}/{code}/admit", data=said).status_code == 409
    with database.reading() as session:
        assert session.scalars(sa.select(Submission)).all() == []


def test_a_conflict_of_interest_is_never_overruled(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    with database.writing() as session:
        factory.a_conflict(session, "lin", "C1")
    code = refused(phone, phone.record())
    office = sign_in_as("office")
    assert "这种原因不能准入" in office.get(f"{home(phone)}/{code}").text
    answer = office.post(f"{home(phone)}/{code}/admit", data={"reason": "x"})
    assert answer.status_code == 409
    unplaced = refused(phone, phone.record(visit="NOSUCH23"))
    said = {"reason": "x", "visit": phone.visit.code}
    assert office.post(f"{home(phone)}/{unplaced}/admit", data=said).status_code == 409
    with database.reading() as session:
        assert session.scalars(sa.select(Submission)).all() == []


def test_a_late_record_is_let_in(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    with database.writing() as session:
        visit = session.get_one(Visit, phone.visit.id)
        visit.closes_at = visit.opens_at
    xml = phone.record()
    code = refused(phone, xml)
    assert settled(database, code).reason == "window-closed"
    office = sign_in_as("office")
    answer = office.post(f"{home(phone)}/{code}/admit", data={"reason": "断网一周"})
    assert answer.status_code == 303
    with database.reading() as session:
        assert session.scalars(sa.select(Edition)).one().flags == ["late", "no-ledger", "admitted"]
    assert phone.send(xml).state == rules.RECEIVED


def test_a_second_record_of_a_locked_visit_waits_for_reopening(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    phone.send(phone.record())
    code = refused(phone, phone.record(minutes=33))
    with database.writing() as session:
        session.execute(sa.update(Submission).values(state=rules.ACCEPTED))
    office = sign_in_as("office")
    answer = office.post(f"{home(phone)}/{code}/admit", data={"reason": "x"})
    assert answer.status_code == 409
    assert "已经采信" in answer.text
    assert settled(database, code).settled_at is None


def test_a_stray_file_and_one_with_another_hash_are_let_in(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    photo, other, stray = picture(), picture(3), picture(4)
    xml, ledger = phone.record(photo="a.jpg"), a_ledger({"a.jpg": photo})
    receipt = phone.send(xml, ledger, {"a.jpg": other, "b.jpg": stray})
    office = sign_in_as("office")
    for aside in receipt.asides:
        page = office.get(f"{home(phone)}/{aside.refusal}")
        assert aside.name in page.text
        answer = office.get(f"{home(phone)}/{aside.refusal}/files/0")
        assert answer.content in (other, stray)
        assert answer.headers["content-disposition"].startswith("attachment")
        answer = office.post(f"{home(phone)}/{aside.refusal}/admit", data={"reason": "原件已丢失"})
        assert answer.status_code == 303
    with database.reading() as session:
        files = {each.name: each for each in session.scalars(sa.select(EditionFile))}
        assert files["a.jpg"].problem == "wrong-hash"
        assert files["b.jpg"].sha256 is not None
        assert session.scalars(sa.select(Submission)).one().state == rules.RECEIVED


def test_what_is_left_out_stays_out(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    phone.send(phone.record())
    again = phone.record(minutes=2)
    code = refused(phone, again)
    office = sign_in_as("office")
    assert office.post(f"{home(phone)}/{code}/dismiss", data={"reason": ""}).status_code == 422
    answer = office.post(f"{home(phone)}/{code}/dismiss", data={"reason": "重复"})
    assert answer.status_code == 303
    assert code not in office.get(home(phone)).text
    assert code in office.get(f"{home(phone)}?settled=true").text
    assert "重复" in office.get(f"{home(phone)}/{code}").text
    assert refused(phone, again) == code
    assert settled(database, code).settled_how == "dismissed"


def test_an_edition_whose_predecessor_is_lost_is_released(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    first, photo = an_instance(), picture()
    xml = phone.record(follows=first, photo="a.jpg")
    receipt = phone.send(xml, files={"a.jpg": photo})
    office = sign_in_as("office")
    page = office.get(home(phone)).text
    assert receipt.code in page
    address = f"{home(phone)}/waiting/{receipt.code}/release"
    assert office.post(address, data={"reason": ""}).status_code == 303
    with database.reading() as session:
        assert session.scalars(sa.select(Submission)).all() == []
    assert office.post(address, data={"reason": "手机丢失"}).status_code == 303
    with database.reading() as session:
        record = session.scalars(sa.select(Submission)).one()
        edition = session.scalars(sa.select(Edition)).one()
        assert (edition.place, edition.submission_id) == (1, record.id)
        assert record.state == rules.RECEIVED
        assert record.edition_id == edition.id
    assert office.post(address, data={"reason": "x"}).status_code == 404
    # the first one turns up after all: there is a record of the visit already
    assert settled(database, refused(phone, phone.record(instance=first))).reason == "visit-taken"


def test_refusals_wait_at_home(phone: Phone, sign_in_as: Callable[..., Browser]) -> None:
    refused(phone, phone.record(visit="NOSUCH23"))
    page = sign_in_as("supervisor").get("/").text
    assert "处理 1 项拒收的内容" in page
    assert home(phone) in unquote(page)


def test_the_reviewers_reason_is_said_to_whoever_sends_it_again(
    phone: Phone, client: Browser, database: Database
) -> None:
    from evaluation.platform import clock
    from surveys.review.models import ReviewStep

    xml = phone.record()
    phone.send(xml)
    with database.writing() as session:
        record = session.scalars(sa.select(Submission)).one()
        record.state = rules.REJECTED
        session.add(
            ReviewStep(
                submission_id=record.id, edition_id=record.edition_id, action="reject",
                from_state=rules.RECEIVED, to_state=rules.REJECTED, by="office",
                at=clock.now(), reason="照片不是本场所", reasons={},
            )
        )  # fmt: skip
    answer = client.post(
        f"/openrosa/k/{phone.key}/submission", files={"xml_submission_file": ("r.xml", xml)}
    )
    assert answer.status_code == 409
    assert "照片不是本场所" in answer.text
