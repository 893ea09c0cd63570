"""The findings of a round: the list, its pictures, the workbook."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.framework.tree import Framework
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.findings import listing, rules, service, store, workbook
from surveys.findings.rules import Scope
from surveys.findings.store import Wanted
from surveys.photos import display

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Facet = Annotated[str, QueryParameter(max_length=64)]


class FindingController(Controller):
    """What visits found wrong."""

    path = "/rounds/{code:str}/findings"
    guards = [requires(*rules.READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: Facet = "",
        measure: Facet = "",
        department: Facet = "",
        severity: Facet = "",
        page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
    ) -> Response[str]:
        """The list; the address says which part of it."""
        found, scope = _entered(request, db_session, code)
        wanted = Wanted(city, measure, department, severity)
        where = store.conditions(found.id, scope, wanted)
        total = store.count(db_session, where)
        held = store.findings(db_session, where, limit=PAGE, offset=(page - 1) * PAGE)
        if page > 1 and not held:
            raise NotFound(page=page)
        framework, inside = rounds.framework(found), request.user.role in rules.INSIDE
        origins = store.origins(db_session, held) if inside else {}
        return pages.render(
            request,
            "findings.html",
            shown_round=found,
            lines=listing.lines(held, framework, inside=inside, origins=origins),
            total=total,
            all_counts=store.counts(db_session, store.conditions(found.id, scope)),
            wanted=wanted,
            facets=_facets(framework),
            page=page,
            pages=max(1, -(-total // PAGE)),
            inside=inside,
            may_keep_back=request.user.role in (roles.OFFICE, roles.SUPERVISOR),
            rules=rules,
        )

    @get("/workbook.xlsx", sync_to_thread=True)
    def export(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: Facet = "",
        measure: Facet = "",
        department: Facet = "",
        severity: Facet = "",
    ) -> Response[bytes]:
        """The same as a workbook that may be passed on."""
        found, scope = _entered(request, db_session, code)
        where = store.conditions(found.id, scope, Wanted(city, measure, department, severity))
        framework, settings = rounds.framework(found), request.app.state.settings
        lines = listing.lines(store.findings(db_session, where), framework, inside=False)
        name = named(found.name, found.name_en)
        unit = framework.unit_by_code.get(city)
        occasion = workbook.Occasion(
            name,
            settings.organiser or framework.organiser,
            named(unit.name, unit.name_en) if unit else "",
            settings.demo,
        )
        content = workbook.write(lines, occasion)
        return pages.attachment(content, f"{_('现场发现')} {name}.xlsx", XLSX)

    @get("/{finding:str}/pictures/{number:int}/{size:str}", sync_to_thread=True)
    def picture(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        finding: FromPath[str],
        number: FromPath[int],
        size: FromPath[str],
    ) -> Response[bytes]:
        """A picture drawn anew: never the file as it came, and nothing that names it."""
        found, scope = _entered(request, db_session, code)
        held = store.by_code(db_session, store.conditions(found.id, scope), finding)
        piece = rules.pieces(held).get(number) if held else None
        inside = request.user.role in rules.INSIDE
        if piece is None or not piece.is_picture or not (inside or piece.shown):
            raise NotFound(finding=finding)
        if size not in display.SIZES:
            raise NotFound(size=size)
        state = request.app.state
        kept = display.folder(state.settings.data)
        drawn = display.shown(state.evidence, kept, piece.sha256, size)
        return Response(drawn, media_type=display.MEDIA_TYPE)

    @post(
        "/{finding:str}/pictures/{number:int}",
        guards=[requires(roles.OFFICE, roles.SUPERVISOR)],
        sync_to_thread=True,
    )
    def show_outside(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        finding: FromPath[str],
        number: FromPath[int],
        data: Form,
    ) -> Response[Any]:
        """Keep a picture back from those outside, or let them see it."""
        found, scope = _entered(request, db_session, code)
        held = store.by_code(db_session, store.conditions(found.id, scope), finding)
        if held is None:
            raise NotFound(finding=finding)
        shown = data.get("shown") == "1"
        service.show_outside(db_session, request.user, held, number, shown)
        response = Redirect(f"/rounds/{code}/findings#f-{held.code}", status_code=303)
        said = _("这张照片发布后可以看到。") if shown else _("这张照片不对外显示。")
        pages.flash(response, said)
        return response


def _entered(request: AnyRequest, session: Session, code: str) -> tuple[Round, Scope]:
    """The round and what of it this person may see. Raises NotFound where that is nothing."""
    found = rounds.get(session, request.user, code)
    scope = rules.scope_of(request.user, found.state)
    if scope is None:
        raise NotFound(round=code)
    return found, scope


def _facets(framework: Framework) -> dict[str, dict[str, str]]:
    """What the values of each facet are called, in the framework's order."""
    return {
        "city": {unit.code: named(unit.name, unit.name_en) for unit in framework.units},
        "measure": {
            str(each.no): listing.measure_name(framework, each.no) for each in framework.measures
        },
        "severity": {key: _(word) for key, word in rules.SEVERITIES.items()},
    }
