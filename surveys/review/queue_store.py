"""The queue in the database: which records wait, in which order, and what is read beside them.

Every function takes a condition or a set of ids and asks once, however many records there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from evaluation.platform.i18n import named
from surveys.forms.models import Form, FormVersion
from surveys.review.desk import Desk
from surveys.review.models import ReviewStep
from surveys.submissions.models import Device, Edition, EditionFile, Submission
from surveys.submissions.rules import ACCEPTED, APPROVED, WITHDRAWN
from surveys.visits.models import Site, Visit

Record = tuple[Submission, Visit, Site, Form, Edition | None, FormVersion | None, Device | None]
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to see of a round; empty means all."""

    state: str = ""
    city: str = ""
    form: str = ""
    evaluator: str = ""
    text: str = ""
    second: bool = False


def conditions(desk: Desk, wanted: Wanted, cities: Collection[str] | None) -> list[Condition]:
    """The records that are wanted among those of *cities* (all where None)."""
    found: list[Condition] = [Submission.round_id == desk.round.id]
    if cities is not None:
        found.append(Submission.city.in_(cities))
    if wanted.state:
        found.append(Submission.state == wanted.state)
    if wanted.city:
        found.append(Submission.city == wanted.city)
    if wanted.form:
        found.append(Form.code == wanted.form)
    if wanted.evaluator:
        found.append(Submission.evaluator == wanted.evaluator)
    if wanted.second:
        found.append(Visit.second_of.is_not(None))
    if wanted.text:
        code = wanted.text.upper().replace(" ", "")
        found.append(
            sa.or_(
                Submission.code == code,
                Visit.code == code,
                Edition.receipt == code,
                Site.name.contains(wanted.text, autoescape=True),
                Site.code == wanted.text,
            )
        )
    return found


def records(
    session: Session, where: Sequence[Condition], *, limit: int | None = None, offset: int = 0
) -> list[tuple[Record, int]]:
    """Records in the order in which they wait, the longest first, each with its newest step."""
    newest = (
        sa.select(sa.func.coalesce(sa.func.max(ReviewStep.id), 0))
        .where(ReviewStep.submission_id == Submission.id)
        .correlate(Submission)
        .scalar_subquery()
    )
    query = (
        _joined(sa.select(Submission, Visit, Site, Form, Edition, FormVersion, Device, newest))
        .where(*where)
        .order_by(_since(), Submission.id)
        .limit(limit)
        .offset(offset)
    )
    return [(tuple(row[:7]), row[7]) for row in session.execute(query)]


def codes(session: Session, where: Sequence[Condition]) -> list[str]:
    """Codes of records in the order in which they wait."""
    query = _joined(sa.select(Submission.code)).where(*where).order_by(_since(), Submission.id)
    return list(session.scalars(query))


def count_by_state(session: Session, where: Sequence[Condition]) -> dict[str, int]:
    """How many records are in each state."""
    query = (
        _joined(sa.select(Submission.state, sa.func.count()))
        .where(*where)
        .group_by(Submission.state)
    )
    return dict(session.execute(query).tuples().all())


def present(session: Session, where: Sequence[Condition]) -> tuple[list[Form], list[str]]:
    """Forms and evaluators of which there are records."""
    forms = _joined(sa.select(Form)).where(*where).distinct().order_by(Form.code)
    people = _joined(sa.select(Submission.evaluator)).where(*where).distinct()
    return list(session.scalars(forms)), sorted(session.scalars(people))


def titles(session: Session, forms: Collection[int]) -> dict[int, str]:
    """What the newest version of each form is called, in the current language."""
    query = (
        sa.select(FormVersion.form_id, FormVersion.title, FormVersion.title_en)
        .where(FormVersion.form_id.in_(forms))
        .order_by(FormVersion.number)
    )
    return {form: named(title, title_en) for form, title, title_en in session.execute(query)}


def durations(session: Session, round_id: int, forms: Collection[int]) -> dict[int, list[float]]:
    """Minutes that each record of a form took in the round, by form."""
    query = (
        sa.select(Submission.form_id, Edition.started_at, Edition.ended_at)
        .join(Edition, Edition.id == Submission.edition_id)
        .where(
            Submission.round_id == round_id,
            Submission.form_id.in_(forms),
            Submission.state != WITHDRAWN,
            Edition.started_at.is_not(None),
            Edition.ended_at.is_not(None),
        )
    )
    found: defaultdict[int, list[float]] = defaultdict(list)
    for form, started, ended in session.execute(query):
        found[form].append((ended - started).total_seconds() / 60)
    return dict(found)


def files(session: Session, where: Sequence[Condition]) -> dict[int, list[EditionFile]]:
    """The files of the newest editions, by edition."""
    found: defaultdict[int, list[EditionFile]] = defaultdict(list)
    query = sa.select(EditionFile).where(EditionFile.edition_id.in_(_editions(where)))
    for file in session.scalars(query.order_by(EditionFile.id)):
        found[file.edition_id].append(file)
    return dict(found)


def first_look(visit: type[Visit]) -> sa.ColumnElement[int]:
    """The visit that a visit, or the one of which it is the second look, is."""
    return sa.func.coalesce(visit.second_of, visit.id)


def lookalikes(session: Session, where: Sequence[Condition]) -> dict[int, list[tuple[str, str]]]:
    """Code and evaluator of other records with the very same answers, by edition.

    Not those of the other look at the same place: two who saw the same should answer alike.
    """
    mine, theirs = aliased(Edition), aliased(Edition)
    own, here, there = aliased(Submission), aliased(Visit), aliased(Visit)
    query = (
        sa.select(mine.id, Submission.code, Submission.evaluator)
        .select_from(mine)
        .join(
            theirs,
            sa.and_(
                theirs.answers_sha256 == mine.answers_sha256,
                theirs.submission_id != mine.submission_id,
            ),
        )
        .join(Submission, Submission.edition_id == theirs.id)
        .join(own, own.id == mine.submission_id)
        .join(here, here.id == own.visit_id)
        .join(there, there.id == Submission.visit_id)
        .where(
            mine.id.in_(_editions(where)),
            mine.answers_sha256 != "",
            Submission.state != WITHDRAWN,
            first_look(here) != first_look(there),
        )
        .order_by(Submission.code)
    )
    return _pairs(session, query)


def same_files(session: Session, where: Sequence[Condition]) -> dict[int, list[tuple[str, str]]]:
    """Code and evaluator of other records in which a file of the edition turned up, by edition."""
    mine, theirs, edition = aliased(EditionFile), aliased(EditionFile), aliased(Edition)
    own = aliased(Edition)
    query = (
        sa.select(mine.edition_id, Submission.code, Submission.evaluator)
        .select_from(mine)
        .join(own, own.id == mine.edition_id)
        .join(theirs, theirs.sha256 == mine.sha256)
        .join(
            edition,
            sa.and_(edition.id == theirs.edition_id, edition.submission_id != own.submission_id),
        )
        .join(Submission, Submission.id == edition.submission_id)
        .where(mine.edition_id.in_(_editions(where)), mine.sha256.is_not(None))
        .distinct()
        .order_by(Submission.code)
    )
    return _pairs(session, query)


def at_once(session: Session, where: Sequence[Condition]) -> dict[int, list[tuple[str, str]]]:
    """Code and evaluator of records of other visits that the same person, or the same phone,
    was making at the same time, by edition."""
    mine, theirs = aliased(Edition), aliased(Edition)
    query = (
        sa.select(mine.id, Submission.code, Submission.evaluator)
        .select_from(mine)
        .join(
            theirs,
            sa.and_(
                sa.or_(theirs.evaluator == mine.evaluator, theirs.device_id == mine.device_id),
                theirs.submission_id != mine.submission_id,
                theirs.started_at < mine.ended_at,
                theirs.ended_at > mine.started_at,
            ),
        )
        .join(Submission, Submission.edition_id == theirs.id)
        .where(mine.id.in_(_editions(where)), Submission.state != WITHDRAWN)
        .order_by(Submission.code)
    )
    return _pairs(session, query)


def phone_mates(session: Session, devices: Collection[int]) -> dict[int, set[str]]:
    """Everybody whose records came from a phone, by phone."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    query = (
        sa.select(Edition.device_id, Edition.evaluator)
        .where(Edition.device_id.in_(devices))
        .distinct()
    )
    for device, evaluator in session.execute(query):
        found[device].add(evaluator)
    return dict(found)


def whereabouts(session: Session, codes: Collection[str]) -> list[tuple[str, int, str]]:
    """Code, round and city of records."""
    query = sa.select(Submission.code, Submission.round_id, Submission.city)
    return list(session.execute(query.where(Submission.code.in_(codes))).tuples())


def _since() -> sa.ColumnElement[Any]:
    """When a record came into the state in which it waits."""
    received = sa.func.coalesce(Edition.completed_at, Edition.received_at, Submission.received_at)
    return sa.case(
        (Submission.state == APPROVED, Submission.approved_at),
        (Submission.state == ACCEPTED, Submission.accepted_at),
        else_=received,
    )


def _editions(where: Sequence[Condition]) -> sa.Select[tuple[int | None]]:
    return _joined(sa.select(Submission.edition_id)).where(
        *where, Submission.edition_id.is_not(None)
    )


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(Submission)
        .join(Visit, Visit.id == Submission.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .join(Form, Form.id == Submission.form_id)
        .outerjoin(Edition, Edition.id == Submission.edition_id)
        .outerjoin(FormVersion, FormVersion.id == Edition.version_id)
        .outerjoin(Device, Device.id == Edition.device_id)
    )


def _pairs(
    session: Session, query: sa.Select[tuple[int, str, str]]
) -> dict[int, list[tuple[str, str]]]:
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for edition, code, evaluator in session.execute(query):
        found[edition].append((code, evaluator))
    return dict(found)
