"""Which sites: every quota gets as many visits as it asks for, if there is any way at all.

A visit in want of a site takes a free one in the order of chance; if there is none, visits that
already have one are asked to move (augmenting paths), so a quota is only called impossible when
it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from surveys.visits.drawing import days
from surveys.visits.drawing.chance import Chance
from surveys.visits.drawing.inputs import Lack, Place, Quota, Table


@dataclass(slots=True)
class Slot:
    """One visit to be drawn; ``name`` is the same in every draw of the plan."""

    name: str
    city: str
    form: str
    site: str = ""
    story: str = ""
    alias: str = ""
    first: int = -1
    looks_at: Slot | None = None
    looked_at: Slot | None = None

    @property
    def partner(self) -> Slot | None:
        """The other one of a visit and its second look."""
        return self.looks_at or self.looked_at


@dataclass
class Room:
    """What the sites of the plan can take: visits each, and stories by site and form."""

    table: Table
    allowed: dict[str, list[int]] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    stories: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> Room:
        """Measure every site against the visits of other plans."""
        room = cls(table)
        given = table.inputs
        gap = days.gap_of(given.span, given.site_days)
        for place in given.places:
            taken = [(b.first, b.last) for b in table.before.get(place.code, ())]
            allowed = days.starts(given.days, given.span, given.site_days, taken)
            room.allowed[place.code] = allowed
            room.visits[place.code] = days.capacity(allowed, gap)
            for form in given.forms:
                room.stories[place.code, form.code] = _fresh(table, place.code, form.code)
        return room

    def takes(self, place: Place, form: str) -> int:
        """How many visits with a form a site takes, were there no other form."""
        if not self.table.fits(place, form):
            return 0
        whole = self.visits[place.code]
        if not self.table.form[form].stories:
            return whole
        return min(whole, len(self.stories[place.code, form]))


def _fresh(table: Table, site: str, form: str) -> tuple[str, ...]:
    """Cover stories that rested long enough on every day of the plan."""
    given = table.inputs
    used = {
        before.story
        for before in table.before.get(site, ())
        if before.form == form
        and -before.last < given.story_days
        and before.first - (given.days - 1) < given.story_days
    }
    return tuple(story for story in table.form[form].stories if story not in used)


def find_sites(table: Table, room: Room, chance: Chance) -> tuple[list[Slot], list[Lack]]:
    """A site for every visit asked for, or everything that is lacking."""
    by_city: dict[str, list[Quota]] = {}
    for quota in table.inputs.quotas:
        by_city.setdefault(quota.city, []).append(quota)
    slots: list[Slot] = []
    lacks: list[Lack] = []
    for city, quotas in sorted(by_city.items()):
        alone = [lack for quota in quotas if (lack := _alone(table, room, quota)) is not None]
        if alone:
            lacks += alone
            continue
        found = _City(table, room, chance, city, quotas)
        stuck = found.fill()
        if stuck is not None:
            lacks.append(stuck)
        slots += found.slots
    return slots, lacks


def _alone(table: Table, room: Room, quota: Quota) -> Lack | None:
    """What one quota lacks even if it had every site of the city to itself."""
    places = [each for each in table.places.get(quota.city, ()) if table.fits(each, quota.form)]
    room_for = sum(room.takes(place, quota.form) for place in places)
    if room_for >= quota.count:
        return None
    resting = [place for place in places if not room.visits[place.code]]
    known = [
        place for place in places if room.visits[place.code] and not room.takes(place, quota.form)
    ]
    facts = {
        "city": quota.city,
        "form": quota.form,
        "wanted": quota.count,
        "possible": room_for,
        "usable": len(places) - len(resting) - len(known),
        "sites": len(places),
        "resting": len(resting),
        "known": len(known),
        "other": len(table.places.get(quota.city, ())) - len(places),
    }
    return Lack("sites", facts)


class _City:
    """The visits of one city, and the sites they have so far."""

    def __init__(
        self, table: Table, room: Room, chance: Chance, city: str, quotas: Sequence[Quota]
    ) -> None:
        self.table, self.room, self.city = table, room, city
        self.slots = [
            Slot(f"{city}/{quota.form}/{number}", city, quota.form)
            for quota in quotas
            for number in range(quota.count)
        ]
        self.at: dict[str, list[Slot]] = {each.code: [] for each in table.places.get(city, ())}
        self._chance = chance
        self._choices: dict[str, list[Place]] = {}

    def fill(self) -> Lack | None:
        """Give every visit a site; what is lacking if that cannot be."""
        for slot in self._chance.shuffled(self.slots, "slots", key=lambda each: each.name):
            forms: set[str] = set()
            sites: set[str] = set()
            if not self._seat(slot, forms, sites):
                return self._together(forms, sites)
        return None

    def _seat(self, slot: Slot, forms: set[str], sites: set[str]) -> bool:
        """Find a site for a visit, moving others if need be; *forms* and *sites* were asked."""
        forms.add(slot.form)
        open_to = [
            place
            for place in self._order(slot)
            if place.code not in sites and self._takes_more(place, slot.form)
        ]
        for place in sorted(open_to, key=lambda each: len(self.at[each.code])):
            if len(self.at[place.code]) < self.room.visits[place.code]:
                self._sit(slot, place.code)
                return True
        for place in open_to:
            if place.code in sites:
                continue
            sites.add(place.code)
            for other in list(self.at[place.code]):
                if other.form in forms:
                    continue  # another visit with the same form would only change places
                self.at[place.code].remove(other)
                if self._seat(other, forms, sites):
                    self._sit(slot, place.code)
                    return True
                self._sit(other, place.code)
        return False

    def _order(self, slot: Slot) -> list[Place]:
        """Sites a visit may have, in its own order of chance."""
        if slot.name not in self._choices:
            fitting = [
                each
                for each in self.table.places.get(self.city, ())
                if self.room.takes(each, slot.form)
            ]
            self._choices[slot.name] = self._chance.shuffled(
                fitting, "site", slot.name, key=lambda each: each.code
            )
        return self._choices[slot.name]

    def _takes_more(self, place: Place, form: str) -> bool:
        here = sum(each.form == form for each in self.at[place.code])
        return here < self.room.takes(place, form)

    def _sit(self, slot: Slot, site: str) -> None:
        slot.site = site
        self.at[site].append(slot)

    def _together(self, forms: set[str], sites: set[str]) -> Lack:
        """The forms that compete for the same sites, and the most visits these can take."""
        places = self.table.places.get(self.city, ())
        possible = sum(self.room.visits[code] for code in sites) + sum(
            self.room.takes(place, form)
            for place in places
            if place.code not in sites
            for form in forms
        )
        usable = [place for place in places if any(self.room.takes(place, f) for f in forms)]
        wanted = sum(each.form in forms for each in self.slots)
        facts = {
            "city": self.city,
            "forms": sorted(forms),
            "wanted": wanted,
            "usable": len(usable),
            "possible": possible,
        }
        return Lack("together", facts)
