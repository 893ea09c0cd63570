"""Agreement of first and second looks, on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery, QueryParameter

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from surveys.forms import documents
from surveys.forms.document import FormDocument
from surveys.observations.rules import TOLERANCE
from surveys.review import (
    agreement,
    agreement_store,
    asking,
    evidence,
    groups,
    queue,
    rules,
    saying,
)
from surveys.review.agreement_store import Pair
from surveys.review.desk import Desk, sit
from surveys.review.second_looks import Difference, Looks, Together, compare

PAGE = 50


@dataclass(frozen=True, slots=True)
class OfForm:
    """The agreement of one form; ``headings`` are the groups around each question, by its path."""

    code: str
    document: FormDocument
    together: Together
    headings: Mapping[str, str]


class AgreementController(Controller):
    """第一次访查与盲法复访."""

    path = "/rounds/{code:str}/agreement"
    guards = [requires(*rules.READERS)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def index(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        form: FromQuery[str] = "",
        city: FromQuery[str] = "",
        page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
    ) -> Response[str]:
        """Percent, kappa and alpha by form and question, and every disagreement."""
        desk = sit(request, db_session, code)
        seen = desk.who.cities if desk.who.role == roles.SUPERVISOR else frozenset()
        every = agreement_store.pairs(db_session, desk.round.id, seen or None)
        shown = [each for each in every if city in ("", each.first.submission.city)]
        compared = _by_form(desk, shown)
        by_form = [each for each in compared if form in ("", each.code)]
        differences = [(each, one) for each in by_form for one in each.together.differences]
        visitors = {look.submission.evaluator for p in every for look in (p.first, p.second)}
        return pages.render(
            request,
            "agreement.html",
            desk=desk,
            city=city,
            form=form,
            cities=queue.cities(desk),
            city_by_code=rounds.framework(desk.round).unit_by_code,
            forms=[(each.code, each.document.title) for each in compared],
            by_form=by_form,
            planned=agreement_store.planned(db_session, desk.round.id, seen or None),
            pairs=len(every),
            differences=differences[(page - 1) * PAGE : page * PAGE],
            total=len(differences),
            page=page,
            pages=max(1, -(-len(differences) // PAGE)),
            names=asking.called(db_session, desk, visitors),
            say=_sayer(desk),
            agreement=agreement,
            tolerance=round(100 * TOLERANCE),
        )


def _by_form(desk: Desk, found: list[Pair]) -> list[OfForm]:
    """Pairs of each form, compared on the newest version that any of them was made with."""
    held_by: dict[int, list[Pair]] = {}
    for pair in found:
        held_by.setdefault(pair.first.version.form_id, []).append(pair)
    result = []
    for held in held_by.values():
        newest = max(
            (look.version for pair in held for look in (pair.first, pair.second)),
            key=lambda version: version.number,
        )
        document = documents.document(desk.store, newest)
        looks = [
            Looks(
                pair,
                *(
                    evidence.answers_of(desk.store, look.edition, look.version)
                    for look in (pair.first, pair.second)
                ),
            )
            for pair in held
        ]
        labels = groups.labels(documents.xform(desk.store, newest))
        headings = {each.path: saying.heading(labels, each.path) for each in document.questions}
        result.append(OfForm(document.code, document, compare(document, looks), headings))
    return sorted(result, key=lambda each: each.code)


def _sayer(desk: Desk) -> Callable[[FormDocument, Difference, str], str]:
    def say(document: FormDocument, difference: Difference, value: str) -> str:
        return saying.say(document, difference.question, value, desk.timezone)

    return say
