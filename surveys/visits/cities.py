"""The cities that a person plans for or declares about, from the rounds the person sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.tree import Unit
from evaluation.rounds import store as rounds

#: Who looks at plans, sites and conflicts; the auditor reads only.
WATCHERS = (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)
PLANNERS = (roles.OFFICE, roles.SUPERVISOR)


def known(session: Session, who: Principal) -> dict[str, Unit]:
    """Cities by code, in the newest round's order; an evaluator may name any of them."""
    found: dict[str, Unit] = {}
    for each in rounds.visible(session, who):
        for code, unit in rounds.framework(each).unit_by_code.items():
            if who.role == roles.EVALUATOR or who.sees_filing(code):
                found.setdefault(code, unit)
    return found
