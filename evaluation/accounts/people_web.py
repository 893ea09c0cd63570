"""The page of people, for the provincial office."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import passwords, roles, service
from evaluation.accounts.access import (
    requires,
)
from evaluation.accounts.models import User
from evaluation.platform import pages
from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession

YEAR = 365 * 24 * 3600


class PeopleController(Controller):
    """Who may sign in, for the provincial office."""

    path = "/people"
    include_in_schema = False
    guards = [requires(roles.OFFICE)]

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """Everybody."""
        return _people(request, db_session)

    @post("/", sync_to_thread=True)
    def add(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[str]:
        """Add a person and show the first password once."""
        password = passwords.first_password(data.get("username", ""))
        try:
            user = service.add_user(
                db_session,
                request.user,
                username=data.get("username", ""),
                display_name=data.get("display_name", ""),
                role=data.get("role", ""),
                cities=_codes(data.get("cities", "")),
                rounds=_codes(data.get("rounds", "")),
                department=data.get("department", ""),
                password=password,
            )
        except Faulty as error:
            db_session.rollback()
            return _people(request, db_session, status=422, faults=error.faults, typed=data)
        return _people(request, db_session, issued=(user.username, password))

    @post("/{username:str}", sync_to_thread=True)
    def change(
        self, request: AnyRequest, db_session: DbSession, username: FromPath[str], data: Form
    ) -> Response[Any]:
        """Change role, scope or whether the person may sign in."""
        try:
            service.update_user(
                db_session,
                request.user,
                username,
                role=data.get("role", ""),
                cities=_codes(data.get("cities", "")),
                rounds=_codes(data.get("rounds", "")),
                department=data.get("department", ""),
                active=data.get("active") == "1",
            )
        except Faulty as error:
            db_session.rollback()
            return _people(request, db_session, status=422, faults=error.faults)
        response = Redirect("/people", status_code=303)
        pages.flash(response, _("已更新“{username}”，下一次操作即生效。", username=username))
        return response

    @post("/{username:str}/password", sync_to_thread=True)
    def reset(
        self, request: AnyRequest, db_session: DbSession, username: FromPath[str]
    ) -> Response[str]:
        """Give a new first password and show it once."""
        password = passwords.first_password(username)
        service.reset_password(db_session, request.user, username, password)
        return _people(request, db_session, issued=(username, password))


def _people(
    request: AnyRequest,
    session: Session,
    *,
    status: int = 200,
    faults: tuple[Any, ...] = (),
    typed: dict[str, str] | None = None,
    issued: tuple[str, str] | None = None,
) -> Response[str]:
    everybody = session.scalars(sa.select(User).order_by(User.role, User.username)).all()
    return pages.render(
        request,
        "people.html",
        status=status,
        people=everybody,
        role_names=roles.NAMES,
        faults=faults,
        typed=typed or {},
        issued=issued,
    )


def _codes(text: str) -> list[str]:
    return [code for code in text.replace("，", ",").replace(" ", ",").split(",") if code]
