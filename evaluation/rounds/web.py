"""Rounds, and the frame around every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires, signed_in
from evaluation.accounts.names import display_names
from evaluation.accounts.principal import Principal
from evaluation.framework import store as frameworks
from evaluation.platform import clock, pages
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import N_, _, named
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules, service, store
from evaluation.rounds.models import Round
from evaluation.rounds.story import NavStep, Story, story_of

MENU = (
    (N_("轮次"), "/rounds", roles.ROLES),
    (N_("指标体系"), "/frameworks", (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)),
    (N_("评价表单"), "/forms", (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)),
    (N_("场所"), "/sites", (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)),
    (
        N_("利益冲突"),
        "/conflicts",
        (roles.EVALUATOR, roles.SUPERVISOR, roles.OFFICE, roles.AUDITOR),
    ),
    (
        N_("设备"),
        "/devices",
        (roles.EVALUATOR, roles.SUPERVISOR, roles.OFFICE, roles.AUDITOR),
    ),
    (N_("查询回执"), "/receipts", (roles.EVALUATOR,)),
    (N_("人员"), "/people", (roles.OFFICE,)),
    (N_("工作日"), "/holidays", (roles.OFFICE, roles.AUDITOR)),
    (N_("审计日志"), "/audit", (roles.OFFICE, roles.AUDITOR)),
)


def frame(request: AnyRequest) -> Mapping[str, Any]:
    """Rounds for the switcher, the present round, and the steps of its story."""
    who: Principal | None = request.scope.get("user")
    session: Session | None = request.state.get("session")
    if who is None or session is None:
        return {}
    rounds = store.visible(session, who)
    present = _present(request, rounds)
    return {
        "round": present,
        "rounds": rounds,
        "round_name": named(present.name, present.name_en) if present else "",
        "round_state": _(rules.STATES[present.state]) if present else "",
        "steps": _steps(request, who, present),
        "menu": [
            {"label": _(label), "href": href, "current": request.url.path.startswith(href)}
            for label, href, entitled in MENU
            if who.role in entitled
        ],
    }


def nav_steps(who: Principal, present: Round) -> list[NavStep]:
    """The round's own page, and the framework for those who look after it."""
    steps = []
    if who.role in (roles.OFFICE, roles.AUDITOR, roles.SUPERVISOR):
        steps.append(
            NavStep(
                "framework",
                _("方案"),
                f"/frameworks/{present.framework_version.code}/{present.framework_version.version}",
                "done",
            )
        )
    return steps


class RoundController(Controller):
    """Rounds and their life."""

    include_in_schema = False
    path = "/rounds"

    @get("/", guards=[signed_in], sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """All rounds within the person's scope."""
        return pages.render(
            request, "rounds.html", listed=store.visible(db_session, request.user), rules=rules
        )

    @get("/new", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """The form for a new round."""
        return _ask(request, db_session)

    @post("/new", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def open(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Plan a round."""
        timezone = request.app.state.settings.timezone
        try:
            code, _sep, number = data.get("framework", "").partition("@")
            added = service.open_round(
                db_session,
                request.user,
                code=data.get("code", "").strip(),
                name=data.get("name", ""),
                name_en=data.get("name_en", ""),
                kind=data.get("kind", ""),
                framework_version=frameworks.version(db_session, code, _version_number(number)),
                filing_opens_at=_day(data.get("opens", ""), timezone, end=False),
                filing_closes_at=_day(data.get("closes", ""), timezone, end=True),
                objection_closes_at=_day(data.get("objection", ""), timezone, end=True),
                previous_code=data.get("previous") or None,
                disclosure=data.get("disclosure", "own"),
                objection_days=_days(data.get("objection_days", "")),
            )
        except Faulty as error:
            db_session.rollback()
            return _ask(request, db_session, status=422, faults=error.faults, typed=data)
        response = Redirect(f"/rounds/{added.code}", status_code=303)
        pages.flash(response, _("已建立轮次“{name}”，体系版本已冻结。", name=added.name))
        return response

    @get("/{code:str}", guards=[signed_in], sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """The round on one page: where it stands, what is missing, what comes next."""
        return _show(request, db_session, store.get(db_session, request.user, code))

    @post("/{code:str}/steps", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def step(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Move the round one step."""
        found = store.get(db_session, request.user, code)
        target = data.get("target", "")
        if any(s.at for s in rules.steps_from(found.state) if s.target == target):
            raise NotFound
        blocked = service.blockers(db_session, story_of(request), found, target)
        service.advance(
            db_session,
            request.user,
            found,
            target,
            note=data.get("note", ""),
            blocked_by=blocked,
            timezone=request.app.state.settings.timezone,
        )
        response = Redirect(f"/rounds/{code}", status_code=303)
        pages.flash(response, _("本轮已转入“{state}”。", state=_(rules.STATES[target])))
        return response

    @post("/{code:str}/window", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def window(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Form
    ) -> Response[Any]:
        """Move the filing deadline."""
        found = store.get(db_session, request.user, code)
        closes = _day(data.get("closes", ""), request.app.state.settings.timezone, end=True)
        try:
            service.reschedule(
                db_session,
                request.user,
                found,
                filing_opens_at=found.filing_opens_at,
                filing_closes_at=closes or found.filing_opens_at,
                reason=data.get("reason", ""),
            )
        except (Faulty, rules.ReasonNeeded) as error:
            db_session.rollback()
            faults = error.faults if isinstance(error, Faulty) else (_reasonless(error),)
            found = store.get(db_session, request.user, code)
            return _show(request, db_session, found, faults=faults, typed=data)
        response = Redirect(f"/rounds/{code}", status_code=303)
        pages.flash(response, _("填报截止已改为 {day}。", day=data["closes"]))
        return response


def _reasonless(error: rules.ReasonNeeded) -> Fault:
    return Fault(error.code, error.detail, column="reason")


def _show(
    request: AnyRequest,
    session: Session,
    found: Round,
    *,
    faults: Sequence[Fault] = (),
    typed: Mapping[str, str] | None = None,
) -> Response[str]:
    who: Principal = request.user
    story: Story = story_of(request)
    moves = [
        {
            "step": step,
            "label": _(step.label),
            "href": f"/rounds/{found.code}/{step.at}" if step.at else "",
            "blockers": service.blockers(session, story, found, step.target),
        }
        for step in rules.steps_from(found.state)
        if who.role in step.roles
    ]
    past = store.history(session, found)
    return pages.render(
        request,
        "round.html",
        status=422 if faults else 200,
        faults=faults,
        typed=typed or {},
        shown=found,
        framework=store.framework(found),
        moves=moves,
        past=past,
        names=display_names(session, (step.by for step in past)),
        panels=[
            panel for each in story.panels if (panel := each(request, session, found)) is not None
        ],
        rules=rules,
        late=found.state == rules.COLLECTING and clock.now() > found.filing_closes_at,
    )


def _ask(
    request: AnyRequest,
    session: Session,
    *,
    status: int = 200,
    faults: tuple[Any, ...] = (),
    typed: dict[str, str] | None = None,
) -> Response[str]:
    return pages.render(
        request,
        "round_new.html",
        status=status,
        versions=frameworks.versions(session),
        earlier=store.visible(session, request.user),
        rules=rules,
        faults=faults,
        typed=typed or {},
    )


def _present(request: AnyRequest, rounds: list[Round]) -> Round | None:
    parts = request.url.path.split("/")
    if len(parts) > 2 and parts[1] == "rounds":
        found = next((each for each in rounds if each.code == parts[2]), None)
        if found is not None:
            return found
    return rounds[0] if rounds else None


def _steps(request: AnyRequest, who: Principal, present: Round | None) -> list[dict[str, Any]]:
    if present is None:
        return []
    path = request.url.path
    steps = [step for each in story_of(request).steps for step in each(who, present)]
    return [
        {
            "key": step.key,
            "label": step.label,
            "href": step.href,
            "state": step.state,
            "current": bool(step.href) and f"{path}/".startswith(f"{step.href}/"),
        }
        for step in steps
    ]


def _version_number(text: str) -> int | None:
    """The number of a framework's version, None for the newest; 0 for what is no number."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _days(text: str) -> int | None:
    """The number of working days, None for what is no number; the usual where nothing is said."""
    said = text.strip()
    if not said:
        return service.OBJECTION_DAYS
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else None


def _day(text: str, timezone: str, *, end: bool) -> datetime | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return clock.end_of_day(day, timezone) if end else clock.start_of_day(day, timezone)
