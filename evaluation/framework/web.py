"""Frameworks for reading, as workbooks, and what differs between versions."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, PathParameter, QueryParameter
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.framework import methods, service, store, workbook
from evaluation.framework.diff import PARTS, diff
from evaluation.framework.method_words import method_words
from evaluation.framework.tree import Framework
from evaluation.platform import pages
from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
Version = Annotated[int, PathParameter(ge=1, le=1_000_000)]
#: What a later package wants of a framework; a method is checked by the package that scores.


class FrameworkController(Controller):
    """Versions of frameworks."""

    path = "/frameworks"
    guards = [requires(roles.OFFICE, roles.AUDITOR, roles.SUPERVISOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """Every version of every framework."""
        return pages.render(
            request,
            "frameworks.html",
            versions=store.versions(db_session),
            may_write=_may_write(request),
        )

    @get("/import", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def ask(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """The form for a workbook."""
        return _ask(request)

    @post("/import", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def import_(self, request: AnyRequest, db_session: DbSession, data: Upload) -> Response[Any]:
        """A new version, or everything that is wrong with the workbook."""
        file = data.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return _ask(request, missing=True)
        try:
            added, new = service.import_workbook(
                db_session,
                request.user,
                file.file.read(),
                name=file.filename,
                checks=request.app.state.framework_checks,
            )
        except Faulty as error:
            db_session.rollback()
            return _ask(request, error=error, name=file.filename)
        where = f"/frameworks/{quote(added.code)}"
        if new and added.version > 1:
            where += f"/diff?from={added.version - 1}&to={added.version}"
        else:
            where += f"/{added.version}"
        response = Redirect(where, status_code=303)
        facts = {"name": added.name, "version": added.version}
        if new:
            pages.flash(response, _("已导入“{name}”第 {version} 版。", **facts))
        else:
            said = _("内容与“{name}”第 {version} 版相同，没有建立新版本。", **facts)
            pages.flash(response, said, "info")
        return response

    @get("/{code:str}/diff", sync_to_thread=True)
    def difference(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        old: Annotated[int, QueryParameter(name="from", ge=1, le=1_000_000)],
        new: Annotated[int, QueryParameter(name="to", ge=1, le=1_000_000)],
    ) -> Response[str]:
        """What changed from one version to another, in sentences."""
        before = store.version(db_session, code, old)
        after = store.version(db_session, code, new)
        changes = diff(store.framework_of(before), store.framework_of(after))
        return pages.render(
            request,
            "framework_diff.html",
            before=before,
            after=after,
            changes=changes,
            parts=[
                (_(title), [each for each in changes if each.part == part])
                for part, title in PARTS.items()
            ],
            versions=_versions_of(db_session, code),
        )

    @get("/{code:str}/{number:int}", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Version
    ) -> Response[str]:
        """One version: the tree, the units, the measures, the method in words."""
        found = store.version(db_session, code, number)
        framework = store.framework_of(found)
        return pages.render(
            request,
            "framework.html",
            found=found,
            framework=framework,
            rows=list(_rows(framework)),
            zones={zone.code: zone for zone in framework.zones},
            method=method_words(framework.method),
            method_name=methods.method_name,
            versions=_versions_of(db_session, code),
        )

    @get("/{code:str}/{number:int}/workbook.xlsx", sync_to_thread=True)
    def download(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Version
    ) -> Response[bytes]:
        """The version as a workbook that can be imported again."""
        found = store.version(db_session, code, number)
        content = workbook.export_framework(store.framework_of(found))
        return pages.attachment(content, f"{found.name}_v{found.version}.xlsx", XLSX)


def _may_write(request: AnyRequest) -> bool:
    return bool(request.user.role == roles.OFFICE)


def _versions_of(session: Session, code: str) -> list[Any]:
    return [each for each in store.versions(session) if each.code == code]


def _rows(framework: Framework) -> Any:
    """Nodes in the order of the tree with their depth and share of the parent's weight."""

    def below(code: str, depth: int) -> Any:
        children = framework.children[code]
        total = sum(child.weight for child in children)
        for child in children:
            yield child, depth, child.weight / total if total else 0.0
            yield from below(child.code, depth + 1)

    yield from below(framework.root.code, 1)


def _ask(
    request: AnyRequest, *, error: Faulty | None = None, name: str = "", missing: bool = False
) -> Response[str]:
    return pages.render(
        request,
        "framework_import.html",
        status=422 if error or missing else 200,
        error=error,
        name=name,
        missing=missing,
    )
