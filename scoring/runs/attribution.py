"""Which input or rule moved which score and place between two frozen runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.composite.sheet import ScoreSheet
from scoring.runs.comparison import changed_inputs
from scoring.runs.judging import case_of
from scoring.runs.snapshot import Snapshot
from scoring.whatif import Comparison, compare
from scoring.whatif.differences import Difference

#: Changed values up to which each is a cause of its own; more are put together by indicator.
SINGLE = 40
#: Causes up to which every set of them is scored: 128 scorings.
EXACT = 7
#: Scorings otherwise; a page waits for them.
BUDGET = 500


@dataclass(frozen=True)
class Passed:
    """A city that stands before another which stood before it.

    Gaps are score of ``city`` minus score of ``other``, in points of the index. ``parts`` are
    what each difference did to the gap, what helped most first; they add up to ``after - before``.
    """

    city: str
    other: str
    before: float
    after: float
    parts: tuple[tuple[Difference, float], ...]


def shares_anything(earlier: Snapshot, later: Snapshot) -> bool:
    """Whether two snapshots have an indicator and a city in common; else nothing compares."""
    codes = [{node.code for node in each.framework.indicators} for each in (earlier, later)]
    units = [set(each.framework.unit_by_code) for each in (earlier, later)]
    return bool(codes[0] & codes[1] and units[0] & units[1])


def attribution(earlier: Snapshot, later: Snapshot) -> Comparison:
    """Share the change of every score and place out among what differs.

    Values are causes one by one, or by indicator where more than `SINGLE` differ. Raises
    `ScoringError` where either snapshot cannot be scored.
    """
    few = sum(1 for _ in changed_inputs(earlier, later)) <= SINGLE
    by = "observation" if few else "indicator"
    return compare(case_of(earlier), case_of(later), by=by, exact=EXACT, budget=BUDGET)


def passed(
    made: Comparison, sheets: tuple[ScoreSheet, ScoreSheet], root: str
) -> tuple[Passed, ...]:
    """Who passed whom, and because of what, in the order of the places now."""
    return tuple(_passed(made, sheets, root))


def _passed(made: Comparison, sheets: tuple[ScoreSheet, ScoreSheet], root: str) -> Iterator[Passed]:
    at = {city: i for i, city in enumerate(made.cities)}
    scores, ranks = np.full((2, 2, len(at)), np.nan)
    for side, sheet in enumerate(sheets):
        column = sheet.nodes.index(root)
        rows = [at[city] for city in sheet.cities]
        scores[side, rows], ranks[side, rows] = sheet.scores[:, column], sheet.ranks[:, column]
    both = [i for i in range(len(at)) if not np.isnan(ranks[:, i]).any()]
    for a in sorted(both, key=lambda i: (ranks[1, i], made.cities[i])):
        for b in sorted(both, key=lambda i: (ranks[1, i], made.cities[i])):
            if ranks[0, a] > ranks[0, b] and ranks[1, a] < ranks[1, b]:
                moved = made.scores[:, a] - made.scores[:, b]
                order = sorted(range(len(moved)), key=lambda k: (-moved[k], k))
                parts = tuple((made.differences[k], float(moved[k])) for k in order if moved[k])
                gaps = scores[:, a] - scores[:, b]
                yield Passed(made.cities[a], made.cities[b], float(gaps[0]), float(gaps[1]), parts)
