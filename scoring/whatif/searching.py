"""A search for the cheapest items that suffice, where no program can be written."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from scoring.whatif.quick import AT_ONCE, quick

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats
    from scoring.whatif.items import Items

QUICKER = 50  # sets that are aggregated in the time of a scoring


def search(items: Items, budget: int) -> tuple[Sequence[int] | None, str]:
    """A greedy set, then every cheaper set in order of effort while the budget lasts.

    Returns the set with "search" (no cheaper one suffices) or "greedy" (perhaps one does); None and
    "not-found" when not even all items together suffice.
    """
    if not items.goals:
        return None, "not-found"
    order = _strongest_first(items)
    greedy = _greedy(items, order)
    if greedy is None:
        return None, "not-found"
    ceiling = float(items.efforts[greedy].sum())
    fast = quick(items)
    step, most = (AT_ONCE, budget * QUICKER) if fast else (1, max(0, budget - items.scorings))
    cheaper = _by_effort(items.efforts, sorted(order, key=lambda i: items.efforts[i]), ceiling)
    tried = 0
    while True:
        some = list(islice(cheaper, min(step, most - tried)))
        if not some:
            return greedy, "search" if next(cheaper, None) is None else "greedy"
        tried += len(some)
        suffices = fast.there(some) if fast else [items.there(items.scored(some[0]))]
        for chosen in (each for each, enough in zip(some, suffices, strict=True) if enough):
            if items.there(items.scored(chosen)):
                return chosen, "search"


def _by_effort(efforts: Floats, order: Sequence[int], ceiling: float) -> Iterator[list[int]]:
    """Every set with less effort than *ceiling*, the least first; *order* is by effort."""
    heap: list[tuple[float, tuple[int, ...]]] = [(float(efforts[order[0]]), (0,))]
    while heap:
        spent, chosen = heapq.heappop(heap)
        if spent >= ceiling - 1e-12:
            return
        yield [order[i] for i in chosen]
        last = chosen[-1] + 1
        if last < len(order):
            more = float(efforts[order[last]])
            heapq.heappush(heap, (spent + more, (*chosen, last)))
            swapped = spent - float(efforts[order[chosen[-1]]]) + more
            heapq.heappush(heap, (swapped, (*chosen[:-1], last)))


def _strongest_first(items: Items) -> list[int]:
    """Items by falling gain for an effort; a city without a score gains what it would get."""
    alone = [items.scored([i]).scores[items.row, items.root] for i in range(len(items.goals))]
    now = items.before.scores[items.row, items.root]
    gain = np.nan_to_num(np.array(alone) - (0.0 if now != now else now)) / items.efforts
    return sorted(range(len(items.goals)), key=lambda i: (-gain[i], items.goals[i].code))


def _greedy(items: Items, order: Sequence[int]) -> list[int] | None:
    """The strongest items until the place is reached, then without those not needed."""
    chosen: list[int] = []
    for i in order:
        chosen.append(i)
        if items.there(items.scored(chosen)):
            break
    else:
        return None
    for i in sorted(chosen, key=lambda i: -items.efforts[i]):
        rest = [other for other in chosen if other != i]
        if rest and items.there(items.scored(rest)):
            chosen = rest
    return chosen
