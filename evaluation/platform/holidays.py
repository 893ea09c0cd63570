"""Days off and make-up days that the office enters: they win over what the calendar knows."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Holiday(Base):
    """One day that is worked or not, whatever the calendar says."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(sa.String(100), default="")
    set_by: Mapped[str] = mapped_column(sa.String(64))
    set_at: Mapped[datetime]
