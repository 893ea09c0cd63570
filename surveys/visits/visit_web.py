"""One visit: what it is, changing it by hand, cancelling it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import DomainError, Faulty
from evaluation.platform.i18n import _
from evaluation.platform.pages import Form
from surveys.visits import (
    coverage,
    desk,
    draws,
    gathering,
    hand,
    plan_page,
    plans,
    plans_store,
    progress_store,
    rules,
    typed,
)
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.desk import Opened, OpenPlan
from surveys.visits.errors import Moved, NamesPerson, ReasonWanted, VisitBegun, WrongState
from surveys.visits.hand import Assignment
from surveys.visits.kinds import KINDS

REFUSALS = (Faulty, ReasonWanted, NamesPerson, Moved, WrongState, VisitBegun)


class VisitController(Controller):
    """One visit."""

    path = "/rounds/{code:str}/visits/{plan:str}/{visit:str}"
    guards = [requires(*WATCHERS)]
    dependencies = desk.OPENS_PLAN
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(self, opened: OpenPlan, visit: FromPath[str]) -> Response[str]:
        """The visit as it stands."""
        return _page(opened, visit)

    @post("/change", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def change(self, opened: OpenPlan, visit: FromPath[str], data: Form) -> Response[Any]:
        """Somebody else, another place, story or day."""
        session, at, held = opened.session, opened.desk, opened.plan
        found = desk.visit_of(session, at, held, visit)
        home, first = f"{at.home}/{held.code}", typed.number(data.get("first", ""))
        new = Assignment(
            data.get("evaluator", ""),
            data.get("site", found.site.code),
            data.get("story", ""),
            -1 if first is None else first,
        )
        read, reason = typed.revision(data), data.get("reason", "")
        try:
            made = hand.change(session, at.office, held, found, new, reason, read=read)
        except REFUSALS as error:
            return _page(opened.again(), visit, data=data, error=error)
        response = Redirect(f"{home}/{made.code}", status_code=303)
        pages.flash(
            response,
            _("已更换。")
            if made.code == visit
            else _("已改派，原来的访查已取消，新编号 {code}。", code=made.code),
        )
        return response

    @post("/cancel", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def cancel(self, opened: OpenPlan, visit: FromPath[str], data: Form) -> Response[Any]:
        """It will not be made."""
        session, at, held = opened.session, opened.desk, opened.plan
        found = desk.visit_of(session, at, held, visit)
        home = f"{at.home}/{held.code}"
        read, reason = typed.revision(data), data.get("reason", "")
        try:
            hand.cancel(session, at.office, held, found, reason, read=read)
        except REFUSALS as error:
            return _page(opened.again(), visit, data=data, error=error)
        response = Redirect(home, status_code=303)
        pages.flash(response, _("已取消这次访查。"))
        return response


def _page(
    opened: Opened,
    code: str,
    *,
    data: Mapping[str, str] | None = None,
    error: DomainError | None = None,
) -> Response[str]:
    session, at, plan = opened.session, opened.desk, opened.plan
    visit = desk.visit_of(session, at, plan, code)
    office = at.office
    choices = hand.choices(session, office, plan, visit)
    partner = plans_store.partner(session, visit)
    record = progress_store.records(session, [visit.id]).get(visit.id)
    open_to_change = (
        at.plans
        and office.round.state in plans.OPEN
        and plan.state in (rules.DRAWN, rules.ISSUED)
        and visit.state != rules.CANCELLED
        and record is None
    )
    people = {visit.evaluator, *(user.username for user in choices.people)}
    if partner is not None:
        people.add(partner.evaluator)
    return pages.render(
        opened.request,
        "visit.html",
        status=type(error).status if error else 200,
        desk=at,
        shown=office.round,
        plan=plan,
        visit=visit,
        partner=partner,
        unit=at.units[visit.city],
        form=coverage.titles(session, [visit.form.code]).get(visit.form.code, visit.form.code),
        visitors=at.visitors(session, people),
        stories=plan_page.stories(session, at, plan),
        trouble=draws.troubled(session, office, [visit]).get(visit.code, ""),
        record=record,
        record_words=plan_page.RECORDS,
        recorded=plan_page.RECORDED,
        choices=choices,
        days=[
            (
                first,
                gathering.moment_of(plan, office.timezone, first),
                gathering.moment_of(plan, office.timezone, first + choices.span - 1),
            )
            for first in choices.first_days
        ],
        held=hand.assignment_of(office, plan, visit),
        may_change=open_to_change,
        rules=rules,
        kinds=KINDS,
        typed=data or {},
        error=error,
        faults=error.faults if isinstance(error, Faulty) else (),
    )
