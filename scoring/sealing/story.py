"""What sealing adds to the round's story: who is to agree, and what keeps a round open."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _, named
from evaluation.rounds import rules as rounds
from evaluation.rounds.models import Round
from evaluation.rounds.story import Blocker, Task
from scoring.runs import rules as run_rules
from scoring.runs import store as runs
from scoring.sealing import store


def address(found: Round) -> str:
    """The page of a round's reopenings."""
    return f"/rounds/{found.code}/scoring/reopening"


def tasks(session: Session, who: Principal, found: Round) -> list[Task]:
    """For another than the asker: agree or refuse; for the office, once agreed: finish."""
    if who.role != roles.OFFICE or found.state not in run_rules.MAY_CORRECT:
        return []
    held = store.open_reopening(session, found)
    if held is None:
        return []
    name = named(found.name, found.name_en)
    if held.agreed_at is None:
        if held.asked_by == who.username:
            return []
        title = _("同意或不同意重新打开“{name}”的结果", name=name)
        return [Task(title, address(found), held.reason, light="yellow")]
    if runs.waiting(session, found) is not None:
        return []
    title = _("完成“{name}”的更正", name=name)
    return [Task(title, address(found), held.reason, light="yellow")]


def blockers(session: Session, found: Round, target: str) -> list[Blocker]:
    """A round is not archived while its result is being corrected."""
    if target != rounds.ARCHIVED:
        return []
    if store.open_reopening(session, found) is not None:
        return [Blocker(_("重新打开的结果还没有办结。"), address(found))]
    return []
