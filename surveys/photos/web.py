"""Files of submissions: the original as it came, and pictures to look at.

Those who review open them below their round. An evaluator opens their own below ``/field``, where
the request log names nobody: a line with both a person and a record would tell who went where.
"""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.params import FromPath
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from surveys.photos import display, pieces, store
from surveys.submissions.models import EditionFile, Submission

READERS = (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)


class PhotoController(Controller):
    """The files of a submission of a round."""

    path = "/rounds/{code:str}/submissions/{submission:str}/files/{number:int}"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def original(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        submission: FromPath[str],
        number: FromPath[int],
    ) -> Response[bytes]:
        """The sealed original, to be saved."""
        return _original(request, *_reviewed(request, db_session, code, submission, number))

    @get("/{size:str}", sync_to_thread=True)
    def picture(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        submission: FromPath[str],
        number: FromPath[int],
        size: FromPath[str],
    ) -> Response[bytes]:
        """The picture, ``thumb`` or ``large``."""
        _found, _number, file = _reviewed(request, db_session, code, submission, number)
        return picture(request, file.sha256, size)


class OwnPhotoController(Controller):
    """An evaluator's own files."""

    path = "/field/evidence/{submission:str}/files/{number:int}"
    guards = [requires(roles.EVALUATOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def original(
        self,
        request: AnyRequest,
        db_session: DbSession,
        submission: FromPath[str],
        number: FromPath[int],
    ) -> Response[bytes]:
        """The sealed original, to be saved."""
        return _original(request, *_own(request, db_session, submission, number))

    @get("/{size:str}", sync_to_thread=True)
    def picture(
        self,
        request: AnyRequest,
        db_session: DbSession,
        submission: FromPath[str],
        number: FromPath[int],
        size: FromPath[str],
    ) -> Response[bytes]:
        """The picture, ``thumb`` or ``large``."""
        _found, _number, file = _own(request, db_session, submission, number)
        return picture(request, file.sha256, size)


def picture(request: AnyRequest, sha256: str | None, size: str) -> Response[bytes]:
    """A picture for somebody who may see it; the browser asks again each time. Raises NotFound."""
    if sha256 is None or size not in display.SIZES:
        raise NotFound
    headers = {"ETag": f'"{sha256[:32]}-{size}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    state = request.app.state
    drawn = display.shown(state.evidence, display.folder(state.settings.data), sha256, size)
    return Response(drawn, media_type=display.MEDIA_TYPE, headers=headers)


def _original(
    request: AnyRequest, found: Submission, number: int, file: EditionFile
) -> Response[bytes]:
    if file.sha256 is None:
        raise NotFound
    content: bytes = request.app.state.evidence.get(file.sha256)
    return pages.attachment(content, pieces.name(found, number, file), pieces.kind(file).media_type)


def _reviewed(
    request: AnyRequest, session: Session, code: str, submission: str, number: int
) -> tuple[Submission, int, EditionFile]:
    who = request.user
    found = store.submission(session, submission, rounds.get(session, who, code).id)
    if found is None or not who.sees_filing(found.city):
        raise NotFound(submission=submission)
    return _numbered(session, found, number)


def _own(
    request: AnyRequest, session: Session, submission: str, number: int
) -> tuple[Submission, int, EditionFile]:
    found = store.submission(session, submission)
    if found is None or found.evaluator != request.user.username:
        raise NotFound(submission=submission)
    return _numbered(session, found, number)


def _numbered(
    session: Session, found: Submission, number: int
) -> tuple[Submission, int, EditionFile]:
    for at, file, _edition in store.files(session, found.id):
        if at == number:
            return found, number, file
    raise NotFound(number=number)
