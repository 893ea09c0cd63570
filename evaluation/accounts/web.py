"""Signing in and out, one's own password, and the language."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from evaluation.accounts import signing, throttle
from evaluation.accounts.access import (
    COOKIE,
    DEVICE_COOKIE,
    signed_in,
)
from evaluation.platform import pages
from evaluation.platform.edge import LOCALE_COOKIE
from evaluation.platform.errors import DomainError, Faulty
from evaluation.platform.i18n import LOCALES, N_, _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.platform.settings import Settings

YEAR = 365 * 24 * 3600


class SignInController(Controller):
    """The door."""

    include_in_schema = False

    @get("/sign-in", sync_to_thread=True)
    def show(self, request: AnyRequest, next: FromQuery[str] = "/") -> Response[str]:  # noqa: A002
        """The sign-in page."""
        return pages.render(request, "sign_in.html", **_door(request, next))

    @post("/sign-in", sync_to_thread=True)
    def enter(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Check the password and start a session."""
        settings: Settings = request.app.state.settings
        username, there = data.get("username", "").strip(), safe_target(data.get("next", "/"))
        with request.app.state.database.reading() as reading:
            outcome = signing.sign_in(
                reading,
                db_session,
                settings,
                username=username,
                password=data.get("password", ""),
                address=request.client.host if request.client else "",
                device=request.cookies.get(DEVICE_COOKIE, ""),
            )
        if isinstance(outcome, DomainError):
            return pages.render(
                request,
                "sign_in.html",
                status=outcome.status,
                headers={"Retry-After": str(outcome.facts["seconds"])}
                if outcome.status == 429
                else None,
                **_door(request, there, username=username, error=outcome.explain()),
            )
        token, user = outcome
        if request.user is not None:  # whoever was signed in here before is not any longer
            signing.sign_out(db_session, request.user)
        response = Redirect("/password" if user.must_change_password else there, status_code=303)
        device = throttle.device_cookie(settings.secret, username)
        for key, value, age in ((COOKIE, token, None), (DEVICE_COOKIE, device, YEAR)):
            response.set_cookie(_cookie(settings, key, value, age))
        return response

    @post("/sign-out", guards=[signed_in], sync_to_thread=True)
    def leave(self, request: AnyRequest, db_session: DbSession) -> Redirect:
        """End the session."""
        signing.sign_out(db_session, request.user)
        response = Redirect("/sign-in", status_code=303)
        response.delete_cookie(COOKIE)
        return response

    @get("/password", guards=[signed_in], sync_to_thread=True)
    def ask_password(self, request: AnyRequest) -> Response[str]:
        """The form for a new password."""
        return pages.render(request, "change_password.html", faults=(), error="")

    @post("/password", guards=[signed_in], sync_to_thread=True)
    def set_password(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Replace the password."""
        try:
            if data.get("new", "") != data.get("again", ""):
                raise PasswordsDiffer
            signing.change_password(
                db_session,
                request.user,
                current=data.get("current", ""),
                new=data.get("new", ""),
            )
        except DomainError as error:
            db_session.rollback()
            faults = error.faults if isinstance(error, Faulty) else ()
            return pages.render(
                request,
                "change_password.html",
                status=422,
                faults=faults,
                error="" if faults else error.explain(),
            )
        response = Redirect("/", status_code=303)
        pages.flash(response, _("密码已修改，其他设备上的登录已退出。"))
        return response

    @get("/language/{locale:str}", sync_to_thread=False)
    def language(self, locale: FromPath[str], next: FromQuery[str] = "/") -> Redirect:  # noqa: A002
        """Speak another language from here on."""
        response = Redirect(safe_target(next), status_code=303)
        response.set_cookie(
            LOCALE_COOKIE, locale if locale in LOCALES else "zh", max_age=YEAR, samesite="lax"
        )
        return response


class PasswordsDiffer(DomainError):
    """The new password was typed differently the second time."""

    status = 422
    code = "passwords-differ"
    title = detail = N_("两次输入的新密码不一致。")


def safe_target(target: str) -> str:
    """*target* if it is an address of ours, else the home page."""
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target
    return target if ours else "/"


def _door(
    request: AnyRequest, there: str, *, username: str = "", error: str = ""
) -> dict[str, Any]:
    demo = request.app.state.settings.demo
    return {
        "next": safe_target(there),
        "username": username,
        "error": error,
        "demo_accounts": request.app.state.demo_accounts if demo else (),
    }


def _cookie(settings: Settings, key: str, value: str, age: int | None) -> Cookie:
    return Cookie(
        key=key,
        value=value,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        max_age=age,
    )
