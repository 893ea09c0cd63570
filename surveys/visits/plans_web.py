"""A round's plans, a new one, and what a plan says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from surveys.forms import store as forms
from surveys.visits import (
    coverage,
    desk,
    draws,
    plan_rules,
    plans,
    plans_store,
    rules,
    typed,
)
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.desk import Desk
from surveys.visits.kinds import KINDS
from surveys.visits.models import VisitPlan


class PlansController(Controller):
    """访查计划."""

    path = "/rounds/{code:str}/visits"
    guards = [requires(*WATCHERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """Plans, what they cover, and what needs a hand."""
        at = desk.sit(request, db_session, code)
        office = at.office
        held = [
            plan
            for plan in plans_store.plans(db_session, office.round.id)
            if desk.sees(db_session, at, plan)
        ]
        visits = {plan.id: plans_store.visits(db_session, plan.id, at.units) for plan in held}
        return pages.render(
            request,
            "visit_plans.html",
            desk=at,
            shown=office.round,
            plans=held,
            visits=visits,
            troubled={
                plan.id: draws.troubled(db_session, office, visits[plan.id])
                for plan in held
                if plan.state in (rules.DRAWN, rules.ISSUED)
            },
            covered=coverage.of_round(db_session, office.round, at.units),
            rules=rules,
            may_plan=at.plans and office.round.state in plans.OPEN,
        )

    @get("/new", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession, code: FromPath[str]) -> Response[str]:
        """The form for a new plan."""
        at = desk.sit(request, db_session, code)
        plans.require_open(db_session, at.office)
        return settings_page(request, db_session, at, None)

    @post("/new", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def create(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Make a plan."""
        at = desk.sit(request, db_session, code)
        try:
            plan = plans.create(db_session, at.office, _entry(db_session, at, data))
        except Faulty as error:
            db_session.rollback()
            return settings_page(request, db_session, at, None, data=data, faults=error.faults)
        response = Redirect(f"{at.home}/{plan.code}", status_code=303)
        pages.flash(response, _("已建立计划“{title}”。下一步：填写配额。", title=plan.title))
        return response

    @get("/{plan:str}/settings", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def settings(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
    ) -> Response[str]:
        """What the plan says, to be changed."""
        at = desk.sit(request, db_session, code)
        return settings_page(request, db_session, at, desk.plan_of(db_session, at, plan))

    @post("/{plan:str}/settings", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def change(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Change it; a draw made before is taken back."""
        at = desk.sit(request, db_session, code)
        held = desk.plan_of(db_session, at, plan)
        try:
            entry = _entry(db_session, at, data)
            plans.change(db_session, at.office, held, entry, read=typed.revision(data))
        except Faulty as error:
            db_session.rollback()
            held = desk.plan_of(db_session, at, plan)
            return settings_page(request, db_session, at, held, data=data, faults=error.faults)
        response = Redirect(f"{at.home}/{plan}", status_code=303)
        pages.flash(response, _("已保存。"))
        return response


def _entry(session: Session, at: Desk, data: Mapping[str, str]) -> plan_rules.PlanEntry:
    return typed.plan_entry(
        data,
        [each.form.code for each in forms.published(session)],
        [each.username for each in plans_store.pool(session, at.office.round)],
        at.office.timezone,
    )


def settings_page(
    request: AnyRequest,
    session: Session,
    at: Desk,
    plan: VisitPlan | None,
    *,
    data: Mapping[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response[str]:
    """The form of a plan, with what was typed and what is wrong with it."""
    office = at.office
    entry = None
    if data is not None:
        entry = _entry(session, at, data)
    elif plan is not None:
        entry = plans.entry_of(plan)
    return pages.render(
        request,
        "visit_plan_settings.html",
        status=422 if faults else 200,
        desk=at,
        shown=office.round,
        plan=plan,
        entry=entry,
        typed=data or {},
        faults=faults,
        versions=forms.published(session),
        pool=plans_store.pool(session, office.round),
        conflicts=plans_store.standing_conflicts(session),
        units=at.units,
        kinds=KINDS,
    )
