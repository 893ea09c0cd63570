"""Pages of phones, receipts and refusals: who sees what, and what becomes of a decision."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from evaluation.accounts.access import COOKIE
from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from surveys.submissions import collect_settings, devices, rules
from surveys.submissions.errors import Refused
from surveys.submissions.models import Device, Edition, EditionFile, Refusal, Submission
from surveys.visits.models import Visit
from tests.conftest import Browser, Person
from tests.factories import field as factory
from tests.surveys.submissions.phones import Phone, a_ledger, a_phone, an_instance, picture


@pytest.fixture
def lin(person: Callable[..., Person]) -> Person:
    """The evaluator."""
    return person("evaluator", name="lin")


@pytest.fixture
def phone(
    database: Database, evidence_store: EvidenceStore, settings: Settings, lin: Person
) -> Phone:
    """A phone of ``lin``."""
    return a_phone(database, evidence_store, settings, "lin")


@pytest.fixture
def own(browser: Callable[[], Browser], lin: Person) -> Browser:
    """The evaluator's browser."""
    entered = browser()
    entered.cookies.set(COOKIE, lin.token)
    return entered


def home(phone: Phone) -> str:
    with phone.database.reading() as session:
        code = session.get_one(Round, phone.visit.round_id).code
    return f"/rounds/{code}/refusals"


def refused(phone: Phone, xml: bytes, **sent: object) -> str:
    with pytest.raises(Refused) as error:
        phone.send(xml, **sent)  # type: ignore[arg-type]
    return error.value.refusal


def settled(database: Database, code: str) -> Refusal:
    with database.reading() as session:
        return session.scalars(sa.select(Refusal).where(Refusal.code == code)).one()


# --- phones


def test_a_collect_is_registered_with_a_code_that_is_shown_once(
    own: Browser, database: Database, phone: Phone
) -> None:
    page = own.post("/devices", data={"name": "备用"})
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    with database.reading() as session:
        device = session.scalars(sa.select(Device).where(Device.kind == devices.COLLECT)).one()
    key = re.search(r"[A-Za-z0-9_-]{32}(?=</dd>)", page.text)
    assert key is not None
    assert devices.key_hash(key[0]) == device.key_sha256
    assert devices.ha1(device.code, key[0]) == device.digest_ha1
    assert "data:image/svg+xml" in page.text
    assert key[0] not in own.get("/devices").text


def test_what_the_code_says_is_what_collect_reads() -> None:
    held = collect_settings.settings("https://x.example/openrosa", "DEV2345678", "k" * 32)
    read = json.loads(zlib.decompress(base64.b64decode(collect_settings.payload(held))))
    assert read["general"]["server_url"] == "https://x.example/openrosa"
    assert read["general"]["username"] == "DEV2345678"
    assert read["general"]["password"] == "k" * 32
    assert read["general"]["protocol"] == "odk_default"
    assert read["admin"] == {}


def test_phones_are_an_evaluators_own(
    own: Browser,
    phone: Phone,
    sign_in_as: Callable[..., Browser],
    person: Callable[..., Person],
    browser: Callable[[], Browser],
) -> None:
    other = browser()
    other.cookies.set(COOKIE, person("evaluator", name="wu").token)
    assert phone.device.code in own.get("/devices").text
    assert phone.device.code not in other.get("/devices").text
    for method in ("GET", "POST"):
        answer = other.request(method, f"/devices/{phone.device.code}/revoke")
        assert answer.status_code == 404
    for role in ("office", "supervisor"):
        page = sign_in_as(role).get("/devices")
        assert phone.device.code in page.text
        assert "lin" in page.text
    auditor = sign_in_as("auditor")
    page = auditor.get("/devices")
    assert phone.device.code in page.text
    assert "lin<" not in page.text
    assert "示例手机" not in page.text
    assert auditor.post(f"/devices/{phone.device.code}/revoke").status_code == 404
    for role in ("clerk", "approver", "leader", "department"):
        cities = ["C1"] if role in ("clerk", "approver") else ()
        assert sign_in_as(role, cities=cities).get("/devices").status_code == 404
    for role in ("office", "supervisor", "auditor"):
        assert sign_in_as(role, name=f"adder-{role}").post("/devices").status_code == 404


def test_revoking_says_what_is_lost_and_works_at_once(
    phone: Phone, sign_in_as: Callable[..., Browser], client: Browser
) -> None:
    with phone.database.writing() as session:
        devices.seen(session, phone.device, {"unsent": 3})
    office = sign_in_as("office")
    assert "3 份记录没有发送" in office.get(f"/devices/{phone.device.code}/revoke").text
    assert client.get(f"/openrosa/k/{phone.key}/formList").status_code == 200
    answer = office.post(f"/devices/{phone.device.code}/revoke")
    assert answer.status_code == 303
    assert client.get(f"/openrosa/k/{phone.key}/formList").status_code == 410
    assert "已经停用" in office.get(f"/devices/{phone.device.code}/revoke").text


def test_too_many_phones_are_told_on_the_page(
    own: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "MOST", 0)
    answer = own.post("/devices", data={"name": "x"})
    assert answer.status_code == 409
    assert "最多可以登记 0 台" in answer.text


# --- receipts


def test_a_receipt_is_looked_up_by_its_code(
    own: Browser, phone: Phone, sign_in_as: Callable[..., Browser]
) -> None:
    receipt = phone.send(phone.record(photo="a.jpg"))
    typed = receipt.code.lower().replace("-", " ")
    page = own.get("/receipts", params={"code": typed})
    assert page.status_code == 200
    assert "还缺 1 个文件" in page.text
    assert receipt.instance in page.text
    assert own.get("/receipts").status_code == 200
    for code in ("AAAA-BBBB-CCCC", "x", "'" * 40, receipt.code[:-1]):
        answer = own.get("/receipts", params={"code": code})
        assert answer.status_code == 404
        assert "没有这个回执号" in answer.text
    other = sign_in_as("evaluator", name="wu")
    assert other.get("/receipts", params={"code": receipt.code}).status_code == 404
    assert sign_in_as("office").get("/receipts").status_code == 404


# --- refusals


def test_refusals_are_seen_by_those_who_decide(
    phone: Phone, own: Browser, sign_in_as: Callable[..., Browser]
) -> None:
    here = home(phone)
    phone.send(phone.record())
    code = refused(phone, phone.record())
    unplaced = refused(phone, phone.record(visit="NOSUCH23"))
    office, auditor = sign_in_as("office"), sign_in_as("auditor")
    bound = sign_in_as("supervisor", cities=["C2"])
    for reader in (office, sign_in_as("supervisor"), auditor):
        page = reader.get(here).text
        assert code in page
        assert unplaced in page
        assert reader.get(f"{here}/{code}").status_code == 200
        assert reader.get(f"{here}/{code}/files/0").status_code == 200
    assert ">lin<" in office.get(f"{here}/{code}").text
    assert ">lin<" not in auditor.get(f"{here}/{code}").text
    assert code not in bound.get(here).text
    assert unplaced not in bound.get(here).text
    for address in (f"{here}/{code}", f"{here}/{code}/files/0", f"{here}/{unplaced}"):
        assert bound.get(address).status_code == 404
    assert bound.post(f"{here}/{code}/dismiss", data={"reason": "x"}).status_code == 404
    assert auditor.post(f"{here}/{code}/dismiss", data={"reason": "x"}).status_code == 404
    assert own.get(here).status_code == 404
    assert sign_in_as("clerk", cities=["C1"]).get(here).status_code == 404
    for address in (f"{here}/NOSUCHCODE", f"{here}/{code}/files/9", f"{here}/{code}/files/-1"):
        assert office.get(address).status_code == 404
    assert office.post(f"{here}/{code}/nothing", data={"reason": "x"}).status_code == 404


def test_an_altered_copy_is_compared_and_let_in_as_the_next_edition(
    phone: Phone, sign_in_as: Callable[..., Browser], database: Database
) -> None:
    here, instance = home(phone), an_instance()
    phone.send(phone.record(instance=instance, minutes=12))
    altered = phone.record(instance=instance, minutes=55, remark="<script>alert(1)</script>"
                           .replace("<", "&lt;"))  # fmt: skip
    code = refused(phone, altered)
    office = sign_in_as("office")
    page = office.get(f"{here}/{code}").text
    assert "<del>12</del>" in page
    assert "<ins>55</ins>" in page
    assert "2 题不同" in page
    assert "<script>alert" not in page

    assert office.post(f"{here}/{code}/admit", data={"reason": " "}).status_code == 422
    answer = office.post(f"{here}/{code}/admit", data={"reason": "电话核实，55 分钟为准"})
    assert answer.status_code == 303
    with database.reading() as session:
        record = session.scalars(sa.select(Submission)).one()
        chain = session.scalars(sa.select(Edition).order_by(Edition.place)).all()
        assert [each.place for each in chain] == [1, 2]
        assert record.edition_id == chain[1].id
        assert chain[1].follows == chain[0].instance == instance
        assert "admitted" in chain[1].flags
        assert phone.store.get(chain[1].xml) == altered
        assert audit.verify(session) is None
    held = settled(database, code)
    assert (held.settled_how, held.settled_by) == ("admitted", "office2")
    # the phone sends it again: acknowledged, once and for all
    assert not phone.send(altered).new
    assert office.post(f"{here}/{code}/dismiss", data={"reason": "x"}).status_code == 409


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
