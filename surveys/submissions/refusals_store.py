"""Refusals and waiting editions as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.accounts.principal import Principal
from evaluation.platform.errors import DomainError, NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.forms import answers
from surveys.submissions.models import Device, Edition, Refusal
from surveys.submissions.parcel import typed_code
from surveys.visits.models import Visit

#: What a page reads at most; more open ones than these are first seen when some are settled.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Waiting:
    """An edition whose predecessor has not come, with the visit it is of."""

    edition: Edition
    visit: Visit


def of_round(session: Session, who: Principal, found: Round, *, settled: bool) -> list[Refusal]:
    """What was refused in a round and is this person's to see, newest first. What names no visit
    of any round is shown in every one, to those who are not bound to cities."""
    query = (
        sa.select(Refusal)
        .where(Refusal.settled_at.is_not(None) if settled else Refusal.settled_at.is_(None))
        .order_by(Refusal.id.desc())
        .limit(MOST)
    )
    return [each for each in session.scalars(query) if visible(who, found, each)]


def visible(who: Principal, found: Round, refusal: Refusal) -> bool:
    """Whether a refusal belongs to a round and may be seen by a person who may see the round."""
    code, city = refusal.facts.get("round", ""), refusal.facts.get("city", "")
    if not code:
        return not who.cities
    return code == found.code and who.sees_filing(city)


def get(session: Session, who: Principal, found: Round, code: str) -> Refusal:
    """A refusal by its code. Raises NotFound for one that is not this person's."""
    refusal = session.scalar(sa.select(Refusal).where(Refusal.code == code))
    if refusal is None or not visible(who, found, refusal):
        raise NotFound
    return refusal


def waiting(
    session: Session, evidence_store: EvidenceStore, who: Principal, found: Round
) -> list[Waiting]:
    """Editions of a round that wait for the one they follow, the longest first."""
    held = session.scalars(
        sa.select(Edition).where(Edition.place.is_(None)).order_by(Edition.id).limit(MOST)
    ).all()
    codes = {each.id: _visit_code(evidence_store, each) for each in held}
    visits = {
        each.code: each
        for each in session.scalars(
            sa.select(Visit).where(Visit.code.in_(set(codes.values())), Visit.round_id == found.id)
        )
    }
    return [
        Waiting(each, visits[codes[each.id]])
        for each in held
        if codes[each.id] in visits and who.sees_filing(visits[codes[each.id]].city)
    ]


def device_of(session: Session, device_id: int) -> Device:
    """The phone that sent it."""
    return session.get_one(Device, device_id)


def device(session: Session, code: str) -> Device | None:
    """A phone by its code, revoked or not."""
    return session.scalar(sa.select(Device).where(Device.code == code))


def devices(session: Session, username: str | None = None) -> Sequence[Device]:
    """Phones, those in use first, then by when they were last here: all, or one person's."""
    query = sa.select(Device).order_by(
        Device.revoked_at.is_not(None), Device.seen_at.is_(None), Device.seen_at.desc(), Device.id
    )
    if username is not None:
        query = query.where(Device.username == username)
    return session.scalars(query).all()


def own_receipt(session: Session, username: str, receipt: str) -> Edition | None:
    """An evaluator's own edition by its receipt."""
    return session.scalar(
        sa.select(Edition).where(Edition.receipt == receipt, Edition.evaluator == username)
    )


def evaluators(session: Session, usernames: Iterable[str]) -> set[str]:
    """Those of *usernames* that are evaluators, or were when they sent something."""
    wanted = set(usernames)
    return {
        *session.scalars(sa.select(Device.username).where(Device.username.in_(wanted))),
        *session.scalars(
            sa.select(User.username).where(User.username.in_(wanted), User.role == roles.EVALUATOR)
        ),
    }


def people_of(refusals: Iterable[Refusal]) -> set[str]:
    """Whose they are."""
    return {each.evaluator for each in refusals}


def _visit_code(evidence_store: EvidenceStore, edition: Edition) -> str:
    try:
        return typed_code(answers.header(evidence_store.get(edition.xml)).visit)
    except DomainError:
        return ""
