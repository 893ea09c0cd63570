"""Phones: keys, revocation at once, and an audit log without names."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from evaluation.accounts import service as accounts
from evaluation.accounts.models import User
from evaluation.platform import audit, clock
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.settings import Settings
from surveys.submissions import devices
from surveys.submissions.errors import DeviceRevoked, DeviceSuspended, SignInAgain, TooManyDevices
from surveys.submissions.models import Device
from tests.conftest import Person

SECRET = "0" * 64


def register(database: Database, username: str, kind: str = devices.WEB) -> tuple[Device, str]:
    with database.writing() as session:
        return devices.register(session, username, "我的\u202e手机\n", kind, secret=SECRET)


@pytest.mark.parametrize("kind", [devices.WEB, devices.COLLECT])
def test_a_key_opens_its_own_device(
    database: Database, person: Callable[..., Person], kind: str
) -> None:
    person("evaluator", name="lin")
    device, key = register(database, "lin", kind)
    _other, other_key = register(database, "lin", kind)

    with database.reading() as session:
        found = devices.find(session, key)
        assert found is not None
        assert found.code == device.code
        assert devices.by_code(session, device.code) is not None
        assert devices.find(session, key[:-1]) is None
        assert devices.find(session, "") is None
        assert key not in repr({c.name: getattr(found, c.name) for c in Device.__table__.columns})
    assert len(key) == 32
    assert key != other_key
    assert device.name == "我的手机"
    assert bool(device.digest_ha1) == (kind == devices.COLLECT)
    assert len(device.unlock_key) == (64 if kind == devices.WEB else 0)


@pytest.mark.parametrize("kind", [devices.WEB, devices.COLLECT])
def test_a_password_given_again_is_asked_for_on_our_page(
    database: Database, person: Callable[..., Person], kind: str
) -> None:
    person("evaluator", name="lin")
    office = person("office").principal
    device, key = register(database, "lin", kind)
    with database.writing() as session:
        accounts.reset_password(session, office, "lin", "Nuan-Quan-2027")
    with database.reading() as session, database.engine.connect() as plain:
        for ask in (
            lambda: devices.find(session, key),
            lambda: devices.by_code(session, device.code),
            lambda: devices.recognise(plain, key=key),
        ):
            if kind == devices.COLLECT:  # it has no password to ask for: revoke it
                assert ask() is not None
                continue
            with pytest.raises(SignInAgain):
                ask()
    with database.writing() as session:
        session.get_one(Device, device.id).unlocked_at = clock.now()
    with database.reading() as session:
        assert devices.find(session, key) is not None


@pytest.mark.parametrize(("days", "asked"), [(13.9, False), (14.1, True)])
def test_a_sign_in_is_believed_for_so_many_days(days: float, asked: bool) -> None:
    device = Device(kind=devices.WEB, unlocked_at=clock.now() - timedelta(days=days))
    if asked:
        with pytest.raises(SignInAgain):
            devices.require_recent_sign_in(device, 14)
    else:
        devices.require_recent_sign_in(device, 14)
    device.kind = devices.COLLECT  # it never signs in
    devices.require_recent_sign_in(device, 14)


def test_a_revoked_device_is_refused_at_the_next_request(
    database: Database, person: Callable[..., Person], settings: Settings
) -> None:
    person("evaluator", name="lin")
    office = person("office").principal
    device, key = register(database, "lin")

    with database.writing() as session:
        held = session.get_one(Device, device.id)
        devices.seen(session, held, {"unsent": 3})
        session.refresh(held)
        devices.revoke(session, office, held, secret=SECRET)
        devices.revoke(session, office, held, secret=SECRET)

    with database.reading() as session, pytest.raises(DeviceRevoked):
        devices.find(session, key)
    with database.reading() as session:
        rows = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "device.revoked")
        ).all()
        assert [json.loads(row.after or "") for row in rows] == [{"unsent": 3}]


@pytest.mark.parametrize("change", [{"active": False}, {"role": "clerk"}])
def test_a_person_who_left_the_field_sends_nothing_and_loses_nothing(
    database: Database, person: Callable[..., Person], change: dict[str, object]
) -> None:
    person("evaluator", name="lin")
    _device, key = register(database, "lin")
    with database.writing() as session:
        session.execute(sa.update(User).where(User.username == "lin").values(**change))
    with database.reading() as session, pytest.raises(DeviceSuspended) as refused:
        devices.find(session, key)
    assert refused.value.status != DeviceRevoked.status


def test_the_audit_log_does_not_name_the_evaluator(
    database: Database, person: Callable[..., Person]
) -> None:
    who = person("evaluator", name="lin").principal
    device, _key = register(database, "lin")
    with database.writing() as session:
        devices.revoke(session, who, session.get_one(Device, device.id), secret=SECRET)
    with database.reading() as session:
        rows = session.scalars(sa.select(AuditEntry)).all()
        assert len(rows) == 2
        for row in rows:
            assert row.username.startswith("V-")
            said = f"{row.username} {row.subject} {row.before} {row.after}"
            assert "lin" not in said
            assert "手机" not in said
        assert audit.verify(session) is None


def test_a_person_has_a_bounded_number_of_devices(
    database: Database, person: Callable[..., Person]
) -> None:
    person("evaluator", name="lin")
    person("evaluator", name="wu")
    office = person("office").principal
    for _ in range(devices.MOST):
        first, _key = register(database, "lin")
    with pytest.raises(TooManyDevices):
        register(database, "lin")
    register(database, "wu")
    with database.writing() as session:
        held = session.get_one(Device, first.id)
        devices.revoke(session, office, held, secret=SECRET)
    register(database, "lin")


@pytest.mark.parametrize("report", [{}, {"unsent": "9"}, {"unsent": True}, {"unsent": -1}, []])
def test_a_report_that_says_nothing_of_unsent_records(report: object) -> None:
    assert devices.unsent(Device(report=report)) is None
