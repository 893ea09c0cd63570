"""Who stands where: the round, the city, the feedback that stands, and what this person may do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.tree import Framework, Node, Unit
from evaluation.platform import clock
from evaluation.platform.errors import NotFound
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from scoring.objections import rules, store
from scoring.objections.store import Feedback
from surveys.observations.scope import indicator_of


@dataclass(frozen=True, slots=True)
class Place:
    """A city's objections in a round, and the person before them."""

    round: Round
    framework: Framework
    city: Unit
    who: Principal
    told: Feedback | None

    @property
    def home(self) -> str:
        """Address of the city's page."""
        return f"/rounds/{self.round.code}/objections/{self.city.code}"

    @property
    def open(self) -> bool:
        """Whether the city may object now."""
        return rules.is_open(self.round.state, self.round.objection_closes_at, clock.now())

    @property
    def of_city(self) -> bool:
        """Whether this person acts for the city."""
        return self.who.role in roles.OF_A_CITY

    @property
    def approver(self) -> bool:
        """Whether this person files for the city."""
        return self.who.role == roles.APPROVER

    @property
    def sees_scores(self) -> bool:
        """Whether this person sees the scores that were fed back."""
        return self.who.role in rules.SEES_SCORES

    @property
    def sees_ranks(self) -> bool:
        """Whether this person may know of places and other cities."""
        return self.who.sees_unpublished

    @property
    def sees_people(self) -> bool:
        """Whether persons of the office and the evaluating side are named."""
        return not self.of_city

    def indicator(self, code: str) -> Node:
        """An indicator of the framework. Raises NotFound."""
        return indicator_of(self.framework, self.city.code, code)


def enter(session: Session, who: Principal, code: str, city: str, *allowed: str) -> Place:
    """The place of *city* in round *code*.

    Raises NotFound unless the person takes part, in that city's objections and, where roles are
    named, in one of them; and for a city's own people until scores are fed back to it.
    """
    found = rounds.get(session, who, code)
    framework = rounds.framework(found)
    unit = framework.unit_by_code.get(city)
    told = store.feedback(session, found)
    hidden = told is None and who.role in roles.OF_A_CITY
    takes_part = who.role in (allowed or rules.PARTIES) and who.sees_filing(city)
    if unit is None or not takes_part or hidden:
        raise NotFound(round=code, city=city)
    return Place(found, framework, unit, who, told)
