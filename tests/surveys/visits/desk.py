"""A province in the field: sites, evaluators, two forms and a plan with quotas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.submissions.models import Submission
from surveys.visits import draws, plans, plans_store
from surveys.visits.models import Visit, VisitPlan
from surveys.visits.plan_rules import PlanEntry
from surveys.visits.plans import Office
from tests.factories.field import a_form, a_site
from tests.factories.province import a_round

TITLE = "三月暗访（示例）"
SECRET = "0" * 64
EVALUATORS = ("v.one", "v.two", "v.three", "v.four")
QUOTAS = {("C1", "hall"): 3, ("C1", "open"): 1, ("C2", "hall"): 2}


@dataclass
class Field:
    """The people and the office of a test."""

    database: Database
    store: EvidenceStore
    people: dict[str, Any] = field(default_factory=dict)

    def office(self, session: Session, who: str = "planner") -> Office:
        """The office as somebody sees it."""
        found = session.query(Round).filter_by(code="R1").one()
        return Office(self.people[who].principal, found, self.store, SECRET)

    def plan(self, session: Session) -> VisitPlan:
        """The plan of `make_plan`."""
        return session.query(VisitPlan).filter_by(title=TITLE).one()


def an_entry(**changes: Any) -> PlanEntry:
    """A plan of four weeks from tomorrow, two forms, second looks at a fifth."""
    today = clock.start_of_day(clock.local(clock.now(), "Asia/Shanghai").date(), "Asia/Shanghai")
    values: dict[str, Any] = {
        "title": TITLE,
        "opens_at": today + timedelta(days=1),
        "closes_at": today + timedelta(days=29) - timedelta(seconds=1),
        "second_percent": 20,
        "forms": {"hall": (), "open": ("hall",)},
    }
    return PlanEntry(**(values | changes))


def set_up(database: Database, store: EvidenceStore, person: Callable[..., Any]) -> Field:
    """A round, forms, six sites a city, four evaluators, two planners and one office."""
    made = Field(database, store)
    for name in EVALUATORS:
        made.people[name] = person("evaluator", name=name)
    for name, role in (("planner", "supervisor"), ("second", "supervisor"), ("boss", "office")):
        made.people[name] = person(role, name=name)
    with database.writing() as session:
        a_round(session)
        a_form(session, store, "hall", "simulation", stories=3)
        a_form(session, store, "open", "inspection", stories=0)
        for city in ("C1", "C2"):
            for number in range(6):
                kind = "hall" if number < 4 else "bank"
                a_site(session, city, kind=kind, code=f"{city}-{number}")
    return made


def make_plan(made: Field, session: Session, **changes: Any) -> VisitPlan:
    """A plan with quotas, not drawn."""
    office = made.office(session)
    plan = plans.create(session, office, an_entry(**changes))
    counts: dict[tuple[str, str], int | None] = {**QUOTAS}
    plan = plans.set_quotas(session, office, plan, counts, read=plan.revision)
    assert plans_store.quotas(session, plan.id) == QUOTAS
    return plan


def draw(made: Field, who: str = "planner", **changes: Any) -> None:
    """Draw the plan as it stands."""
    with made.database.writing() as session:
        plan = made.plan(session)
        draws.draw(session, made.office(session, who), plan, read=plan.revision, **changes)


def issue(made: Field, who: str = "second") -> None:
    """Issue the plan as it stands."""
    with made.database.writing() as session:
        plan = made.plan(session)
        draws.issue(session, made.office(session, who), plan, read=plan.revision)


def a_submission(session: Session, visit: Visit, state: str) -> None:
    """A record of a visit."""
    session.add(
        Submission(
            code=visit.code,
            root=f"uuid:{visit.code}",
            visit_id=visit.id,
            round_id=visit.round_id,
            form_id=visit.form_id,
            city=visit.city,
            evaluator=visit.evaluator,
            state=state,
            received_at=visit.opens_at,
        )
    )
    session.flush()
