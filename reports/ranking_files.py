"""A result as files and as an API: workbook, CSV and JSON, each for whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Controller, Response, get
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.serialization import encode_json
from sqlalchemy.orm import Session

from evaluation.accounts.access import signed_in
from evaluation.accounts.principal import Principal
from evaluation.platform import pages
from evaluation.platform.i18n import current_locale
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules
from evaluation.rounds import store as rounds
from reports import facts as results
from reports.facts import Shown
from reports.kept import kept
from reports.ranking import RankingFacts, ranking_report
from reports.ranking_document import RankingDocument, ranking_csv, ranking_document
from reports.render.xlsx import render_xlsx
from scoring.runs import store as runs

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RunNumber = Annotated[int | None, QueryParameter(ge=1, le=1_000_000)]


class RankingFiles(Controller):
    """Downloads of the ranking."""

    path = "/rounds/{code:str}"
    guards = [signed_in]
    include_in_schema = False

    @get("/ranking.xlsx", sync_to_thread=True)
    def xlsx(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[bytes]:
        """The workbook, with the indicators that the reader may see."""
        shown = _shown(request, db_session, code, run)

        def make() -> bytes:
            return render_xlsx(ranking_report(_sourced(request, db_session, shown)))

        return _file(request, shown, make, "xlsx", XLSX)

    @get("/ranking.csv", sync_to_thread=True)
    def csv(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[bytes]:
        """Ranks, totals and dimension scores."""
        shown = _shown(request, db_session, code, run)
        return _file(request, shown, lambda: ranking_csv(_facts(request, shown)), "csv", "text/csv")

    @get("/ranking.json", sync_to_thread=True)
    def json(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> Response[bytes]:
        """The document of the API, as a file."""
        shown = _shown(request, db_session, code, run)

        def make() -> bytes:
            return encode_json(ranking_document(shown, _facts(request, shown)))

        return _file(request, shown, make, "json", "application/json")


@dataclass(frozen=True)
class RoundSummary:
    """A round within the caller's scope. ``published`` says whether it has a result to read."""

    code: str
    name: str
    name_en: str
    kind: str
    state: str
    published: bool


@dataclass(frozen=True)
class Problem:
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


PROBLEM = "application/problem+json"


def _problem(description: str) -> ResponseSpec:
    return ResponseSpec(
        Problem, generate_examples=False, description=description, media_type=PROBLEM
    )


UNREADABLE = _problem("A parameter cannot be read")
SIGN_IN_NEEDED = _problem("Sign in first")
NOT_FOUND = _problem("No such round, not yours, or not published yet")


class RankingApi(Controller):
    """Read access for programs."""

    path = "/api/rounds"
    guards = [signed_in]
    tags = ["rounds"]

    @get(
        "/",
        sync_to_thread=True,
        operation_id="listRounds",
        summary="Rounds",
        responses={401: SIGN_IN_NEEDED},
    )
    def rounds(self, request: AnyRequest, db_session: DbSession) -> list[RoundSummary]:
        """Rounds within the caller's scope, newest first."""
        return [
            RoundSummary(
                found.code,
                found.name,
                found.name_en,
                found.kind,
                found.state,
                rules.is_public(found.state),
            )
            for found in rounds.visible(db_session, request.user)
        ]

    @get(
        "/{code:str}/ranking",
        sync_to_thread=True,
        operation_id="getRanking",
        summary="Published ranking of a round",
        responses={400: UNREADABLE, 401: SIGN_IN_NEEDED, 404: NOT_FOUND},
    )
    def ranking(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], run: RunNumber = None
    ) -> RankingDocument:
        """The published result; 404 before publication, and for everything that is not yours.

        ``run`` names an unpublished run, for the provincial office and auditors only.
        """
        shown = _shown(request, db_session, code, run)
        return ranking_document(shown, _facts(request, shown))


def _shown(request: AnyRequest, session: Session, code: str, run: int | None) -> Shown:
    return results.shown_to(session, request.user, code, run, keep=kept(request.app.state))


def _facts(request: AnyRequest, shown: Shown) -> RankingFacts:
    state = request.app.state
    return results.ranking_facts(shown, state.evidence, state.settings)


def _sourced(request: AnyRequest, session: Session, shown: Shown) -> RankingFacts:
    """The facts with the source of every value: only files need all of them at once."""
    state, who = request.app.state, request.user
    snapshot = runs.held_snapshot(state.evidence, shown.result.run.snapshot_sha256)
    sources = results.provenance_of(
        session, shown, snapshot, state.settings, sees_people=_sees_people(who)
    )
    return results.ranking_facts(shown, state.evidence, state.settings, sources)


def _sees_people(who: Principal) -> bool:
    return who.sees_unpublished


def _file(
    request: AnyRequest,
    shown: Shown,
    make: Callable[[], bytes],
    kind: str,
    media_type: str,
) -> Response[Any]:
    """A download named after the round; rendered once for everybody with the same rights."""
    key = (kind, current_locale(), _sees_people(request.user), *shown.key)
    content = kept(request.app.state).get(key, make)
    return pages.attachment(content, f"ranking-{shown.round.code}.{kind}", media_type)
