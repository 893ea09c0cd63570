"""When a site may be visited: starts within the plan, with rests between visits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence


def span_of(days: int) -> int:
    """How many days a visit has: a third of the plan, 1 to 3, so that two fit side by side."""
    return min(3, max(1, days // 3))


def gap_of(span: int, rest: int) -> int:
    """From one start to the next at a site: *rest* days from the last day to the next first."""
    return span - 1 + max(1, rest)


def starts(days: int, span: int, rest: int, taken: Iterable[tuple[int, int]]) -> list[int]:
    """First days on which a visit may begin, given the (first, last) days of other visits."""
    free = max(1, rest)
    held = list(taken)
    return [
        start
        for start in range(days - span + 1)
        if all(start - last >= free or first - (start + span - 1) >= free for first, last in held)
    ]


def capacity(allowed: Sequence[int], gap: int) -> int:
    """How many visits fit, *gap* days from start to start."""
    count, after = 0, -math.inf
    for start in allowed:
        if start >= after:
            count, after = count + 1, start + gap
    return count


def earliest(allowed: Sequence[int], gaps: Sequence[int]) -> list[int] | None:
    """The earliest starts of a chain of visits ``len(gaps) + 1`` long; None if it does not fit."""
    chain: list[int] = []
    after = -math.inf
    for gap in (*gaps, 0):
        start = next((each for each in allowed if each >= after), None)
        if start is None:
            return None
        chain.append(start)
        after = start + gap
    return chain


def latest(allowed: Sequence[int], gaps: Sequence[int]) -> list[int]:
    """The latest starts of a chain that fits."""
    turned = earliest([-each for each in reversed(allowed)], list(reversed(gaps)))
    assert turned is not None
    return [-each for each in reversed(turned)]
