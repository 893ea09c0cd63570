"""Phones that are silent, and people who review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluation.accounts import roles
from evaluation.accounts.models import User
from surveys.control import rules, store
from surveys.control.lens import Lens
from surveys.control.queues import Since
from surveys.control.store import Waiting
from surveys.submissions import devices
from surveys.submissions.rules import APPROVED, RECEIVED


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone to ask about, or somebody at work without one (``name`` empty).

    ``visits`` they still have to make; ``unsent`` records the phone last said it holds.
    """

    visitor: str
    visits: int
    name: str = ""
    kind: str = ""
    seen_at: datetime | None = None
    unsent: int | None = None
    is_silent: bool = True


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who reviews: what waits for them, since when, what they did."""

    name: str
    role: str
    waiting: int
    oldest: datetime | None
    today: int
    week: int


def phones(lens: Lens, at_work: Mapping[str, int]) -> list[Phone]:
    """Phones of people with visits to make that are silent or hold something unsent."""
    held = store.phones(lens.session, at_work)
    owners = {each.username for each in held}
    found = [
        Phone(
            lens.visitor(each.username),
            at_work[each.username],
            each.name,
            each.kind,
            each.seen_at,
            devices.unsent(each),
            rules.is_silent(each.seen_at, lens.now),
        )
        for each in held
    ]
    without = sorted(set(at_work) - owners)
    found += [Phone(lens.visitor(who), at_work[who]) for who in without]
    return [each for each in found if each.is_silent or each.unsent]


def reviewers(
    lens: Lens, waiting: Sequence[Waiting], since: Since, week: datetime
) -> list[Reviewer]:
    """Everybody for whom something waits or who did something this week, the busiest first."""
    steps = store.steps_since(lens.session, lens.round.id, lens.cities, week)
    today, found = lens.midnight(), []
    for user in store.reviewers(lens.session):
        if user.rounds and lens.round.code not in user.rounds:
            continue
        mine = [since[each.id] for each in waiting if _waits_for(user, each)]
        done = steps.get(user.username, [])
        if mine or done:
            oldest = min(mine, default=None)
            todays = sum(at >= today for at in done)
            found.append(
                Reviewer(user.display_name, user.role, len(mine), oldest, todays, len(done))
            )
    return sorted(found, key=lambda each: (-each.waiting, each.name))


def _waits_for(user: User, each: Waiting) -> bool:
    """Supervisors approve what was received in their cities; what is approved waits for a second
    person, first of all of the office."""
    if user.role == roles.SUPERVISOR:
        return each.state == RECEIVED and (not user.cities or each.city in user.cities)
    return each.state == APPROVED
