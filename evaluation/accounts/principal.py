"""The signed-in person, as the rest of the code sees one."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.accounts import roles
from evaluation.platform.i18n import _


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. Read afresh at every request, so a change of role works at once."""

    id: int
    sign_in_id: int
    username: str
    display_name: str
    role: str
    cities: frozenset[str]
    rounds: frozenset[str]
    department: str
    must_change_password: bool

    @property
    def role_name(self) -> str:
        """The role in the current language."""
        return _(roles.NAMES[self.role])

    def of_city(self, city: str) -> bool:
        """Whether this person acts for *city*."""
        return self.role in roles.OF_A_CITY and city in self.cities

    def sees_round(self, code: str) -> bool:
        """Whether *code* is within this person's rounds."""
        return not self.rounds or code in self.rounds

    def sees_filing(self, city: str) -> bool:
        """Whether this person may open what *city* files."""
        if self.role in (roles.OFFICE, roles.AUDITOR):
            return True
        if self.role == roles.SUPERVISOR:
            return not self.cities or city in self.cities
        return self.of_city(city)

    def opens_evidence(self, city: str) -> bool:
        """Whether this person may open the files behind a published value of *city*."""
        return self.role == roles.LEADER or self.sees_filing(city)

    @property
    def sees_unpublished(self) -> bool:
        """Whether this person may see a result before it is published."""
        return self.role in roles.BEFORE_PUBLICATION
