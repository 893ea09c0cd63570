"""Days off and make-up days that the office enters: they win over what the calendar knows."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from evaluation.platform import audit, clock
from evaluation.platform.audit import Actor
from evaluation.platform.database import Base
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import N_

FIRST_YEAR, LAST_YEAR = 2004, 2099
NAME_LENGTH = 100


class Holiday(Base):
    """One day that is worked or not, whatever the calendar says."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    set_by: Mapped[str] = mapped_column(sa.String(64))
    set_at: Mapped[datetime]


def entered(session: Session) -> list[Holiday]:
    """Every day that was entered, in order."""
    return list(session.scalars(sa.select(Holiday).order_by(Holiday.day)))


def exceptions(session: Session) -> dict[date, bool]:
    """The same for counting: whether each day is worked."""
    return dict(session.execute(sa.select(Holiday.day, Holiday.working)).tuples().all())


def put(session: Session, who: Actor, day: date | None, *, working: bool, name: str) -> Holiday:
    """Enter a day, or enter it anew. Raises `Faulty`."""
    faults = []
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        faults.append(
            Fault(
                "holiday-day",
                N_("请填写 {first} 到 {last} 年之间的日期。"),
                "",
                {"first": FIRST_YEAR, "last": LAST_YEAR},
                column="day",
            )
        )
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        faults.append(
            Fault(
                "holiday-name",
                N_("请写明依据，例如“春节”或“国庆调休”，不超过 {most} 个字。"),
                "",
                {"most": NAME_LENGTH},
                column="name",
            )
        )
    if faults or day is None:
        raise Faulty(faults)
    held = session.get(Holiday, day)
    before = None if held is None else _said(held)
    if held is None:
        held = Holiday(day=day)
        session.add(held)
    held.working, held.name = working, name
    held.set_by, held.set_at = who.username, clock.now()
    session.flush()
    if before != _said(held):
        audit.record(
            session, who, "holiday.set", f"holiday:{day}", before=before, after=_said(held)
        )
    return held


def remove(session: Session, who: Actor, day: date) -> None:
    """Take a day out again: the calendar decides. Raises `NotFound`."""
    held = session.get(Holiday, day)
    if held is None:
        raise NotFound(holiday=day)
    audit.record(session, who, "holiday.removed", f"holiday:{day}", before=_said(held))
    session.delete(held)
    session.flush()


def _said(held: Holiday) -> dict[str, object]:
    return {"working": held.working, "name": held.name}
