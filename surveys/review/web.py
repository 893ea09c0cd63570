"""The queue of a round and one record of it, to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.params import FromPath, QueryParameter
from sqlalchemy.orm import Session

from evaluation.accounts.access import requires
from evaluation.platform import clock, pages
from evaluation.platform.errors import DomainError, Faulty
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from surveys.photos.words import Length, Span
from surveys.review import asking, bulk, drawing, places, queue, rules
from surveys.review.asking import Asked
from surveys.review.bulk import Outcome
from surveys.review.desk import Desk, sit
from surveys.review.dossier import open_record
from surveys.submissions import pace
from surveys.submissions.rules import STATES
from surveys.visits.codes import ALPHABET


class SubmissionController(Controller):
    """What came in from the field."""

    path = "/rounds/{code:str}/submissions"
    guards = [requires(*rules.READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
    ) -> Response[str]:
        """The queue, the longest waiting first; the address says which part of it."""
        desk = sit(request, db_session, code)
        return queue_page(request, db_session, desk, Asked.read(request.query_params), page)

    @get("/{submission:str}", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        submission: FromPath[str],
        edition: Annotated[int | None, QueryParameter(ge=1, le=10_000)] = None,
    ) -> Response[str]:
        """One record: its answers, what is odd about it, what may be done."""
        desk = sit(request, db_session, code)
        return record_page(request, db_session, desk, submission, edition)


def queue_page(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    asked: Asked,
    page: int = 1,
    *,
    outcomes: tuple[Outcome, ...] = (),
    error: DomainError | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Response[str]:
    """The queue, with what became of a bulk step."""
    view = asking.look(session, desk, asked, page)
    framework = rounds.framework(desk.round)
    chosen = next((form for form in view.forms if form.code == asked.form), None)
    return pages.render(
        request,
        "submissions.html",
        status=type(error).status if error else 200,
        desk=desk,
        view=view,
        asked=asked,
        rules=rules,
        states=STATES,
        cities=queue.cities(desk),
        city_by_code=framework.unit_by_code,
        questions=bulk.questions(session, desk, chosen) if chosen else (),
        actions=bulk.offered(desk, view.state),
        outcomes=outcomes,
        faults=error.faults if isinstance(error, Faulty) else (),
        typed=typed or {},
        now=clock.now(),
        most=bulk.MOST,
        length=Length,
        span=Span,
        all_states=asking.ALL,
        titles=view.titles,
        enough=pace.ENOUGH,
    )


def record_page(
    request: AnyRequest,
    session: Session,
    desk: Desk,
    code: str,
    edition: int | None = None,
    *,
    error: DomainError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response[str]:
    """One record, with what was refused and what was typed."""
    asked = Asked.read(request.query_params)
    dossier = open_record(session, desk, code, edition)
    before, after = neighbours(asking.order(session, desk, asked), code)
    return pages.render(
        request,
        "submission.html",
        status=type(error).status if error else 200,
        desk=desk,
        record=dossier,
        unit=rounds.framework(desk.round).unit_by_code.get(dossier.submission.city),
        asked=asked,
        before=before,
        after=after,
        rules=rules,
        states=STATES,
        places=places,
        size=drawing.SIZE,
        length=Length,
        faults=error.faults if isinstance(error, Faulty) else (),
        error=error,
        typed=typed or {},
    )


def neighbours(order: list[str], code: str) -> tuple[str, str]:
    """The records before and after one; for one that is not among them, none and the first."""
    if code not in order:
        return "", order[0] if order else ""
    at = order.index(code)
    return (order[at - 1] if at else "", order[at + 1] if at + 1 < len(order) else "")


def is_code(text: str) -> bool:
    """Whether *text* can be the code of a record."""
    return 0 < len(text) <= 16 and set(text) <= set(ALPHABET)
