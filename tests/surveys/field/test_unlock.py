"""The phone's door: who gets in, what opens the box, and that guessing is slowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from evaluation.accounts import roles
from evaluation.accounts import service as accounts
from evaluation.platform import clock
from evaluation.platform.audit import AuditEntry, System
from evaluation.platform.database import Database
from evaluation.platform.settings import Settings
from surveys.submissions import devices
from surveys.submissions.models import Device
from surveys.visits.masking import alias
from tests.conftest import Browser
from tests.surveys.field.conftest import NAME, PASSWORD, Field, add, plain

Unlock = Callable[..., Any]


def device(database: Database, code: str) -> Device:
    with database.reading() as session:
        found = session.scalar(sa.select(Device).where(Device.code == code))
        assert found is not None
        return found


def test_the_first_time_a_phone_gets_a_key_and_what_opens_its_box(
    unlock: Unlock, field: Field, database: Database
) -> None:
    answer = unlock()
    assert answer.status_code == 200
    told = answer.json()
    held = device(database, told["device"])
    assert held.key_sha256 == devices.key_hash(told["key"])
    assert told["unlock_key"] == held.unlock_key != ""
    assert told["person"] == {"username": NAME, "name": NAME}
    assert held.name == "Android · Chrome"


def test_a_phone_that_comes_back_keeps_its_key_and_its_box(
    unlock: Unlock, field: Field, database: Database
) -> None:
    first = unlock().json()
    with database.writing() as session:
        accounts.reset_password(session, System(), NAME, "Nuan-Quan-2027")
        session.execute(sa.text("UPDATE users SET must_change_password = false"))
        session.execute(sa.update(Device).values(unlocked_at=clock.now() - timedelta(days=30)))
    assert unlock(devices=[first["device"]]).status_code == 401
    again = unlock(password="Nuan-Quan-2027", devices=["XXXXXXXXXX", first["device"]]).json()
    assert again["device"] == first["device"]
    assert again["key"] is None
    assert again["unlock_key"] == first["unlock_key"]
    assert clock.now() - device(database, first["device"]).unlocked_at < timedelta(minutes=1)


def test_the_audit_log_knows_the_phone_by_an_alias_only(
    unlock: Unlock, field: Field, database: Database, settings: Settings
) -> None:
    first = unlock().json()
    unlock(devices=[first["device"]])
    with database.reading() as session:
        rows = session.execute(
            sa.select(AuditEntry.username, AuditEntry.action).where(
                AuditEntry.subject == f"device:{first['device']}"
            )
        ).all()
    masked = alias(settings.secret, NAME)
    assert [tuple(row) for row in rows] == [
        (masked, "device.registered"),
        (masked, "device.unlocked"),
    ]


def test_a_revoked_phone_is_named_and_another_box_is_opened(
    unlock: Unlock, field: Field, database: Database, settings: Settings
) -> None:
    first = unlock().json()
    with database.writing() as session:
        held = session.scalar(sa.select(Device))
        devices.revoke(session, System(), held, secret=settings.secret)
    again = unlock(devices=[first["device"]]).json()
    assert again["revoked"] == [first["device"]]
    assert again["device"] != first["device"]
    assert again["unlock_key"] != first["unlock_key"]


def test_somebody_elses_phone_stays_theirs(
    unlock: Unlock, field: Field, database: Database
) -> None:
    with database.writing() as session:
        add(session, "li.na")
    hers = unlock(name="li.na").json()
    mine = unlock(devices=[hers["device"]]).json()
    assert mine["device"] != hers["device"]
    assert mine["revoked"] == []
    assert mine["unlock_key"] != hers["unlock_key"]


def test_what_another_phone_had_not_sent_is_told(
    unlock: Unlock, field: Field, client: Browser
) -> None:
    first = unlock().json()
    plain(client, "POST", "/field/sync", key=first["key"], json={"unsent": 3})
    second = unlock().json()
    assert [(each["name"], each["unsent"]) for each in second["others"]] == [
        ("Android · Chrome", 3)
    ]
    assert unlock(devices=[first["device"]]).json()["others"] == []


@pytest.mark.parametrize("role", [each for each in roles.ROLES if each != roles.EVALUATOR])
def test_only_evaluators_work_in_the_field(
    unlock: Unlock, field: Field, database: Database, role: str
) -> None:
    with database.writing() as session:
        add(session, "other", role, cities=["C1"])
    answer = unlock(name="other")
    assert (answer.status_code, answer.json()["type"]) == (
        403,
        "urn:yingshang:problem:not-an-evaluator",
    )
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Device)) == 0


def test_a_first_password_is_replaced_first(
    unlock: Unlock, field: Field, database: Database
) -> None:
    with database.writing() as session:
        add(session, "fresh", must_change_password=True)
    answer = unlock(name="fresh")
    assert answer.status_code == 403
    assert "修改初始密码" in answer.json()["title"]


def test_an_account_that_was_switched_off_is_a_wrong_password(
    unlock: Unlock, field: Field, database: Database
) -> None:
    with database.writing() as session:
        session.execute(sa.text("UPDATE users SET active = false"))
    assert unlock().json()["type"].endswith("wrong-password")


def test_guessing_is_slowed_as_at_the_sign_in_page(
    unlock: Unlock, field: Field, client: Browser
) -> None:
    for _ in range(5):
        assert unlock(password="wrong-guess").status_code == 401
    slowed = unlock()
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0
    page = client.post("/sign-in", data={"username": NAME, "password": PASSWORD})
    assert page.status_code == 429  # one count for both doors


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"username": "a"}',
        '{"username": 1, "password": "x"}',
        '{"username": "a", "password": "b", "devices": "c"}',
    ],
)
def test_a_broken_request_is_the_senders_fault(client: Browser, field: Field, body: str) -> None:
    headers = {"accept": "application/json", "content-type": "application/json"}
    answer = client.post("/field/unlock", content=body, headers=headers)
    assert answer.status_code == 400


def test_a_form_of_another_site_cannot_unlock(client: Browser, field: Field) -> None:
    """Without a token only JSON is read, which no form of another site can send."""
    answer = client.post(
        "/field/unlock", content=f"username={NAME}&password={PASSWORD}",
        headers={"content-type": "text/plain", "accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 400
