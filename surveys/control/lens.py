"""Through whose eyes, and when: what one person may see of a round's field work, and as what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.names import display_names
from evaluation.accounts.principal import Principal
from evaluation.platform import clock
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import named
from evaluation.platform.settings import Settings
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.control.store import Waiting
from surveys.forms import documents
from surveys.forms.document import FormDocument
from surveys.forms.store import version_by_id
from surveys.visits.masking import alias


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list: whose it is as the reader may know it, since when, and why listed.

    ``why`` names questions whose files are missing; ``minutes`` it took, ``expected`` it should.
    """

    code: str
    city: str
    form: str
    visitor: str
    since: datetime
    why: tuple[str, ...] = ()
    minutes: float | None = None
    expected: float | None = None


class Lens:
    """One person before one round at one moment. ``cities`` is None where they see all."""

    def __init__(
        self,
        session: Session,
        evidence: EvidenceStore,
        settings: Settings,
        who: Principal,
        found: Round,
    ) -> None:
        self.session, self.evidence, self.settings = session, evidence, settings
        self.who, self.round, self.now = who, found, clock.now()
        units = rounds.framework(found).unit_by_code
        self.units = {code: unit for code, unit in units.items() if who.sees_filing(code)}
        limited = who.role == roles.SUPERVISOR and bool(who.cities)
        self.cities = who.cities if limited else None
        self._documents: dict[int, FormDocument | None] = {}
        self._names: dict[str, str] = {}

    def meet(self, people: Iterable[str]) -> None:
        """Learn what evaluators are called: by name for those who lead them, else by alias."""
        wanted = set(people) - self._names.keys()
        if self.who.role == roles.AUDITOR:
            self._names |= {each: alias(self.settings.secret, each) for each in wanted}
        elif wanted:
            self._names |= display_names(self.session, wanted)

    def visitor(self, username: str) -> str:
        """What an evaluator whom the reader has met is called."""
        return self._names[username]

    def sees(self, city: str | None) -> bool:
        """Whether the reader may open records of a city."""
        return self.cities is None or city in self.cities

    def wall(self, moment: datetime) -> datetime:
        """A moment as the clock on the wall shows it."""
        return clock.local(moment, self.settings.timezone)

    def midnight(self, days_ago: int = 0) -> datetime:
        """When the local day began, so many days ago; in UTC."""
        day = self.wall(self.now).date() - timedelta(days=days_ago)
        return clock.start_of_day(day, self.settings.timezone)

    def document(self, version_id: int | None) -> FormDocument | None:
        """What a version asks, read once."""
        if version_id is not None and version_id not in self._documents:
            version = version_by_id(self.session, version_id)
            found = documents.document(self.evidence, version) if version else None
            self._documents[version_id] = found
        return self._documents[version_id] if version_id is not None else None

    def line(
        self,
        each: Waiting,
        since: datetime,
        *,
        why: tuple[str, ...] = (),
        minutes: float | None = None,
        expected: float | None = None,
    ) -> Line:
        """A record as the reader may know it."""
        document, unit = self.document(each.version_id), self.units.get(each.city)
        city = named(unit.name, unit.name_en) if unit else each.city
        form = str(document.title) if document else ""
        visitor = self.visitor(each.evaluator)
        return Line(each.code, city, form, visitor, since, why, minutes, expected)
