"""Two results compared: two runs of a round, or the published results of two rounds."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from litestar import Controller, Response, get
from litestar.params import FromPath, QueryParameter
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import _, named
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from reports import facts as results
from reports.kept import kept
from reports.screen import comparison as screen
from scoring.runs import store as runs
from scoring.runs.attribution import attribution, passed, shares_anything
from scoring.runs.comparison import compare
from scoring.runs.models import Run
from scoring.whatif import Comparison

Number = Annotated[int | None, QueryParameter(ge=1, le=1_000_000)]
Other = Annotated[str, QueryParameter(name="with", max_length=40)]
City = Annotated[str, QueryParameter(max_length=60)]


class Side(NamedTuple):
    """A run, its round and how it is called on the page."""

    run: Run
    round: Round
    name: str


class CompareController(Controller):
    """比较: which input or rule moved which score and place."""

    path = "/rounds/{code:str}/scoring/compare"
    guards = [requires(roles.OFFICE, roles.AUDITOR, roles.LEADER)]
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def show(
        self,
        request: AnyRequest,
        db_session: DbSession,
        code: FromPath[str],
        a: Number = None,
        b: Number = None,
        other: Other = "",
        city: City = "",
    ) -> Response[str]:
        """Runs *a* and *b* of the round, or its published result with that of ``with``."""
        found = rounds.get(db_session, request.user, code)
        if other:
            pair = _of_rounds(request, db_session, other, code)
        else:
            pair = _of_runs(request, db_session, found, a, b)
        return _page(request, found, pair, city, other)


def _of_runs(
    request: AnyRequest, session: Session, found: Round, a: int | None, b: int | None
) -> tuple[Side, Side]:
    if a is None or b is None or not request.user.sees_unpublished:
        raise NotFound(round=found.code)
    numbers = sorted({a, b})
    sides = [
        Side(run, found, _("第 {number} 次计算", number=run.number))
        for run in (runs.run(session, found, number) for number in numbers)
    ]
    return sides[0], sides[-1]


def _of_rounds(request: AnyRequest, session: Session, before: str, after: str) -> tuple[Side, Side]:
    """Both must be published and open to the reader in full."""
    sides = []
    for code in (before, after):
        shown = results.shown_to(session, request.user, code, keep=kept(request.app.state))
        if shown.result.publication is None or shown.audience != "full":
            raise NotFound(round=code)
        name = named(shown.round.name, shown.round.name_en)
        sides.append(Side(shown.result.run, shown.round, name))
    return sides[0], sides[1]


@lru_cache(maxsize=8)
def held_attribution(files: EvidenceStore, earlier: str, later: str) -> Comparison:
    """The attribution between two stored snapshots; hashes name contents for ever."""
    return attribution(runs.held_snapshot(files, earlier), runs.held_snapshot(files, later))


def _page(
    request: AnyRequest, found: Round, pair: tuple[Side, Side], city: str, other: str
) -> Response[str]:
    files, hashes = request.app.state.evidence, [each.run.snapshot_sha256 for each in pair]
    before, after = (runs.held_snapshot(files, each) for each in hashes)
    old, new = (runs.sheet(files, each.run.sheet_sha256) for each in pair)
    comparable = shares_anything(before, after)
    context: dict[str, Any] = {
        "shown": found,
        "pair": pair,
        "other": other,
        "city": city,
        "comparable": comparable,
        "framework": after.framework,
        "earlier_framework": before.framework,
    }
    if comparable:
        made = held_attribution(files, hashes[0], hashes[1])
        sides = screen.Sides((before.framework, after.framework), (old, new))
        if city and city not in made.cities:
            raise NotFound(round=found.code, city=city)
        root = before.framework.root.code
        same_root = root == after.framework.root.code
        context |= {
            "found": compare((before, old), (after, new)),
            "made": made,
            "sides": sides,
            "moved": screen.moved(made, sides, only=city),
            "overtakings": screen.overtakings(passed(made, (old, new), root), sides)
            if same_root
            else (),
            "method_changes": screen.method_changes((old, new)),
        }
    return pages.render(request, "run_comparison.html", **context)
