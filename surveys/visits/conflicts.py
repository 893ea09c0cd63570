"""Conflicts of interest: declared, recorded for somebody, withdrawn. None is ever deleted.

The log knows an evaluator here by the alias only: who keeps away from which city, and when that
was said, must not be read together with a name.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.accounts.principal import Principal
from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import N_
from surveys.visits import masking
from surveys.visits.models import Conflict

LONGEST = 500


def evaluators(session: Session) -> list[User]:
    """Everybody who is or was an evaluator and may sign in, by name."""
    return list(
        session.scalars(
            sa.select(User)
            .where(User.role == roles.EVALUATOR, User.active)
            .order_by(User.display_name, User.username)
        )
    )


def listed(
    session: Session, *, username: str | None = None, cities: Collection[str] | None = None
) -> list[Conflict]:
    """Conflicts, standing ones first, then the newest; of one evaluator, or of some cities."""
    query = sa.select(Conflict)
    if username is not None:
        query = query.where(Conflict.username == username)
    if cities is not None:
        query = query.where(Conflict.city.in_(sorted(cities)))
    stands = sa.case((Conflict.withdrawn_at.is_(None), 0), else_=1)
    return list(session.scalars(query.order_by(stands, Conflict.id.desc())))


def declare(
    session: Session,
    who: Principal,
    secret: str,
    *,
    username: str,
    city: str,
    reason: str,
    cities: Collection[str],
) -> Conflict:
    """Put a conflict on record. An evaluator declares for nobody else. Raises `Faulty`."""
    person = _evaluator(session, who, username)
    found = []
    if person is None:
        found.append(Fault("conflict-person", N_("请选择评价员。"), column="username"))
    if city not in cities:
        found.append(Fault("conflict-city", N_("请选择市州。"), column="city"))
    if not reason.strip():
        found.append(
            Fault(
                "conflict-reason",
                N_("请写明是什么关系。"),
                N_("例如：曾在该市任职、亲属在该市任职或经商。"),
                column="reason",
            )
        )
    elif len(reason) > LONGEST:
        found.append(
            Fault(
                "conflict-long",
                N_("说明最多 {count} 个字。"),
                "",
                {"count": LONGEST},
                column="reason",
            )
        )
    elif person is not None and _standing(session, username, city) is not None:
        found.append(Fault("conflict-known", N_("这项利益冲突已经登记过。"), column="city"))
    if found:
        raise Faulty(found)
    added = Conflict(
        username=username,
        city=city,
        reason=reason.strip(),
        declared_by=who.username,
        declared_at=clock.now(),
    )
    session.add(added)
    session.flush()
    _record(session, who, secret, "conflict.declared", added)
    return added


def withdraw(
    session: Session,
    who: Principal,
    secret: str,
    *,
    username: str,
    city: str,
    cities: Collection[str],
) -> None:
    """Withdraw a standing conflict; an evaluator only one that the same person declared.

    Raises `NotFound`.
    """
    held = _standing(session, username, city)
    if held is None or city not in cities or _evaluator(session, who, username) is None:
        raise NotFound(city=city)
    if who.role == roles.EVALUATOR and held.declared_by != who.username:
        raise NotFound(city=city)
    held.withdrawn_by, held.withdrawn_at = who.username, clock.now()
    session.flush()
    _record(session, who, secret, "conflict.withdrawn", held)


def _standing(session: Session, username: str, city: str) -> Conflict | None:
    return session.scalar(
        sa.select(Conflict)
        .where(
            Conflict.username == username,
            Conflict.city == city,
            Conflict.withdrawn_at.is_(None),
        )
        .with_for_update()
    )


def _evaluator(session: Session, who: Principal, username: str) -> User | None:
    if who.role == roles.EVALUATOR and username != who.username:
        return None
    return session.scalar(
        sa.select(User).where(User.username == username, User.role == roles.EVALUATOR)
    )


def _record(session: Session, who: Principal, secret: str, action: str, held: Conflict) -> None:
    alias = masking.alias(secret, held.username)
    actor: Actor = masking.masked(secret, who.username) if who.role == roles.EVALUATOR else who
    audit.record(session, actor, action, f"conflict:{alias}", after={"city": held.city})
