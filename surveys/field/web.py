"""The phone's addresses: the app itself, unlocking, syncing, forms and one's own records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from litestar import Controller, MediaType, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody

from evaluation.accounts import signing, throttle
from evaluation.accounts.access import DEVICE_COOKIE
from evaluation.accounts.web import YEAR
from evaluation.platform import problems
from evaluation.platform.errors import DomainError, NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.platform.settings import Settings
from surveys.field import service, shell

ICON_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass
class Unlocking:
    """What a phone sends to be opened: who, and the devices whose boxes it keeps."""

    username: str
    password: str
    devices: list[str] = field(default_factory=list)
    name: str = ""


class ShellController(Controller):
    """The app as the phone keeps it; the same for everybody, and nothing in it to protect."""

    path = "/field"
    include_in_schema = False
    opt = {"exclude_from_csrf": True}

    @get("/", sync_to_thread=True)
    def page(self, request: AnyRequest) -> Response[str]:
        """The page. Its address ends in a slash, or the worker would not be its own."""
        if not request.scope["raw_path"].endswith(b"/"):
            return Response("", status_code=308, headers={"Location": shell.HOME})
        return Response(made(request).page, media_type=MediaType.HTML)

    @get("/sw.js", sync_to_thread=True)
    def worker(self, request: AnyRequest) -> Response[str]:
        """The service worker, with the list of what it keeps."""
        return Response(made(request).worker, media_type="text/javascript")

    @get("/manifest.webmanifest", sync_to_thread=False)
    def manifest(self) -> Response[dict[str, Any]]:
        """What installing needs to know."""
        return Response(shell.manifest(), media_type="application/manifest+json")

    @get("/icons/{name:str}", sync_to_thread=True)
    def icon(self, name: FromPath[str]) -> Response[bytes]:
        """One of the app's icons."""
        found = {path.name: path for path in shell.ICONS.glob("*.*")}.get(name)
        if found is None or found.suffix not in ICON_TYPES:
            raise NotFound
        return Response(found.read_bytes(), media_type=ICON_TYPES[found.suffix])


class PhoneController(Controller):
    """What a phone asks for. No cookie counts here, so no token of a page is needed."""

    path = "/field"
    include_in_schema = False
    opt = {"exclude_from_csrf": True}

    @post("/unlock", status_code=200, sync_to_thread=True)
    def unlock(
        self, request: AnyRequest, db_session: DbSession, data: JSONBody[Unlocking]
    ) -> Response[Any]:
        """Check the password as the sign-in page does; answer with what opens the phone's box."""
        settings: Settings = request.app.state.settings
        username = data.username.strip()
        with request.app.state.database.reading() as reading:
            user = signing.prove(
                reading,
                db_session,
                settings,
                username=username,
                password=data.password,
                address=request.client.host if request.client else "",
                device=request.cookies.get(DEVICE_COOKIE, ""),
            )
        if isinstance(user, DomainError):  # answered, not raised: the failure stays counted
            return problems.handle_domain(request, user)
        answer = service.unlock(db_session, settings, user, data.devices[:20], data.name)
        response = Response(answer)
        response.set_cookie(
            Cookie(
                key=DEVICE_COOKIE,
                value=throttle.device_cookie(settings.secret, username),
                httponly=True,
                samesite="lax",
                secure=settings.secure_cookies,
                max_age=YEAR,
            )
        )
        return response

    @post("/sync", status_code=200, sync_to_thread=True)
    def sync(
        self, request: AnyRequest, db_session: DbSession, data: JSONBody[dict[str, Any]]
    ) -> dict[str, Any]:
        """Take the phone's report; answer with its visits, forms and submissions."""
        device = _holder(request, db_session)
        return service.sync(db_session, device, data, request.app.state.given_back)

    @post("/leave", status_code=204, sync_to_thread=True)
    def leave(self, request: AnyRequest, db_session: DbSession) -> None:
        """The phone is being wiped by its person."""
        device = _holder(request, db_session)
        service.leave(db_session, request.app.state.settings, device)

    @get("/forms/{sha256:str}", sync_to_thread=True)
    def form(
        self, request: AnyRequest, db_session: DbSession, sha256: FromPath[str]
    ) -> dict[str, Any]:
        """A form for the engine. The phone keeps it sealed, so no cache may keep it open."""
        _holder(request, db_session)
        return service.form(request.app.state.evidence, db_session, sha256)

    @get("/records/{instance:str}", sync_to_thread=True)
    def record(
        self, request: AnyRequest, db_session: DbSession, instance: FromPath[str]
    ) -> dict[str, Any]:
        """One's own record as it was sent, to go on with it."""
        device = _holder(request, db_session)
        return service.record(request.app.state.evidence, db_session, device, instance)


def made(request: AnyRequest) -> shell.Shell:
    """The shell, made once for an application: what it is made of changes at a new start only."""
    state = request.app.state
    if "field_shell" not in state:
        state.field_shell = shell.make(state.settings, state.demo_accounts)
    found: shell.Shell = state.field_shell
    return found


def _holder(request: AnyRequest, session: DbSession) -> Any:
    authorization = request.headers.get("authorization", "")
    return service.holder(session, request.app.state.settings, authorization)
