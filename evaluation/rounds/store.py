"""Rounds in the database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.framework.models import FrameworkVersion
from evaluation.framework.store import framework_of
from evaluation.framework.tree import Framework
from evaluation.platform.errors import NotFound
from evaluation.rounds import rules
from evaluation.rounds.models import Round, RoundStep


def visible(session: Session, who: Principal) -> list[Round]:
    """The rounds within a person's scope, newest first; planned ones are the office's own."""
    query = (
        sa.select(Round)
        .options(joinedload(Round.framework_version).defer(FrameworkVersion.document))
        .order_by(Round.filing_opens_at.desc(), Round.id.desc())
    )
    if who.role not in (roles.OFFICE, roles.AUDITOR):
        query = query.where(Round.state != rules.PLANNED)
    return [found for found in session.scalars(query) if who.sees_round(found.code)]


def get(session: Session, who: Principal, code: str) -> Round:
    """A round within the person's scope. Raises NotFound for any other."""
    found = by_code(session, code)
    hidden = found.state == rules.PLANNED and who.role not in (roles.OFFICE, roles.AUDITOR)
    if hidden or not who.sees_round(code):
        raise NotFound(round=code)
    return found


def by_code(session: Session, code: str) -> Round:
    """A round by its code, whoever asks. Raises NotFound."""
    found = session.scalar(
        sa.select(Round).options(joinedload(Round.framework_version)).where(Round.code == code)
    )
    if found is None:
        raise NotFound(round=code)
    return found


def framework(found: Round) -> Framework:
    """The frozen framework of a round."""
    return framework_of(found.framework_version)


def history(session: Session, found: Round) -> list[RoundStep]:
    """The steps a round has taken, oldest first."""
    return list(
        session.scalars(
            sa.select(RoundStep).where(RoundStep.round_id == found.id).order_by(RoundStep.id)
        )
    )


def lock(session: Session, found: Round) -> Round:
    """Read the round again and hold it until the transaction ends, so two moves cannot cross."""
    return session.scalars(
        sa.select(Round)
        .where(Round.id == found.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
