"""The observations of a round: side by side, one by one, and which is adopted."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.framework.methods import method_name
from evaluation.framework.tree import Framework, Node, Unit
from evaluation.platform import pages
from evaluation.platform.errors import DomainError, NotFound
from evaluation.platform.i18n import _
from evaluation.platform.pages import AnyRequest, Form
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.observations import rules, scope, service, table

READERS = (roles.OFFICE, roles.AUDITOR, roles.SUPERVISOR, roles.CLERK, roles.APPROVER)
PAGE = 120


class ObservationController(Controller):
    """City × indicator × method."""

    path = "/rounds/{code:str}/observations"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromQuery[str | None] = None,
        dimension: FromQuery[str] = "",
        only: FromQuery[str] = "",
        page: Annotated[int, QueryParameter(ge=1, le=100_000)] = 1,
    ) -> Response[str]:
        """Side by side, by city and dimension; the address says which."""
        found, framework, units = _scope(request, db_session, code)
        if city is None:
            city = units[0].code if not dimension else ""
        wanted = [unit for unit in units if not city or unit.code == city]
        nodes = _below(framework, dimension)
        if not wanted or not nodes:
            raise NotFound(city=city, dimension=dimension)
        if not city and not dimension:
            nodes = _below(framework, framework.dimensions[0].code)
            dimension = framework.dimensions[0].code
        veiled = table.is_veiled(request.user, found)
        lines = table.lines(db_session, found, wanted, nodes, veiled=veiled)
        all_lines = len(lines)
        if only == "disagree":
            lines = [line for line in lines if line.disagrees]
        elif only == "missing":
            lines = [line for line in lines if line.adopted is None and not line.veiled]
        shown = lines[(page - 1) * PAGE : page * PAGE]
        return pages.render(
            request,
            "observations.html",
            shown_round=found,
            framework=framework,
            units=units,
            city=city,
            dimension=dimension,
            only=only,
            lines=shown,
            counted=len(lines),
            of=all_lines,
            methods=table.methods_of(shown),
            method_name=method_name,
            page=page,
            pages=max(1, -(-len(lines) // PAGE)),
            coverage=table.coverage(db_session, found, framework, units, veiled=veiled),
            veiled=veiled,
            may_write=request.user.role == roles.OFFICE and rules.is_open(found.state),
            show=table.shown,
        )

    @get("/{city:str}/{indicator:str}", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
    ) -> Response[str]:
        """One city and indicator: every method, why one is adopted, and the history."""
        return _show(request, db_session, code, city, indicator)

    @post("/{city:str}/{indicator:str}", guards=[requires(roles.OFFICE)], sync_to_thread=True)
    def adopt(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
        data: Form,
    ) -> Response[Any]:
        """Adopt a method's value by hand, or give the choice back to the rule."""
        found = rounds.get(db_session, request.user, code)
        method, reason = data.get("method", ""), data.get("reason", "")
        try:
            if method:
                service.adopt(db_session, request.user, found, city, indicator, method, reason)
            else:
                service.follow_rule(db_session, request.user, found, city, indicator, reason)
        except (rules.ChoiceNeedsReason, rules.NotObserved) as error:
            db_session.rollback()
            return _show(request, db_session, code, city, indicator, error=error, method=method)
        response = Redirect(f"/rounds/{code}/observations/{city}/{indicator}", status_code=303)
        pages.flash(response, _("已更新采用值，原因已记入审计日志。"))
        return response


def _scope(request: AnyRequest, session: Session, code: str) -> tuple[Round, Framework, list[Unit]]:
    found = rounds.get(session, request.user, code)
    framework = rounds.framework(found)
    units = table.units_seen(framework, request.user)
    if not units:
        raise NotFound(round=code)
    return found, framework, units


def _below(framework: Framework, dimension: str) -> list[Node]:
    return [
        node
        for node in framework.indicators
        if not dimension or any(step.code == dimension for step in framework.path(node.code))
    ]


def _show(
    request: AnyRequest,
    session: Session,
    code: str,
    city: str,
    indicator: str,
    *,
    error: DomainError | None = None,
    method: str = "",
) -> Response[str]:
    found, framework, units = _scope(request, session, code)
    node = scope.indicator_of(framework, city, indicator)
    unit = next((each for each in units if each.code == city), None)
    if unit is None:
        raise NotFound(city=city)
    judged = request.user.role in roles.OF_A_CITY
    veiled = table.is_veiled(request.user, found)
    (line,) = table.lines(session, found, [unit], [node], veiled=veiled)
    return pages.render(
        request,
        "observation.html",
        status=type(error).status if error else 200,
        shown_round=found,
        framework=framework,
        line=line,
        path_above=framework.path(indicator)[1:-1],
        order=[each for each in rules.order(node) if rules.may_supply(node, each)],
        method_name=method_name,
        history=table.history(
            session,
            found,
            city,
            indicator,
            of_visits=not (judged and rules.visits_may_supply(node)),
        ),
        names_shown=not judged,
        role_names=roles.NAMES,
        may_write=request.user.role == roles.OFFICE and rules.is_open(found.state),
        error=error.explain() if error else "",
        chosen_method=method,
        show=table.shown,
    )
