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
from evaluation.rounds.rules import is_public
from reports.kept import Kept
from reports.model import Name, Phrase
from reports.ranking import Provenance, RankingFacts
from scoring.runs import store as runs
from scoring.runs.snapshot import Adopted, Snapshot
from scoring.runs.store import Result
from scoring.sealing import store as seals
from scoring.sealing.note import Note, told
from surveys.observations.models import Observation

Audience = Literal["full"] | frozenset[str]

#: Methods whose time and person would tell a city about a visit: not shown outside the office.
COVERT = frozenset({methods.INSPECTION, methods.SIMULATION})


@dataclass(frozen=True)
class Shown:
    """A result that somebody may see: the round, the run, and the earlier round's result.

    ``reopened`` is why the published result is being corrected, ``package`` the SHA-256 of the
    package that it is sealed in; empty where there is none.
    """

    round: Round
    result: Result
    previous_round: Round | None
    previous: Result | None
    audience: Audience
    reopened: str = ""
    package: str = ""

    @property
    def correction(self) -> Note | None:
        """What this version corrected, as far as the audience may see it."""
        publication = self.result.publication
        return told(publication.changes, self.audience) if publication else None

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


def shown_to(
    session: Session, who: Principal, code: str, run: int | None = None, *, keep: Kept
) -> Shown:
    """The result of a round for *who*. Raises NotFound where they may not see one.

    The rounds in scope are read afresh; what each has published is known by the round's
    revision, which every publication changes, and is read once.
    """
    visible = {each.code: each for each in rounds.visible(session, who)}
    found = visible.get(code)
    if found is None:
        raise NotFound(round=code)
    public = _published(session, found, keep)
    if public is None or run not in (None, public.run.number):
        result = runs.visible_result(session, who, found, run)
    else:
        result = public
    earlier = visible.get(found.previous_code or "")
    previous = _published(session, earlier, keep) if earlier else None
    return Shown(
        found,
        result,
        earlier if previous else None,
        previous,
        audience_of(who, found),
        *(_sealing(session, found, keep) if result is public else ("", "")),
    )


def _published(session: Session, found: Round, keep: Kept) -> Result | None:
    """What the public sees of a round, detached from the session that read it."""
    if not is_public(found.state):
        return None

    def read() -> tuple[Result, ...]:
        result = runs.published_run(session, found)
        if result is None:
            return ()
        for each in result:
            session.expunge(each)
        return (result,)

    return next(iter(keep.get(("published", found.id, found.revision), read)), None)


def _sealing(session: Session, found: Round, keep: Kept) -> tuple[str, str]:
    """Why the published result is being corrected, and the hash of its package.

    Agreeing to a correction, and publishing, change the round's revision.
    """

    def read() -> tuple[str, str]:
        held, sealed = seals.agreed_reopening(session, found), seals.newest(session, found)
        return held.reason if held else "", sealed.seal.package_sha256 if sealed else ""

    return keep.get(("sealing", found.id, found.revision), read)


def shown_to_office(session: Session, code: str) -> Shown:
    """The same for the command line: the published result, else the newest run."""
    found = rounds.by_code(session, code)
    result = runs.published_run(session, found)
    if result is None:
        newest = runs.latest(session, found)
        if newest is None:
            raise NotFound(round=code)
        result = Result(newest, None)
    earlier = rounds.by_code(session, found.previous_code) if found.previous_code else None
    previous = runs.published_run(session, earlier) if earlier else None
    return Shown(found, result, earlier if previous else None, previous, "full")


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


def is_covert(method: str, source: Observation | None) -> bool:
    """Whether where a value comes from stays inside: by a covert method, or by any visit."""
    return method in COVERT or (source is not None and source.visits is not None)


def may_see_unit(framework: Framework, unit: str) -> None:
    """Raises NotFound for a unit that the framework does not evaluate."""
    if unit not in framework.unit_by_code:
        raise NotFound(city=unit)


def _provenance(
    each: Adopted, recorded: Mapping[tuple[int, int], tuple[str, str, bool]], *, sees_people: bool
) -> Provenance:
    day, by, of_visits = recorded.get((each.id, each.revision), ("", "", False))
    open_method = each.method not in COVERT and not of_visits
    name = methods.METHODS.get(each.method)
    return Provenance(
        method=Phrase(name) if name else each.method,
        source=each.source if open_method or sees_people else "",
        when=day if open_method or sees_people else "",
        by=by if sees_people else "",
    )


def _recorded(
    session: Session, found: Round, settings: Settings
) -> dict[tuple[int, int], tuple[str, str, bool]]:
    """Day, person and whether it comes from visits, by number and revision."""
    query = sa.select(
        Observation.id,
        Observation.revision,
        Observation.recorded_at,
        Observation.recorded_by,
        Observation.visits,
    ).where(Observation.round_id == found.id, Observation.adopted)
    return {
        (row.id, row.revision): (
            pages.day(row.recorded_at, settings.timezone),
            row.recorded_by,
            row.visits is not None,
        )
        for row in session.execute(query)
    }
