"""What the control room adds to the side bar."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep
from surveys.control.web import READERS
from surveys.observations.rules import is_open


def steps(who: Principal, found: Round) -> Sequence[NavStep]:
    """控制室, for those who look after field work."""
    if who.role not in READERS:
        return []
    begun = found.state != round_rules.PLANNED
    state = "waiting" if not begun else "active" if is_open(found.state) else "done"
    return [NavStep("control", _("控制室"), f"/rounds/{found.code}/control", state)]
