"""What findings add to the side bar."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep
from surveys.findings import rules
from surveys.observations.rules import is_open


def steps(who: Principal, found: Round) -> Sequence[NavStep]:
    """现场发现, for those who may see any: by role and state, whether there are some or not."""
    if rules.scope_of(who, found.state) is None:
        return []
    begun = found.state != round_rules.PLANNED
    state = "waiting" if not begun else "active" if is_open(found.state) else "done"
    return [NavStep("findings", _("现场发现"), f"/rounds/{found.code}/findings", state)]
