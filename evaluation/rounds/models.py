"""Rounds and the steps they have taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evaluation.framework.models import FrameworkVersion
from evaluation.platform.database import Base


class Round(Base):
    """An evaluation round (评价周期): monthly, quarterly or annual, on one framework version.

    ``objection_days`` are the working days in which a city may object after scores are fed back;
    ``agreement`` is what first and blind second looks must agree to, empty where nothing is asked.
    """

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16))
    framework_version_id: Mapped[int] = mapped_column(sa.ForeignKey("framework_versions.id"))
    previous_code: Mapped[str | None] = mapped_column(sa.String(64))
    filing_opens_at: Mapped[datetime]
    filing_closes_at: Mapped[datetime]
    objection_closes_at: Mapped[datetime | None]
    objection_days: Mapped[int] = mapped_column(default=5, server_default="5")
    agreement: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    disclosure: Mapped[str] = mapped_column(sa.String(16), default="own")
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    framework_version: Mapped[FrameworkVersion] = relationship()


class RoundStep(Base):
    """A round moved from one state to the next."""

    __tablename__ = "round_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    from_state: Mapped[str] = mapped_column(sa.String(16))
    to_state: Mapped[str] = mapped_column(sa.String(16))
    by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text, default="")
