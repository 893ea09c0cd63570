"""Who stands before a round's plans, and what they are called there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.names import display_names
from evaluation.accounts.principal import Principal
from evaluation.framework.tree import Unit
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from surveys.visits import masking, plans_store
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.models import Visit, VisitPlan
from surveys.visits.plans import Office


@dataclass(frozen=True)
class Desk:
    """An office, with the cities that this person sees in it."""

    office: Office
    units: dict[str, Unit]

    @property
    def who(self) -> Principal:
        """Whoever asks."""
        return self.office.who

    @property
    def home(self) -> str:
        """Address of the list of plans."""
        return f"/rounds/{self.office.round.code}/visits"

    @property
    def plans(self) -> bool:
        """Whether this person plans; an auditor only reads."""
        return self.who.role in PLANNERS

    def visitors(self, session: Session, usernames: Iterable[str]) -> dict[str, str]:
        """What evaluators are called: by name to those who plan, by alias to an auditor."""
        if self.plans:
            return display_names(session, usernames)
        return {name: masking.alias(self.office.secret, name) for name in usernames}


def sit(request: AnyRequest, session: Session, code: str) -> Desk:
    """The desk of whoever asks. Raises `NotFound` unless they look after that round's visits."""
    who: Principal = request.user
    found = rounds.get(session, who, code)
    units = {
        city: unit
        for city, unit in rounds.framework(found).unit_by_code.items()
        if who.sees_filing(city)
    }
    if who.role not in WATCHERS or not units:
        raise NotFound(round=code)
    state = request.app.state
    settings = state.settings
    return Desk(Office(who, found, state.evidence, settings.secret, settings.timezone), units)


def plan_of(session: Session, desk: Desk, code: str) -> VisitPlan:
    """A plan of the round. Raises `NotFound` for one wholly outside the person's cities."""
    plan = plans_store.plan(session, desk.office.round.id, code)
    if plan is None or not sees(session, desk, plan):
        raise NotFound(plan=code)
    return plan


def sees(session: Session, desk: Desk, plan: VisitPlan) -> bool:
    """Whether a plan is within the person's cities, at least in part, or their own."""
    if desk.who.role != roles.SUPERVISOR or plan.created_by == desk.who.username:
        return True
    quotas = plans_store.quotas(session, plan.id)
    return not quotas or any(city in desk.units for city, _form in quotas)


def visit_of(session: Session, desk: Desk, plan: VisitPlan, code: str) -> Visit:
    """A visit of the plan. Raises `NotFound` for one outside the person's cities."""
    visit = plans_store.visit(session, plan.id, code)
    if visit is None or visit.city not in desk.units:
        raise NotFound(visit=code)
    return visit


@dataclass(frozen=True)
class Opened:
    """A plan on the desk of whoever asks for one of its pages."""

    request: AnyRequest
    session: Session
    desk: Desk
    plan: VisitPlan

    def again(self) -> Opened:
        """The same after a refusal: nothing of what was tried, and the plan as it stands."""
        self.session.rollback()
        desk = sit(self.request, self.session, self.desk.office.round.code)
        return replace(self, desk=desk, plan=plan_of(self.session, desk, self.plan.code))


def open_plan(
    request: AnyRequest, db_session: DbSession, code: FromPath[str], plan: FromPath[str]
) -> Opened:
    """The plan that the address names; raises as `sit` and `plan_of` do."""
    at = sit(request, db_session, code)
    return Opened(request, db_session, at, plan_of(db_session, at, plan))


#: For the pages of one plan: ``opened: OpenPlan``.
OPENS_PLAN = {"opened": Provide(open_plan, sync_to_thread=True)}
OpenPlan = NamedDependency[Opened]
