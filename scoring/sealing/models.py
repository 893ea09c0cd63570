"""Seals on publications, and reopenings of what was sealed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Seal(Base):
    """The package of one publication: a file in the evidence store, and who can vouch for it.

    ``audit_number`` and ``audit_digest`` are the row of the audit log that the package is anchored
    to; ``key_id`` is the SHA-256 of the public key.
    """

    __tablename__ = "seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), unique=True)
    package_sha256: Mapped[str] = mapped_column(sa.String(64))
    manifest_sha256: Mapped[str] = mapped_column(sa.String(64))
    algorithm: Mapped[str] = mapped_column(sa.String(16))
    key_id: Mapped[str] = mapped_column(sa.String(64))
    signature: Mapped[str] = mapped_column(sa.String(200))
    audit_number: Mapped[int]
    audit_digest: Mapped[str] = mapped_column(sa.String(64))
    sealed_at: Mapped[datetime]


class Reopening(Base):
    """A sealed result reopened to be corrected: one person asks, another agrees.

    ``outcome`` is empty while it is open; ``corrected_by_id`` is the publication that closed it.
    """

    __tablename__ = "reopenings"
    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    number: Mapped[int]
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[str] = mapped_column(sa.String(64))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[str | None] = mapped_column(sa.String(64))
    agreed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(sa.String(16), default="")
    closed_by: Mapped[str | None] = mapped_column(sa.String(64))
    closed_at: Mapped[datetime | None]
    corrected_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publications.id"))
