"""One plan: quotas, draw, issue, close, and the proof of its draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.platform import pages
from evaluation.platform.errors import Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import Form
from surveys.visits import draws, plan_page, plans, rules, typed, verifying
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.desk import OPENS_PLAN, Desk, Opened, OpenPlan
from surveys.visits.errors import (
    AnotherPerson,
    Moved,
    NamesPerson,
    PlanNotYours,
    ReasonWanted,
    WrongState,
)
from surveys.visits.models import VisitPlan

#: What a step of a plan may be refused for; told on the plan's own page.
REFUSALS = (
    Faulty,
    ReasonWanted,
    NamesPerson,
    Moved,
    WrongState,
    AnotherPerson,
    PlanNotYours,
)


class PlanController(Controller):
    """One plan."""

    path = "/rounds/{code:str}/visits/{plan:str}"
    guards = [requires(*WATCHERS)]
    dependencies = OPENS_PLAN
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(self, opened: OpenPlan) -> Response[str]:
        """The plan as it stands."""
        return plan_page.render(opened)

    @post("/quotas", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def quotas(self, opened: OpenPlan, data: Form) -> Response[Any]:
        """Set quotas."""

        def step(session: Session, at: Desk, held: VisitPlan) -> str:
            counts = typed.quotas(data, at.units, held.kinds)
            plans.set_quotas(session, at.office, held, counts, read=typed.revision(data))
            return _("配额已保存。")

        return _take(opened, data, step)

    @post("/draw", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def draw(self, opened: OpenPlan, data: Form) -> Response[Any]:
        """Draw, or draw again."""

        def step(session: Session, at: Desk, held: VisitPlan) -> str:
            made = draws.draw(
                session,
                at.office,
                held,
                read=typed.revision(data),
                public=data.get("public", ""),
                source=data.get("source", ""),
                reason=data.get("reason", ""),
            )
            count = len(made.draw.visits)
            return _("已抽取 {count} 次访查。请核对，再由另一人下发。", count=count)

        return _take(opened, data, step)

    @post("/issue", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def issue(self, opened: OpenPlan, data: Form) -> Response[Any]:
        """Send the visits to the phones."""

        def step(session: Session, at: Desk, held: VisitPlan) -> str:
            count = draws.issue(session, at.office, held, read=typed.revision(data))
            return _("已下发 {count} 次访查，评价员的手机下次联网时收到。", count=count)

        return _take(opened, data, step)

    @post("/close", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def close(self, opened: OpenPlan, data: Form) -> Response[Any]:
        """No more is expected of it."""

        def step(session: Session, at: Desk, held: VisitPlan) -> str:
            reason = data.get("reason", "")
            plans.close(session, at.office, held, reason, read=typed.revision(data))
            return _("计划已结束。")

        return _take(opened, data, step)

    @post("/deleted", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def delete(self, opened: OpenPlan, data: Form) -> Response[Any]:
        """Delete a plan that was never drawn."""

        def step(session: Session, at: Desk, held: VisitPlan) -> str:
            title = held.title
            plans.discard(session, at.office, held, read=typed.revision(data))
            return _("已删除计划“{title}”。", title=title)

        return _take(opened, data, step, stays=False)

    @get("/draw", sync_to_thread=True)
    def verification(self, opened: OpenPlan) -> Response[str]:
        """The draw made again and compared."""
        session, at, held = opened.session, opened.desk, opened.plan
        seen = verifying.verify(session, at.office, held)
        if seen is None:
            raise NotFound(plan=held.code)
        rows = verifying.entries(session, held)
        return pages.render(
            opened.request,
            "visit_draw.html",
            desk=at,
            shown=at.office.round,
            plan=held,
            seen=seen,
            rows=rows,
            facts=plan_page.facts_of,
            verbs=plan_page.VERBS,
            names=display_names(session, (row.username for row in rows)),
            rules=rules,
            opened=_opens_record(at, held),
        )

    @get("/draw/record.json", sync_to_thread=True)
    def record(self, opened: OpenPlan) -> Response[bytes]:
        """The record itself, seed included, for whoever may see it."""
        at, held = opened.desk, opened.plan
        if held.draw is None or not _opens_record(at, held):
            raise NotFound(plan=held.code)
        content = at.office.store.get(held.draw)
        return pages.attachment(content, f"draw-{held.code}.json", draws.JSON)


def _opens_record(at: Desk, plan: VisitPlan) -> bool:
    """Whoever knows the seed before issuing could look for inputs that please: not those who plan.

    It holds every city's visits, so a supervisor of some cities does not get it either.
    """
    if at.who.role == roles.AUDITOR:
        return True
    whole = at.who.role == roles.OFFICE or not at.who.cities
    return whole and plan.issued_at is not None


def _take(
    opened: Opened,
    data: Mapping[str, str],
    step: Callable[[Session, Desk, VisitPlan], str],
    *,
    stays: bool = True,
) -> Response[Any]:
    home, code = opened.desk.home, opened.plan.code
    try:
        said = step(opened.session, opened.desk, opened.plan)
    except REFUSALS as error:
        return plan_page.render(opened.again(), data=data, error=error)
    response = Redirect(f"{home}/{code}" if stays else home, status_code=303)
    pages.flash(response, said)
    return response
