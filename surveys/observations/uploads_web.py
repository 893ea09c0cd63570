"""The values workbook of all units, out and in, for the office."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.framework.methods import BASIC_DATA, METHODS, method_name
from evaluation.framework.tree import Framework
from evaluation.platform import pages
from evaluation.platform.errors import Faulty, NotFound
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.observations import scope, table, uploads
from surveys.observations.value_sheet import columns_of
from surveys.observations.value_writing import write_values

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
LISTED = 200


class ValuesController(Controller):
    """All values of a round as one workbook."""

    path = "/rounds/{code:str}/observations"
    guards = [requires(roles.OFFICE, roles.AUDITOR)]  # the auditor reads only
    include_in_schema = False

    @get("/workbook.xlsx", sync_to_thread=True)
    def workbook(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        method: FromQuery[str] = BASIC_DATA,
    ) -> Response[bytes]:
        """The workbook for one method, prefilled with what is there."""
        found = rounds.get(db_session, request.user, code)
        if method not in METHODS:
            raise NotFound(method=method)
        title = f"{named(found.name, found.name_en)} {method_name(method)}"
        data = write_values(
            rounds.framework(found),
            method,
            uploads.present(db_session, found, method),
            title=title,
        )
        return pages.attachment(data, f"{code}_{method}.xlsx", uploads.XLSX)

    @get("/uploads", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def ask(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        method: FromQuery[str] = BASIC_DATA,
    ) -> Response[str]:
        """The form for a file."""
        found = rounds.get(db_session, request.user, code)
        scope.require_open(db_session, found)
        return _ask(request, found, method)

    @post("/uploads", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def upload(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], data: Upload
    ) -> Response[Any]:
        """Read a file; keep it and show its preview, or list everything wrong with it."""
        found = rounds.get(db_session, request.user, code)
        scope.require_open(db_session, found)
        method, file = str(data.get("method", "")), data.get("file")
        if method not in METHODS:
            raise NotFound(method=method)
        if not isinstance(file, UploadFile) or not file.filename:
            return _ask(request, found, method, missing=True)
        content = file.file.read()
        try:
            uploads.preview(db_session, found, method, content, file.filename)
        except Faulty as error:
            db_session.rollback()
            return _ask(request, found, method, error=error, name=file.filename)
        held = uploads.hold(
            db_session, request.app.state.evidence, request.user, found, content, file.filename
        )
        where = f"/rounds/{code}/observations/uploads/{held.code}/{method}"
        return Redirect(where, status_code=303)

    @get("/uploads/{upload:str}/{method:str}", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def preview(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        upload: FromPath[str],
        method: FromPath[str],
    ) -> Response[str]:
        """What the file would change."""
        return _preview(request, db_session, code, upload, method)

    @post(
        "/uploads/{upload:str}/{method:str}", guards=[requires(roles.OFFICE)], sync_to_thread=True
    )
    def commit(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        upload: FromPath[str],
        method: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Record it; a second time changes nothing."""
        found = rounds.get(db_session, request.user, code)
        held = uploads.held(db_session, found, upload)
        try:
            changed = uploads.commit(
                db_session,
                request.app.state.evidence,
                request.user,
                found,
                held,
                method=method,
                digest=data.get("digest", ""),
            )
        except uploads.ChangedSincePreview as error:
            db_session.rollback()
            return _preview(request, db_session, code, upload, method, notice=error.explain())
        response = Redirect(f"/rounds/{code}/observations", status_code=303)
        pages.flash(
            response, _("已导入“{file}”：{count} 格有变化。", file=held.name, count=changed)
        )
        return response


def _ask(
    request: AnyRequest,
    found: Round,
    method: str,
    *,
    error: Faulty | None = None,
    name: str = "",
    missing: bool = False,
) -> Response[str]:
    framework = rounds.framework(found)
    return pages.render(
        request,
        "observation_upload.html",
        status=422 if error or missing else 200,
        shown_round=found,
        methods=_methods(framework),
        method=method,
        error=error,
        name=name,
        missing=missing,
    )


def _methods(framework: Framework) -> list[tuple[str, str]]:
    return [
        (key, _("{method}（{count} 项）", method=method_name(key), count=count))
        for key in METHODS
        if (count := len(columns_of(framework, key)))
    ]


def _preview(
    request: AnyRequest,
    session: Session,
    code: str,
    upload: str,
    method: str,
    *,
    notice: str = "",
) -> Response[str]:
    found = rounds.get(session, request.user, code)
    held = uploads.held(session, found, upload)
    content = request.app.state.evidence.get(held.sha256)
    seen = uploads.preview(session, found, method, content, held.name)
    return pages.render(
        request,
        "observation_preview.html",
        status=409 if notice else 200,
        shown_round=found,
        framework=rounds.framework(found),
        held=held,
        method=method,
        method_name=method_name,
        seen=seen,
        listed=seen.changes[:LISTED],
        notice=notice,
        show=table.shown,
    )
