"""The audit log: append-only, each row hashed together with the one before it.

A row is written in the transaction of the change it describes. The head row holds the last
number and hash, so that a tail cut off the log is missed as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from evaluation.platform import clock
from evaluation.platform.database import Base
from evaluation.platform.i18n import N_

GENESIS = "0" * 64


class Actor(Protocol):
    """Whoever did it: a signed-in person or the command line."""

    @property
    def username(self) -> str:
        """Sign-in name."""

    @property
    def role(self) -> str:
        """Role at the time."""


@dataclass(frozen=True)
class System:
    """The command line or the platform itself as an actor."""

    username: str = "system"
    role: str = "system"


class AuditEntry(Base):
    """One change: who, in which role, when, what, before and after."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    username: Mapped[str] = mapped_column(sa.String(64))
    role: Mapped[str] = mapped_column(sa.String(32))
    action: Mapped[str] = mapped_column(sa.String(64), index=True)
    subject: Mapped[str] = mapped_column(sa.String(200), index=True)
    before: Mapped[str | None] = mapped_column(sa.Text)
    after: Mapped[str | None] = mapped_column(sa.Text)
    algorithm: Mapped[str] = mapped_column(sa.String(16))
    previous: Mapped[str] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))


class AuditHead(Base):
    """The end of the chain; locking it puts writers in line."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    algorithm: Mapped[str] = mapped_column(sa.String(16))


# Built once and on the tables themselves: a row is appended at every change anybody makes.
_ENTRIES = cast("sa.Table", AuditEntry.__table__)
_END = cast("sa.Table", AuditHead.__table__)
_HEAD = (
    sa.select(_END.c.number, _END.c.digest, _END.c.algorithm)
    .where(_END.c.id == 1)
    .with_for_update()
)
_APPEND = sa.insert(_ENTRIES)
_MOVE = (
    sa.update(_END)
    .where(_END.c.id == 1)
    .values(number=sa.bindparam("new_number"), digest=sa.bindparam("new_digest"))
)


REASONS = {
    "missing": N_("这一行缺失"),
    "not-linked": N_("这一行没有接在前一行之后"),
    "altered": N_("这一行被改动过"),
    "tail-cut": N_("末尾被截断"),
    "head-behind": N_("末尾多出未登记的行"),
    "no-head": N_("缺少链尾记录"),
}


@dataclass(frozen=True)
class Break:
    """The first row at which the chain does not hold, and why: a key of `REASONS`."""

    number: int
    reason: str

    @property
    def reason_text(self) -> str:
        """Why, as a message id."""
        return REASONS[self.reason]


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no spaces, no NaN. Raises ValueError for NaN."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def record(
    session: Session,
    who: Actor,
    action: str,
    subject: str,
    *,
    before: Any = None,
    after: Any = None,
) -> None:
    """Append one row to the chain, in the caller's transaction."""
    connection = session.connection()
    head = connection.execute(_HEAD).one()
    row = {
        "number": head.number + 1,
        "at": clock.now(),
        "username": who.username,
        "role": who.role,
        "action": action,
        "subject": subject,
        "before": None if before is None else canonical(before),
        "after": None if after is None else canonical(after),
        "algorithm": head.algorithm,
        "previous": head.digest,
    }
    row["digest"] = digest(row)
    connection.execute(_APPEND, row)
    connection.execute(_MOVE, {"new_number": row["number"], "new_digest": row["digest"]})


def digest(row: dict[str, Any]) -> str:
    """Hash of a row and, through ``previous``, of all rows before it."""
    sealed = canonical(
        {key: row[key] for key in row if key not in ("at", "digest")}
        | {"at": row["at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    )
    return hashlib.new(row["algorithm"], sealed.encode()).hexdigest()


def entries(session: Session) -> Generator[dict[str, Any], None, None]:
    """All rows in order, a thousand at a time."""
    columns = AuditEntry.__table__.columns
    result = session.execute(
        sa.select(*columns).order_by(AuditEntry.number).execution_options(yield_per=1000)
    )
    try:
        for row in result.mappings():
            yield dict(row)
    finally:
        result.close()


def verify(session: Session) -> Break | None:
    """Walk the chain; the first break, or None where every row holds and the end is the head."""
    number, previous = 0, GENESIS
    with closing(entries(session)) as rows:
        for row in rows:
            if row["number"] != number + 1:
                return Break(number + 1, "missing")
            if row["previous"] != previous:
                return Break(row["number"], "not-linked")
            if digest(row) != row["digest"]:
                return Break(row["number"], "altered")
            number, previous = row["number"], row["digest"]
    head = session.get(AuditHead, 1)
    if head is None:
        return Break(number, "no-head")
    if head.number != number or head.digest != previous:
        return Break(number + 1, "tail-cut" if head.number > number else "head-behind")
    return None
