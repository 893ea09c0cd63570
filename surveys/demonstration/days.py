"""When visits were made: in their windows, in office hours, no visitor in two places at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from surveys.visits.models import Visit

STARTS = (time(9, 5), time(10, 40), time(14, 10), time(15, 45))


class Diary:
    """What each evaluator did when; *now* is the present."""

    def __init__(self, now: datetime, timezone: str) -> None:
        self.now, self.zone = now, ZoneInfo(timezone)
        self.taken: dict[str, list[tuple[datetime, datetime]]] = {}

    def enter(
        self, visit: Visit, seed: str, *, minutes: float | None = None
    ) -> tuple[datetime, datetime]:
        """Begin and end of a visit, in the time zone of the place."""
        chance = Random(f"{seed}|when")  # noqa: S311 - synthetic
        lasting = timedelta(minutes=minutes or chance.uniform(48, 74))
        held = self.taken.setdefault(visit.evaluator, [])
        for start in self._starts(visit):
            begun = start + timedelta(seconds=chance.randrange(600))
            ended = begun + lasting
            free = all(ended < other[0] or begun > other[1] for other in held)
            if free and ended < self.now:
                break
        else:  # the window opened a moment ago, or is full
            ended = max(visit.opens_at + timedelta(minutes=1), self.now - timedelta(minutes=3))
            begun = ended - lasting
        held.append((begun, ended))
        return begun.astimezone(self.zone), ended.astimezone(self.zone)

    def _starts(self, visit: Visit) -> Iterator[datetime]:
        day = visit.opens_at.astimezone(self.zone).date()
        last = visit.closes_at.astimezone(self.zone).date()
        while day <= last:
            for start in STARTS:
                yield datetime.combine(day, start, self.zone)
            day += timedelta(days=1)
