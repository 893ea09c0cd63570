"""What submissions add to home: what was refused and waits for somebody to decide."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _, named
from evaluation.rounds import rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import Task
from surveys.submissions import refusals_store


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """Refusals to settle; those that name no round's visit stand with every open round."""
    if who.role not in (roles.SUPERVISOR, roles.OFFICE):
        return []
    is_open = found.state in (rules.COLLECTING, rules.VERIFYING)
    waiting = [
        each
        for each in refusals_store.of_round(session, who, found, settled=False)
        if is_open or each.facts.get("round")
    ]
    if not waiting:
        return []
    return [
        Task(
            _("处理 {count} 项拒收的内容", count=len(waiting)),
            f"/rounds/{found.code}/refusals",
            named(found.name, found.name_en),
            light="yellow",
        )
    ]
