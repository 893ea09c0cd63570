"""Every step of a submission's review, with its reasons."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from evaluation.platform.database import Base


class ReviewStep(Base):
    """Somebody approved, accepted, returned, rejected or reopened a submission.

    ``reasons`` maps the path of a question to what is wrong with its answer.
    """

    __tablename__ = "review_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(sa.ForeignKey("submissions.id"), index=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("editions.id"))
    action: Mapped[str] = mapped_column(sa.String(16))
    from_state: Mapped[str] = mapped_column(sa.String(16))
    to_state: Mapped[str] = mapped_column(sa.String(16))
    by: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    reasons: Mapped[dict[str, str]] = mapped_column(sa.JSON, default=dict)
