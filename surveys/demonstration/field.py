"""The field work of the demonstration, step by step: prepared, sent from phones, reviewed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts.service import principal_of
from evaluation.framework.tree import Framework
from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.demonstration import crew, outings, places
from surveys.demonstration.days import Diary
from surveys.demonstration.outings import Outing
from surveys.forms import documents
from surveys.forms import store as forms
from surveys.openrosa.inspecting import inspect
from surveys.review import service as review
from surveys.review.cases import Seen
from surveys.review.desk import Desk, Hook
from surveys.submissions import devices
from surveys.submissions import service as submissions
from surveys.submissions.errors import Refused
from surveys.submissions.intake import Intake
from surveys.submissions.models import Submission
from surveys.visits import plans_store
from surveys.visits.models import Visit, VisitPlan

SEED = 2026
#: How far each record of the batch under way comes, those that came in time first.
FATES = (
    *("accepted", "approved", "received", "accepted", "returned", "received", "approved"),
    *("fast", "accepted", "received", "received", "incomplete", "gallery", "accepted", "received"),
    *("other-app", "approved", "returned", "elsewhere", "received", "accepted", "received"),
)
#: What the second of two visitors saw otherwise.
OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "open_inspection": {"papers_shown": "no", "reply": "noted"},
    "basic_data_on_the_spot": {"as_reported": "small", "reply": "noted"},
}
RETURNS = (
    "演示：照片看不清号票上的时间，请补拍或说明等候从几点算起。",
    "演示：只写了“态度不好”，请写明原话和当时的窗口。",
)


@dataclass(frozen=True)
class Work:
    """Where the field work of the demonstration is loaded."""

    database: Database
    store: EvidenceStore
    settings: Settings
    diary: Diary
    accepted: tuple[Hook, ...] = ()

    @classmethod
    def begin(
        cls,
        database: Database,
        store: EvidenceStore,
        settings: Settings,
        accepted: tuple[Hook, ...],
    ) -> Work:
        """With an empty diary of what the visitors did."""
        return cls(database, store, settings, Diary(clock.now(), settings.timezone), accepted)


@dataclass(frozen=True, slots=True)
class Sent:
    """A record to send, and what becomes of it."""

    outing: Outing
    fate: str


def prepare(session: Session, work: Work, framework: Framework) -> None:
    """Forms in use, places, phones, a conflict of interest."""
    crew.publish_forms(session, work.store)
    crew.add_sites(session, framework)
    crew.equip(session, work.settings, framework)


def all_accepted(session: Session, work: Work, plan: VisitPlan) -> list[Sent]:
    """Every visit of a plan made, and its record accepted; answers depend on nothing drawn."""
    return [
        Sent(_outing(session, work, visit), "accepted")
        for visit in plans_store.visits(session, plan.id)
    ]


def pairs(session: Session, work: Work, plan: VisitPlan) -> list[Sent]:
    """Every visit of a plan made; where two looked at the same, they agree but for a little."""
    found = []
    for at, visit in enumerate(plans_store.visits(session, plan.id)):
        outing = _outing(session, work, visit)
        if visit.second_of:
            outing = replace(outing, fixed=OTHERWISE.get(visit.form.code, {}))
        found.append(Sent(outing, "accepted" if visit.second_of or at % 3 else "approved"))
    return found


def under_way(session: Session, work: Work, plan: VisitPlan) -> list[Sent]:
    """Half a plan: visits whose window is open now first, then some that were sent late."""
    now = clock.now()
    begun = [each for each in plans_store.visits(session, plan.id) if each.opens_at <= now]
    begun.sort(key=lambda each: (each.closes_at < now, each.second_of or 0))
    kept = _left_to_do(begun, now)
    found: list[Sent] = []
    for visit, fate in zip((each for each in begun if each not in kept), FATES, strict=False):
        outing = _outing(session, work, visit, minutes=4.0 if fate == "fast" else None)
        outing = replace(
            outing,
            gallery=fate == "gallery",
            elsewhere=fate == "elsewhere",
            holding_back=fate == "incomplete",
            other_app=fate == "other-app",
        )
        found.append(Sent(outing, fate))
    return _made_alike(found)


def send(work: Work, sent: Sequence[Sent], tick: Callable[[], None]) -> None:
    """Send every record from its evaluator's phone, and one from a phone it does not belong to."""
    with work.database.reading() as session:
        versions = {each.form_id: each for each in forms.published(session)}
        phones = {name: crew.phone_of(session, name) for name in crew.EVALUATORS}
        other = crew.phone_of(session, crew.EVALUATORS[1], devices.COLLECT)
    for each in sent:
        visit = each.outing.visit
        parcel = outings.parcel(work.store, versions[visit.form_id], each.outing)
        phone = phones[visit.evaluator]
        if each.fate == "other-app" and visit.evaluator == other.username:
            phone = other
        if each.fate == "refused":
            phone = next(p for name, p in phones.items() if name != visit.evaluator)
        with contextlib.suppress(Refused):
            submissions.receive(
                Intake(work.database, work.store, work.settings, phone, inspect), parcel
            )
        tick()


def refused(session: Session, work: Work, plan: VisitPlan) -> list[Sent]:
    """A record that somebody sends for the visit of another; it is kept, and not taken."""
    now = clock.now()
    for visit in reversed(plans_store.visits(session, plan.id)):
        if visit.opens_at > now:
            return [Sent(_outing(session, work, visit), "refused")]
    return []


def decide(session: Session, work: Work, found: Round, sent: Sequence[Sent]) -> None:
    """Take each record as far as it comes: approved by a supervisor, accepted by the office."""
    supervisor, office = (
        Desk(
            principal_of(session, name),
            found,
            work.store,
            work.settings.secret,
            work.settings.timezone,
            accepted=work.accepted,
        )
        for name in ("supervisor", "office")
    )
    by_visit = {
        each.visit_id: each
        for each in session.scalars(sa.select(Submission).where(Submission.round_id == found.id))
    }
    returned = 0
    for each in sent:
        held = by_visit.get(each.outing.visit.id)
        if held is None:
            continue
        if each.fate in ("accepted", "approved"):
            review.approve(session, supervisor, held, Seen(held.revision))
        if each.fate == "accepted":
            review.accept(session, office, held, Seen(held.revision))
        if each.fate == "returned":
            path = _doubtful(work, session, held)
            reasons = {path: RETURNS[returned % len(RETURNS)]}
            review.give_back(session, supervisor, held, Seen(held.revision), reasons)
            returned += 1


def _outing(session: Session, work: Work, visit: Visit, *, minutes: float | None = None) -> Outing:
    round_ = session.get_one(Round, visit.round_id)
    unit = rounds.framework(round_).unit_by_code[visit.city]
    seed = f"{SEED}|{round_.code}|{visit.city}|{visit.form.code}"
    scene = f"{seed}|again" if visit.second_of else seed
    started, ended = work.diary.enter(visit, scene, minutes=minutes)
    return Outing(visit, seed, scene, places.level(SEED, unit), started, ended)


def _left_to_do(begun: Sequence[Visit], now: datetime) -> list[Visit]:
    """For each evaluator one visit that may be made today: something to try on the phone."""
    open_now = [each for each in begun if each.closes_at >= now and each.second_of is None]
    latest = sorted(open_now, key=lambda each: each.closes_at)
    return list({each.evaluator: each for each in latest}.values())


def _made_alike(sent: list[Sent]) -> list[Sent]:
    """Whoever was lazy gave one place the answers of another, earlier one."""
    plain = [each for each in sent if each.fate == "received"]
    plain.sort(key=lambda each: each.outing.ended)
    for one, other in combinations(plain, 2):
        if one.outing.visit.form_id == other.outing.visit.form_id:
            copied = replace(other, outing=replace(other.outing, like=one.outing))
            return [copied if each is other else each for each in sent]
    return sent


def _doubtful(work: Work, session: Session, held: Submission) -> str:
    """The path of a question that a reviewer might ask about."""
    version = next(each for each in forms.published(session) if each.form_id == held.form_id)
    document = documents.document(work.store, version)
    timed = (each for each in document.questions if each.timer and not each.repeat)
    return next(timed).path
