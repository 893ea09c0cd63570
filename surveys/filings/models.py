"""What cities file: one value a city and indicator, every version of it, evidence and uploads."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Filing(Base):
    """A city's filing in a round (全量数据填报): its state and who moved it."""

    __tablename__ = "filings"
    __table_args__ = (sa.UniqueConstraint("round_id", "city"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[str] = mapped_column(sa.String(16), default="open")
    revision: Mapped[int] = mapped_column(default=0)
    submitted_by: Mapped[str | None] = mapped_column(sa.String(64))
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime | None]


class FilingValue(Base):
    """The present value of one cell. ``value`` is None when not applicable or cleared."""

    __tablename__ = "filing_values"
    __table_args__ = (sa.UniqueConstraint("round_id", "city", "indicator"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    indicator: Mapped[str] = mapped_column(sa.String(64))
    value: Mapped[float | None] = mapped_column(sa.Double)
    not_applicable: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(16), default="saved")
    return_reason: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[str] = mapped_column(sa.String(64))
    updated_at: Mapped[datetime]


class FilingValueVersion(Base):
    """One version of a cell, kept for ever. ``how``: grid, workbook, returned, accepted…"""

    __tablename__ = "filing_value_versions"
    __table_args__ = (sa.UniqueConstraint("round_id", "city", "indicator", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    indicator: Mapped[str] = mapped_column(sa.String(64))
    revision: Mapped[int]
    value: Mapped[float | None] = mapped_column(sa.Double)
    not_applicable: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(16))
    return_reason: Mapped[str] = mapped_column(sa.Text, default="")
    how: Mapped[str] = mapped_column(sa.String(16))
    key: Mapped[str] = mapped_column(sa.String(64), default="")  # the sender's, for a resend
    by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]


class FilingEvidence(Base):
    """A file attached to a cell. Removing it keeps the row."""

    __tablename__ = "filing_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32))
    indicator: Mapped[str] = mapped_column(sa.String(64))
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("evidence_files.sha256"))
    name: Mapped[str] = mapped_column(sa.String(255))
    added_by: Mapped[str] = mapped_column(sa.String(64))
    added_at: Mapped[datetime]
    removed_by: Mapped[str | None] = mapped_column(sa.String(64))
    removed_at: Mapped[datetime | None]


class FilingUpload(Base):
    """An uploaded workbook waiting for its preview to be confirmed, or already confirmed."""

    __tablename__ = "filing_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    city: Mapped[str] = mapped_column(sa.String(32), default="")  # empty: all cities at once
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("evidence_files.sha256"))
    name: Mapped[str] = mapped_column(sa.String(255))
    by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    changed: Mapped[int | None]
