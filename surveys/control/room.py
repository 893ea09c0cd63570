"""The whole of a round's field work at one moment, for one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.control import doubts, people, queues, rules, store
from surveys.control.doubts import Group
from surveys.control.lens import Lens, Line
from surveys.control.people import Phone, Reviewer
from surveys.submissions import refusals_store
from surveys.visits import coverage
from surveys.visits.coverage import Coverage

DAYS = 7


@dataclass(frozen=True)
class Room:
    """Everything the page shows. ``arrivals`` are local days with their numbers, today's last;
    ``ages`` counts records by state and `rules.AGES`; ``refusals`` by reason."""

    now: datetime
    covered: Coverage
    by_state: Mapping[str, int]
    ages: Mapping[str, Sequence[int]]
    arrivals: Sequence[tuple[datetime, int]]
    incomplete: Sequence[Line]
    returned: Sequence[Line]
    fast: Sequence[Line]
    alike: Sequence[Group]
    twins: Sequence[Group]
    phones: Sequence[Phone]
    refusals: Mapping[str, int]
    oldest_refusal: datetime | None
    reviewers: Sequence[Reviewer]

    @property
    def today(self) -> int:
        """How many records came in today."""
        return self.arrivals[-1][1]

    @property
    def doubts(self) -> int:
        """How many things ask for a look."""
        return len(self.fast) + len(self.alike) + len(self.twins)

    @property
    def silent(self) -> int:
        """How many phones have not been heard of."""
        return sum(each.is_silent for each in self.phones)

    @property
    def unsent(self) -> int:
        """How many records phones last said they hold."""
        return sum(each.unsent or 0 for each in self.phones)

    @property
    def refused(self) -> int:
        """How many refusals nobody has settled."""
        return sum(self.refusals.values())


def look(lens: Lens) -> Room:
    """The control room as somebody may see it."""
    session, number, cities = lens.session, lens.round.id, lens.cities
    waiting = store.waiting(session, number, cities)
    at_work = store.at_work(session, number, cities, lens.now)
    alike = store.same_answers(session, number, cities)
    twins = store.same_files(session, number, cities)
    lens.meet({each.evaluator for each in waiting} | at_work.keys())
    lens.meet(each.evaluator for each in (*alike, *twins))
    since = queues.since(lens, waiting)
    week = lens.midnight(DAYS - 1)
    arrived = store.arrivals(session, number, cities, week)
    refused = refusals_store.of_round(session, lens.who, lens.round, settled=False)
    return Room(
        now=lens.now,
        covered=coverage.of_round(session, lens.round, lens.units),
        by_state=_counted(each.state for each in waiting),
        ages=queues.ages(lens, waiting, since),
        arrivals=rules.days(map(lens.wall, arrived), lens.wall(lens.now), DAYS),
        incomplete=queues.incomplete(lens, waiting, since),
        returned=queues.returned(lens, waiting, since),
        fast=doubts.fast(lens, waiting, since),
        alike=doubts.groups(lens, alike),
        twins=doubts.groups(lens, twins),
        phones=people.phones(lens, at_work),
        refusals=_counted(each.reason for each in refused),
        oldest_refusal=min((each.received_at for each in refused), default=None),
        reviewers=people.reviewers(lens, waiting, since, week),
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in values:
        found[each] = found.get(each, 0) + 1
    return found
