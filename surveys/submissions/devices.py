"""Phones: each has a key of its own, which opens what its evaluator may send and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from surveys.submissions.errors import DeviceRevoked, DeviceSuspended, SignInAgain, TooManyDevices
from surveys.submissions.models import Device
from surveys.visits.codes import random_code
from surveys.visits.masking import masked

WEB = "web"
COLLECT = "collect"

#: The realm of HTTP Digest; part of what is stored, so it never changes.
REALM = "yingshang"
MOST = 10  # phones a person, revoked ones not counted
LONGEST_NAME = 64
SEEN_EVERY = timedelta(seconds=60)


_KNOWN = ("id", "code", "username", "kind", "digest_ha1", "unlocked_at", "seen_at")
_DEVICES, _USERS = cast(sa.Table, Device.__table__), cast(sa.Table, User.__table__)
_PLAIN = sa.select(
    *(_DEVICES.c[name] for name in (*_KNOWN, "revoked_at")),
    *(_USERS.c[name] for name in ("active", "role", "password_set_at")),
).join_from(_DEVICES, _USERS, _USERS.c.username == _DEVICES.c.username, isouter=True)
_BY_KEY = _PLAIN.where(_DEVICES.c.key_sha256 == sa.bindparam("value"))
_BY_CODE = _PLAIN.where(_DEVICES.c.code == sa.bindparam("value"))
_DEVICE = sa.select(Device, User.active, User.role, User.password_set_at).join(
    User, User.username == Device.username, isouter=True
)


def register(
    session: Session, username: str, name: str, kind: str, *, secret: str
) -> tuple[Device, str]:
    """Register a phone of *username*; gives it with its key, which is not stored and said once.

    ``kind`` is `WEB` (our own pages; gets an ``unlock_key`` of 64 hex digits) or `COLLECT` (an
    app that speaks OpenRosa; gets what HTTP Digest needs). *secret* is the deployment's, for the
    masked name in the audit log. Raises `TooManyDevices`.
    """
    held = session.scalar(
        sa.select(sa.func.count()).where(Device.username == username, Device.revoked_at.is_(None))
    )
    if (held or 0) >= MOST:
        raise TooManyDevices(most=MOST)
    code, key, now = random_code(), secrets.token_urlsafe(24), clock.now()
    device = Device(
        code=code,
        username=username,
        name=printable(name)[:LONGEST_NAME],
        kind=kind,
        key_sha256=key_hash(key),
        digest_ha1=ha1(code, key) if kind == COLLECT else "",
        unlock_key=secrets.token_hex(32) if kind == WEB else "",
        created_at=now,
        unlocked_at=now,
        report={},
    )
    session.add(device)
    session.flush()
    who = masked(secret, username)
    audit.record(session, who, "device.registered", f"device:{code}", after={"kind": kind})
    return device, key


def find(session: Session, key: str) -> Device | None:
    """The phone that holds *key*; None when there is none.

    Raises `DeviceRevoked`, `DeviceSuspended` while its person is not an active evaluator, or
    `SignInAgain` where our page was last unlocked with an earlier password.
    """
    return _usable(session, Device.key_sha256 == key_hash(key))


def by_code(session: Session, code: str) -> Device | None:
    """The phone of that code, which is its user name in HTTP Digest; raises as `find` does."""
    return _usable(session, Device.code == code)


def recognise(database: sa.Connection, *, key: str = "", code: str = "") -> Device | None:
    """As `find` and `by_code`, for every request of every phone: by one plain statement.

    The phone is not tied to a session, and only says who it is and when it was here last.
    """
    statement, value = (_BY_KEY, key_hash(key)) if key else (_BY_CODE, code)
    row = database.execute(statement, {"value": value}).one_or_none()
    if row is None:
        return None
    _require_usable(row, row)
    return Device(**{name: getattr(row, name) for name in _KNOWN})


def _usable(session: Session, which: sa.ColumnElement[bool]) -> Device | None:
    found = session.execute(_DEVICE.where(which)).one_or_none()
    if found is None:
        return None
    device: Device = found[0]
    _require_usable(device, found)
    return device


def _require_usable(device: Device | sa.Row[Any], person: sa.Row[Any]) -> None:
    if device.revoked_at is not None:
        raise DeviceRevoked
    if not person.active or person.role != roles.EVALUATOR:
        raise DeviceSuspended
    changed = person.password_set_at
    if device.kind == WEB and changed is not None and changed > device.unlocked_at:
        raise SignInAgain


def require_recent_sign_in(device: Device, days: int) -> None:
    """Our page sends for *days* after a sign-in with a network, then asks for another.

    Raises `SignInAgain`.
    """
    if device.kind == WEB and clock.now() - device.unlocked_at > timedelta(days=days):
        raise SignInAgain


def revoke(session: Session, who: Actor, device: Device, *, secret: str) -> None:
    """Revoke a phone: its next request is refused, and our app then wipes what it keeps.

    An evaluator's own name does not get into the audit log. Revoking twice changes nothing.
    """
    if device.revoked_at is not None:
        return
    device.revoked_at, device.revoked_by = clock.now(), who.username
    session.flush()
    audit.record(
        session,
        masked(secret, who.username) if who.role == roles.EVALUATOR else who,
        "device.revoked",
        f"device:{device.code}",
        after={"unsent": unsent(device)},
    )


def seen(session: Session, device: Device, report: dict[str, Any] | None = None) -> None:
    """Write down that the phone was here, and what it says of itself."""
    changes: dict[str, Any] = {"seen_at": clock.now()}
    if report is not None:
        changes["report"] = report
    session.execute(sa.update(Device).where(Device.id == device.id).values(**changes))


def stale(device: Device) -> bool:
    """Whether the phone's last visit should be written down again."""
    return device.seen_at is None or clock.now() - device.seen_at > SEEN_EVERY


def unsent(device: Device) -> int | None:
    """How many records the phone last said it had not sent; None where it never said."""
    said = device.report.get("unsent") if isinstance(device.report, dict) else None
    if isinstance(said, bool) or not isinstance(said, int):
        return None
    return said if 0 <= said < 2**31 else None


def key_hash(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def ha1(code: str, key: str) -> str:
    """What HTTP Digest (RFC 7616 with MD5, the only one that Collect speaks) needs of a key."""
    return hashlib.md5(f"{code}:{REALM}:{key}".encode(), usedforsecurity=False).hexdigest()


def printable(text: str) -> str:
    """A text of one line without control or direction signs."""
    return "".join(letter for letter in text if letter.isprintable()).strip()
