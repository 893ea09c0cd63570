"""What stands between the network and every handler: language, headers, size, logs."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

import structlog
from litestar import Request
from litestar.config.csrf import CSRFConfig
from litestar.enums import ScopeType
from litestar.exceptions import ClientException, NotFoundException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from evaluation.platform import i18n
from evaluation.platform.pages import FLASH_COOKIE
from evaluation.platform.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# As they go over the wire: they are added to every answer.
_ALWAYS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
_NO_STORE = (b"cache-control", b"no-store")
_SPENT_FLASH = (
    b"set-cookie",
    f"{FLASH_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=lax".encode(),
)
_PORT = rb"(?::(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])" + _PORT)
# A phone's key may stand in an address, and who is at work in the field is nobody's business.
_FIELD = re.compile(r"^/(?:openrosa|field|my-submissions)(?:/|$)")
_KEY = re.compile(r"^/openrosa/k/[^/]*")
LOCALE_COOKIE = "yingshang_language"
DRAIN_AT_MOST = 256 * 1024 * 1024


class Asked(Request[Any, Any, Any]):
    """A request whose JSON may be anything: what cannot be decoded is the sender's fault."""

    async def json(self) -> Any:
        """The body. Raises `ClientException` also for broken UTF-8 and bottomless nesting."""
        try:
            return await super().json()
        except (RecursionError, UnicodeDecodeError) as error:
            raise ClientException from error


class Edge:
    """The outermost middleware: speaks the reader's language and hardens every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.log = structlog.get_logger("request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        i18n.set_locale(reader_locale(headers))
        secure = scope["litestar_app"].state.settings.secure_cookies
        private = not scope["path"].startswith("/static/")
        started = time.perf_counter()
        status, method = 0, scope["method"]
        bare = method == "HEAD"  # what GET would answer, without the body
        if bare:
            scope["method"] = "GET"

        async def harden(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = list(message["headers"])
                if secure:
                    given = [_secured(header) for header in given]
                there = {name.lower() for name, _ in given}
                wanted = list(_ALWAYS)
                if secure:
                    wanted.append(_TRANSPORT)
                if private:
                    wanted.append(_NO_STORE)
                given += [header for header in wanted if header[0] not in there]
                if scope["state"].get("spent_flash"):
                    given.append(_secured(_SPENT_FLASH) if secure else _SPENT_FLASH)
                message["headers"] = given
                scope["method"] = method
            elif bare and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            await self.app(scope, receive, harden)
        finally:  # the line is written when the reader already has the answer
            self.log.info(
                "request",
                method=method,
                path=_KEY.sub("/openrosa/k/…", scope["path"]),
                status=status,
                milliseconds=round(1000 * (time.perf_counter() - started), 1),
                user="" if _FIELD.match(scope["path"]) else _username(scope),
            )


def _secured(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A cookie goes over an encrypted line only, whoever set it."""
    name, value = header
    if name.lower() != b"set-cookie" or b"secure" in value.lower().split(b"; "):
        return header
    return name, value + b"; Secure"


def _username(scope: Scope) -> str:
    return getattr(scope.get("user"), "username", "")


class BodyLimit:
    """Refuses what no handler should meet: too large a body, a NUL in an address, a broken Host.

    The body is read to its end so that the answer is seen. A NUL is no character of any name of
    ours, and neither the file system nor PostgreSQL takes one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request's address and Content-Length."""
        if scope["type"] == ScopeType.HTTP:
            if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                raise NotFoundException
            limit = scope["litestar_app"].state.settings.upload_megabytes * 1024 * 1024
            headers = dict(scope["headers"])
            if not _HOST.fullmatch(headers.get(b"host", b"")):
                scope["headers"] = [each for each in scope["headers"] if each[0] != b"host"]
                raise ClientException
            declared = headers.get(b"content-length", b"0")
            if not declared.isdigit() or int(declared) > limit:
                await drain(receive)
                raise RequestEntityTooLarge
        await self.app(scope, receive, send)


async def drain(receive: Receive) -> None:
    """Read and drop a body, up to a bound."""
    dropped = 0
    while dropped < DRAIN_AT_MOST:
        message: Any = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


def reader_locale(headers: Mapping[str, str]) -> str:
    """The language chosen on the page, else the browser's, else Chinese."""
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == LOCALE_COOKIE and value in i18n.LOCALES:
            return value
    accepted = headers.get("accept-language", "").lower()
    first = accepted.split(",")[0].strip()
    return "en" if first and not first.startswith("zh") else "zh"


def csrf_config(settings: Settings) -> CSRFConfig:
    """Every write carries the token of the page it came from, in the form or in a header."""
    return CSRFConfig(
        secret=settings.secret,
        cookie_name="yingshang_csrf",
        cookie_httponly=True,
        cookie_secure=settings.secure_cookies,
        header_name="x-csrf-token",
    )
