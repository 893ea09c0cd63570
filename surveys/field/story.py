"""What the phone adds to the side bar."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep
from surveys.field.shell import HOME


def steps(who: Principal, found: Round) -> Sequence[NavStep]:
    """An evaluator's way to the app that fills in records without a network."""
    if who.role != roles.EVALUATOR:
        return []
    return [NavStep("field", _("手机填写"), HOME, "active")]
