"""Objections in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.platform.errors import NotFound
from evaluation.rounds import rules as round_rules
from evaluation.rounds.models import Round, RoundStep
from scoring.objections import rules
from scoring.objections.models import Consent, Objection, ObjectionAnswer, ObjectionFile
from scoring.runs.models import Run


@dataclass(frozen=True, slots=True)
class Feedback:
    """What cities were told, and when: the newest run at that moment."""

    run: Run
    at: datetime


def feedback(session: Session, found: Round) -> Feedback | None:
    """The feedback that stands; None before it, and again once the round is back in verifying."""
    if found.state not in rules.FED_BACK:
        return None
    at = session.scalar(
        sa.select(RoundStep.at)
        .where(
            RoundStep.round_id == found.id,
            RoundStep.from_state == round_rules.SCORED,
            RoundStep.to_state == round_rules.OBJECTION,
        )
        .order_by(RoundStep.id.desc())
        .limit(1)
    )
    if at is None:
        return None
    run = session.scalar(
        sa.select(Run)
        .where(Run.round_id == found.id, Run.scored_at <= at)
        .order_by(Run.number.desc())
        .limit(1)
    )
    return None if run is None else Feedback(run, at)


def listed(
    session: Session, found: Round, cities: Collection[str] | None = None
) -> list[Objection]:
    """The objections of a round, or of some cities, withdrawn ones too, oldest first."""
    query = sa.select(Objection).where(Objection.round_id == found.id).order_by(Objection.id)
    return [each for each in session.scalars(query) if cities is None or each.city in set(cities)]


def of_cell(session: Session, found: Round, city: str, indicator: str) -> list[Objection]:
    """Every objection to one indicator of a city, newest first."""
    return list(
        session.scalars(
            sa.select(Objection)
            .where(
                Objection.round_id == found.id,
                Objection.city == city,
                Objection.indicator == indicator,
            )
            .order_by(Objection.id.desc())
            .execution_options(populate_existing=True)
        )
    )


def live(session: Session, found: Round, city: str, indicator: str) -> Objection | None:
    """The one that was not withdrawn, held until the transaction ends."""
    return session.scalar(
        sa.select(Objection)
        .where(
            Objection.round_id == found.id,
            Objection.city == city,
            Objection.indicator == indicator,
            Objection.state != rules.WITHDRAWN,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def undecided(session: Session, found: Round) -> list[Objection]:
    """Those that were filed and wait for a decision."""
    return list(
        session.scalars(
            sa.select(Objection)
            .where(Objection.round_id == found.id, Objection.state == rules.FILED)
            .order_by(Objection.decision_due_at, Objection.id)
        )
    )


def files_of(session: Session, objections: Iterable[int]) -> list[ObjectionFile]:
    """The files of some objections, in the order they came."""
    return list(
        session.scalars(
            sa.select(ObjectionFile)
            .where(ObjectionFile.objection_id.in_(list(objections)))
            .order_by(ObjectionFile.id)
        )
    )


def file(session: Session, found: Round, city: str, indicator: str, number: int) -> ObjectionFile:
    """A file of this very city and indicator. Raises `NotFound`."""
    held = session.scalar(
        sa.select(ObjectionFile)
        .join(Objection, Objection.id == ObjectionFile.objection_id)
        .where(
            ObjectionFile.id == (number if 0 < number < 2**31 else 0),
            Objection.round_id == found.id,
            Objection.city == city,
            Objection.indicator == indicator,
        )
    )
    if held is None:
        raise NotFound(file=number)
    return held


def answers_of(session: Session, objections: Iterable[int]) -> list[ObjectionAnswer]:
    """The answers to some objections."""
    return list(
        session.scalars(
            sa.select(ObjectionAnswer)
            .where(ObjectionAnswer.objection_id.in_(list(objections)))
            .order_by(ObjectionAnswer.id)
        )
    )


def consents(session: Session, found: Round) -> dict[str, Consent]:
    """By city, who agreed with the feedback that stands; to an earlier one does not count."""
    told = feedback(session, found)
    if told is None:
        return {}
    rows = session.scalars(
        sa.select(Consent).where(Consent.round_id == found.id, Consent.at >= told.at)
    )
    return {each.city: each for each in rows}


def city_people(session: Session, usernames: Iterable[str]) -> frozenset[str]:
    """Which of these act for a city; the others entered what a city wrote."""
    query = sa.select(User.username).where(
        User.username.in_(set(usernames)), User.role.in_(roles.OF_A_CITY)
    )
    return frozenset(session.scalars(query))


def consent_row(session: Session, found: Round, city: str) -> Consent | None:
    """A city's row, also where it was to an earlier feedback."""
    return session.scalar(
        sa.select(Consent).where(Consent.round_id == found.id, Consent.city == city)
    )


def run(session: Session, number: int) -> Run:
    """A run by its key."""
    return session.get_one(Run, number)


def run_before(session: Session, after: Run) -> Run | None:
    """The run that stood before a new one."""
    return session.scalar(
        sa.select(Run)
        .where(Run.round_id == after.round_id, Run.number < after.number)
        .order_by(Run.number.desc())
        .limit(1)
    )
