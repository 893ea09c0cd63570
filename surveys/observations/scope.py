"""Which round, city and indicator is meant, and whether it may still change."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.framework.tree import Framework, Node
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.observations import rules


def require_open(session: Session, found: Round) -> Framework:
    """Hold the round and give its framework. Raises `RoundClosed` once it is scored."""
    found = rounds.lock(session, found)
    if not rules.is_open(found.state):
        raise round_rules.RoundClosed(state=_(round_rules.STATES[found.state]))
    return rounds.framework(found)


def subject(found: Round, city: str, indicator: str) -> str:
    """What the audit log calls one city and indicator of a round."""
    return f"round:{found.code}/city:{city}/indicator:{indicator}"


def indicator_of(framework: Framework, city: str, indicator: str) -> Node:
    """The indicator. Raises `NotFound` unless the framework judges *city* by it."""
    node = framework.by_code.get(indicator)
    if node is None or framework.children[indicator] or city not in framework.unit_by_code:
        raise NotFound(city=city, indicator=indicator)
    return node
