"""Adding people, signing in and out, changing passwords, taking access away."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import passwords, roles, throttle
from evaluation.accounts.asking import FIND
from evaluation.accounts.models import SignIn, User
from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import N_
from evaluation.platform.settings import Settings

SEEN_EVERY = timedelta(seconds=60)


class WrongPassword(DomainError):
    """The name or the password is wrong; which of the two is not said."""

    status = 401
    code = "wrong-password"
    title = N_("用户名或密码不正确")
    detail = N_("用户名或密码不正确。请检查后重试；忘记密码请联系省级管理员重置。")


class LastOffice(DomainError):
    """The last administrator cannot be switched off."""

    code = "last-office"
    title = N_("至少要保留一名省级管理员")
    detail = N_("这是最后一名可登录的省级管理员，停用后将无人能管理系统。请先添加另一名。")


def add_user(
    session: Session,
    who: Actor,
    *,
    username: str,
    role: str,
    password: str,
    display_name: str = "",
    cities: Iterable[str] = (),
    rounds: Iterable[str] = (),
    department: str = "",
    must_change_password: bool = True,
) -> User:
    """Create an account. Raises `Faulty` listing everything that is wrong with it."""
    username = username.strip()
    found = []
    if not username or len(username) > 64 or not username.isprintable() or " " in username:
        found.append(
            Fault(
                "username-bad", N_("用户名不能为空、超过 64 个字符或包含空格。"), column="username"
            )
        )
    if role not in roles.ROLES:
        found.append(
            Fault(
                "role-unknown",
                N_("没有角色“{role}”。"),
                N_("可用的角色：{allowed}。"),
                {"role": role, "allowed": ", ".join(roles.ROLES)},
                column="role",
            )
        )
    if role in roles.OF_A_CITY and not list(cities):
        found.append(
            Fault(
                "city-needed", N_("市州角色必须指定市州。"), N_("请填写市州代码。"), column="cities"
            )
        )
    found.extend(passwords.faults(password, username))
    if session.scalar(sa.select(User.id).where(User.username == username)) is not None:
        found.append(
            Fault(
                "username-taken",
                N_("用户名“{username}”已存在。"),
                N_("请换一个用户名。"),
                {"username": username},
                column="username",
            )
        )
    if found:
        raise Faulty(found)
    user = User(
        username=username,
        display_name=display_name or username,
        role=role,
        cities=sorted(cities),
        rounds=sorted(rounds),
        department=department,
        password_hash=passwords.hash_password(password),
        must_change_password=must_change_password,
        active=True,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    audit.record(session, who, "user.added", f"user:{username}", after=_facts(user))
    return user


def sign_in(
    session: Session,
    settings: Settings,
    *,
    username: str,
    password: str,
    address: str,
    device: str,
) -> tuple[str, User] | DomainError:
    """Check a password; give the new session's token and the person.

    A refusal is returned, not raised, so that the failure it counted is committed.
    """
    now = clock.now()
    own = throttle.counter(settings.secret, username, address, device)
    known = own != throttle.counter(settings.secret, username, address, "")
    shared = None if known else throttle.address_counter(address)
    try:
        throttle.check(session, now, own=own, address=shared)
    except throttle.TooManyTries as refusal:
        return refusal
    user = session.scalar(sa.select(User).where(User.username == username))
    right = passwords.matches(user.password_hash if user else passwords.nobody(), password)
    if user is None or not right or not user.active:
        throttle.remember_failure(session, now, own, *([shared] if shared else []))
        return WrongPassword()
    throttle.forget_failures(session, own)
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=hash_token(token), user_id=user.id, created_at=now, seen_at=now))
    actor = audit.System(user.username, user.role)
    audit.record(session, actor, "user.signed_in", f"user:{user.username}")
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
    user.must_change_password = False
    _end_sessions(session, user.id, but=who.sign_in_id)
    audit.record(session, who, "user.password_changed", f"user:{user.username}")


def reset_password(session: Session, who: Actor, username: str, password: str) -> None:
    """Give a first password again; every session of the person ends."""
    user = get_user(session, username)
    user.password_hash = passwords.hash_password(password)
    user.must_change_password = True
    _end_sessions(session, user.id)
    audit.record(session, who, "user.password_reset", f"user:{username}")


def update_user(
    session: Session,
    who: Actor,
    username: str,
    *,
    role: str,
    cities: Iterable[str],
    rounds: Iterable[str],
    department: str,
    active: bool,
) -> None:
    """Change what a person may do; effective at that person's next request."""
    user = get_user(session, username)
    before = _facts(user)
    leaving = user.role == roles.OFFICE and user.active and (role != roles.OFFICE or not active)
    if leaving and _active_office(session) <= 1:
        raise LastOffice
    if role not in roles.ROLES or (role in roles.OF_A_CITY and not list(cities)):
        raise Faulty([Fault("role-incomplete", N_("市州角色必须指定市州。"), column="cities")])
    user.role, user.department, user.active = role, department, active
    user.cities, user.rounds = sorted(cities), sorted(rounds)
    if not active:
        _end_sessions(session, user.id)
    session.flush()
    audit.record(
        session, who, "user.changed", f"user:{username}", before=before, after=_facts(user)
    )


def get_user(session: Session, username: str) -> User:
    """The account of that name. Raises NotFound."""
    user = session.scalar(sa.select(User).where(User.username == username))
    if user is None:
        raise NotFound(username=username)
    return user


def principal_of(session: Session, username: str) -> Principal:
    """A person as an actor outside a request: for commands and the demonstration."""
    user = get_user(session, username)
    return Principal(
        id=user.id,
        sign_in_id=0,
        username=user.username,
        display_name=user.display_name,
        role=user.role,
        cities=frozenset(user.cities),
        rounds=frozenset(user.rounds),
        department=user.department,
        must_change_password=user.must_change_password,
    )


def hash_token(token: str) -> str:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end_sessions(session: Session, user_id: int, but: int | None = None) -> None:
    session.execute(
        sa.update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.id != (but or 0))
        .values(ended_at=clock.now())
    )


def _active_office(session: Session) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count()).where(User.role == roles.OFFICE, User.active.is_(True))
        )
        or 0
    )


def _facts(user: User) -> dict[str, object]:
    return {
        "role": user.role,
        "cities": user.cities,
        "rounds": user.rounds,
        "department": user.department,
        "active": user.active,
    }
