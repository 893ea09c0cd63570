"""The workbook of sites in: sent, previewed, confirmed."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from surveys.visits import cities, site_uploads
from surveys.visits.cities import PLANNERS
from surveys.visits.kinds import KINDS
from surveys.visits.site_sheet import HEADERS

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
LISTED = 200


class SiteUploadController(Controller):
    """导入场所."""

    path = "/sites/uploads"
    guards = [requires(*PLANNERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """The form for a workbook."""
        return _ask(request, db_session)

    @post("/", sync_to_thread=True)
    def send(self, request: AnyRequest, db_session: DbSession, data: Upload) -> Response[Any]:
        """Read a workbook; keep it and show its preview, or list everything wrong with it."""
        file = data.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return _ask(request, db_session, missing=True)
        content = file.file.read()
        units = cities.known(db_session, request.user)
        try:
            site_uploads.preview(db_session, content, file.filename, units)
        except Faulty as error:
            db_session.rollback()
            return _ask(request, db_session, error=error, name=file.filename)
        state, who = request.app.state, request.user
        sha256 = site_uploads.hold(db_session, state.evidence, who, content, file.filename)
        seal = site_uploads.seal(state.settings.secret, who, sha256)
        return Redirect(f"/sites/uploads/{sha256}?seal={seal}", status_code=303)

    @get("/{sha256:str}", sync_to_thread=True)
    def preview(
        self,
        request: AnyRequest,
        db_session: DbSession,
        sha256: FromPath[str],
        seal: FromQuery[str] = "",
    ) -> Response[str]:
        """What the workbook would change."""
        return _preview(request, db_session, sha256, seal)

    @post("/{sha256:str}", sync_to_thread=True)
    def commit(
        self, request: AnyRequest, db_session: DbSession, sha256: FromPath[str], data: Form
    ) -> Response[Any]:
        """Take it over; a second time changes nothing."""
        seal = data.get("seal", "")
        state, who = request.app.state, request.user
        content, name = site_uploads.held(
            db_session, state.evidence, state.settings.secret, who, sha256, seal
        )
        try:
            taken = site_uploads.commit(
                db_session,
                who,
                content,
                name,
                sha256,
                cities=cities.known(db_session, who),
                digest=data.get("digest", ""),
            )
        except site_uploads.SitesMoved as error:
            db_session.rollback()
            return _preview(request, db_session, sha256, seal, notice=error.explain())
        response = Redirect("/sites", status_code=303)
        changed = len(taken.changes) - taken.new
        pages.flash(
            response,
            _("已导入：新增 {new} 个，更改 {changed} 个。", new=taken.new, changed=changed),
        )
        return response


def _ask(
    request: AnyRequest,
    session: Session,
    *,
    error: Faulty | None = None,
    name: str = "",
    missing: bool = False,
) -> Response[str]:
    return pages.render(
        request,
        "site_upload.html",
        status=422 if error or missing else 200,
        error=error,
        name=name,
        missing=missing,
        units=cities.known(session, request.user),
    )


def _preview(
    request: AnyRequest, session: Session, sha256: str, seal: str, *, notice: str = ""
) -> Response[str]:
    state, who = request.app.state, request.user
    content, name = site_uploads.held(
        session, state.evidence, state.settings.secret, who, sha256, seal
    )
    units = cities.known(session, who)
    seen = site_uploads.preview(session, content, name, units)
    return pages.render(
        request,
        "site_preview.html",
        status=409 if notice else 200,
        name=name,
        sha256=sha256,
        seal=seal,
        seen=seen,
        listed=seen.changes[:LISTED],
        units=units,
        columns=HEADERS,
        kinds=KINDS,
        notice=notice,
    )
