"""Runs and publications. Snapshot and sheet are files named by their own hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Run(Base):
    """One scoring of a round's adopted observations, frozen."""

    __tablename__ = "runs"
    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    framework_sha256: Mapped[str] = mapped_column(sa.String(64))
    snapshot_sha256: Mapped[str] = mapped_column(sa.String(64))
    sheet_sha256: Mapped[str] = mapped_column(sa.String(64))
    method: Mapped[dict[str, Any]]
    code_version: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    scored_by: Mapped[str] = mapped_column(sa.String(64))
    scored_at: Mapped[datetime]


class Publication(Base):
    """A run approved by one person and published by another; corrections are new versions.

    ``changes`` is what a correction tells the public: inputs that changed, places that moved.
    """

    __tablename__ = "publications"
    __table_args__ = (sa.UniqueConstraint("round_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    version: Mapped[int]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("runs.id"))
    approved_by: Mapped[str] = mapped_column(sa.String(64))
    approved_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(sa.String(64))
    published_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
