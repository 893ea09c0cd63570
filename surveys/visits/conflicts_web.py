"""Conflicts of interest: an evaluator's own, or everybody's for those who plan."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from surveys.visits import cities, conflicts, masking
from surveys.visits.cities import PLANNERS, WATCHERS

DECLARERS = (roles.EVALUATOR, *PLANNERS)


class ConflictController(Controller):
    """利益冲突."""

    path = "/conflicts"
    guards = [requires(roles.EVALUATOR, *WATCHERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """What is on record."""
        return _page(request, db_session)

    @post("/", guards=[requires(*DECLARERS)], sync_to_thread=True)
    def declare(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Put one on record."""
        units = cities.known(db_session, request.user)
        try:
            added = conflicts.declare(
                db_session,
                request.user,
                request.app.state.settings.secret,
                username=_whose(request, data),
                city=data.get("city", ""),
                reason=data.get("reason", ""),
                cities=units,
            )
        except Faulty as error:
            db_session.rollback()
            return _page(request, db_session, typed=data, faults=error.faults)
        unit = units[added.city]
        response = Redirect("/conflicts", status_code=303)
        pages.flash(
            response,
            _("已登记与{city}的利益冲突，今后不会派去。", city=named(unit.name, unit.name_en)),
        )
        return response

    @post("/withdrawn", guards=[requires(*DECLARERS)], sync_to_thread=True)
    def withdraw(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Withdraw one; it stays on record as withdrawn."""
        conflicts.withdraw(
            db_session,
            request.user,
            request.app.state.settings.secret,
            username=_whose(request, data),
            city=data.get("city", ""),
            cities=cities.known(db_session, request.user),
        )
        response = Redirect("/conflicts", status_code=303)
        pages.flash(response, _("已撤回，记录仍然保留。"))
        return response


def _whose(request: AnyRequest, data: dict[str, str]) -> str:
    if request.user.role == roles.EVALUATOR:
        return str(request.user.username)
    return data.get("username", "")


def _page(
    request: AnyRequest,
    session: Session,
    *,
    typed: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
) -> Response[str]:
    who = request.user
    own = who.role == roles.EVALUATOR
    units = cities.known(session, who)
    held = (
        conflicts.listed(session, username=who.username)
        if own
        else conflicts.listed(session, cities=units)
    )
    secret = request.app.state.settings.secret
    people = [] if own or who.role == roles.AUDITOR else conflicts.evaluators(session)
    said = [each.username for each in held] + [each.declared_by for each in held]
    said += [each.withdrawn_by or "" for each in held]
    names = display_names(session, said)
    if who.role == roles.AUDITOR:
        for each in held:
            names[each.username] = masking.alias(secret, each.username)
    return pages.render(
        request,
        "conflicts.html",
        status=422 if faults else 200,
        held=held,
        names=names,
        own=own,
        units=units,
        people=people,
        may_write=who.role in DECLARERS,
        typed=typed or {},
        faults=faults,
    )
