"""Pairs of first and second look in the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from surveys.forms.models import FormVersion
from surveys.submissions.models import Edition, Submission
from surveys.submissions.rules import ACCEPTED, APPROVED, RECEIVED, RETURNED
from surveys.visits.models import Site, Visit

#: What is complete and was not set aside.
COMPARED = (RECEIVED, RETURNED, APPROVED, ACCEPTED)


@dataclass(frozen=True, slots=True)
class Look:
    """One of two records of a pair."""

    submission: Submission
    edition: Edition
    version: FormVersion


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records of the same site, the second by somebody who did not know of the first."""

    site: Site
    first: Look
    second: Look


def pairs(
    session: Session, round_id: int, cities: Collection[str] | None, form: int | None = None
) -> list[Pair]:
    """Every pair of a round of which both records are there, by site."""
    visit, again = aliased(Visit), aliased(Visit)
    one, two = aliased(Submission), aliased(Submission)
    first, second = aliased(Edition), aliased(Edition)
    mine, theirs = aliased(FormVersion), aliased(FormVersion)
    query = (
        sa.select(Site, one, first, mine, two, second, theirs)
        .select_from(again)
        .join(visit, visit.id == again.second_of)
        .join(Site, Site.id == visit.site_id)
        .join(one, one.visit_id == visit.id)
        .join(two, two.visit_id == again.id)
        .join(first, first.id == one.edition_id)
        .join(second, second.id == two.edition_id)
        .join(mine, mine.id == first.version_id)
        .join(theirs, theirs.id == second.version_id)
        .where(again.round_id == round_id, one.state.in_(COMPARED), two.state.in_(COMPARED))
        .order_by(Site.code, one.id)
    )
    if cities is not None:
        query = query.where(one.city.in_(cities))
    if form is not None:
        query = query.where(one.form_id == form)
    return [
        Pair(site, Look(a, b, c), Look(d, e, f))
        for site, a, b, c, d, e, f in session.execute(query)
    ]


def planned(session: Session, round_id: int, cities: Collection[str] | None) -> int:
    """Second looks that are under way or done in a round."""
    query = sa.select(sa.func.count()).where(
        Visit.round_id == round_id, Visit.second_of.is_not(None), Visit.state == "issued"
    )
    if cities is not None:
        query = query.where(Visit.city.in_(cities))
    return session.scalar(query) or 0
