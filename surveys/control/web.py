"""The control room: one page, and the part of it that renews itself."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Controller, Response, get
from litestar.params import FromPath
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
from surveys.control.room import look
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
        return pages.render(
            request, "control.html", every=EVERY, **_context(request, db_session, found)
        )

    @get("/live", sync_to_thread=True)
    def live(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """The part that changes. Nothing is sent where the reader has it already."""
        found = rounds.get(db_session, request.user, code)
        text = pages.render_text(
            request, "control_live.html", framed=False, **_context(request, db_session, found)
        )
        mark = hashlib.sha256(f"{request.user.username} {current_locale()} {text}".encode())
        headers = {"ETag": f'"{mark.hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(b"", status_code=304, headers=headers)
        return Response(text, media_type="text/html", headers=headers)


def _context(request: AnyRequest, session: Session, found: Round) -> dict[str, Any]:
    state = request.app.state
    room = look(Lens(session, state.evidence, state.settings, request.user, found))
    return {
        "shown_round": found,
        "room": room,
        "rules": rules,
        "states": STATES,
        "reasons": REASONS,
        "role_names": roles.NAMES,
        "span": lambda since: Span(room.now - since),
    }
