"""What a draw is made from, and what it gives. Days count from 0, the first day of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Quota:
    """How many visits with a form a city gets."""

    city: str
    form: str
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A site that is in use."""

    code: str
    city: str
    kind: str


@dataclass(frozen=True, slots=True, order=True)
class FormNeeds:
    """A form: the kinds of site it is used at (none named means every kind), its cover stories."""

    code: str
    kinds: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Person:
    """An evaluator under an alias; no ``cities`` means every city."""

    alias: str
    cities: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()

    def may_visit(self, city: str) -> bool:
        """Whether the city is within reach and no conflict of interest is declared."""
        return (not self.cities or city in self.cities) and city not in self.conflicts


@dataclass(frozen=True, slots=True, order=True)
class Before:
    """A visit of another plan; ``first`` and ``last`` day, negative before this plan begins."""

    last: int
    first: int
    site: str
    city: str
    form: str
    story: str
    alias: str


@dataclass(frozen=True)
class Inputs:
    """Everything that decides a draw, besides the seed.

    ``opens`` is the first day (ISO), for readers; ``days`` the length of the plan; ``span`` how
    many days each visit has. ``recent`` is how many last visits of a city count for rotation.
    ``codes`` are the random codes of the visits, used in their order; at least `needed`.
    """

    opens: str
    days: int
    span: int
    quotas: tuple[Quota, ...]
    places: tuple[Place, ...]
    forms: tuple[FormNeeds, ...]
    people: tuple[Person, ...]
    before: tuple[Before, ...]
    second_percent: int
    site_days: int
    story_days: int
    recent: int
    codes: tuple[str, ...]

    def with_codes(self, codes: tuple[str, ...]) -> Inputs:
        """The same with codes for its visits."""
        return replace(self, codes=codes)

    def ordered(self) -> Inputs:
        """The same in one order, whatever order it was gathered in; codes keep theirs."""
        return replace(
            self,
            quotas=tuple(sorted(each for each in self.quotas if each.count > 0)),
            places=tuple(sorted(self.places)),
            forms=tuple(
                FormNeeds(f.code, tuple(sorted(f.kinds)), tuple(sorted(f.stories)))
                for f in sorted(self.forms)
            ),
            people=tuple(
                Person(p.alias, tuple(sorted(p.cities)), tuple(sorted(p.conflicts)))
                for p in sorted(self.people)
            ),
            before=tuple(sorted(self.before)),
        )


class Table:
    """The inputs, looked up from every side."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.form = {each.code: each for each in inputs.forms}
        self.person = {each.alias: each for each in inputs.people}
        self.city_of = {each.code: each.city for each in inputs.places}

    @cached_property
    def places(self) -> dict[str, list[Place]]:
        """Sites by city."""
        found: dict[str, list[Place]] = {}
        for each in self.inputs.places:
            found.setdefault(each.city, []).append(each)
        return found

    @cached_property
    def before(self) -> dict[str, list[Before]]:
        """Visits of other plans by site, oldest first."""
        found: dict[str, list[Before]] = {}
        for each in self.inputs.before:
            found.setdefault(each.site, []).append(each)
        return found

    @cached_property
    def last_visitors(self) -> dict[str, frozenset[str]]:
        """Who made the last visits of each city."""
        found: dict[str, list[str]] = {}
        for each in self.inputs.before:
            found.setdefault(each.city, []).append(each.alias)
        return {city: frozenset(a[-self.inputs.recent :]) for city, a in found.items()}

    def eligible(self, city: str) -> list[str]:
        """Evaluators who may visit a city, by alias."""
        return [each.alias for each in self.inputs.people if each.may_visit(city)]

    def fits(self, place: Place, form: str) -> bool:
        """Whether a form is used at this kind of site."""
        kinds = self.form[form].kinds
        return not kinds or place.kind in kinds


@dataclass(frozen=True, slots=True)
class Drawn:
    """One visit of a draw. ``second_of`` is the code of the visit it looks at again."""

    code: str
    city: str
    form: str
    site: str
    story: str
    alias: str
    first: int
    last: int
    second_of: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """A constraint that cannot be met, with its numbers; ``kind`` is a key of `explaining`."""

    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Warned:
    """A wish that had to bend, with its numbers."""

    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draw:
    """A complete draw: every quota is met."""

    visits: tuple[Drawn, ...]
    warnings: tuple[Warned, ...]


class Impossible(Exception):
    """The draw cannot be made: every lack, not the first; nothing is half-drawn."""

    def __init__(self, lacks: tuple[Lack, ...]) -> None:
        super().__init__(lacks)
        self.lacks = lacks
