"""What the control room calls old and silent. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from evaluation.platform.i18n import N_

#: A record waits in one of these, by how long: the youngest first; None has no end.
AGES: tuple[tuple[timedelta | None, str], ...] = (
    (timedelta(days=1), N_("1 天以内")),
    (timedelta(days=3), N_("1–3 天")),
    (timedelta(days=7), N_("3–7 天")),
    (None, N_("7 天以上")),
)
SILENT = timedelta(hours=24)


def age(waited: timedelta) -> int:
    """Which of `AGES` a wait belongs to."""
    return next(at for at, (end, _word) in enumerate(AGES) if end is None or waited < end)


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
