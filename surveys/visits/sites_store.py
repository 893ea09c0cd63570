"""Sites in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.visits.models import Site

Row = TypeVar("Row", bound=tuple[Any, ...])


def site(session: Session, code: str) -> Site | None:
    """A site by its code."""
    return session.scalar(sa.select(Site).where(Site.code == code))


def locked(session: Session, code: str) -> Site | None:
    """A site held until the transaction ends."""
    return session.scalar(
        sa.select(Site)
        .where(Site.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def listed(
    session: Session,
    cities: Collection[str],
    *,
    kind: str = "",
    text: str = "",
    start: int = 0,
    count: int | None = None,
) -> list[Site]:
    """Sites of *cities* by city and code; *text* is looked for in code, name and address."""
    wanted = _where(sa.select(Site), cities, kind, text).order_by(Site.city, Site.code)
    return list(session.scalars(wanted.offset(start).limit(count)))


def count(session: Session, cities: Collection[str], *, kind: str = "", text: str = "") -> int:
    """How many `listed` would give in all."""
    return session.scalar(_where(sa.select(sa.func.count(Site.id)), cities, kind, text)) or 0


def by_codes(session: Session, codes: Iterable[str]) -> dict[str, Site]:
    """Sites by code, for those that exist."""
    wanted = list(codes)
    found: dict[str, Site] = {}
    for start in range(0, len(wanted), 500):  # a statement takes only so many parameters
        part = sa.select(Site).where(Site.code.in_(wanted[start : start + 500]))
        found.update((each.code, each) for each in session.scalars(part))
    return found


def _where(query: sa.Select[Row], cities: Collection[str], kind: str, text: str) -> sa.Select[Row]:
    query = query.where(Site.city.in_(sorted(cities)))
    if kind:
        query = query.where(Site.kind == kind)
    if text:
        said = text.lower()
        columns = (Site.code, Site.name, Site.name_en, Site.county, Site.address)
        query = query.where(
            sa.or_(*(sa.func.lower(each).contains(said, autoescape=True) for each in columns))
        )
    return query
