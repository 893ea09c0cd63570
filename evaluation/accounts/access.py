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
        """The person behind the session cookie, or None.

        SQLite answers this one read without waiting for anybody, in less time than it takes to
        hand it to a thread; another database, and every write, gets a thread.
        """
        token = connection.cookies.get(COOKIE)
        if not token:
            return AuthenticationResult(user=None, auth=None)
        database: Database = connection.app.state.database
        if database.engine.dialect.name == "sqlite":
            found = self._find(connection, token)
        else:
            found = await run_sync(self._find, connection, token)
        if found is None:
            return AuthenticationResult(user=None, auth=None)
        principal, stale = found
        if stale:
            await run_sync(self._touch, database, principal)
        return AuthenticationResult(user=principal, auth=None)

    @staticmethod
    def _find(connection: AnyConnection, token: str) -> tuple[Principal, bool] | None:
        state = connection.app.state
        with state.database.engine.connect() as asked:  # half the cost of a session
            return signing.find_principal(asked, state.settings, token)

    @staticmethod
    def _touch(database: Database, principal: Principal) -> None:
        with database.writing() as session:
            signing.touch(session, principal.sign_in_id)


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
