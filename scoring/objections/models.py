"""Objections, what belongs to them, and cities that agree."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Objection(Base):
    """A city's objection to one indicator of a run that was fed back to it.

    ``asked_value`` is what the city says it should be, where it says so. Once accepted,
    ``decided_value`` (or ``decided_not_applicable``) was recorded as an observation, and ``run_id``
    of the result is ``new_run_id``.
    """

    __tablename__ = "objections"
    __table_args__ = (
        sa.Index(
            "ix_objections_one_a_cell",
            "round_id",
            "city",
            "indicator",
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    indicator: Mapped[str] = mapped_column(sa.String(64))
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("runs.id"))
    state: Mapped[str] = mapped_column(sa.String(16))
    reasons: Mapped[str] = mapped_column(sa.Text)
    asked_value: Mapped[float | None] = mapped_column(sa.Double)
    asked_not_applicable: Mapped[bool] = mapped_column(default=False)
    filed_by: Mapped[str] = mapped_column(sa.String(64))
    filed_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    decision_due_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    decided_value: Mapped[float | None] = mapped_column(sa.Double)
    decided_not_applicable: Mapped[bool] = mapped_column(default=False)
    new_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("runs.id"))
    revision: Mapped[int] = mapped_column(default=1)


class ObjectionFile(Base):
    """A file of an objection: evidence, the leader's signature page, or of an answer."""

    __tablename__ = "objection_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(100))
    added_by: Mapped[str] = mapped_column(sa.String(64))
    added_at: Mapped[datetime]


class ObjectionAnswer(Base):
    """What the office or the evaluating side says to an objection, once each."""

    __tablename__ = "objection_answers"
    __table_args__ = (sa.UniqueConstraint("objection_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(sa.ForeignKey("objections.id"))
    side: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(sa.Text)
    by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


class Consent(Base):
    """A city said, before its time was over, that it has no objection."""

    __tablename__ = "objection_consents"
    __table_args__ = (sa.UniqueConstraint("round_id", "city"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
