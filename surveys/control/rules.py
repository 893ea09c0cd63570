"""What the control room calls old, fast and silent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median

from evaluation.platform.i18n import N_
from surveys.forms.document import Kit

#: A record waits in one of these, by how long: the youngest first; None has no end.
AGES: tuple[tuple[timedelta | None, str], ...] = (
    (timedelta(days=1), N_("1 天以内")),
    (timedelta(days=3), N_("1–3 天")),
    (timedelta(days=7), N_("3–7 天")),
    (None, N_("7 天以上")),
)
#: A visit shorter than this share of what it should take, or usually takes, is looked at.
FAST = 1 / 3
#: A median of fewer records says nothing.
ENOUGH = 5
SILENT = timedelta(hours=24)


def age(waited: timedelta) -> int:
    """Which of `AGES` a wait belongs to."""
    return next(at for at, (end, _word) in enumerate(AGES) if end is None or waited < end)


def script_minutes(kit: Kit) -> float | None:
    """How long the script should take; None where no step says so."""
    minutes = [step.minutes for step in kit.script if step.minutes]
    return sum(minutes) if minutes else None


def usual(minutes: Sequence[float]) -> float | None:
    """The median duration of a form's records; None of fewer than `ENOUGH`."""
    return median(minutes) if len(minutes) >= ENOUGH else None


def yardstick(minutes: float | None, script: float | None, typical: float | None) -> float | None:
    """The minutes against which a visit was too fast; None where it was not, or nobody knows."""
    if minutes is None:
        return None
    found = [each for each in (script, typical) if each and minutes < FAST * each]
    return max(found, default=None)


def is_silent(seen_at: datetime | None, now: datetime) -> bool:
    """Whether a phone has not been heard of for too long, or never."""
    return seen_at is None or now - seen_at > SILENT


def days(moments: Iterable[datetime], today: datetime, count: int) -> list[tuple[datetime, int]]:
    """How many *moments* (local) fall on each of the last *count* days, the oldest first."""
    starts = [
        (today - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        for back in range(count - 1, -1, -1)
    ]
    held = {start.date(): 0 for start in starts}
    for moment in moments:
        if moment.date() in held:
            held[moment.date()] += 1
    return [(start, held[start.date()]) for start in starts]
