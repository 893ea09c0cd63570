"""Findings in the database.

They are listed by what they are about, then by their random code: neither the order in which
they came in nor which of them belong to one visit can be read from a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.findings.models import Finding
from surveys.findings.rules import OPEN, SEVERITIES, Scope
from surveys.submissions.models import Submission
from surveys.visits.models import Site, Visit

Condition = sa.ColumnElement[bool]
_GRAVITY = sa.case({each: at for at, each in enumerate(SEVERITIES)}, value=Finding.severity)
FACETS = ("city", "measure", "department", "severity")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to see; empty means all, measure ``-`` means none."""

    city: str = ""
    measure: str = ""
    department: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a finding comes from; only for those who look after field work."""

    submission: str
    site: str
    site_en: str


def conditions(round_id: int, scope: Scope, wanted: Wanted = Wanted()) -> list[Condition]:
    """Open findings of a round within a scope."""
    found: list[Condition] = [Finding.round_id == round_id, Finding.state == OPEN]
    if scope.cities is not None:
        found.append(Finding.city.in_(scope.cities))
    if scope.department is not None:
        found.append(Finding.department == scope.department)
    if wanted.city:
        found.append(Finding.city == wanted.city)
    if wanted.measure == "-":
        found.append(Finding.measure.is_(None))
    elif wanted.measure:
        number = int(wanted.measure) if wanted.measure.isascii() and wanted.measure.isdigit() else 0
        found.append(Finding.measure == min(number, 10_000))
    if wanted.department == "-":
        found.append(Finding.department == "")
    elif wanted.department:
        found.append(Finding.department == wanted.department)
    if wanted.severity:
        found.append(Finding.severity == wanted.severity)
    return found


def findings(
    session: Session, where: Sequence[Condition], *, limit: int | None = None, offset: int = 0
) -> list[Finding]:
    """Findings by gravity, city, measure, title and code."""
    query = (
        sa.select(Finding)
        .where(*where)
        .order_by(
            _GRAVITY, Finding.city, sa.func.coalesce(Finding.measure, 10_000), Finding.title,
            Finding.code,
        )
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return list(session.scalars(query))


def counts(session: Session, where: Sequence[Condition]) -> dict[str, dict[str, int]]:
    """How many there are, by each facet and value; ``-`` stands for none."""
    found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    columns = [getattr(Finding, facet) for facet in FACETS]
    query = sa.select(*columns, sa.func.count()).where(*where).group_by(*columns)
    for *values, count in session.execute(query):
        for facet, value in zip(FACETS, values, strict=True):
            key = "-" if value in (None, "") else str(value)
            found[facet][key] = found[facet].get(key, 0) + count
    return found


def count(session: Session, where: Sequence[Condition]) -> int:
    """How many there are."""
    return session.scalar(sa.select(sa.func.count()).select_from(Finding).where(*where)) or 0


def by_code(session: Session, where: Sequence[Condition], code: str) -> Finding | None:
    """One of them by its code."""
    return session.scalar(sa.select(Finding).where(*where, Finding.code == code))


def of_submission(session: Session, submission_id: int) -> list[Finding]:
    """Everything a submission ever gave rise to, withdrawn findings included."""
    query = sa.select(Finding).where(Finding.submission_id == submission_id).order_by(Finding.id)
    return list(session.scalars(query))


def origins(session: Session, found: Sequence[Finding]) -> dict[int, Origin]:
    """Where findings come from, by their id."""
    query = (
        sa.select(Finding.id, Submission.code, Site.name, Site.name_en)
        .join(Submission, Submission.id == Finding.submission_id)
        .join(Visit, Visit.id == Submission.visit_id)
        .join(Site, Site.id == Visit.site_id)
        .where(Finding.id.in_([each.id for each in found]))
    )
    return {number: Origin(*rest) for number, *rest in session.execute(query)}
