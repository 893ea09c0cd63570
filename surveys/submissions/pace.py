"""How fast is too fast: one measure for what is noted, reviewed and shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from surveys.forms.document import Kit

#: A visit shorter than this share of what its script, or visits like it, take is looked at.
FAST = 1 / 3
#: Nobody reads and answers a question in less.
SECONDS_AN_ANSWER = 3
#: A median of fewer visits says nothing.
ENOUGH = 5


def script_minutes(kit: Kit) -> float | None:
    """How long the script should take; None where no step says so."""
    minutes = [step.minutes for step in kit.script if step.minutes]
    return sum(minutes) if minutes else None


def usual(minutes: Sequence[float]) -> float | None:
    """The median duration of a form's visits; None of fewer than `ENOUGH`."""
    return median(minutes) if len(minutes) >= ENOUGH else None


def yardstick(minutes: float | None, script: float | None, typical: float | None) -> float | None:
    """The minutes against which a visit was too fast; None where it was not, or nobody knows."""
    if minutes is None:
        return None
    found = [each for each in (script, typical) if each and minutes < FAST * each]
    return max(found, default=None)


def too_fast(seconds: float | None, answered: int, script: float | None) -> bool:
    """Whether a record was filled in faster than its script, or anybody's reading, allows."""
    if seconds is None or seconds < 0:
        return False
    return (
        seconds < answered * SECONDS_AN_ANSWER or yardstick(seconds / 60, script, None) is not None
    )
