"""What a phone is told: its own visits, forms and records, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.platform import clock
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.review.models import ReviewStep
from surveys.submissions import devices
from surveys.submissions.models import Device, Submission
from surveys.visits import rules as visit_rules
from surveys.visits.masking import alias
from surveys.visits.models import Visit
from tests.conftest import Browser
from tests.factories import field as factory
from tests.surveys.field.conftest import NAME, Field, add, plain

Ask = Callable[..., Any]


@pytest.fixture
def phone(client: Browser, field: Field, unlock: Callable[..., Any]) -> Ask:
    """The evaluator's phone: ``phone("POST", "/field/sync", json={})``; without, a sync."""
    key = unlock().json()["key"]

    def ask(method: str = "POST", path: str = "/field/sync", **options: Any) -> Any:
        if path == "/field/sync":
            options.setdefault("json", {})
        return plain(client, method, path, key=options.pop("key", key), **options)

    return ask


def post(phone: Ask, xml: bytes) -> Any:
    parts = {"xml_submission_file": ("s.xml", xml, "text/xml")}
    return phone("POST", "/openrosa/submission", files=parts)


def test_a_phone_learns_its_own_visits(phone: Ask, field: Field) -> None:
    told = phone().json()
    (visit,) = told["visits"]
    assert visit["code"] == field.visit.code
    assert visit["city"] == {"zh": "甲市", "en": "Jia"}
    assert visit["site"]["lat"] == factory.LAT
    assert visit["story"] == "owner"
    assert visit["form"] == field.version.page
    assert [each["sha256"] for each in told["forms"]] == [field.version.page]
    assert clock.now() - clock.now().fromisoformat(told["now"]) < timedelta(minutes=1)


def test_a_blind_second_look_does_not_say_that_it_is_one(
    phone: Ask, field: Field, database: Database
) -> None:
    with database.writing() as session:
        other = session.scalar(sa.select(Visit).where(Visit.evaluator == "somebody.else"))
        assert other is not None
        session.execute(
            sa.update(Visit).where(Visit.code == field.visit.code).values(second_of=other.id)
        )
    answer = phone()
    assert other.code not in answer.text
    assert "second" not in answer.text


def test_cancelled_and_other_peoples_visits_are_not_told(
    phone: Ask, field: Field, database: Database
) -> None:
    with database.writing() as session:
        session.execute(sa.update(Visit).values(state=visit_rules.CANCELLED))
    assert phone().json()["visits"] == []


def test_the_report_is_kept_within_bounds(phone: Ask, database: Database) -> None:
    phone(json={"unsent": 2, "city": "C1", "app": "a" * 500})
    with database.reading() as session:
        report = session.scalar(sa.select(Device.report))
    assert report == {"unsent": 2, "app": "a" * 120}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic d2FuZzpmYW5n"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/field/sync"), ("GET", "/field/forms/" + "0" * 64), ("GET", "/field/records/x")],
)
def test_without_a_phones_key_nothing_is_told(
    client: Browser, field: Field, header: str, method: str, path: str
) -> None:
    headers = {"accept": "application/json", "authorization": header}
    answer = client.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert (answer.status_code, answer.json()["type"]) == (
        401,
        "urn:yingshang:problem:sign-in-again",
    )


def test_a_session_of_the_pages_opens_nothing_here(
    sign_in_as: Callable[..., Browser], field: Field
) -> None:
    office = sign_in_as("office")
    assert plain(office, "POST", "/field/sync", json={}).status_code == 401


def test_an_unlock_too_long_ago_asks_for_the_password(
    phone: Ask, database: Database, settings: Settings
) -> None:
    moment = clock.now() - timedelta(days=settings.field_days, minutes=1)
    with database.writing() as session:
        session.execute(sa.update(Device).values(unlocked_at=moment))
    assert phone().json()["type"].endswith("sign-in-again")


def test_a_revoked_phone_is_told_to_wipe(
    phone: Ask, database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        held = session.scalar(sa.select(Device))
        assert held is not None
        devices.revoke(session, System(), held, secret=settings.secret)
    answer = phone()
    assert (answer.status_code, answer.json()["type"]) == (
        410,
        "urn:yingshang:problem:device-revoked",
    )


def test_a_phone_of_somebody_switched_off_keeps_what_it_has(phone: Ask, database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.text("UPDATE users SET active = false"))
    answer = phone()
    assert answer.status_code == 403
    assert "请不要删除" in answer.json()["detail"]


def test_forms_are_handed_out_by_hash(phone: Ask, field: Field) -> None:
    answer = phone("GET", f"/field/forms/{field.version.page}")
    told = answer.json()
    assert (told["code"], told["number"]) == ("hall", 1)
    assert set(told) == {"code", "number", "title", "form", "model", "media", "document"}
    assert told["document"]["kit"]["script"][0]["code"] == "queue"
    assert answer.headers["cache-control"] == "no-store"  # no copy lies in the open
    assert phone("GET", "/field/forms/" + "0" * 64).status_code == 404


def test_a_draft_of_a_form_is_no_form_yet(phone: Ask, field: Field, database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.text("UPDATE form_versions SET state = 'draft'"))
    assert phone("GET", f"/field/forms/{field.version.page}").status_code == 404
    assert phone().json()["visits"][0]["form"] == ""


def test_a_newer_form_is_for_new_records_and_the_old_one_stays_for_begun_ones(
    phone: Ask, field: Field, database: Database, evidence_store: EvidenceStore
) -> None:
    instance = "uuid:11111111-1111-4111-8111-111111111111"
    assert (
        post(
            phone, factory.a_record(field.version, field.visit.code, instance=instance)
        ).status_code
        == 201
    )
    with database.writing() as session:
        newer = factory.a_form(session, evidence_store)
    told = phone().json()
    assert told["visits"][0]["form"] == newer.page
    assert {each["sha256"] for each in told["forms"]} == {newer.page, field.version.page}
    assert told["submissions"][0]["form"] == field.version.page


def test_a_sent_record_is_listed_with_its_receipt_and_the_reasons_of_its_return(
    phone: Ask, field: Field, database: Database
) -> None:
    instance = "uuid:11111111-1111-4111-8111-111111111111"
    post(phone, factory.a_record(field.version, field.visit.code, instance=instance))
    (told,) = phone().json()["submissions"]
    assert (told["state"], told["editable"], told["visit"]) == ("received", True, field.visit.code)
    assert told["root"] == told["instance"] == instance
    assert told["receipt"] == told["editions"][0]["receipt"] != ""
    assert told["reasons"] == {}
    with database.writing() as session:
        held = session.scalar(sa.select(Submission))
        assert held is not None
        session.add(
            ReviewStep(
                submission_id=held.id, edition_id=held.edition_id, action="return",
                from_state="received", to_state="returned", by="reviewer.one", at=clock.now(),
                reason="请补照片", reasons={"/data/sign": "看不清"},
            )
        )  # fmt: skip
        held.state = "returned"
    answer = phone()
    (told,) = answer.json()["submissions"]
    assert (told["reason"], told["reasons"]) == ("请补照片", {"/data/sign": "看不清"})
    assert "reviewer.one" not in answer.text


def test_ones_own_record_can_be_fetched_again_and_nobody_elses(
    phone: Ask, field: Field, unlock: Callable[..., Any], database: Database
) -> None:
    instance = "uuid:11111111-1111-4111-8111-111111111111"
    xml = factory.a_record(field.version, field.visit.code, instance=instance, photo="a.jpg")
    post(phone, xml)
    told = phone("GET", f"/field/records/{instance}").json()
    assert told["xml"].encode() == xml
    assert told["form"] == field.version.page
    assert [each["name"] for each in told["files"]] == ["a.jpg"]
    with database.writing() as session:
        add(session, "li.na")
    other = unlock(name="li.na").json()["key"]
    assert phone("GET", f"/field/records/{instance}", key=other).status_code == 404
    assert phone(key=other).json()["submissions"] == []
    assert NAME not in phone(key=other).text


def test_leaving_gives_the_key_back(phone: Ask, database: Database, settings: Settings) -> None:
    assert phone("POST", "/field/leave").status_code == 204
    assert phone().status_code == 410
    with database.reading() as session:
        (held,) = session.scalars(sa.select(Device))
        rows = session.scalars(
            sa.select(AuditEntry.username).where(AuditEntry.action == "device.revoked")
        ).all()
    assert held.revoked_at is not None
    assert rows == [alias(settings.secret, NAME)]
