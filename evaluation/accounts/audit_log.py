"""The audit log for those who check it: filter, read before and after, verify the chain."""

from __future__ import annotations

import json
from typing import Annotated, Any

import sqlalchemy as sa
from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import audit, pages
from evaluation.platform.audit import AuditEntry, AuditHead
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession

PAGE = 50

Before = Annotated[int, QueryParameter(ge=0, le=2**53)]


class AuditController(Controller):
    """Read only: the log has no other door."""

    path = "/audit"
    guards = [requires(roles.AUDITOR, roles.OFFICE)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        who: FromQuery[str] = "",
        what: FromQuery[str] = "",
        before: Before = 0,
    ) -> Response[str]:
        """Newest first, by person and by what was done or to what."""
        query = sa.select(AuditEntry).order_by(AuditEntry.number.desc()).limit(PAGE + 1)
        if who:
            query = query.where(AuditEntry.username == who)
        if what:
            query = query.where(
                AuditEntry.subject.contains(what, autoescape=True)
                | AuditEntry.action.contains(what, autoescape=True)
            )
        if before:
            query = query.where(AuditEntry.number < before)
        rows = db_session.scalars(query).all()
        return pages.render(
            request,
            "audit.html",
            entries=rows[:PAGE],
            more=rows[PAGE - 1].number if len(rows) > PAGE else 0,
            who=who,
            what=what,
            head=db_session.get_one(AuditHead, 1),
        )

    @get("/verification", sync_to_thread=True)
    def verify(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """Walk the whole chain now."""
        broken = audit.verify(db_session)
        return pages.render(
            request,
            "audit_verification.html",
            broken=broken,
            reason=_(broken.reason_text) if broken else "",
            head=db_session.get_one(AuditHead, 1),
        )

    @get("/{number:int}", sync_to_thread=True)
    def entry(
        self, request: AnyRequest, db_session: DbSession, number: FromPath[int]
    ) -> Response[str]:
        """One change in full."""
        found = db_session.get(AuditEntry, number) if number < 2**31 else None
        if found is None:
            raise NotFound(number=number)
        return pages.render(
            request,
            "audit_entry.html",
            entry=found,
            before=_readable(found.before),
            after=_readable(found.after),
        )


def _readable(text: str | None) -> str:
    if text is None:
        return ""
    value: Any = json.loads(text)
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
