"""The page of a round's reopenings: asking, agreeing, correcting values, the next step."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.framework import methods
from evaluation.platform import pages
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import N_, _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.platform.workbooks.cells import CellProblem
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from scoring.runs import rules as run_rules
from scoring.runs import service
from scoring.runs import store as runs
from scoring.sealing import reopening, store
from scoring.sealing import reopening_rules as rules
from scoring.sealing.corrections import corrected_values
from surveys.filings.rules import parse
from surveys.observations.rules import ChoiceNeedsReason, Given

LONG = 2000


class ReopeningController(Controller):
    """重新打开: for the office, and for the auditor to read."""

    path = "/rounds/{code:str}/scoring/reopening"
    guards = [requires(roles.OFFICE, roles.AUDITOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """What is open, what comes next, and what was."""
        return _show(request, db_session, _public_round(request, db_session, code))

    @post("/ask", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def ask(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Ask for the result to be reopened."""
        found = _public_round(request, db_session, code)
        reason = data.get("reason", "")[:LONG]
        try:
            reopening.ask(db_session, request.user, found, reason=reason)
        except round_rules.ReasonNeeded as error:
            return _again(request, db_session, code, error, {"reason": error.explain()}, data)
        return _back(code, _("已申请重新打开，等待另一位省级管理员同意。"))

    @post("/agree", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def agree(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Agree to it."""
        found = _public_round(request, db_session, code)
        reopening.agree(db_session, request.user, found)
        return _back(code, _("已同意重新打开。现在可以更正数据，排名页会显示“更正中”。"))

    @post("/end", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def end(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Refuse it, or take it back."""
        found = _public_round(request, db_session, code)
        try:
            reopening.end(db_session, request.user, found, reason=data.get("why", "")[:LONG])
        except round_rules.ReasonNeeded as error:
            return _again(request, db_session, code, error, {"why": error.explain()}, data)
        return _back(code, _("这次重新打开已结束，结果没有改动。"))

    @post("/correct", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def correct(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Record a value as it was found on review."""
        found = _public_round(request, db_session, code)
        try:
            reopening.correct(db_session, request.user, found, _given(data))
        except (Faulty, NotFound, ChoiceNeedsReason) as error:
            return _again(request, db_session, code, error, _places(error), data)
        return _back(code, _("已更正，原值保留。全部更正后，请重新计算。"))

    @post("/run", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def run(self, request: AnyRequest, db_session: DbSession, code: FromPath[str]) -> Response[Any]:
        """Score what was corrected."""
        found = _public_round(request, db_session, code)
        held = reopening.require_agreed(db_session, found)
        files = request.app.state.evidence
        service.score_round(db_session, files, request.user, found, note=held.reason)
        return _back(code, _("已重新计算。请核对变化，再审定更正。"))


def _given(data: Form) -> Given:
    """What the form says. Raises Faulty for what is no number."""
    absent, said = data.get("absent") == "1", data.get("value", "")[:200].strip()
    if absent and said:
        raise Faulty([Fault("both", N_("“不适用”不能同时有数值。"), column="value")])
    value = parse(said, "")
    if isinstance(value, CellProblem):
        raise Faulty([value.at(column="value")])
    return Given(
        data.get("city", ""),
        data.get("indicator", ""),
        methods.REVIEW,
        value,
        not_applicable=absent,
        source=data.get("source", "")[:255],
        reason=data.get("why_value", "")[:LONG],
    )


def _places(error: DomainError) -> dict[str, str]:
    """What is wrong, by the field of the form that it is about."""
    if isinstance(error, Faulty):
        return {
            each.column or "value": f"{each.explain()} {each.remedy()}".strip()
            for each in error.faults
        }
    if isinstance(error, ChoiceNeedsReason):
        return {"why_value": error.explain()}
    return {"indicator": _("请选择参评单位和指标。")}


def _public_round(request: AnyRequest, session: Session, code: str) -> Round:
    """A round whose result is or was published. Raises NotFound for any other."""
    found = round_store.get(session, request.user, code)
    if not round_rules.is_public(found.state):
        raise NotFound(round=code)
    return found


def _again(
    request: AnyRequest,
    session: Session,
    code: str,
    error: DomainError,
    wrong: dict[str, str],
    data: Form,
) -> Response[str]:
    session.rollback()
    found = _public_round(request, session, code)
    status = 422 if isinstance(error, NotFound) else type(error).status
    return _show(request, session, found, wrong=wrong, typed=data, status=status)


def _show(
    request: AnyRequest,
    session: Session,
    found: Round,
    *,
    wrong: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    held = store.open_reopening(session, found)
    past = [each for each in store.reopenings(session, found) if each.outcome]
    public, newest = runs.published_run(session, found), runs.latest(session, found)
    agreed = held is not None and held.agreed_at is not None
    pending = runs.waiting(session, found)
    fresh = (
        agreed
        and public is not None
        and newest is not None
        and newest.id != public.run.id
        and not service.is_stale(session, found, newest)
    )
    people = [name for each in (held, *past) if each for name in
              (each.asked_by, each.agreed_by, each.closed_by) if name]  # fmt: skip
    who = request.user
    return pages.render(
        request,
        "reopening.html",
        status=status,
        shown=found,
        framework=round_store.framework(found),
        held=held,
        agreed=agreed,
        past=past,
        outcomes=rules.OUTCOMES,
        public=public,
        newest=newest,
        pending=pending,
        fresh=fresh,
        values=corrected_values(session, found, held) if held else (),
        names=display_names(session, people),
        office=who.role == roles.OFFICE,
        may_ask=who.role == roles.OFFICE
        and found.state in run_rules.MAY_CORRECT
        and held is None
        and public is not None,
        mine=held is not None and held.asked_by == who.username,
        wrong=wrong or {},
        typed=typed or {},
    )


def _back(code: str, said: str) -> Redirect:
    response = Redirect(f"/rounds/{code}/scoring/reopening", status_code=303)
    pages.flash(response, said)
    return response
