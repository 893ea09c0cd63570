"""Framework versions: a canonical document and its hash, frozen once a round uses it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class FrameworkVersion(Base):
    """One version of a framework; ``document`` is `framework.document.canonical_bytes`."""

    __tablename__ = "framework_versions"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200), default="")
    edition: Mapped[str] = mapped_column(sa.String(64), default="")
    official: Mapped[bool] = mapped_column(default=False)
    document: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
