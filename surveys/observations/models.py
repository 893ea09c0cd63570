"""Observations: city × indicator × method side by side, one of them adopted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Observation(Base):
    """One method's value of one city and indicator in a round.

    ``value`` is None when ``not_applicable``. ``adopted`` is true for at most one method;
    ``chosen_by`` names the person who adopted it by hand, and is None where the rule did.
    ``reason`` says why it was recorded as it is, ``chosen_reason`` why it was chosen.
    ``visits`` and ``spread`` (standard deviation) are there where it is the mean of several.
    """

    __tablename__ = "observations"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "city", "indicator", "method"),
        sa.Index(
            "ix_observations_one_adopted",
            "round_id",
            "city",
            "indicator",
            unique=True,
            sqlite_where=sa.text("adopted"),
            postgresql_where=sa.text("adopted"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    indicator: Mapped[str] = mapped_column(sa.String(64))
    method: Mapped[str] = mapped_column(sa.String(32))
    value: Mapped[float | None] = mapped_column(sa.Double)
    not_applicable: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[str] = mapped_column(sa.String(64), default="")
    source: Mapped[str] = mapped_column(sa.String(255), default="")
    visits: Mapped[int | None]
    spread: Mapped[float | None] = mapped_column(sa.Double)
    evidence: Mapped[list[str]] = mapped_column(default=list)
    adopted: Mapped[bool] = mapped_column(default=False)
    chosen_by: Mapped[str | None] = mapped_column(sa.String(64))
    chosen_reason: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    recorded_by: Mapped[str] = mapped_column(sa.String(64))
    recorded_at: Mapped[datetime]
