"""Signing in and out, who a session belongs to, and changing one's own password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import passwords, throttle
from evaluation.accounts.asking import FIND
from evaluation.accounts.models import SignIn, User
from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.errors import DomainError, Fault, Faulty
from evaluation.platform.i18n import N_
from evaluation.platform.settings import Settings

SEEN_EVERY = timedelta(seconds=60)


class WrongPassword(DomainError):
    """The name or the password is wrong; which of the two is not said."""

    status = 401
    code = "wrong-password"
    title = N_("用户名或密码不正确")
    detail = N_("用户名或密码不正确。请检查后重试；忘记密码请联系省级管理员重置。")


def prove(
    reading: Session,
    writing: Session,
    settings: Settings,
    *,
    username: str,
    password: str,
    address: str,
    device: str,
) -> User | DomainError:
    """Check a password, with the throttle that every door shares; give the person.

    The slow check is done while only *reading*, so that guesses never hold the write lock. A
    refusal is returned, not raised, so that the failure it counted is committed.
    """
    now = clock.now()
    own = throttle.counter(settings.secret, username, address, device)
    known = own != throttle.counter(settings.secret, username, address, "")
    shared = None if known else throttle.address_counter(address)
    try:
        throttle.check(reading, now, own=own, address=shared)
    except throttle.TooManyTries as refusal:
        return refusal
    user = reading.scalar(sa.select(User).where(User.username == username))
    right = passwords.matches(user.password_hash if user else passwords.nobody(), password)
    if user is None or not right or not user.active:
        throttle.remember_failure(writing, now, own, *([shared] if shared else []))
        return WrongPassword()
    throttle.forget_failures(writing, own)
    return user


def sign_in(
    reading: Session,
    writing: Session,
    settings: Settings,
    *,
    username: str,
    password: str,
    address: str,
    device: str,
) -> tuple[str, User] | DomainError:
    """Check a password as `prove` does; give the new session's token and the person."""
    user = prove(
        reading,
        writing,
        settings,
        username=username,
        password=password,
        address=address,
        device=device,
    )
    if isinstance(user, DomainError):
        return user
    now = clock.now()
    token = secrets.token_urlsafe(32)
    writing.add(SignIn(token_hash=hash_token(token), user_id=user.id, created_at=now, seen_at=now))
    actor = audit.System(user.username, user.role)
    audit.record(writing, actor, "user.signed_in", f"user:{user.username}")
    return token, user


def sign_out(session: Session, who: Principal) -> None:
    """End the present session."""
    session.execute(
        sa.update(SignIn).where(SignIn.id == who.sign_in_id).values(ended_at=clock.now())
    )
    audit.record(session, who, "user.signed_out", f"user:{who.username}")


def find_principal(
    database: Session | sa.Connection, settings: Settings, token: str
) -> tuple[Principal, bool] | None:
    """The person behind a session token, and whether its last use should be written down.

    None when the token is unknown, ended, idle too long, too old, or the account is switched off.
    """
    now = clock.now()
    row = database.execute(FIND, {"token": hash_token(token)}).one_or_none()
    if row is None or row.ended_at is not None or not row.active:
        return None
    if now - row.created_at > timedelta(hours=settings.absolute_hours):
        return None
    if now - row.seen_at > timedelta(minutes=settings.idle_minutes):
        return None
    principal = Principal(
        id=row.user_id,
        sign_in_id=row.sign_in_id,
        username=row.username,
        display_name=row.display_name,
        role=row.role,
        cities=frozenset(row.cities),
        rounds=frozenset(row.rounds),
        department=row.department,
        must_change_password=row.must_change_password,
    )
    return principal, now - row.seen_at > SEEN_EVERY


def touch(session: Session, sign_in_id: int) -> None:
    """Write down that a session was used just now."""
    session.execute(sa.update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=clock.now()))


def change_password(session: Session, who: Principal, *, current: str, new: str) -> None:
    """Set a new password and end the person's other sessions.

    Raises `WrongPassword`, or `Faulty` with every rule the new one breaks.
    """
    user = session.get_one(User, who.id)
    if not passwords.matches(user.password_hash, current):
        raise WrongPassword
    found = passwords.faults(new, user.username)
    if new == current:
        found.append(Fault("password-same", N_("新密码与旧密码相同。"), column="password"))
    if found:
        raise Faulty(found)
    user.password_hash = passwords.hash_password(new)
    user.password_set_at = clock.now()
    user.must_change_password = False
    end_sessions(session, user.id, but=who.sign_in_id)
    audit.record(session, who, "user.password_changed", f"user:{user.username}")


def hash_token(token: str) -> str:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_sessions(session: Session, user_id: int, but: int | None = None) -> None:
    """End every session of a person, *but* one."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
        .values(ended_at=clock.now())
    )
