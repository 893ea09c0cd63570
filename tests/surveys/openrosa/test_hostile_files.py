"""Hostile files and names: a clear answer to each, and nothing of a genuine record lost."""

# ruff: noqa: F401, F811 - fixtures are imported by name
from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.submissions.models import Edition
from tests.conftest import Person, Server
from tests.surveys.openrosa.collect import message
from tests.surveys.openrosa.test_attacks import NOT_TEXT, count, database_kind, kept, post, record
from tests.surveys.submissions.phones import Phone, a_phone, an_instance, picture


def test_parts_that_come_twice(post: Callable[..., httpx.Response], phone: Phone) -> None:
    xml, other = phone.record(photo="a.jpg"), phone.record()
    assert post([record(xml), record(other)]).status_code == 400
    assert count(phone.database, Edition) == 0
    same, another = picture(), picture(9)
    answer = post(
        [record(xml), record(xml)]
        + [("a.jpg", ("a.jpg", content)) for content in (same, same, another)]
    )
    assert answer.status_code == 201
    assert kept(phone.database) == ["altered-file"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<data/>", "text/xml"),
        (b"{}", "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"nothing", "multipart/form-data"),
        (b"nothing", "multipart/form-data; boundary=x"),
        (b"--x\r\nno header", "multipart/form-data; boundary=x"),
        (NOT_TEXT, "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data; boundary=x"),
    ],
)
def test_bodies_of_another_kind(server: Server, phone: Phone, body: bytes, kind: str) -> None:
    answer = httpx.post(
        f"{server.url}/openrosa/k/{phone.key}/submission",
        content=body,
        headers={"Content-Type": kind},
    )
    assert answer.status_code == 400
    assert message(answer)
    assert count(phone.database, Edition) == 0


def test_a_body_beyond_the_limit(server: Server, phone: Phone) -> None:
    limit = phone.settings.upload_megabytes * 2**20
    answer = httpx.post(
        f"{server.url}/openrosa/k/{phone.key}/submission",
        content=b"x" * (limit + 1),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
        timeout=60,
    )
    assert answer.status_code == 413
    assert "32 MB" in (message(answer) or "")


def test_a_ledger_beyond_the_limit(post: Callable[..., httpx.Response], phone: Phone) -> None:
    answer = post([record(phone.record()), ("ledger", ("l.json", b" " * (2**20 + 1)))])
    assert answer.status_code == 413
    assert count(phone.database, Edition) == 0


def test_nobody_sends_without_a_key(server: Server, phone: Phone) -> None:
    for path in ("formList", "submission", "receipts/uuid:1", "files/uuid:1/a.jpg"):
        assert httpx.get(f"{server.url}/openrosa/{path}").status_code == 401
        assert httpx.get(f"{server.url}/openrosa/k/x/{path}").status_code == 404
    answer = httpx.post(
        f"{server.url}/openrosa/submission",
        files={"xml_submission_file": ("r.xml", phone.record())},
        headers={"Authorization": "Bearer nothing"},
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert count(phone.database, Edition) == 0


def test_a_signed_in_browser_is_no_phone(
    server: Server, person: Callable[..., Person], phone: Phone
) -> None:
    token = person("evaluator", name="wu").token
    answer = httpx.get(f"{server.url}/openrosa/formList", cookies={"yingshang_session": token})
    assert answer.status_code == 401


def test_our_own_app_reads_json(
    server: Server, phone: Phone, post: Callable[..., httpx.Response]
) -> None:
    bearer = {"Authorization": f"Bearer {phone.key}", "Accept": "application/json"}
    instance = an_instance()
    xml = phone.record(instance=instance, photo="a.jpg")
    answer = httpx.post(
        f"{server.url}/openrosa/submission", files=dict([record(xml)]), headers=bearer
    )
    assert answer.status_code == 201
    told = answer.json()
    assert told["missing"] == ["a.jpg"]
    assert not told["complete"]
    assert told["state"] == "incomplete"
    asked = httpx.get(f"{server.url}/openrosa/receipts/{instance}", headers=bearer)
    assert asked.json() == told
    assert asked.headers["cache-control"] == "no-store"

    refused = httpx.post(
        f"{server.url}/openrosa/submission",
        files=dict([record(phone.record(visit="NOSUCH23"))]),
        headers=bearer,
    )
    assert refused.status_code == 422
    assert refused.headers["content-type"].startswith("application/problem+json")
    problem = refused.json()
    assert problem["reason"] == "visit-unknown"
    assert problem["refusal"]
    assert problem["detail"]


def test_a_receipt_is_its_evaluators_own(
    server: Server,
    phone: Phone,
    database: Database,
    evidence_store: EvidenceStore,
    settings: Settings,
    person: Callable[..., Person],
) -> None:
    person("evaluator", name="wu")
    other = a_phone(database, evidence_store, settings, "wu", code="bank")
    instance = an_instance()
    phone.send(phone.record(instance=instance, photo="a.jpg"))
    theirs = {"Authorization": f"Bearer {other.key}"}
    for path in (f"receipts/{instance}", f"files/{instance}/a.jpg"):
        assert httpx.get(f"{server.url}/openrosa/{path}", headers=theirs).status_code == 404


def test_logs_hold_no_key_and_no_name(
    server: Server,
    phone: Phone,
    post: Callable[..., httpx.Response],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from surveys.submissions import service

    instance = an_instance()
    post([record(phone.record(instance=instance))])
    post([record(phone.record(visit="NOSUCH23"))])
    post([record(b"<")], accept="application/json")
    bearer = {"Authorization": f"Bearer {phone.key}"}
    httpx.get(f"{server.url}/openrosa/formList?deviceID=x", headers=bearer)
    httpx.get(f"{server.url}/openrosa/k/{phone.key}/nothing")

    def broken(*_args: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(service, "take", broken)
    answer = post([record(phone.record())])
    assert answer.status_code == 500
    assert "没有丢失" in (message(answer) or "")

    said = capsys.readouterr()
    lines = said.out + said.err
    assert lines.count("request") >= 5
    assert "a bug" in lines
    for secret in (phone.key, "lin", phone.visit.code, "NOSUCH23"):
        assert secret not in lines.replace("line", "").replace("handling", "")
    assert json.dumps(phone.key) not in answer.text
