"""The workbook of a city: down prefilled, up for a preview, confirmed, or given back marked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires, signed_in
from evaluation.accounts.names import display_names
from evaluation.platform import pages
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import N_, _, named
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.filings import files_store, marking, progress_store, rules, store, uploading
from surveys.filings.desk import Desk, sit
from surveys.filings.errors import PreviewStale
from surveys.filings.models import FilingUpload
from surveys.filings.template import Occasion, template
from surveys.filings.uploading import XLSX

Files = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
#: A form in which a name may come more than once.
Choices = Annotated[dict[str, str | list[str]], Body(media_type=RequestEncodingType.URL_ENCODED)]


class FilingWorkbookController(Controller):
    """Excel down and up."""

    path = "/rounds/{code:str}/filing/{city:str}"
    guards = [signed_in]
    include_in_schema = False

    @get("/workbook.xlsx", sync_to_thread=True)
    def download(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[bytes]:
        """The prefilled workbook."""
        desk = sit(db_session, request.user, code, city)
        content = template(
            desk.framework,
            occasion(request, desk),
            store.cells(db_session, desk.round.id, city),
            progress_store.last_values(db_session, desk.round, city),
        )
        return pages.attachment(content, _file_name(desk), XLSX)

    @post("/uploads", guards=[requires(roles.CLERK)], sync_to_thread=True)
    def upload(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        data: Files,
    ) -> Response[Any]:
        """Keep a filled workbook and show what it would change."""
        desk = sit(db_session, request.user, code, city, roles.CLERK)
        name, content = received(data, "workbook")
        try:
            if not content:
                raise Faulty([NOTHING_CHOSEN])
            kept = uploading.keep_upload(
                db_session,
                request.app.state.evidence,
                desk.who,
                desk.round,
                city,
                content,
                name=name,
            )
        except Faulty as error:
            db_session.rollback()
            return pages.render(
                request,
                "filing_upload_refused.html",
                status=422,
                desk=desk,
                name=name,
                faults=error.faults,
            )
        return Redirect(f"{desk.home}/uploads/{kept.code}", status_code=303)

    @get("/uploads/{upload:str}", sync_to_thread=True)
    def preview(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        upload: FromPath[str],
    ) -> Response[str]:
        """What the workbook would change, cell by cell."""
        desk = sit(db_session, request.user, code, city)
        return _preview(request, db_session, desk, _upload(db_session, desk, upload))

    @get("/uploads/{upload:str}/marked.xlsx", sync_to_thread=True)
    def marked(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        upload: FromPath[str],
    ) -> Response[bytes]:
        """The same workbook with its bad cells marked."""
        desk = sit(db_session, request.user, code, city)
        found = _upload(db_session, desk, upload)
        content = request.app.state.evidence.get(found.sha256)
        shown = uploading.preview(db_session, desk.round, city, content, name=found.name)
        marked = marking.marked(content, [*shown.errors, *shown.warnings], name=found.name)
        if marked is None:
            raise NotFound
        stem = found.name.rsplit(".", 1)[0][:80]
        return pages.attachment(marked, f"{stem}-{_('标注')}.xlsx", XLSX)

    @post("/uploads/{upload:str}/commit", guards=[requires(roles.CLERK)], sync_to_thread=True)
    def commit(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        upload: FromPath[str],
        data: Choices,
    ) -> Response[Any]:
        """Save what was previewed, all at once."""
        desk = sit(db_session, request.user, code, city, roles.CLERK)
        found = _upload(db_session, desk, upload)
        content = request.app.state.evidence.get(found.sha256)
        try:
            changed = uploading.commit(
                db_session,
                desk.who,
                desk.round,
                city,
                found,
                content,
                seen=_revisions(str(data.get("seen", ""))),
                overwrite=chosen_of(data, "overwrite"),
            )
        except (PreviewStale, Faulty) as error:
            db_session.rollback()
            found = _upload(db_session, desk, upload)
            moved = error.facts["moved"] if isinstance(error, PreviewStale) else ()
            return _preview(request, db_session, desk, found, error=error, moved=moved)
        response = Redirect(desk.home, status_code=303)
        if changed is None:
            pages.flash(response, _("这次上传已经确认过，没有重复保存。"), "info")
        elif changed == 0:
            pages.flash(response, _("工作簿与系统中的数据一致，没有需要保存的内容。"), "info")
        else:
            pages.flash(response, _("已保存 {count} 项指标的数据。", count=changed))
        return response


NOTHING_CHOSEN = Fault(
    "no-file", N_("没有选择文件，或文件是空的。"), N_("请选择填好的 .xlsx 文件再上传。")
)


def occasion(request: AnyRequest, desk: Desk) -> Occasion:
    """What the workbook says of itself."""
    settings = request.app.state.settings
    version = desk.round.framework_version
    return Occasion(
        round_code=desk.round.code,
        round_name=named(desk.round.name, desk.round.name_en),
        city=desk.city.code,
        city_name=named(desk.city.name, desk.city.name_en),
        framework_sha256=version.sha256,
        framework_version=version.version,
        closes_at=desk.round.filing_closes_at,
        timezone=settings.timezone,
        organiser=settings.organiser,
        demo=settings.demo,
    )


def received(data: dict[str, Any], field: str) -> tuple[str, bytes]:
    """Name and content of an uploaded file; empty where none was chosen."""
    given = data.get(field)
    if not isinstance(given, UploadFile):
        return "", b""
    given.file.seek(0)
    return (given.filename or "")[-255:], given.file.read()


def chosen_of(data: Mapping[str, str | list[str]], field: str) -> list[str]:
    """Everything that was ticked under one name."""
    given = data.get(field, [])
    return [given] if isinstance(given, str) else list(given)


def _preview(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    found: FilingUpload,
    *,
    error: PreviewStale | Faulty | None = None,
    moved: Any = (),
) -> Response[str]:
    content = request.app.state.evidence.get(found.sha256)
    shown = uploading.preview(session, desk.round, desk.city.code, content, name=found.name)
    again = [
        each
        for each in files_store.uploads_of(session, desk.round.id, desk.city.code, found.sha256)
        if each.committed_at is not None
    ]
    lines = (*shown.changes, *shown.conflicts, *shown.overtaken)
    people = [found.by, *(line.held.updated_by for line in lines)]
    return pages.render(
        request,
        "filing_preview.html",
        status=type(error).status if error else 200,
        desk=desk,
        upload=found,
        preview=shown,
        committed=again,
        seen=json.dumps(shown.revisions(), sort_keys=True),
        error=error,
        moved=moved,
        names=display_names(session, people),
        rules=rules,
    )


def _upload(session: Session, desk: Desk, code: str) -> FilingUpload:
    found = files_store.upload(session, desk.round.id, desk.city.code, code)
    if found is None:
        raise NotFound
    return found


def _revisions(text: str) -> dict[str, int]:
    try:
        said = json.loads(text[:100_000])
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    return {str(key): value for key, value in said.items() if isinstance(value, int)}


def _file_name(desk: Desk) -> str:
    city = named(desk.city.name, desk.city.name_en)
    return f"{_('填报表')}-{city}-{desk.round.code}.xlsx"
