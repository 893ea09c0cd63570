"""Files in pieces: a phone asks how much is here, and goes on from there."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from litestar import Controller, Response, get, patch
from litestar.exceptions import ClientException
from litestar.params import FromPath
from sqlalchemy.orm import Session

from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from surveys.openrosa import asking, speaking
from surveys.openrosa.asking import Caller
from surveys.openrosa.web import intake
from surveys.photos.kinds import MAX_BYTES
from surveys.submissions import partials, reasons, service, store
from surveys.submissions.errors import refused
from surveys.submissions.parcel import ParcelTooLarge, bare_name
from surveys.submissions.partials import OffsetConflict, Partial

BUFFER = 64 * 1024
MAX_RECORD_BYTES = 2**30  # all files of one edition
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FilesController(Controller):
    """One file of a record, by the record's id and the file's name."""

    path = "/files/{instance:str}/{name:str}"
    include_in_schema = False

    @get("/")
    async def offset(
        self, request: AnyRequest, instance: FromPath[str], name: FromPath[str]
    ) -> Response[None]:
        """How much of it is here; asked by HEAD."""
        asks = await asking.caller(request)
        row, _others = await _row(request, asks, instance, name)
        sha256 = row.expected or request.headers.get("upload-sha256", "")
        if row.sha256 is not None:
            here = row.size
        elif _SHA256.fullmatch(sha256):
            here = _partial(request, row, sha256).size()
        else:
            here = 0
        return _told(here, row.size)

    @patch("/")
    async def piece(
        self, request: AnyRequest, instance: FromPath[str], name: FromPath[str]
    ) -> Response[Any]:
        """The next bytes; with the last of them the file counts as arrived."""
        try:
            asks = await asking.caller(request)
            row, others = await _row(request, asks, instance, name)
            at, length, sha256 = _announced(request, row, others)
        except Exception:
            await speaking.drained(request)
            raise
        if row.sha256 is not None:
            await speaking.drained(request)
            return _told(row.size, row.size)
        await run_sync(partials.sweep_sometimes, _folder(request))
        held = _partial(request, row, sha256)
        try:
            size = await _take(request, held, at, length)
        except OffsetConflict as conflict:
            answer = speaking.handle_domain(request, conflict)
            answer.headers["Upload-Offset"] = str(conflict.facts["offset"])
            return answer
        if size >= length:
            await run_sync(partial(_finish, request, asks, instance, bare_name(name), held))
        return _told(size, length)


async def _take(request: AnyRequest, held: Partial, at: int, length: int) -> int:
    """Append the body as it comes: when the line is cut, what came is kept."""
    size, waiting = at, bytearray()
    conflict: OffsetConflict | None = None

    async def write() -> None:
        nonlocal size, at, conflict
        piece = bytes(waiting)
        waiting.clear()
        if not piece or conflict is not None:
            return  # the rest of the body is read all the same, so that the answer is seen
        try:
            size = await run_sync(partial(held.append, at, piece, length))
        except OffsetConflict as found:
            conflict = found
        at += len(piece)

    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= BUFFER:
                await write()
    finally:
        await write()
        await run_sync(held.settle)
    if conflict is not None:
        raise conflict
    return size


def _finish(request: AnyRequest, asks: Caller, instance: str, name: str, held: Partial) -> None:
    try:
        content = held.whole()
    except FileNotFoundError:
        return  # another connection of the phone brought the last piece
    service.take_file(intake(request, asks), instance, name, content)
    held.drop()


async def _row(
    request: AnyRequest, asks: Caller, instance: str, name: str
) -> tuple[store.Row, int]:
    """The file's row, and how many bytes the record's other files have."""

    def ask(session: Session) -> tuple[store.Row, int]:
        held = store.edition(session, instance)
        if held is None or held.evaluator != asks.device.username:
            raise NotFound
        rows = {row.name: row for row in store.files(session, held.id)}
        found = rows.pop(bare_name(name), None)
        if found is None:
            raise NotFound
        return found, sum(row.size or 0 for row in rows.values() if row.sha256 is not None)

    return await asking.read(request, ask)


def _announced(request: AnyRequest, row: store.Row, others: int) -> tuple[int, int, str]:
    """Offset, length and hash of the file that a piece belongs to."""
    headers = request.headers
    at, length = _number(headers.get("upload-offset")), _number(headers.get("upload-length"))
    sha256 = headers.get("upload-sha256", "").lower() or row.expected or ""
    if at is None or length is None or not _SHA256.fullmatch(sha256):
        raise ClientException
    if length > MAX_BYTES:
        raise ParcelTooLarge(what=row.name, limit=f"{MAX_BYTES // 2**20} MB")
    if others + length > MAX_RECORD_BYTES:
        raise ParcelTooLarge(what=row.name, limit=f"{MAX_RECORD_BYTES // 2**20} MB")
    if row.sha256 is not None and row.sha256 != sha256:
        raise refused(reasons.ALTERED_FILE, name=row.name)
    if row.expected is not None and row.expected != sha256:
        raise refused(reasons.WRONG_HASH, name=row.name)
    return at, length, sha256


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 12:
        return None
    return int(text)


def _folder(request: AnyRequest) -> Any:
    return request.app.state.settings.data / "partial"


def _partial(request: AnyRequest, row: store.Row, sha256: str) -> Partial:
    return Partial(_folder(request), row.id, sha256)


def _told(offset: int, length: int | None) -> Response[None]:
    said = {"Upload-Offset": str(offset)}
    if length is not None:
        said["Upload-Length"] = str(length)
    return speaking.nothing(headers=said)
