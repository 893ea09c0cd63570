"""What people are called on pages that hold their sign-in names."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.models import User
from evaluation.platform.i18n import _


def display_names(session: Session, usernames: Iterable[str | None]) -> dict[str, str]:
    """What people are called, by sign-in name."""
    wanted = {name for name in usernames if name}
    rows = session.execute(
        sa.select(User.username, User.display_name).where(User.username.in_(wanted))
    )
    known = dict(rows.tuples().all())
    return {name: _(known.get(name, name)) for name in wanted}
