"""Phones: an evaluator's own, and everybody's for those who may take one out of use."""

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
from evaluation.platform.i18n import N_, _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.platform.settings import Settings
from surveys.submissions import collect_settings, devices, refusals_store
from surveys.submissions.errors import TooManyDevices
from surveys.submissions.models import Device
from surveys.visits import qr
from surveys.visits.masking import alias

READERS = (roles.EVALUATOR, roles.SUPERVISOR, roles.OFFICE, roles.AUDITOR)
REVOKERS = (roles.EVALUATOR, roles.SUPERVISOR, roles.OFFICE)

KINDS = {devices.WEB: N_("手机网页"), devices.COLLECT: N_("ODK Collect / KoboCollect")}


class DeviceController(Controller):
    """Registered phones."""

    path = "/devices"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """One's own, or everybody's."""
        return _list(request, db_session)

    @post("/", guards=[requires(roles.EVALUATOR)], sync_to_thread=True)
    def add(self, request: AnyRequest, db_session: DbSession, data: Form) -> Response[Any]:
        """Register a Collect; its key and QR code are shown this once."""
        name = devices.printable(data.get("name", "")) or _("我的 Collect")
        settings: Settings = request.app.state.settings
        try:
            device, key = devices.register(
                db_session, request.user.username, name, devices.COLLECT, secret=settings.secret
            )
        except TooManyDevices as error:
            db_session.rollback()
            return _list(request, db_session, faults=[error.explain()])
        server = f"{origin(request)}/openrosa"
        held = collect_settings.settings(server, device.code, key)
        return pages.render(
            request,
            "device_added.html",
            device=device,
            key=key,
            server=server,
            secured=server.startswith("https://"),
            picture=qr.picture(collect_settings.payload(held)),
            path_server=f"{server}/k/{key}",
        )

    @get("/{code:str}/revoke", guards=[requires(*REVOKERS)], sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession, code: FromPath[str]) -> Response[str]:
        """What is lost when the phone is taken out of use."""
        device = _device(db_session, request.user, code)
        return pages.render(
            request,
            "device_revoke.html",
            device=device,
            unsent=devices.unsent(device),
            kinds=KINDS,
            names=_names(request, db_session, [device]),
            own=device.username == request.user.username,
        )

    @post("/{code:str}/revoke", guards=[requires(*REVOKERS)], sync_to_thread=True)
    def revoke(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Take the phone out of use: its very next request is refused."""
        device = _device(db_session, request.user, code)
        devices.revoke(db_session, request.user, device, secret=request.app.state.settings.secret)
        response = Redirect("/devices", status_code=303)
        pages.flash(response, _("“{name}”已停用，下一次联网即生效。", name=device.name))
        return response


def origin(request: AnyRequest) -> str:
    """Scheme and host as phones reach them."""
    secure = request.app.state.settings.secure_cookies
    scheme = "https" if secure else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '')}"


def _list(request: AnyRequest, session: Session, faults: list[str] | None = None) -> Response[str]:
    who: Principal = request.user
    own = who.role == roles.EVALUATOR
    held = refusals_store.devices(session, who.username if own else None)
    return pages.render(
        request,
        "submission_devices.html",
        status=409 if faults else 200,
        held=held,
        unsent={each.id: devices.unsent(each) for each in held},
        kinds=KINDS,
        names=_names(request, session, held),
        own=own,
        revokes=who.role in REVOKERS,
        masked=who.role == roles.AUDITOR,
        faults=faults or [],
    )


def _device(session: Session, who: Principal, code: str) -> Device:
    device = refusals_store.device(session, code)
    if device is None or (who.role == roles.EVALUATOR and device.username != who.username):
        raise NotFound
    return device


def _names(request: AnyRequest, session: Session, held: Any) -> dict[str, str]:
    everybody = {each.username for each in held}
    if request.user.role == roles.AUDITOR:
        secret = request.app.state.settings.secret
        return {each: alias(secret, each) for each in everybody}
    return display_names(session, everybody)
