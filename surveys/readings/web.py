"""The readings behind an observation: visit by visit, and how they became one value."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.params import FromPath

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.framework.methods import method_name
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from surveys.forms.score_rules import ACROSS
from surveys.observations import scope, table
from surveys.readings import trail

#: Never those who are judged: visits, and their number, are not theirs to know.
READERS = (roles.OFFICE, roles.SUPERVISOR, roles.AUDITOR)


class ReadingController(Controller):
    """City × indicator, from visits to observation."""

    path = "/rounds/{code:str}/readings/{city:str}/{indicator:str}"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        city: FromPath[str],
        indicator: FromPath[str],
    ) -> Response[str]:
        """Every visit that says something of the indicator, and what they add up to."""
        found = rounds.get(db_session, request.user, code)
        framework = rounds.framework(found)
        node = scope.indicator_of(framework, city, indicator)
        if not request.user.sees_filing(city):
            raise NotFound(city=city)
        state = request.app.state
        return pages.render(
            request,
            "readings.html",
            shown_round=found,
            unit=framework.unit_by_code[city],
            node=node,
            trails=trail.trails(
                db_session, state.evidence, found, city, indicator, secret=state.settings.secret
            ),
            method_name=method_name,
            across=ACROSS,
            show=table.shown,
        )
