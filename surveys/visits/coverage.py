"""Coverage of a round's visits as pages show it: a grid of cities by forms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from evaluation.framework.tree import Unit
from evaluation.platform.i18n import named
from evaluation.rounds.models import Round
from surveys.forms.models import Form, FormVersion
from surveys.visits import progress_store
from surveys.visits.progress_store import Covered


@dataclass(frozen=True)
class Coverage:
    """Cities and forms in order, and what is known where they meet."""

    units: tuple[Unit, ...]
    forms: Mapping[str, str]
    cells: Mapping[tuple[str, str], Covered]

    @property
    def wanted(self) -> int:
        """Visits asked for in all."""
        return sum(max(cell.wanted, cell.issued) for cell in self.cells.values())

    @property
    def accepted(self) -> int:
        """Visits whose record is accepted."""
        return sum(cell.accepted for cell in self.cells.values())

    @property
    def arrived(self) -> int:
        """Visits with a record."""
        return sum(cell.arrived for cell in self.cells.values())


def of_round(session: Session, round_: Round, units: Mapping[str, Unit]) -> Coverage:
    """What the round's issued plans want of some cities and what came of it."""
    cells = {
        (each.city, each.form): each for each in progress_store.coverage(session, round_.id, units)
    }
    cities = {city for city, _form in cells}
    forms = sorted({form for _city, form in cells})
    return Coverage(
        tuple(unit for code, unit in units.items() if code in cities),
        titles(session, forms),
        cells,
    )


def titles(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Titles of forms by code in the current language, by their newest version."""
    query = (
        sa.select(Form.code, FormVersion.title, FormVersion.title_en)
        .join(FormVersion, FormVersion.form_id == Form.id)
        .where(Form.code.in_(sorted(codes)))
        .order_by(Form.code, FormVersion.number)
    )
    return {code: named(zh, en) for code, zh, en in session.execute(query)}
