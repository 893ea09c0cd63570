"""Everything that a reviewer sees of one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evaluation.accounts.names import display_names
from evaluation.platform.errors import DomainError
from evaluation.rounds import store as rounds
from surveys.forms import documents, logic, score_rules
from surveys.forms.answers import Answers
from surveys.forms.document import FormDocument, Question, ScriptStep
from surveys.forms.logic import LogicFinding
from surveys.forms.models import FormVersion
from surveys.photos.pieces import Piece, pieces
from surveys.review import (
    cases,
    evidence,
    groups,
    likeness,
    places,
    queue_store,
    rules,
    saying,
    store,
    worth,
)
from surveys.review.cases import Seen
from surveys.review.desk import Desk
from surveys.review.models import ReviewStep
from surveys.review.rules import Case
from surveys.review.saying import Section
from surveys.review.signs import Sign, signs
from surveys.review.traces import Traces
from surveys.review.veil import veil
from surveys.review.worth import Worth
from surveys.submissions import pace
from surveys.submissions.models import Device, Edition, Submission
from surveys.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Twin:
    """Another record that is like this one; without an address where it is not this person's."""

    code: str
    href: str
    who: str
    same_person: bool
    likes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Timed:
    """A step of the script: minutes it should take, minutes it took by the phone's timer."""

    step: ScriptStep
    took: float | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record: a sending, or a step of its review."""

    at: datetime
    edition: Edition | None = None
    step: ReviewStep | None = None


@dataclass(frozen=True)
class Dossier:
    """One record as it stands. ``actions`` pairs each step of this person's role with why it may
    not be taken now, or None."""

    submission: Submission
    visit: Visit
    version: FormVersion
    document: FormDocument
    edition: Edition
    chain: tuple[Edition, ...]
    device: Device
    sections: tuple[Section, ...]
    loose: tuple[LogicFinding, ...]
    files: Mapping[str, Piece]
    steps: tuple[ReviewStep, ...]
    signs: tuple[Sign, ...]
    twins: tuple[Twin, ...]
    way: places.Way | None
    traces: Traces
    timed: tuple[Timed, ...]
    minutes: float | None
    usual: float | None
    away: float | None
    values: tuple[Worth, ...]
    failed: tuple[Question, ...]
    case: Case
    seen: Seen
    actions: tuple[tuple[rules.Step, DomainError | None], ...]
    names: Mapping[str, str]
    masks: Mapping[str, str]

    @property
    def is_current(self) -> bool:
        """Whether it shows the edition that counts."""
        return self.edition.id in (self.submission.edition_id, self.chain[-1].id)

    @property
    def asked_by(self) -> str | None:
        """Who asked to open it again and waits for an answer."""
        return self.case.asked_by

    def may(self, action: str) -> bool:
        """Whether this person may take that step now."""
        return any(step.action == action and why is None for step, why in self.actions)

    @property
    def events(self) -> list[Event]:
        """Sendings and steps in the order in which they happened."""
        sent = [Event(each.received_at, edition=each) for each in self.chain]
        return sorted(
            [*sent, *(Event(step.at, step=step) for step in self.steps)], key=lambda e: e.at
        )

    @property
    def unnamed_files(self) -> list[Piece]:
        """Files that no answer shown names."""
        named = {row.raw for section in self.sections for row in section.rows}
        return [piece for name, piece in self.files.items() if name not in named]

    @property
    def checked(self) -> bool:
        """Whether the form's logic was ever asked about it."""
        return self.edition.findings is not None

    def told(self, text: str) -> str:
        """Words as this person may read them: for an auditor without the evaluators' names."""
        return veil(text, self.masks) if self.masks else text

    @property
    def labels(self) -> Mapping[str, str]:
        """What a question is called, by its path."""
        return {row.path: row.label for section in self.sections for row in section.rows}


def open_record(session: Session, desk: Desk, code: str, place: int | None = None) -> Dossier:
    """One record of the desk's round, in the edition that counts or in an earlier one.

    Raises `NotFound` for one that is not this person's,
    `EvidenceGone` where the store lost what it says."""
    held = store.get(session, desk, code)
    visit = store.visit_of(session, held)
    now = cases.situation(session, held, desk.round.state)
    chain, steps = store.editions(session, held), store.steps(session, held)
    edition = now.edition
    if place is not None:
        edition = next((each for each in chain if each.place == place), edition)
    known = store.versions(session, (each.version_id for each in chain))
    version = known[edition.version_id]
    document = documents.document(desk.store, version)
    given = evidence.answers_of(desk.store, edition, version)
    before = next((e for e in reversed(chain) if e.place and e.place < (edition.place or 0)), None)
    found = [logic.restored(each) for each in edition.findings or ()]
    rows = saying.sections(
        document,
        groups.labels(documents.xform(desk.store, version)),
        given,
        None
        if before is None
        else evidence.answers_of(desk.store, before, known[before.version_id]),
        findings=found,
        returned=next((s.reasons for s in reversed(steps) if s.action == rules.RETURN), None),
        timezone=desk.timezone,
    )
    shots = [p for p in pieces(session, held, f"{desk.home}/{code}") if p.edition_id == edition.id]
    where = [Submission.id == held.id]
    alike = likeness.find(session, where, [edition.device_id]).of(edition)
    files = [piece.file for piece in shots]
    traces = evidence.traces_of(desk.store, edition)
    spots = [*evidence.captured(files), *traces.positions,
             *evidence.answered(desk.store, edition, version)]  # fmt: skip
    typical = pace.usual(
        queue_store.durations(session, desk.round.id, [held.form_id]).get(held.form_id, [])
    )
    return Dossier(
        submission=held,
        visit=visit,
        version=version,
        document=document,
        edition=edition,
        chain=tuple(chain),
        device=session.get_one(Device, edition.device_id),
        sections=tuple(rows),
        loose=tuple(saying.unplaced_findings(rows, found)),
        files={piece.file.name: piece for piece in shots},
        steps=tuple(steps),
        signs=signs(likeness.material(visit.site, edition, files, spots, alike, typical)),
        twins=tuple(_twins(session, desk, edition, alike)),
        way=places.way(desk.store, visit.site, edition, given, shots),
        traces=traces,
        timed=tuple(_timed(document, given, traces)),
        minutes=evidence.minutes_of(edition),
        usual=typical,
        away=evidence.nearest(visit.site, spots)[0],
        values=tuple(worth.values(document, given, rounds.framework(desk.round), held.city)),
        failed=tuple(worth.failed(document, given)),
        case=now.case,
        seen=cases.seen_of(held, steps),
        actions=tuple(_actions(desk, now.case)),
        names=_names(session, desk, now.case.visitors, (step.by for step in steps)),
        masks={} if desk.reviews else cases.names_of(session, desk, now.case.visitors),
    )


def _actions(desk: Desk, case: Case) -> Iterable[tuple[rules.Step, DomainError | None]]:
    who = desk.who
    return (
        (step, rules.refusal(step, who.username, who.role, case))
        for step in rules.STEPS
        if who.role in step.roles
    )


def _names(
    session: Session, desk: Desk, visitors: Iterable[str], reviewers: Iterable[str]
) -> dict[str, str]:
    """What everybody is called; evaluators by what stands for them, where names are not shown."""
    evaluators = set(visitors)
    if desk.reviews:
        return display_names(session, [*evaluators, *reviewers])
    return display_names(session, reviewers) | {each: desk.alias(each) for each in evaluators}


def _twins(
    session: Session, desk: Desk, edition: Edition, alike: likeness.Likeness
) -> Iterable[Twin]:
    likes: dict[str, set[str]] = {}
    people: dict[str, str] = {}
    for kind, others in (
        ("answers", alike.answers), ("files", alike.files), ("at_once", alike.at_once)
    ):  # fmt: skip
        for code, evaluator in others:
            likes.setdefault(code, set()).add(kind)
            people[code] = evaluator
    mine = {
        code
        for code, round_id, city in queue_store.whereabouts(session, likes)
        if round_id == desk.round.id and desk.who.sees_filing(city)
    }
    names = display_names(session, people.values()) if desk.reviews else {}
    for code, kinds in sorted(likes.items()):
        who = people[code]
        called = (names[who] if desk.reviews else desk.alias(who)) if code in mine else ""
        href = f"{desk.home}/{code}" if code in mine else ""
        yield Twin(code, href, called, who == edition.evaluator, frozenset(kinds))


def _timed(document: FormDocument, given: Answers, traces: Traces) -> Iterable[Timed]:
    told: dict[str, float] = {}
    for timing in traces.timings:
        told[timing.code] = told.get(timing.code, 0.0) + timing.seconds / 60
    for question in document.questions:
        if question.timer and question.timer not in told:
            value = score_rules.number(given.one(question.name))
            if value is not None:
                told[question.timer] = value
    return (Timed(step, told.get(step.code)) for step in document.kit.script)
