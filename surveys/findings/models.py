"""What was found wrong, ready for the rectification list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Finding(Base):
    """A checkpoint that failed on an accepted visit.

    ``evidence`` lists hashes and names of files. It says nothing of who came or when: ``found_on``
    is what a city may see of the time, and is rounded to the month.
    """

    __tablename__ = "findings"
    __table_args__ = (sa.UniqueConstraint("submission_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    city: Mapped[str] = mapped_column(sa.String(32), index=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"))
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    question: Mapped[str] = mapped_column(sa.String(255))
    title: Mapped[str] = mapped_column(sa.Text)
    title_en: Mapped[str] = mapped_column(sa.Text, default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answer_en: Mapped[str] = mapped_column(sa.Text, default="")
    indicator: Mapped[str] = mapped_column(sa.String(64), default="")
    measure: Mapped[int | None]
    department: Mapped[str] = mapped_column(sa.String(64), default="")
    severity: Mapped[str] = mapped_column(sa.String(16))
    evidence: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    state: Mapped[str] = mapped_column(sa.String(16))
    found_on: Mapped[str] = mapped_column(sa.String(7))
    created_at: Mapped[datetime]
