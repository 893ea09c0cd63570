"""Who is asking, and may they: the middleware and the guards."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware.authentication import (
    AbstractAuthenticationMiddleware,
    AuthenticationResult,
)
from litestar.types import Guard

from evaluation.accounts import signing
from evaluation.accounts.principal import Principal
from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError, NotFound
from evaluation.platform.i18n import N_

COOKIE = "yingshang_session"
DEVICE_COOKIE = "yingshang_device"

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class PasswordChangeNeeded(DomainError):
    """A first password opens nothing but the page that replaces it."""

    status = 403
    code = "password-change-needed"
    title = N_("请先修改初始密码")
    detail = N_("这是初始密码。请先设置自己的密码，然后继续。")


class WhoIsAsking(AbstractAuthenticationMiddleware):
    """Looks the session up at every request; nobody is a valid answer."""

    async def authenticate_request(self, connection: AnyConnection) -> AuthenticationResult:
        """The person behind the session cookie, or None."""
        token = connection.cookies.get(COOKIE)
        user = await run_sync(self._find, connection, token) if token else None
        return AuthenticationResult(user=user, auth=None)

    @staticmethod
    def _find(connection: AnyConnection, token: str) -> Principal | None:
        state = connection.app.state
        database: Database = state.database
        with database.engine.connect() as asked:  # half the cost of a session
            found = signing.find_principal(asked, state.settings, token)
        if found is None:
            return None
        principal, stale = found
        if stale:
            with database.writing() as session:
                signing.touch(session, principal.sign_in_id)
        return principal


def signed_in(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard: somebody, with a password of their own."""
    who: Principal | None = connection.scope.get("user")
    if who is None:
        raise NotAuthorizedException
    if who.must_change_password and connection.url.path not in ("/password", "/sign-out"):
        raise PasswordChangeNeeded


def requires(*roles: str) -> Guard:
    """Guard: somebody in one of *roles*; for everybody else the page does not exist."""

    def guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
        signed_in(connection, handler)
        if connection.user.role not in roles:
            raise NotFound

    return guard
