"""The scoring page of a round: runs, what they cover, comparing, approving, publishing."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules as round_rules
from evaluation.rounds import service as rounds
from evaluation.rounds import store as round_store
from evaluation.rounds.models import Round
from evaluation.rounds.story import story_of
from scoring.runs import rules, service, store
from scoring.runs.coverage import coverage
from scoring.sealing import keys
from scoring.sealing import store as seals
from scoring.sealing.checking import check
from scoring.sealing.sealer import sealer_of


class ScoringController(Controller):
    """评分: for the office, and for the auditor to read."""

    path = "/rounds/{code:str}/scoring"
    guards = [requires(roles.OFFICE, roles.AUDITOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """Where the scoring stands and what comes next."""
        found = round_store.get(db_session, request.user, code)
        return _show(request, db_session, found)

    @post("/run", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def run(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Score what is adopted now."""
        found = round_store.get(db_session, request.user, code)
        ran = service.score_round(
            db_session,
            request.app.state.evidence,
            request.user,
            found,
            note=data.get("note", "")[:2000],
        )
        number = ran.run.number
        return _back(
            code,
            _("已完成第 {number} 次计算。", number=number)
            if ran.new
            else _("数据和方法与第 {number} 次计算完全相同，没有新建计算。", number=number),
            "done" if ran.new else "info",
        )

    @post("/confirm", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def confirm(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Confirm the scoring: the round moves to scored."""
        found = round_store.get(db_session, request.user, code)
        blocked = rounds.blockers(db_session, story_of(request), found, round_rules.SCORED)
        rounds.advance(db_session, request.user, found, round_rules.SCORED, blocked_by=blocked)
        return _back(code, _("评分已确认，本轮转入“已评分”。"))

    @post("/approve", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def approve(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Approve a run; somebody else publishes it."""
        found = round_store.get(db_session, request.user, code)
        number = data.get("run", "")
        known = {str(each.number): each for each in store.runs(db_session, found)}
        if number not in known:
            raise NotFound(round=code, run=number)
        chosen = known[number]
        if found.state == round_rules.OBJECTION:
            rounds.settle(db_session, story_of(request), request.user, found, round_rules.APPROVED)
        service.approve(db_session, request.user, found, chosen, note=data.get("note", "")[:2000])
        return _back(
            code, _("已审定第 {number} 次计算，等待另一位管理员发布。", number=chosen.number)
        )

    @post("/publish", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def publish(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Publish what another person approved."""
        found = round_store.get(db_session, request.user, code)
        state = request.app.state
        sealer = sealer_of(state.settings, state.evidence)
        service.publish(db_session, sealer, request.user, found)
        return _back(code, _("结果已发布，各市州和领导现在可以查看。"))

    @post("/withdraw", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def withdraw(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Take an approval back."""
        found = round_store.get(db_session, request.user, code)
        service.withdraw(db_session, request.user, found, reason=data.get("note", "")[:2000])
        return _back(code, _("审定已撤回。"))


def _show(request: AnyRequest, session: Session, found: Round) -> Response[str]:
    who: Principal = request.user
    runs = store.runs(session, found)
    results = store.publications(session, found)
    newest = runs[0] if runs else None
    pending = next((r for r in results if r.publication and not r.publication.published_at), None)
    current = store.snapshot(session, found)
    office = who.role == roles.OFFICE
    people = [each.scored_by for each in runs]
    for result in results:
        if result.publication:
            people += [result.publication.approved_by, result.publication.published_by or ""]
    return pages.render(
        request,
        "scoring.html",
        shown=found,
        framework=round_store.framework(found),
        runs=runs,
        results=results,
        newest=newest,
        stale=newest is not None and service.differs(current, newest),
        pending=pending,
        public=store.published_run(session, found),
        coverage=coverage(current),
        office=office,
        seals={each.version: each.seal for each in seals.seals(session, found)},
        fingerprint=keys.fingerprint,
        mismatches=check(session, request.app.state.evidence, found),
        reopened=seals.open_reopening(session, found),
        names=display_names(session, people),
        holding=rounds.blockers(session, story_of(request), found, round_rules.APPROVED)
        if found.state == round_rules.OBJECTION
        else [],
        same_person=bool(
            pending and pending.publication and pending.publication.approved_by == who.username
        ),
        may_run=office and found.state in rules.MAY_RUN,
        may_correct=office and found.state in rules.MAY_CORRECT and not pending,
        blockers=rounds.blockers(session, story_of(request), found, round_rules.SCORED)
        if found.state == round_rules.VERIFYING
        else [],
    )


def _back(code: str, said: str, kind: str = "done") -> Redirect:
    response = Redirect(f"/rounds/{code}/scoring", status_code=303)
    pages.flash(response, said, kind)
    return response
