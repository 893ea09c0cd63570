"""One plan: quotas, draw, issue, close, and the proof of its draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.platform import pages
from evaluation.platform.errors import Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from surveys.visits import desk, draws, plan_page, plans, rules, typed, verifying
from surveys.visits.cities import PLANNERS, WATCHERS
from surveys.visits.desk import Desk
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
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
    ) -> Response[str]:
        """The plan as it stands."""
        at = desk.sit(request, db_session, code)
        return plan_page.render(request, db_session, at, desk.plan_of(db_session, at, plan))

    @post("/quotas", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def quotas(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Set quotas."""

        def step(at: Desk, held: VisitPlan) -> str:
            counts = typed.quotas(data, at.units, held.kinds)
            plans.set_quotas(db_session, at.office, held, counts, read=typed.revision(data))
            return _("配额已保存。")

        return _take(request, db_session, code, plan, data, step)

    @post("/draw", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def draw(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Draw, or draw again."""

        def step(at: Desk, held: VisitPlan) -> str:
            made = draws.draw(
                db_session,
                at.office,
                held,
                read=typed.revision(data),
                public=data.get("public", ""),
                source=data.get("source", ""),
                reason=data.get("reason", ""),
            )
            count = len(made.draw.visits)
            return _("已抽取 {count} 次访查。请核对，再由另一人下发。", count=count)

        return _take(request, db_session, code, plan, data, step)

    @post("/issue", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def issue(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Send the visits to the phones."""

        def step(at: Desk, held: VisitPlan) -> str:
            count = draws.issue(db_session, at.office, held, read=typed.revision(data))
            return _("已下发 {count} 次访查，评价员的手机下次联网时收到。", count=count)

        return _take(request, db_session, code, plan, data, step)

    @post("/close", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def close(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """No more is expected of it."""

        def step(at: Desk, held: VisitPlan) -> str:
            reason = data.get("reason", "")
            plans.close(db_session, at.office, held, reason, read=typed.revision(data))
            return _("计划已结束。")

        return _take(request, db_session, code, plan, data, step)

    @post("/deleted", guards=[requires(*PLANNERS)], sync_to_thread=True)
    def delete(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Delete a plan that was never drawn."""

        def step(at: Desk, held: VisitPlan) -> str:
            title = held.title
            plans.discard(db_session, at.office, held, read=typed.revision(data))
            return _("已删除计划“{title}”。", title=title)

        return _take(request, db_session, code, plan, data, step, back="")

    @get("/draw", sync_to_thread=True)
    def verification(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
    ) -> Response[str]:
        """The draw made again and compared."""
        at = desk.sit(request, db_session, code)
        held = desk.plan_of(db_session, at, plan)
        seen = verifying.verify(db_session, at.office, held)
        if seen is None:
            raise NotFound(plan=plan)
        rows = verifying.entries(db_session, held)
        return pages.render(
            request,
            "visit_draw.html",
            desk=at,
            shown=at.office.round,
            plan=held,
            seen=seen,
            rows=rows,
            facts=plan_page.facts_of,
            verbs=plan_page.VERBS,
            names=display_names(db_session, (row.username for row in rows)),
            rules=rules,
            opened=_opens_record(at, held),
        )

    @get("/draw/record.json", sync_to_thread=True)
    def record(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        plan: FromPath[str],
    ) -> Response[bytes]:
        """The record itself, seed included, for whoever may see it."""
        at = desk.sit(request, db_session, code)
        held = desk.plan_of(db_session, at, plan)
        if held.draw is None or not _opens_record(at, held):
            raise NotFound(plan=plan)
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
    request: AnyRequest,
    session: Session,
    code: str,
    plan: str,
    data: Mapping[str, str],
    step: Any,
    back: str | None = None,
) -> Response[Any]:
    at = desk.sit(request, session, code)
    held = desk.plan_of(session, at, plan)
    try:
        said: str = step(at, held)
    except REFUSALS as error:
        session.rollback()
        held = desk.plan_of(session, at, plan)
        return plan_page.render(request, session, at, held, data=data, error=error)
    where = f"{at.home}/{plan}" if back is None else f"{at.home}{back}"
    response = Redirect(where, status_code=303)
    pages.flash(response, said)
    return response
