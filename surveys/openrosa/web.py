"""Sending a record, and asking what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from anyio.to_thread import run_sync
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from surveys.openrosa import afterwards, asking, posting, speaking
from surveys.openrosa.asking import Caller
from surveys.openrosa.inspecting import inspect
from surveys.submissions import receipts, service, store
from surveys.submissions.intake import Intake

#: What the frames of a multipart post take beside its files; Collect counts only the files.
FRAMES = 256 * 1024


class SubmissionController(Controller):
    """The one door for records."""

    include_in_schema = False

    @get("/submission")
    async def ready(self, request: AnyRequest) -> Response[None]:
        """How much one post may hold. Collect asks by HEAD before it sends."""
        await asking.caller(request)
        most = request.app.state.settings.upload_megabytes * 2**20 - FRAMES
        return speaking.nothing(headers={"X-OpenRosa-Accept-Content-Length": str(most)})

    @post("/submission")
    async def send(self, request: AnyRequest) -> Response[Any]:
        """Take a record in; 201 for a new one, 202 for one that is here."""
        try:
            asks = await asking.caller(request)
        except Exception:
            await speaking.drained(request)
            raise
        parcel = await posting.parcel(request)
        receipt = await run_sync(partial(service.take, intake(request, asks), parcel))
        return speaking.taken(request, receipt, afterwards.soon(request.app))

    @get("/receipts/{instance:str}")
    async def receipt(self, request: AnyRequest, instance: FromPath[str]) -> Response[Any]:
        """What is here of one's own record."""
        asks = await asking.caller(request)

        def ask(session: Session) -> dict[str, Any]:
            held = store.edition(session, instance)
            if held is None or held.evaluator != asks.device.username:
                raise NotFound
            state = store.state_of(session, held.submission_id)
            return receipts.as_json(receipts.made(session, held, state))

        return Response(await asking.read(request, ask), headers=speaking.VERSION)


def intake(request: AnyRequest, asks: Caller) -> Intake:
    """Everything that taking something in needs."""
    state = request.app.state
    return Intake(state.database, state.evidence, state.settings, asks.device, inspect)
