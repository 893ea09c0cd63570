"""A form as the evaluator's phone shows it, tried at a desk: nothing that is answered is kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, JSONBody
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from surveys.forms import documents, store
from surveys.forms.models import FormVersion
from surveys.forms.preview import outcome
from surveys.forms.score_values import NotApplicable
from surveys.forms.vocabulary import SEVERITIES


class PreviewController(Controller):
    """The form in a phone-sized frame, and what the server would read from the answers."""

    path = "/forms/{code:str}/{number:int}/preview"
    guards = [requires(roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        number: FromPath[int],
    ) -> Response[str]:
        """The page; the form itself is fetched by its script."""
        version = _version(db_session, code, number)
        document = documents.document(request.app.state.evidence, version)
        return pages.render(
            request,
            "form_preview.html",
            version=version,
            languages=document.languages,
            base=f"/forms/{code}/{number}",
        )

    @get("/form", sync_to_thread=True)
    def form(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        number: FromPath[int],
    ) -> dict[str, Any]:
        """What the engine needs, as phones get it: ``form``, ``model`` and ``document``."""
        version = _version(db_session, code, number)
        evidence = request.app.state.evidence
        document = documents.document(evidence, version)
        return {**documents.page(evidence, version), "document": asdict(document)}

    @get("/media/{name:str}", sync_to_thread=True)
    def media(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        number: FromPath[int],
        name: FromPath[str],
    ) -> Response[bytes]:
        """A picture or sound of the form."""
        version = _version(db_session, code, number)
        for held in store.media(db_session, version.id):
            if held.name == name:
                content = request.app.state.evidence.get(held.sha256)
                return pages.attachment(content, held.name, held.media_type)
        raise NotFound(name=name)

    @post("/check", status_code=200, sync_to_thread=True)
    def check(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        number: FromPath[int],
        data: JSONBody[dict[str, str]],
    ) -> Response[str]:
        """What the server makes of the answers, as a piece of the page. Nothing is stored."""
        version = _version(db_session, code, number)
        evidence = request.app.state.evidence
        judged = outcome(
            documents.xform(evidence, version),
            documents.document(evidence, version),
            data.get("xml", ""),
        )
        return pages.render(
            request,
            "form_preview_outcome.html",
            framed=False,
            outcome=judged,
            severities=SEVERITIES,
            not_applicable=lambda value: isinstance(value, NotApplicable),
        )


def _version(session: Session, code: str, number: int) -> FormVersion:
    found = store.version(session, code, number)
    if found is None:
        raise NotFound(form=code, number=number)
    return found
