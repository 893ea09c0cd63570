"""Reasons that stay on record: there must be one, and it names no evaluator."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from surveys.visits.errors import NamesPerson, ReasonWanted

LONGEST = 500


def require(session: Session, reason: str) -> str:
    """The reason, trimmed. Raises `ReasonWanted`, `NamesPerson`: auditors and the log read it."""
    said = reason.strip()[:LONGEST]
    if not said:
        raise ReasonWanted
    query = sa.select(User.username, User.display_name).where(User.role == roles.EVALUATOR)
    for names in session.execute(query).tuples():
        if any(len(name) > 1 and name.lower() in said.lower() for name in names):
            raise NamesPerson
    return said
