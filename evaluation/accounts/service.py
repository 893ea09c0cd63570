"""People: adding them, changing what they may do, taking access away."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import passwords, roles
from evaluation.accounts.models import User
from evaluation.accounts.principal import Principal
from evaluation.accounts.signing import end_sessions
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import N_


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
        password_set_at=clock.now(),
        must_change_password=must_change_password,
        active=True,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    audit.record(session, who, "user.added", f"user:{username}", after=_facts(user))
    return user


def reset_password(session: Session, who: Actor, username: str, password: str) -> None:
    """Give a first password again; every session of the person ends, and phones ask for it."""
    user = get_user(session, username)
    user.password_hash = passwords.hash_password(password)
    user.password_set_at = clock.now()
    user.must_change_password = True
    end_sessions(session, user.id)
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
        end_sessions(session, user.id)
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
