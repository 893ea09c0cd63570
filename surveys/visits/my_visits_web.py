"""An evaluator's own visits on a desk, and how to take them along on a phone."""

from __future__ import annotations

from litestar import Controller, Response, get
from litestar.datastructures import State
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import clock, pages
from evaluation.platform.i18n import named
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.forms import documents
from surveys.forms import store as forms
from surveys.forms.document import Kit
from surveys.visits import plan_page, progress_store, qr, rules, store
from surveys.visits.kinds import KINDS
from surveys.visits.models import Visit


class MyVisitsController(Controller):
    """我的访查."""

    path = "/my-visits"
    guards = [requires(roles.EVALUATOR)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(self, request: AnyRequest, db_session: DbSession) -> Response[str]:
        """Own issued visits with their kits. Nothing says whether one is a second look."""
        now = clock.now()
        visits = store.assigned(db_session, request.user.username, now)
        address = f"{request.base_url}field/"
        return pages.render(
            request,
            "visits_mine.html",
            visits=visits,
            kits=_kits(db_session, request.app.state, visits),
            titles=_titles(db_session, visits),
            cities=_cities(db_session, visits),
            records=progress_store.records(db_session, (visit.id for visit in visits)),
            record_words=plan_page.RECORDS,
            recorded=plan_page.RECORDED,
            away=store.conflicts_of(db_session, request.user.username),
            kinds=KINDS,
            now=now,
            rules=rules,
            address=address,
            qr=qr.picture(address),
        )


def _kits(session: Session, state: State, visits: list[Visit]) -> dict[str, Kit]:
    """The kit of each form's newest version, by form code."""
    found = {}
    for code in {visit.form.code for visit in visits}:
        version = forms.newest_published(session, code)
        if version is not None:
            found[code] = documents.document(state.evidence, version).kit
    return found


def _titles(session: Session, visits: list[Visit]) -> dict[str, str]:
    found = {}
    for code in {visit.form.code for visit in visits}:
        version = forms.newest_published(session, code)
        found[code] = named(version.title, version.title_en) if version else code
    return found


def _cities(session: Session, visits: list[Visit]) -> dict[str, str]:
    """Names of the cities the visits go to, by code."""
    ids = {visit.round_id for visit in visits}
    found: dict[str, str] = {}
    for round_ in (session.get_one(Round, each) for each in ids):
        for code, unit in rounds.framework(round_).unit_by_code.items():
            found[code] = named(unit.name, unit.name_en)
    return {visit.city: found.get(visit.city, visit.city) for visit in visits}
