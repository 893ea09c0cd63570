"""The queue of a round: which records wait, and what is odd about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.framework.tree import Unit
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.forms.models import Form, FormVersion
from surveys.review import cases, evidence, likeness, queue_store
from surveys.review.desk import Desk
from surveys.review.likeness import Likenesses
from surveys.review.queue_store import Condition, Record, Wanted
from surveys.review.signs import Sign, signs
from surveys.submissions import pace
from surveys.submissions.models import Device, Edition, EditionFile, Submission
from surveys.submissions.rules import ACCEPTED, APPROVED, RECEIVED
from surveys.visits.models import Site, Visit

PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the queue with what is odd about it.

    ``minutes`` it took, ``usual`` the median of its form, ``away`` metres from its site at the
    nearest. ``findings`` counts what the form's logic says, ``to_answer`` those that need words.
    """

    submission: Submission
    visit: Visit
    site: Site
    form: Form
    edition: Edition | None
    version: FormVersion | None
    device: Device | None
    seen: cases.Seen
    minutes: float | None
    usual: float | None
    away: float | None
    signs: tuple[Sign, ...]
    findings: int
    to_answer: int

    @property
    def since(self) -> datetime:
        """When it came into the state in which it waits."""
        held, edition = self.submission, self.edition
        then = {APPROVED: held.approved_at, ACCEPTED: held.accepted_at}.get(held.state)
        if then is None and edition is not None:
            then = edition.completed_at or edition.received_at
        return then or held.received_at


def first_state(desk: Desk) -> str:
    """What waits for this person."""
    return {roles.SUPERVISOR: RECEIVED, roles.OFFICE: APPROVED}.get(desk.who.role, "")


def cities(desk: Desk) -> list[Unit]:
    """The evaluated units whose records this person may open."""
    framework = rounds.framework(desk.round)
    return [unit for unit in framework.units if desk.who.sees_filing(unit.code)]


def within(desk: Desk, wanted: Wanted) -> list[Condition]:
    """The records wanted, of the cities that this person may open."""
    some = desk.who.cities if desk.who.role == roles.SUPERVISOR else frozenset()
    return queue_store.conditions(desk, wanted, some or None)


def lines(
    session: Session,
    desk: Desk,
    where: Sequence[Condition],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[Line]:
    """Records in the order in which they wait, in a fixed number of questions to the database."""
    found = queue_store.records(session, where, limit=limit, offset=offset)
    if not found:
        return []
    if limit is not None:
        where = [Submission.id.in_([record[0].id for record, _ in found])]
    forms = {record[3].id for record, _ in found}
    durations = queue_store.durations(session, desk.round.id, forms)
    typical = {form: pace.usual(minutes) for form, minutes in durations.items()}
    files = queue_store.files(session, where)
    phones = {record[6].id for record, _ in found if record[6] is not None}
    alike = likeness.find(session, where, phones)
    return [
        _line(
            desk.store,
            record,
            step,
            typical.get(record[3].id),
            files.get(record[0].edition_id or 0, []),
            alike,
        )
        for record, step in found
    ]


def _line(
    store: EvidenceStore,
    record: Record,
    step: int,
    typical: float | None,
    files: Sequence[EditionFile],
    alike: Likenesses,
) -> Line:
    submission, _visit, site, _form, edition, version, _device = record
    told: tuple[Sign, ...] = ()
    away, findings = None, edition.findings if edition is not None else []
    if edition is not None and version is not None:
        places = [
            *evidence.captured(files),
            *evidence.traces_of(store, edition).positions,
            *evidence.answered(store, edition, version),
        ]
        away, _slack = evidence.nearest(site, places)
        seen = likeness.material(site, edition, files, places, alike.of(edition), typical)
        told = signs(seen)
    return Line(
        *record,
        cases.Seen(submission.revision, step, submission.edition_id or 0),
        evidence.minutes_of(edition),
        typical,
        away,
        told,
        len(findings or ()),
        len(cases.to_answer(findings)),
    )
