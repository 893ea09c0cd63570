"""Trying a form: who may, what the server reads from trial answers, and that none are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import service, store
from surveys.forms.models import FormMedia
from surveys.submissions.models import Submission
from tests.conftest import Browser, Person

FORM = "service_hall_covert"
LIBRARY = Path(service.__file__).parent / "library"
HOME = f"/forms/{FORM}/1/preview"
CLOSED = (
    '<data id="service_hall_covert" version="1"><visit>ABCDEFGHJK</visit><arrival>'
    "<location>36 103 0 5</location><photo_front>a.jpg</photo_front><open_now>no</open_now>"
    "<open_now_why>门上贴着停电通知</open_now_why></arrival><closing><facts/>"
    "<own_visit>yes</own_visit></closing><meta><instanceID>uuid:1</instanceID></meta></data>"
)


@pytest.fixture(autouse=True)
def a_form(
    database: Database, evidence_store: EvidenceStore, person: Callable[..., Person]
) -> None:
    who = person("office", name="author").principal
    name = f"{FORM}.xlsx"
    with database.writing() as session:
        content = (LIBRARY / name).read_bytes()
        service.upload(session, evidence_store, who, content, name)


@pytest.mark.parametrize(
    ("role", "status"),
    [("office", 200), ("supervisor", 200), ("auditor", 200)]
    + [(role, 404) for role in ("evaluator", "clerk", "approver", "department", "leader")],
)
def test_who_may_try_a_form(sign_in_as: Callable[..., Browser], role: str, status: int) -> None:
    client = sign_in_as(role)
    assert client.get(HOME).status_code == status
    assert client.get(f"{HOME}/form").status_code == status
    assert client.post(f"{HOME}/check", json={"xml": CLOSED}).status_code == status


def test_nobody_without_a_session_sees_a_form(client: Browser) -> None:
    assert client.get(HOME).status_code == 303
    assert client.get(f"{HOME}/form", headers={"accept": "application/json"}).status_code == 401


def test_the_engine_gets_what_a_phone_gets(sign_in_as: Callable[..., Browser]) -> None:
    held: dict[str, Any] = sign_in_as("auditor").get(f"{HOME}/form").json()
    assert held["form"].startswith("<form")
    assert held["model"].startswith("<model")
    assert held["document"]["code"] == FORM
    assert {"visit", "wait_minutes"} <= {each["name"] for each in held["document"]["questions"]}


def test_trial_answers_are_read_and_not_kept(
    sign_in_as: Callable[..., Browser], database: Database
) -> None:
    client = sign_in_as("supervisor")

    def counted() -> list[int]:
        with database.reading() as session:
            tables = (Submission, AuditEntry)
            return [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]

    before = counted()
    good = client.post(f"{HOME}/check", json={"xml": CLOSED})
    assert "没有发现问题" in good.text
    assert "未答" in good.text
    bad = client.post(f"{HOME}/check", json={"xml": CLOSED.replace("门上贴着停电通知", "停电")})
    assert "没有发现问题" not in bad.text
    assert "open_now_why" in bad.text
    assert counted() == before


@pytest.mark.parametrize(
    "xml",
    ["", "/etc/passwd", "<other/>", "<!DOCTYPE d><data/>", "<data><visit></data>", "\ud800"],
)
def test_what_is_no_record_is_refused(sign_in_as: Callable[..., Browser], xml: str) -> None:
    body = b'{"xml": "\\ud800"}' if xml == "\ud800" else None
    given: dict[str, Any] = {"json": {"xml": xml}} if body is None else {"content": body}
    answer = sign_in_as("office").post(
        f"{HOME}/check", headers={"content-type": "application/json"}, **given
    )
    assert answer.status_code == 400


def test_answers_are_shown_as_text(sign_in_as: Callable[..., Browser]) -> None:
    hostile = CLOSED.replace("<facts/>", "<facts>&lt;script&gt;</facts><x>1</x>").replace(
        "<open_now>no", "<open_now>&lt;img src=x onerror=a()&gt;"
    )
    answer = sign_in_as("office").post(f"{HOME}/check", json={"xml": hostile})
    assert answer.status_code == 200
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text


def test_a_picture_of_the_form_is_shown(
    sign_in_as: Callable[..., Browser], database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        version = store.version(session, FORM, 1)
        assert version is not None
        held = {"sha256": evidence_store.put(b"picture"), "md5": "0" * 32, "size": 7}
        name = {"name": "门.png", "media_type": "image/png"}
        session.add(FormMedia(version_id=version.id, **held, **name))
    answer = sign_in_as("auditor").get(f"{HOME}/media/门.png")
    assert answer.content == b"picture"
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/forms/nothing/1/preview", f"/forms/{FORM}/9/preview"])
def test_what_does_not_exist_is_not_found(sign_in_as: Callable[..., Browser], address: str) -> None:
    client = sign_in_as("office")
    for end in ("", "/form", "/media/x.png"):
        assert client.get(address + end).status_code == 404
    assert client.get(f"{HOME}/media/..%2Fx").status_code == 404
