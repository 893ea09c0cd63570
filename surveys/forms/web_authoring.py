"""What authors do: upload, get the workbook back mended, publish, throw away, retire."""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from evaluation.accounts.access import requires
from evaluation.platform import evidence, pages
from evaluation.platform.errors import DomainError, Fault, Faulty, NotFound
from evaluation.platform.i18n import N_, _
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.forms import marking, service, store
from surveys.forms.doctor import Diagnosis
from surveys.forms.errors import NothingNew
from surveys.forms.service import AUTHORS, XLSX
from surveys.forms.web import Number, version_of

Files = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
NOTHING_CHOSEN = Fault(
    "no-file", N_("没有选择工作簿，或文件是空的。"), N_("请选择 .xlsx 文件再上传。")
)


class AuthoringController(Controller):
    """Forms for their authors."""

    path = "/forms"
    guards = [requires(*AUTHORS)]
    include_in_schema = False

    @get("/new", sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """The page for a workbook."""
        return _ask(request)

    @post("/new", sync_to_thread=True)
    def upload(self, request: AnyRequest, db_session: DbSession, data: Files) -> Response[Any]:
        """Keep it as a draft, or say everything the doctor found."""
        files: evidence.EvidenceStore = request.app.state.evidence
        name, content = _received(data.get("workbook"))
        media = [_received(each) for each in _several(data.get("media"))]
        media = [each for each in media if each[0]]
        if not content:
            return _ask(request, faults=[NOTHING_CHOSEN], status=422)
        try:
            made = service.upload(db_session, files, request.user, content, name, media)
        except NothingNew as error:
            db_session.rollback()
            return _ask(request, notice=error.explain(), name=name, status=409)
        except Faulty as error:
            db_session.rollback()
            return self._refused(request, db_session, error, name, content, media)
        response = Redirect(f"/forms/{made.form.code}/{made.number}", status_code=303)
        said = _(
            "“{title}”第 {number} 版已存为草稿，预览后发布。", title=made.title, number=made.number
        )
        pages.flash(response, said)
        return response

    @staticmethod
    def _refused(
        request: AnyRequest,
        db_session: DbSession,
        error: Faulty,
        name: str,
        content: bytes,
        media: list[tuple[str, bytes]],
    ) -> Response[str]:
        """The faults; the workbook is held for its author to get back mended."""
        try:
            said = service.check(db_session, content, name, media).diagnosis
        except Faulty:  # no workbook at all, so nothing to give back
            return _ask(request, faults=error.faults, name=name, status=422)
        held = evidence.keep(
            db_session,
            request.app.state.evidence,
            request.user,
            content,
            name=name,
            media_type=XLSX,
        )
        return _ask(
            request,
            faults=said.faults,
            diagnosis=said,
            name=name,
            marked=f"/forms/check/{held}/{_seal(request, held)}/marked.xlsx",
            status=422,
        )

    @get("/check/{sha256:str}/{seal:str}/marked.xlsx", sync_to_thread=True)
    def marked(
        self, request: AnyRequest, db_session: DbSession, sha256: FromPath[str], seal: FromPath[str]
    ) -> Response[bytes]:
        """The workbook that was refused, mended where it can be and marked where not."""
        if not hmac.compare_digest(seal.encode(), _seal(request, sha256).encode()):
            raise NotFound(check=sha256)
        content = request.app.state.evidence.get(sha256)
        name = _("表单-已标注") + ".xlsx"
        said = service.check(db_session, content, name).diagnosis
        made = marking.marked(content, said, name=name)
        if made is None:
            raise NotFound(check=sha256)
        return pages.attachment(made, name, XLSX)

    @post("/{code:str}/{number:int}/publish", sync_to_thread=True)
    def publish(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Number
    ) -> Response[Any]:
        """Phones get it from now on."""
        found = version_of(db_session, code, number)
        service.publish(db_session, request.user, found)
        response = Redirect(f"/forms/{code}/{number}", status_code=303)
        pages.flash(response, _("第 {number} 版已发布。", number=number))
        return response

    @post("/{code:str}/{number:int}/discard", sync_to_thread=True)
    def discard(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Number
    ) -> Response[Any]:
        """Throw a draft away."""
        service.discard(db_session, request.user, version_of(db_session, code, number))
        left = store.form_by_code(db_session, code)
        response = Redirect(f"/forms/{code}" if left else "/forms", status_code=303)
        pages.flash(response, _("草稿已删除。"), "info")
        return response

    @post("/{code:str}/retire", sync_to_thread=True)
    def retire(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Out of use."""
        return self._use(request, db_session, code, out=True)

    @post("/{code:str}/restore", sync_to_thread=True)
    def restore(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """In use again."""
        return self._use(request, db_session, code, out=False)

    @staticmethod
    def _use(request: AnyRequest, db_session: DbSession, code: str, *, out: bool) -> Response[Any]:
        form = store.form_by_code(db_session, code)
        if form is None:
            raise NotFound(form=code)
        response = Redirect(f"/forms/{code}", status_code=303)
        try:
            (service.retire if out else service.restore)(db_session, request.user, form)
        except DomainError as error:
            db_session.rollback()
            pages.flash(response, error.explain(), "warning")
            return response
        pages.flash(response, _("表单已停用。") if out else _("表单已恢复使用。"), "info")
        return response


def _ask(
    request: AnyRequest,
    *,
    faults: Any = (),
    diagnosis: Diagnosis | None = None,
    name: str = "",
    marked: str = "",
    notice: str = "",
    status: int = 200,
) -> Response[str]:
    errors = [fault for fault in faults if fault.severity == "error"]
    return pages.render(
        request,
        "form_upload.html",
        status=status,
        errors=errors,
        warnings=[fault for fault in faults if fault.severity != "error"],
        mends=diagnosis.mends if diagnosis else (),
        name=name,
        marked=marked,
        notice=notice,
        chosen=bool(name),
    )


def _received(given: Any) -> tuple[str, bytes]:
    """Name and content of an uploaded file; empty where none was chosen."""
    if not isinstance(given, UploadFile) or not given.filename:
        return "", b""
    given.file.seek(0)
    return given.filename.replace("\\", "/").rpartition("/")[2][-255:], given.file.read()


def _several(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _seal(request: AnyRequest, sha256: str) -> str:
    """Only whoever uploaded a workbook gets it back: hashes alone open nothing."""
    key = request.app.state.settings.secret.encode()
    said = f"form-check:{request.user.username}:{sha256}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:32]
