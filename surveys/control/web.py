"""The control room: one page, and the part of it that renews itself."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath
from markupsafe import Markup
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.i18n import current_locale
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.control import rules
from surveys.control.lens import Lens
from surveys.control.room import Room, look
from surveys.photos.words import Span
from surveys.submissions.reasons import REASONS
from surveys.submissions.rules import STATES

READERS = (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)
#: How often the page asks again, in seconds.
EVERY = 15


class ControlController(Controller):
    """Field work as it stands now."""

    path = "/rounds/{code:str}/control"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """The whole page; it says everything without any script."""
        found = rounds.get(db_session, request.user, code)
        room = _room(request, db_session, found)
        part = _part(request, found, room)
        return pages.render(
            request,
            "control.html",
            shown_round=found,
            now=room.now,
            part=Markup(part),  # noqa: S704 - an autoescaped template of ours
            mark=_mark(request, part),
            every=EVERY,
        )

    @get("/live", sync_to_thread=True)
    def live(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """The part that changes. Nothing is sent where the reader has it already."""
        found = rounds.get(db_session, request.user, code)
        part = _part(request, found, _room(request, db_session, found))
        headers = {"ETag": _mark(request, part), "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(b"", status_code=304, headers=headers)
        return Response(part, media_type="text/html", headers=headers)


def _room(request: AnyRequest, session: Session, found: Round) -> Room:
    state = request.app.state
    return look(Lens(session, state.evidence, state.settings, request.user, found))


def _part(request: AnyRequest, found: Round, room: Room) -> str:
    return pages.render_text(
        request,
        "control_live.html",
        framed=False,
        shown_round=found,
        room=room,
        rules=rules,
        states=STATES,
        reasons=REASONS,
        role_names=roles.NAMES,
        span=lambda since: Span(room.now - since),
    )


def _mark(request: AnyRequest, part: str) -> str:
    """What tells one part from another, and one reader from another."""
    told = f"{request.user.username} {current_locale()} {part}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'
