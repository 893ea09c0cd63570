"""Check your answers and submit; the office accepts, or returns with reasons."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires, signed_in
from evaluation.accounts.names import display_names
from evaluation.platform import clock, pages
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds.rules import ReasonNeeded
from surveys.filings import approving, overview, rules
from surveys.filings.desk import WATCHERS, Desk, sit
from surveys.filings.errors import NothingChosen, NotSubmittable
from surveys.filings.web_workbooks import Choices, chosen_of


class FilingApprovalController(Controller):
    """The steps of a filing after it is filled."""

    path = "/rounds/{code:str}/filing/{city:str}"
    guards = [signed_in]
    include_in_schema = False

    @get("/check", sync_to_thread=True)
    def check(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[str]:
        """Check your answers."""
        return _check(request, db_session, sit(db_session, request.user, code, city))

    @post("/submit", guards=[requires(roles.APPROVER)], sync_to_thread=True)
    def submit(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """The city's approver submits."""
        desk = sit(db_session, request.user, code, city, roles.APPROVER)
        try:
            approving.submit(
                db_session,
                desk.who,
                desk.round,
                city,
                missing_confirmed=data.get("missing_confirmed") == "1",
            )
        except NotSubmittable as error:
            db_session.rollback()
            return _check(request, db_session, desk, error=error)
        response = Redirect(desk.home, status_code=303)
        pages.flash(response, _("已提交省级审核。提交后数据锁定，退回后才能修改。"))
        return response

    @get("/review", guards=[requires(*WATCHERS)], sync_to_thread=True)
    def review(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[str]:
        """All values of a filing, to accept it or return some."""
        return _review(request, db_session, sit(db_session, request.user, code, city))

    @post("/accept", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def accept(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[Any]:
        """The office accepts: every value becomes an observation."""
        desk = sit(db_session, request.user, code, city, roles.OFFICE)
        count = approving.accept(db_session, desk.who, desk.round, city)
        return _done(
            desk,
            _(
                "已采信{city}的填报，{count} 个值进入观测。",
                city=named(desk.city.name, desk.city.name_en),
                count=count,
            ),
        )

    @post("/return", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def give_back(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        data: Choices,
    ) -> Response[Any]:
        """The office returns indicators, each with its reason."""
        desk = sit(db_session, request.user, code, city, roles.OFFICE)
        chosen = chosen_of(data, "indicator")
        reasons = {each: str(data.get(f"reason-{each}", ""))[:1000] for each in chosen}
        try:
            approving.give_back(db_session, desk.who, desk.round, city, reasons)
        except NothingChosen as error:
            db_session.rollback()
            typed = {k[7:]: str(v) for k, v in data.items() if k.startswith("reason-")}
            return _review(request, db_session, desk, error=error, chosen=chosen, typed=typed)
        return _done(
            desk,
            _(
                "已退回{city}的 {count} 项指标。",
                city=named(desk.city.name, desk.city.name_en),
                count=len(reasons),
            ),
        )

    @post("/close", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def close(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """The office closes a filing that is overdue, as it stands."""
        desk = sit(db_session, request.user, code, city, roles.OFFICE)
        try:
            approving.close_late(
                db_session, desk.who, desk.round, city, reason=data.get("reason", "")[:1000]
            )
        except ReasonNeeded as error:
            db_session.rollback()
            return _review(request, db_session, desk, error=error)
        return _done(
            desk, _("已按现有数据截止{city}的填报。", city=named(desk.city.name, desk.city.name_en))
        )


def _done(desk: Desk, text: str) -> Response[Any]:
    response = Redirect(f"/rounds/{desk.round.code}/filing", status_code=303)
    pages.flash(response, text)
    return response


def _check(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    *,
    error: NotSubmittable | None = None,
) -> Response[str]:
    sheet = overview.sheet(session, desk.round, desk.city.code)
    locked = rules.lock(
        round_state=desk.round.state,
        closes_at=desk.round.filing_closes_at,
        filing_state=sheet.filing.state,
        now=clock.now(),
    )
    return pages.render(
        request,
        "filing_check.html",
        status=type(error).status if error else 200,
        desk=desk,
        sheet=sheet,
        rules=rules,
        hindrances=approving.hindrances(sheet),
        lock=locked,
        error=error,
        names=display_names(session, (row.cell.updated_by for row in sheet.rows)),
    )


def _review(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    *,
    error: DomainError | None = None,
    chosen: Any = (),
    typed: dict[str, str] | None = None,
) -> Response[str]:
    sheet = overview.sheet(session, desk.round, desk.city.code)
    collecting = desk.round.state == "collecting"
    late = clock.now() > desk.round.filing_closes_at
    state = sheet.filing.state
    own = sheet.filing.submitted_by == desk.who.username
    waiting = (
        desk.office and state == rules.SUBMITTED and desk.round.state in ("collecting", "verifying")
    )
    return pages.render(
        request,
        "filing_review.html",
        status=type(error).status if error else 200,
        desk=desk,
        sheet=sheet,
        rules=rules,
        error=error,
        chosen=chosen,
        typed=typed or {},
        may_accept=waiting and not own,
        own=waiting and own,
        may_return=desk.office
        and collecting
        and (state in (rules.SUBMITTED, rules.ACCEPTED) or (state == rules.OPEN and late)),
        may_close=desk.office and collecting and late and state in (rules.OPEN, rules.RETURNED),
        names=display_names(session, (sheet.filing.submitted_by, sheet.filing.decided_by)),
    )
