"""Which phone is asking: by the key in the address, as a bearer, or in answer to a challenge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from anyio.to_thread import run_sync
from sqlalchemy.orm import Session

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_
from evaluation.platform.pages import AnyRequest
from evaluation.platform.settings import Settings
from surveys.openrosa import digest
from surveys.submissions import devices
from surveys.submissions.models import Device

Found = TypeVar("Found")


class KeyNeeded(DomainError):
    """No phone of ours is asking; ``headers`` say how to prove to be one."""

    status = 401
    code = "key-needed"
    title = N_("这台设备没有登记")
    detail = N_("这台设备没有登记，或登记已失效。请登录后在“我的设备”重新登记；记录不会丢失。")

    @property
    def headers(self) -> Mapping[str, str]:
        """The challenge."""
        held: Mapping[str, str] = self.facts["headers"]
        return held


class NoSuchAddress(DomainError):
    """A key in the address that belongs to no phone."""

    status = 404
    code = "no-such-device"
    title = N_("这个地址不再有效")
    detail = N_("服务器不认识这个地址。请在“我的设备”重新登记手机；手机上的记录不会丢失。")


@dataclass(frozen=True)
class Caller:
    """A phone that may ask. ``base`` begins every address it is given: scheme, host, prefix."""

    device: Device
    base: str


async def caller(request: AnyRequest) -> Caller:
    """Who is asking.

    Raises `KeyNeeded`, `SignInAgain`, `NoSuchAddress`, `DeviceRevoked` or `DeviceSuspended`.
    """
    key = request.path_params.get("key")
    header = request.headers.get("authorization", "")
    if key is not None:
        device = await _recognised(request, key=key)
        if device is None:
            raise NoSuchAddress
        return Caller(device, f"{_origin(request)}/openrosa/k/{key}")
    if header[:7].lower() == "bearer ":
        device = await _recognised(request, key=header[7:].strip())
        if device is None:
            raise KeyNeeded(headers={"WWW-Authenticate": "Bearer"})
        devices.require_recent_sign_in(device, _settings(request).field_days)
    else:
        device = await _answered(request, header)
    return Caller(device, f"{_origin(request)}/openrosa")


async def read(request: AnyRequest, ask: Callable[[Session], Found]) -> Found:
    """Ask the database for more than who is asking."""
    database: Database = request.app.state.database

    def work() -> Found:
        with database.reading() as session:
            return ask(session)

    return work() if _at_once(database) else await run_sync(work)


async def _recognised(request: AnyRequest, **by: str) -> Device | None:
    database: Database = request.app.state.database

    def work() -> Device | None:
        with database.engine.connect() as asked:
            return devices.recognise(asked, **by)

    return work() if _at_once(database) else await run_sync(work)


def _at_once(database: Database) -> bool:
    """SQLite answers one question before a thread would have begun."""
    return database.engine.dialect.name == "sqlite"


async def _answered(request: AnyRequest, header: str) -> Device:
    secret, now = _settings(request).secret, clock.now()
    given = digest.read(header)
    device = None
    if given is not None:
        device = await _recognised(request, code=given.username)
    right = (
        given is not None
        and device is not None
        and digest.answers(given, device.digest_ha1, _methods(request), _address(request))
    )
    age = digest.nonce_age(secret, given.nonce, now) if given is not None else None
    if device is not None and right and age is not None:
        if age <= digest.NONCE_LASTS:
            return device
        raise KeyNeeded(headers=digest.challenge(secret, now, stale=True))
    raise KeyNeeded(headers=digest.challenge(secret, now, stale=False))


def _settings(request: AnyRequest) -> Settings:
    found: Settings = request.app.state.settings
    return found


def _methods(request: AnyRequest) -> tuple[str, ...]:
    # The edge answers HEAD by what GET would say, and hands it on as GET.
    return ("GET", "HEAD") if request.method == "GET" else (request.method,)


def _address(request: AnyRequest) -> str:
    path: bytes = request.scope["raw_path"]
    query: bytes = request.scope["query_string"]
    said = path.partition(b"?")[0] + (b"?" + query if query else b"")
    return said.decode("latin-1")


def _origin(request: AnyRequest) -> str:
    scheme = "https" if _settings(request).secure_cookies else request.url.scheme
    return f"{scheme}://{request.headers.get('host', '')}"
