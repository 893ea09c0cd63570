"""What was refused is kept: its bytes, why, and whose it was. The same thing twice is one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.platform import audit
from evaluation.platform.audit import Actor
from surveys.submissions.errors import TooManyRefusals
from surveys.submissions.models import Device, Refusal
from surveys.visits.codes import random_code

MOST_A_DAY = 500
ADMITTED, DISMISSED = "admitted", "dismissed"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of something refused: the file under ``sha256``, and the facts around it."""

    reason: str
    instance: str
    sha256: str
    size: int
    name: str = ""
    ledger: str | None = None
    facts: Mapping[str, Any] | None = None


def keep(session: Session, who: Actor, device: Device, kept: Kept, now: datetime) -> Refusal:
    """Write down what was refused; files sent with it later are added to the same row.

    Raises `TooManyRefusals` for a person from whom nothing else comes.
    """
    held = session.scalar(
        sa.select(Refusal)
        .where(
            Refusal.instance == kept.instance,
            Refusal.reason == kept.reason,
            Refusal.sha256 == kept.sha256,
            Refusal.name == kept.name,
            Refusal.evaluator == device.username,
        )
        .limit(1)
    )
    if held is not None:
        held.facts = _merged(held.facts, kept.facts or {})
        session.flush()
        return held
    _bound(session, device.username, now)
    refusal = Refusal(
        code=random_code(),
        reason=kept.reason,
        instance=kept.instance,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        ledger=kept.ledger,
        device_id=device.id,
        evaluator=device.username,
        facts=dict(kept.facts or {}),
        received_at=now,
    )
    session.add(refusal)
    session.flush()
    audit.record(
        session,
        who,
        "submission.refused",
        f"refusal:{refusal.code}",
        after={"reason": kept.reason, "sha256": kept.sha256, "size": kept.size},
    )
    return refusal


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for each in (*old.get("files", ()), *new.get("files", ())):
        files.setdefault(f"{each['name']}\n{each['sha256']}", each)
    return {**old, **({"files": list(files.values())} if files else {})}


def _bound(session: Session, username: str, now: datetime) -> None:
    count = session.scalar(
        sa.select(sa.func.count()).where(
            Refusal.evaluator == username, Refusal.received_at > now - timedelta(days=1)
        )
    )
    if (count or 0) >= MOST_A_DAY:
        raise TooManyRefusals(seconds=3600)


def open_ones(session: Session) -> Iterable[Refusal]:
    """Refusals that nobody has settled, newest first."""
    return session.scalars(
        sa.select(Refusal).where(Refusal.settled_at.is_(None)).order_by(Refusal.id.desc())
    )
