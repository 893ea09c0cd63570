"""Evidence of a cell: attach, remove, download."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from evaluation.accounts import roles
from evaluation.accounts.access import requires, signed_in
from evaluation.platform import pages
from evaluation.platform.evidence import EvidenceFile
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.filings import attaching
from surveys.filings.desk import sit
from surveys.filings.errors import FileRefused
from surveys.filings.web import cell_page
from surveys.filings.web_workbooks import Files, received


class FilingEvidenceController(Controller):
    """Files that prove a value."""

    path = "/rounds/{code:str}/filing/{city:str}"
    guards = [signed_in]
    include_in_schema = False

    @post("/values/{indicator:str}/evidence", guards=[requires(roles.CLERK)], sync_to_thread=True)
    def attach(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Files,
    ) -> Response[Any]:
        """Attach a file."""
        desk = sit(db_session, request.user, code, city, roles.CLERK)
        name, content = received(data, "file")
        try:
            added = attaching.attach(
                db_session,
                request.app.state.evidence,
                desk.who,
                desk.round,
                city,
                indicator,
                content,
                name=name,
            )
        except FileRefused as error:
            db_session.rollback()
            return cell_page(
                request,
                db_session,
                desk,
                indicator,
                faults=({"field": "file", "text": _told(name, error)},),
            )
        response = Redirect(f"{desk.home}/values/{indicator}#evidence", status_code=303)
        pages.flash(response, _("已添加佐证“{name}”。", name=added.name))
        return response

    @post(
        "/values/{indicator:str}/evidence/{number:int}/remove",
        guards=[requires(roles.CLERK)],
        sync_to_thread=True,
    )
    def remove(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        number: FromPath[int],
    ) -> Response[Any]:
        """Take a file off; the record of it stays."""
        desk = sit(db_session, request.user, code, city, roles.CLERK)
        attaching.remove(db_session, desk.who, desk.round, city, indicator, number)
        response = Redirect(f"{desk.home}/values/{indicator}#evidence", status_code=303)
        pages.flash(response, _("已移除佐证，记录仍保留在历史中。"))
        return response

    @get("/evidence/{number:int}", sync_to_thread=True)
    def download(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        number: FromPath[int],
    ) -> Response[bytes]:
        """A file, to those who may see the filing."""
        desk = sit(db_session, request.user, code, city)
        found = attaching.attached_file(db_session, desk.round, city, number)
        kept = db_session.get_one(EvidenceFile, found.sha256)
        content = request.app.state.evidence.get(found.sha256)
        return pages.attachment(content, found.name, kept.media_type)


def _told(name: str, error: FileRefused) -> str:
    said = error.explain()
    return _("“{name}”没有上传：{why}", name=name, why=said) if name else said
