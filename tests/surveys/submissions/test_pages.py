"""Pages of phones, receipts and refusals: who sees what, and what becomes of a decision."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from evaluation.accounts.access import COOKIE
from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds.models import Round
from surveys.submissions import collect_settings, devices
from surveys.submissions.errors import Refused
from surveys.submissions.models import Device, Edition, Refusal, Submission
from tests.conftest import Browser, Person
from tests.surveys.submissions.phones import Phone, a_phone, an_instance


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
