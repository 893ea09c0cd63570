"""Records for these tests, as a phone would have left them, and the people who review them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform import clock
from evaluation.platform.audit import canonical
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.forms import answers, documents
from surveys.forms.models import FormVersion
from surveys.review import cases, store
from surveys.review.desk import Desk
from surveys.submissions.models import Device, Edition, EditionFile, Submission
from surveys.visits.codes import random_code
from surveys.visits.models import Visit
from tests.factories.field import a_device, a_form, a_record, a_visit
from tests.factories.province import a_round, small_framework

SECRET = "0" * 64
PHOTO = b"\xff\xd8\xff\xe0 a photo"


@dataclass
class Field:
    """A round with a form and a phone, in which records are made."""

    session: Session
    store: EvidenceStore
    round: Round
    version: FormVersion

    def visit(self, evaluator: str = "visitor", city: str = "C1", **changes: Any) -> Visit:
        """A visit of the round's form."""
        return a_visit(self.session, self.round, self.version, evaluator, city, **changes)

    def record(self, **options: Any) -> Submission:
        """A complete record of a new visit; see `submit`."""
        return submit(self, **options)

    def desk(self, who: Principal, **hooks: Any) -> Desk:
        """The desk of somebody."""
        return Desk(who, self.round, self.store, SECRET, **hooks)


def a_field(session: Session, store: EvidenceStore, code: str = "R1", form: str = "hall") -> Field:
    """A collecting round of the small province, any method for I1, and a published form."""
    plain = small_framework()
    nodes = tuple(replace(n, methods=()) if n.code == "I1" else n for n in plain.nodes)
    a_round(session, code=code, framework=replace(plain, nodes=nodes))
    return Field(session, store, rounds.by_code(session, code), a_form(session, store, form))


def somebody(role: str, name: str = "", cities: Sequence[str] = ()) -> Principal:
    """A person of a role who is not in the database."""
    return Principal(
        0, 0, name or role, name or role, role, frozenset(cities), frozenset(), "", False
    )


SUPERVISOR = somebody(roles.SUPERVISOR, "sun")
SECOND = somebody(roles.SUPERVISOR, "song")
OFFICE = somebody(roles.OFFICE, "ou")
OTHER_OFFICE = somebody(roles.OFFICE, "ouyang")


def submit(
    field: Field,
    *,
    evaluator: str = "visitor",
    city: str = "C1",
    visit: Visit | None = None,
    state: str = "received",
    minutes: int = 12,
    sign: str = "yes",
    remark: str = "",
    photos: Sequence[dict[str, Any]] = ({},),
    arrived: bool = True,
    findings: list[Any] | None = (),  # type: ignore[assignment]
    flags: Sequence[str] = (),
    lasted: float | None = 20,
    at: datetime | None = None,
    ledger: dict[str, Any] | None = None,
    device: Device | None = None,
    **columns: Any,
) -> Submission:
    """A record with one edition. *photos* are its files, each with what was captured of it."""
    session = field.session
    visit = visit or field.visit(evaluator, city)
    device = device or a_device(session, visit.evaluator)[0]
    moment = at or clock.now() - timedelta(hours=2)
    submission = Submission(
        code=random_code(),
        root="",
        visit_id=visit.id,
        round_id=field.round.id,
        form_id=visit.form_id,
        city=visit.city,
        evaluator=visit.evaluator,
        state=state,
        received_at=moment,
    )
    submission.root = f"uuid:{submission.code}"
    session.add(submission)
    session.flush()
    edition = _edition(
        field, submission, visit, submission.root, 1, device,
        minutes=minutes, sign=sign, remark=remark, photos=photos, arrived=arrived,
        findings=None if findings is None else list(findings), flags=flags, lasted=lasted,
        at=moment, ledger=ledger,
    )  # fmt: skip
    submission.edition_id = edition.id
    for name, value in columns.items():
        setattr(submission, name, value)
    session.flush()
    return submission


def resubmit(field: Field, submission: Submission, **told: Any) -> Edition:
    """Another edition, as the evaluator sends it after a return."""
    session = field.session
    visit = store.visit_of(session, submission)
    chain = store.editions(session, submission)
    options = {"minutes": 12, "sign": "yes", "remark": "", "photos": ({},), "arrived": True}
    options |= {"findings": [], "flags": (), "lasted": 20, "at": clock.now(), "ledger": None}
    device = session.get_one(Device, chain[-1].device_id)
    edition = _edition(
        field, submission, visit, f"uuid:{random_code()}", len(chain) + 1, device,
        follows=chain[-1].instance, **(options | told),
    )  # fmt: skip
    submission.edition_id = edition.id
    submission.state = "received"
    submission.revision += 1
    session.flush()
    return edition


def _edition(
    field: Field,
    submission: Submission,
    visit: Visit,
    instance: str,
    place: int,
    device: Device,
    *,
    follows: str = "",
    minutes: int,
    sign: str,
    remark: str,
    photos: Sequence[dict[str, Any]],
    arrived: bool,
    findings: list[Any] | None,
    flags: Sequence[str],
    lasted: float | None,
    at: datetime,
    ledger: dict[str, Any] | None,
) -> Edition:
    session = field.session
    names = [f"photo{number}.jpg" for number, _ in enumerate(photos, 1)]
    xml = a_record(
        field.version, visit.code, instance=instance, follows=follows,
        minutes=minutes, sign=sign, photo=names[0] if names else "", remark=remark,
    )  # fmt: skip
    told = answers.read(documents.document(field.store, field.version), xml)
    edition = Edition(
        submission_id=submission.id,
        instance=instance,
        follows=follows,
        place=place,
        version_id=field.version.id,
        xml=field.store.put(xml),
        ledger=None if ledger is None else field.store.put(canonical(ledger).encode()),
        device_id=device.id,
        evaluator=visit.evaluator,
        receipt="-".join(random_code(4) for _ in range(3)),
        received_at=at,
        completed_at=at if arrived else None,
        started_at=None if lasted is None else at - timedelta(minutes=lasted + 5),
        ended_at=None if lasted is None else at - timedelta(minutes=5),
        skew_seconds=0.0,
        answers_sha256=told.digest(),
        flags=list(flags),
        findings=findings,
    )
    session.add(edition)
    session.flush()
    for name, captured in zip(names, photos, strict=True):
        content = PHOTO + name.encode() + instance.encode()
        session.add(
            EditionFile(
                edition_id=edition.id,
                name=name,
                question="photo",
                expected=field.store.put(content),
                sha256=field.store.put(content) if arrived else None,
                size=len(content),
                media_type="image/jpeg",
                received_at=at if arrived else None,
                captured=dict(captured),
            )
        )
    session.flush()
    return edition


def seen(session: Session, submission: Submission) -> cases.Seen:
    """What somebody sees who opens the record now."""
    return cases.seen_of(submission, store.steps(session, submission))
