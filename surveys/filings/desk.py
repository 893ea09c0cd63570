"""Who stands at which desk: the round, the city and what this person may do there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.tree import Framework, Node, Unit
from evaluation.platform.errors import NotFound
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import service

WATCHERS = (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)


@dataclass(frozen=True, slots=True)
class Desk:
    """A city's filing in a round, and the person before it."""

    round: Round
    framework: Framework
    city: Unit
    who: Principal

    @property
    def home(self) -> str:
        """Address of the grid."""
        return f"/rounds/{self.round.code}/filing/{self.city.code}"

    @property
    def clerk(self) -> bool:
        """Whether this person fills it."""
        return self.who.role == roles.CLERK

    @property
    def approver(self) -> bool:
        """Whether this person submits it."""
        return self.who.role == roles.APPROVER

    @property
    def office(self) -> bool:
        """Whether this person accepts or returns it."""
        return self.who.role == roles.OFFICE

    def indicator(self, code: str) -> Node:
        """An indicator that the city files. Raises NotFound for any other."""
        return service.require_indicator(self.framework, self.city.code, code)


def sit(session: Session, who: Principal, code: str, city: str, *allowed: str) -> Desk:
    """The desk of *city* in round *code*.

    Raises NotFound unless the person sees that filing and, where roles are named, has one of them.
    """
    found = rounds.get(session, who, code)
    framework = rounds.framework(found)
    unit = framework.unit_by_code.get(city)
    if unit is None or not who.sees_filing(city) or (allowed and who.role not in allowed):
        raise NotFound(round=code, city=city)
    return Desk(found, framework, unit, who)
