"""What objections add to the round's story."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts.principal import Principal
from evaluation.platform.audit import Actor
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, Task


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """What waits for whom."""
    return []


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """Why a round cannot move on."""
    return []


def settled(session: Session, who: Actor, found: Round, target: str) -> None:
    """Written down as a round is approved."""
