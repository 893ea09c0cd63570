"""When, and as whom: days spread over the plan, cover stories in turn."""

from __future__ import annotations

from collections import Counter

from surveys.visits.drawing import days, seconds
from surveys.visits.drawing.chance import Chance
from surveys.visits.drawing.inputs import Table
from surveys.visits.drawing.siting import Room, Slot


def give_stories(table: Table, room: Room, slots: list[Slot], chance: Chance) -> None:
    """The cover story least used in the city so far, never the same twice at a site and form."""
    told: Counter[tuple[str, str, str]] = Counter(
        (before.city, before.form, before.story) for before in table.inputs.before
    )
    used: dict[tuple[str, str], set[str]] = {}
    for slot in chance.shuffled(slots, "stories", key=lambda each: each.name):
        if not table.form[slot.form].stories:
            continue
        here = used.setdefault((slot.site, slot.form), set())
        slot.story = min(
            (story for story in room.stories[slot.site, slot.form] if story not in here),
            key=lambda story, slot=slot: (  # type: ignore[misc]
                told[slot.city, slot.form, story],
                chance.rank("story", slot.name, story),
            ),
        )
        here.add(slot.story)
        told[slot.city, slot.form, slot.story] += 1


class Timing:
    """First days of visits."""

    def __init__(self, table: Table, room: Room, chance: Chance) -> None:
        self.table, self.room, self._chance = table, room, chance
        self._of_person: dict[str, list[int]] = {}
        self._in_city: Counter[tuple[str, int]] = Counter()
        self._in_all: Counter[int] = Counter()

    def give_days(self, slots: list[Slot]) -> None:
        """A first day for every visit: rests kept at each site, evaluators and cities spread."""
        at: dict[str, list[Slot]] = {}
        for slot in slots:
            at.setdefault(slot.site, []).append(slot)
        for site in self._chance.shuffled(at, "sites", key=str):
            chain, gaps = self._chain(site, at[site])
            self._place(chain, gaps, self.room.allowed[site])

    def _chain(self, site: str, here: list[Slot]) -> tuple[list[Slot], list[int]]:
        """A site's visits in the order in which they are made, and the days between them."""
        given = self.table.inputs
        gap = days.gap_of(given.span, given.site_days)
        firsts = self._chance.shuffled(
            [slot for slot in here if slot.looks_at is None], "chain", key=lambda each: each.name
        )
        again = next((slot for slot in here if slot.looks_at is not None), None)
        if again is None or again.looks_at is None:
            return firsts, [gap] * (len(firsts) - 1)
        possible = seconds.positions(given, self.room.allowed[site], len(firsts))
        place = self._chance.shuffled(possible, "place", site, key=str)[0]
        firsts.remove(again.looks_at)
        chain = [*firsts[:place], again.looks_at, again, *firsts[place:]]
        return chain, seconds.gaps_with(place, len(firsts) + 1, gap, given.span)

    def _place(self, chain: list[Slot], gaps: list[int], allowed: list[int]) -> None:
        latest = days.latest(allowed, gaps)
        after = allowed[0]
        for slot, until, gap in zip(chain, latest, [*gaps, 0], strict=True):
            slot.first = min(
                (start for start in allowed if after <= start <= until),
                key=lambda start, slot=slot: self._crowd(slot, start),  # type: ignore[misc]
            )
            self._of_person.setdefault(slot.alias, []).append(slot.first)
            self._in_city[slot.city, slot.first] += 1
            self._in_all[slot.first] += 1
            after = slot.first + gap

    def _crowd(self, slot: Slot, start: int) -> tuple[int, int, int, bytes]:
        span = self.table.inputs.span
        mine = sum(abs(other - start) < span for other in self._of_person.get(slot.alias, ()))
        return (
            mine,
            self._in_city[slot.city, start],
            self._in_all[start],
            self._chance.rank("day", slot.name, start),
        )
