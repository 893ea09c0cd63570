"""What one accepted visit says of an indicator."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class Reading(Base):
    """The value of an indicator on one visit, by the score rule of one question.

    ``value`` is None when ``not_applicable``. ``counts`` is false for a blind second look, which
    is compared with the first and not counted twice.
    """

    __tablename__ = "readings"
    __table_args__ = (sa.UniqueConstraint("submission_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"))
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    city: Mapped[str] = mapped_column(sa.String(32))
    indicator: Mapped[str] = mapped_column(sa.String(64))
    method: Mapped[str] = mapped_column(sa.String(32))
    question: Mapped[str] = mapped_column(sa.String(255))
    rule: Mapped[str] = mapped_column(sa.Text)
    across: Mapped[str] = mapped_column(sa.String(16))
    value: Mapped[float | None] = mapped_column(sa.Double)
    not_applicable: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[bool] = mapped_column(default=True)
