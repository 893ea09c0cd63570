"""From a stored result to the facts of a report, for the person who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework import methods
from evaluation.framework.tree import Framework
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from reports.model import Name, Phrase
from reports.ranking import Provenance, RankingFacts
from scoring.runs import store as runs
from scoring.runs.snapshot import Adopted, Snapshot
from scoring.runs.store import Result
from surveys.observations.models import Observation

Audience = Literal["full"] | frozenset[str]

#: Methods whose time and person would tell a city about a visit: not shown outside the office.
COVERT = frozenset({methods.INSPECTION, methods.SIMULATION})


@dataclass(frozen=True)
class Shown:
    """A result that somebody may see: the round, the run, and the earlier round's result."""

    round: Round
    result: Result
    previous_round: Round | None
    previous: Result | None
    audience: Audience

    @property
    def key(self) -> tuple[object, ...]:
        """What the content of a page or file depends on, besides language and filters."""
        publication = self.result.publication
        return (
            self.round.code,
            self.round.revision,
            self.result.run.sheet_sha256,
            self.result.run.snapshot_sha256,
            (publication.version, publication.published_at) if publication else None,
            self.previous.run.sheet_sha256 if self.previous else None,
            self.previous_round.code if self.previous_round else None,
            self.audience,
        )


def audience_of(who: Principal, found: Round) -> Audience:
    """Whose indicator values *who* may see of a result that they may see.

    The office, auditors, leaders and departments: all. A city: its own, or all where the round
    discloses in full. A supervisor without a list of cities: all; with one, and an evaluator:
    those cities.
    """
    if who.role in (roles.OFFICE, roles.AUDITOR, roles.LEADER, roles.DEPARTMENT):
        return "full"
    if who.role == roles.SUPERVISOR and not who.cities:
        return "full"
    if who.role in roles.OF_A_CITY and found.disclosure == "full":
        return "full"
    return who.cities


def shown_to(session: Session, who: Principal, code: str, run: int | None = None) -> Shown:
    """The result of a round for *who*. Raises NotFound where they may not see one."""
    found = rounds.get(session, who, code)
    result = runs.visible_result(session, who, found, run)
    earlier, previous = _earlier(session, found, who)
    return Shown(found, result, earlier, previous, audience_of(who, found))


def shown_to_office(session: Session, code: str) -> Shown:
    """The same for the command line: the published result, else the newest run."""
    found = rounds.by_code(session, code)
    result = runs.published_run(session, found)
    if result is None:
        newest = runs.latest(session, found)
        if newest is None:
            raise NotFound(round=code)
        result = Result(newest, None)
    earlier, previous = _earlier(session, found, None)
    return Shown(found, result, earlier, previous, "full")


def ranking_facts(
    shown: Shown,
    files: EvidenceStore,
    settings: Settings,
    provenance: Mapping[tuple[str, str], Provenance] | None = None,
) -> RankingFacts:
    """The facts of the ranking report, by stored sheets only."""
    found, run = shown.round, shown.result.run
    framework = rounds.framework(found)
    publication = shown.result.publication
    earlier = shown.previous_round
    return RankingFacts(
        framework=framework,
        sheet=runs.sheet(files, run.sheet_sha256),
        audience=shown.audience,
        round_name=Name(found.name, found.name_en),
        published=pages.day(publication.published_at, settings.timezone) if publication else None,
        previous=runs.sheet(files, shown.previous.run.sheet_sha256) if shown.previous else None,
        previous_round_name=Name(earlier.name, earlier.name_en) if earlier else "",
        organiser=settings.organiser or framework.organiser,
        demo=settings.demo,
        official=framework.official and publication is not None,
        provenance=provenance or {},
        input_sha256=run.snapshot_sha256,
    )


def provenance_of(
    session: Session,
    shown: Shown,
    snapshot: Snapshot,
    settings: Settings,
    *,
    sees_people: bool,
) -> dict[tuple[str, str], Provenance]:
    """Where each value that the audience may see came from.

    Persons are named where *sees_people*; the day of a visit only there as well.
    """
    told = [
        each
        for each in snapshot.observations
        if shown.audience == "full" or each.city in shown.audience
    ]
    recorded = _recorded(session, shown.round, settings)
    return {
        (each.city, each.indicator): _provenance(each, recorded, sees_people=sees_people)
        for each in told
    }


def may_see_unit(framework: Framework, unit: str) -> None:
    """Raises NotFound for a unit that the framework does not evaluate."""
    if unit not in framework.unit_by_code:
        raise NotFound(city=unit)


def _provenance(
    each: Adopted, recorded: Mapping[tuple[int, int], tuple[str, str]], *, sees_people: bool
) -> Provenance:
    day, by = recorded.get((each.id, each.revision), ("", ""))
    open_method = each.method not in COVERT
    name = methods.METHODS.get(each.method)
    return Provenance(
        method=Phrase(name) if name else each.method,
        source=each.source if open_method or sees_people else "",
        when=day if open_method or sees_people else "",
        by=by if sees_people else "",
    )


def _recorded(
    session: Session, found: Round, settings: Settings
) -> dict[tuple[int, int], tuple[str, str]]:
    query = sa.select(
        Observation.id, Observation.revision, Observation.recorded_at, Observation.recorded_by
    ).where(Observation.round_id == found.id, Observation.adopted)
    return {
        (row.id, row.revision): (pages.day(row.recorded_at, settings.timezone), row.recorded_by)
        for row in session.execute(query)
    }


def _earlier(
    session: Session, found: Round, who: Principal | None
) -> tuple[Round | None, Result | None]:
    """The earlier round and what was published of it, within the person's rounds."""
    code = found.previous_code
    if code is None or (who is not None and not who.sees_round(code)):
        return None, None
    try:
        earlier = rounds.by_code(session, code)
    except NotFound:
        return None, None
    previous = runs.published_run(session, earlier)
    return (earlier, previous) if previous is not None else (None, None)
