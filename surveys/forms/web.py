"""The pages of forms: all of them, one with its versions, one version, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import FromPath, PathParameter, QueryParameter
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.accounts.names import display_names
from evaluation.framework.methods import method_name
from evaluation.platform import clock, pages
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.forms import diff, documents, overview, service, store
from surveys.forms.keeping import XFORM
from surveys.forms.models import FormVersion
from surveys.forms.service import AUTHORS, XLSX
from surveys.forms.template import template

READERS = (*AUTHORS, roles.AUDITOR)
Number = Annotated[int, PathParameter(ge=1, le=1_000_000)]


class FormController(Controller):
    """Forms for reading."""

    path = "/forms"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """Every form with its newest version."""
        return pages.render(
            request,
            "forms.html",
            forms=overview.forms(db_session, request.app.state.evidence),
            may_write=may_write(request),
            method_name=method_name,
        )

    @get("/template.xlsx", sync_to_thread=True)
    def empty(self, request: AnyRequest) -> Response[bytes]:
        """The empty workbook in the reader's language."""
        return pages.attachment(template(), f"{_('表单模板')}.xlsx", XLSX)

    @get("/{code:str}", sync_to_thread=True)
    def show(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[str]:
        """One form: its versions, and whether it is in use."""
        versions = store.versions(db_session, code)
        if not versions:
            raise NotFound(form=code)
        form = versions[0].form
        return pages.render(
            request,
            "form_versions.html",
            form=form,
            versions=versions,
            newest=store.newest_published(db_session, code),
            visits=store.visits_with(db_session).get(form.id, 0),
            visits_out=store.visits_out(db_session, form.id, clock.now()),
            names=people(db_session, versions),
            may_write=may_write(request),
            method_name=method_name,
        )

    @get("/{code:str}/diff", sync_to_thread=True)
    def difference(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        old: Annotated[int, QueryParameter(name="from", ge=1, le=1_000_000)],
        new: Annotated[int, QueryParameter(name="to", ge=1, le=1_000_000)],
    ) -> Response[str]:
        """What changed from one version to another."""
        evidence = request.app.state.evidence
        before, after = (version_of(db_session, code, number) for number in (old, new))
        changes = diff.diff(
            documents.document(evidence, before),
            documents.document(evidence, after),
            old_xform=documents.xform(evidence, before),
            new_xform=documents.xform(evidence, after),
        )
        return pages.render(
            request,
            "form_diff.html",
            before=before,
            after=after,
            changes=changes,
            parts=overview.by_item(changes),
            kinds=diff.KINDS,
            fields=diff.FIELDS,
            versions=store.versions(db_session, code),
        )

    @get("/{code:str}/{number:int}", sync_to_thread=True)
    def version(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Number
    ) -> Response[str]:
        """One version: its questions, its kit, how answers become values."""
        found = version_of(db_session, code, number)
        document = documents.document(request.app.state.evidence, found)
        return pages.render(
            request,
            "form_version.html",
            found=found,
            document=document,
            groups=overview.groups(document),
            rule_said=overview.rule_said,
            type_name=overview.type_name,
            counts=overview.counts(document),
            newest=store.newest_published(db_session, code),
            versions=store.versions(db_session, code),
            media=store.media(db_session, found.id),
            visits_out=store.visits_out(db_session, found.form_id, clock.now()),
            names=people(db_session, [found]),
            warnings=service.warnings_of(db_session, request.app.state.evidence, found),
            severities=overview.SEVERITIES,
            across=overview.ACROSS,
            may_write=may_write(request),
            method_name=method_name,
        )

    @get("/{code:str}/{number:int}/workbook.xlsx", sync_to_thread=True)
    def workbook(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Number
    ) -> Response[bytes]:
        """The workbook as its author uploaded it."""
        found = version_of(db_session, code, number)
        content = request.app.state.evidence.get(found.source)
        return pages.attachment(content, f"{code}-v{number}.xlsx", XLSX)

    @get("/{code:str}/{number:int}/form.xml", sync_to_thread=True)
    def xform(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Number
    ) -> Response[bytes]:
        """The XForm that phones get."""
        found = version_of(db_session, code, number)
        content = request.app.state.evidence.get(found.xform)
        return pages.attachment(content, f"{code}-v{number}.xml", XFORM)


def people(session: Session, versions: Iterable[FormVersion]) -> dict[str, str]:
    """What those who made and published versions are called."""
    return display_names(
        session, [name for each in versions for name in (each.created_by, each.published_by)]
    )


def may_write(request: AnyRequest) -> bool:
    """Whether the reader is an author."""
    return request.user.role in AUTHORS


def version_of(session: Session, code: str, number: int) -> FormVersion:
    """A version by form and number. Raises NotFound."""
    found = store.version(session, code, number)
    if found is None:
        raise NotFound(form=code, number=number)
    return found
