"""The grid: every city's progress, one city's cells, one cell and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires, signed_in
from evaluation.accounts.names import display_names
from evaluation.platform import clock, pages
from evaluation.platform.errors import Fault, Faulty, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.problems import PROBLEM
from evaluation.platform.sessions import DbSession
from evaluation.platform.workbooks import CellProblem
from evaluation.rounds import store as rounds
from surveys.filings import (
    attaching,
    files_store,
    history_store,
    overview,
    progress_store,
    rules,
    service,
)
from surveys.filings.desk import WATCHERS, Desk, sit
from surveys.filings.errors import EditConflict
from surveys.filings.rules import Entry

FILERS = (roles.CLERK, roles.APPROVER)


@dataclass
class CellEdit:
    """One cell as the grid sends it: what was typed, and the revision it was read at."""

    revision: int
    value: str = ""
    not_applicable: bool = False
    note: str = ""
    key: str = ""


class FilingController(Controller):
    """全量数据填报."""

    path = "/rounds/{code:str}/filing"
    guards = [signed_in]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str]
    ) -> Response[Any]:
        """Every city's progress; somebody with one city goes straight to it."""
        who = request.user
        found = rounds.get(db_session, who, code)
        units = rounds.framework(found).unit_by_code
        cities = [city for city in units if who.sees_filing(city)]
        if who.role not in (*WATCHERS, *FILERS) or not cities:
            raise NotFound
        if who.role in FILERS and len(cities) == 1:
            return Redirect(f"/rounds/{code}/filing/{cities[0]}", status_code=303)
        return pages.render(
            request,
            "filing_progress.html",
            shown=found,
            standings=overview.standings(db_session, found, cities),
            rules=rules,
        )

    @get("/{city:str}", sync_to_thread=True)
    def grid(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
    ) -> Response[str]:
        """The city's grid."""
        desk = sit(db_session, request.user, code, city)
        sheet = overview.sheet(db_session, desk.round, city)
        return pages.render(
            request,
            "filing_grid.html",
            desk=desk,
            sheet=sheet,
            rules=rules,
            light=rules.light(desk.round.filing_closes_at, clock.now()),
            editing=desk.clerk and any(row.editable for row in sheet.rows),
            lock=rules.lock(
                round_state=desk.round.state,
                closes_at=desk.round.filing_closes_at,
                filing_state=sheet.filing.state,
                now=clock.now(),
            ),
            names=display_names(db_session, (sheet.filing.submitted_by, sheet.filing.decided_by)),
        )

    @get("/{city:str}/values/{indicator:str}", sync_to_thread=True)
    def cell(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
    ) -> Response[str]:
        """One cell: its value, its evidence, every version of it."""
        desk = sit(db_session, request.user, code, city)
        return cell_page(request, db_session, desk, indicator)

    @put("/{city:str}/values/{indicator:str}", guards=[requires(roles.CLERK)], sync_to_thread=True)
    def save(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: JSONBody[CellEdit],
    ) -> Response[Any]:
        """Save one cell; answers what then stands in it, or both values when they collide."""
        desk = sit(db_session, request.user, code, city, roles.CLERK)
        try:
            answer = _save(db_session, desk, indicator, data)
        except EditConflict as conflict:
            db_session.rollback()
            return Response(_collision(db_session, conflict), status_code=409, media_type=PROBLEM)
        return Response(answer)

    @post("/{city:str}/values/{indicator:str}", guards=[requires(roles.CLERK)], sync_to_thread=True)
    def save_form(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """The same from the cell's own page, without a script."""
        desk = sit(db_session, request.user, code, city, roles.CLERK)
        revision = data.get("revision", "")[:10]
        edit = CellEdit(
            int(revision)
            if revision.isascii() and revision.isdigit() and len(revision) < 10
            else 0,
            data.get("value", ""),
            data.get("not_applicable") == "1",
            data.get("note", ""),
            data.get("key", "")[:64],
        )
        try:
            _save(db_session, desk, indicator, edit)
        except (Faulty, EditConflict) as error:
            db_session.rollback()
            return cell_page(request, db_session, desk, indicator, typed=edit, error=error)
        response = Redirect(f"{desk.home}/values/{indicator}", status_code=303)
        pages.flash(response, _("已保存。"))
        return response


def cell_page(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    indicator: str,
    *,
    typed: CellEdit | None = None,
    error: Faulty | EditConflict | None = None,
    faults: tuple[Any, ...] = (),
) -> Response[str]:
    """The page of one cell, with what was typed and what is wrong with it."""
    node = desk.indicator(indicator)
    sheet = overview.sheet(session, desk.round, desk.city.code)
    row = next(row for row in sheet.rows if row.node.code == indicator)
    versions = history_store.versions(session, desk.round.id, desk.city.code, indicator)
    files = files_store.all_evidence(session, desk.round.id, desk.city.code, indicator)
    people = [v.by for v in versions] + [f.added_by for f in files] + [f.removed_by for f in files]
    return pages.render(
        request,
        "filing_cell.html",
        status=type(error).status if error else (422 if faults else 200),
        desk=desk,
        node=node,
        row=row,
        versions=[(new, old) for new, old in zip(versions, [*versions[1:], None], strict=False)],
        files=files,
        names=display_names(session, people),
        editing=desk.clerk and row.editable,
        rules=rules,
        typed=typed,
        conflict=error if isinstance(error, EditConflict) else None,
        faults=error.faults if isinstance(error, Faulty) else faults,
        accept=attaching.ACCEPT,
        allowed=attaching.ALLOWED,
        megabytes=attaching.MAX_BYTES // 2**20,
    )


def _save(session: Session, desk: Desk, indicator: str, edit: CellEdit) -> dict[str, Any]:
    node = desk.indicator(indicator)
    said = "" if edit.not_applicable else edit.value[:200]
    value = rules.parse(said, node.unit)
    if isinstance(value, CellProblem):
        raise Faulty([value.at(column="value")])
    if not 0 <= edit.revision < 2**31 or len(edit.key) > 64:
        raise Faulty([Fault("bad-revision", _("请求无法理解"))])
    entry = Entry(value, edit.not_applicable, edit.note.strip())
    held = service.save_value(
        session,
        desk.who,
        desk.round,
        desk.city.code,
        indicator,
        entry,
        read=edit.revision,
        key=edit.key,
    )
    last = progress_store.last_values(session, desk.round, desk.city.code).get(indicator)
    filled, _at = progress_store.progress(session, desk.round.id).get(desk.city.code, (0, None))
    return {
        "revision": held.revision,
        "value": rules.typed(held.entry.value),
        "not_applicable": held.entry.not_applicable,
        "note": held.entry.note,
        "state": held.state if held.entry.filled else "empty",
        "word": _(rules.CELL_STATES[held.state]) if held.entry.filled else _("未填"),
        "warnings": [str(odd.explain()) for odd in rules.oddities(node, held.entry, last)],
        "filled": filled,
        "total": len(rules.indicators(desk.framework)),
    }


def _collision(session: Session, conflict: EditConflict) -> dict[str, Any]:
    facts = conflict.facts
    held: Entry = facts["held"]
    who = display_names(session, [facts["who"]]).get(facts["who"], "")
    return {
        "type": "urn:yingshang:problem:edit-conflict",
        "title": _(EditConflict.title),
        "status": 409,
        "detail": _(EditConflict.detail, who=who, theirs=facts["theirs"], yours=facts["yours"]),
        "theirs": {
            "value": rules.typed(held.value),
            "not_applicable": held.not_applicable,
            "note": held.note,
        },
        "yours": {
            "value": rules.typed(facts["given"].value),
            "not_applicable": facts["given"].not_applicable,
            "note": facts["given"].note,
        },
        "state": rules.SAVED if held.filled else "empty",
        "word": _(rules.CELL_STATES[rules.SAVED]) if held.filled else _("未填"),
        "who": who,
        "when": facts["at"].isoformat() if facts["at"] else None,
        "revision": facts["revision"],
    }
