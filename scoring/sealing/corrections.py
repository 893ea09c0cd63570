"""What was corrected under a reopening, as the audit log tells it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evaluation.rounds.models import Round
from scoring.sealing import store
from scoring.sealing.models import Reopening

_CELL = re.compile(r"/city:(.*)/indicator:(.*)\Z")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A value before and after; None is no value, "NA" not applicable."""

    city: str
    indicator: str
    before: float | str | None
    after: float | str | None
    reason: str
    by: str
    at: datetime


def corrected_values(session: Session, found: Round, held: Reopening) -> list[Corrected]:
    """The corrections of a reopening, oldest first."""
    made = []
    for entry in store.corrections(session, found, held):
        cell = _CELL.search(entry.subject)
        if cell is None:
            continue
        before, after = json.loads(entry.before or "{}"), json.loads(entry.after or "{}")
        was = before.get("adopted")
        made.append(
            Corrected(
                cell[1],
                cell[2],
                was[1] if was else None,
                after.get("value"),
                str(after.get("reason", "")),
                entry.username,
                entry.at,
            )
        )
    return made
