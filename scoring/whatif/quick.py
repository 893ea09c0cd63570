"""Many sets of items in one aggregation, where they change nobody but the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.adjust_policy import Adjust
from scoring.composite.aggregate import aggregate, kinds_of
from scoring.composite.rank import rank
from scoring.composite.tree_order import levels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Bools, Floats
    from scoring.whatif.items import Items

AT_ONCE = 2000  # sets in one aggregation


class Quick:
    """The city's row with any set of items done, aggregated without scoring everybody again.

    Made by ``quick``, which makes sure that the answers are those of a scoring.
    """

    def __init__(self, items: Items, done: Floats) -> None:
        self.items = items
        self.done = done  # the normalised value of each item's cell when it is done
        self.columns = [items.before.indicators.index(goal.code) for goal in items.goals]

    def index(self, sets: Sequence[Sequence[int]]) -> Floats:
        """The city's score with each of the sets, ``(n_sets,)``."""
        sheet, row = self.items.before, self.items.row
        rows = np.repeat(sheet.normalised[row][None], len(sets), axis=0)
        for i, chosen in enumerate(sets):
            for item in chosen:
                rows[i, self.columns[item]] = self.done[item]
        absent = np.repeat(sheet.not_applicable[row][None], len(sets), axis=0)
        case = self.items.case
        scores, _ = aggregate(case.tree, rows, case.method.aggregate, not_applicable=absent)
        return np.asarray(scores[:, self.items.root])

    def there(self, sets: Sequence[Sequence[int]]) -> Bools:
        """Whether each of the sets takes the city to the place wanted."""
        items = self.items
        index = items.before.scores[:, items.root]
        ranked = ~np.isnan(items.before.ranks[:, items.root])
        ranked[items.row] = True
        columns = np.repeat(index[:, None], len(sets), axis=1)
        columns[items.row] = self.index(sets)
        places = items.case.method.rank
        ranks = rank(columns, ties=places.ties, decimals=places.decimals, ranked=ranked)
        return np.asarray(ranks[items.row] <= items.wanted)


def quick(items: Items) -> Quick | None:
    """A ``Quick`` for *items*, or None where sets of items must be scored one by one.

    It needs scales on which the city moves alone. That each item, and all of them together, leave
    every other city's normalised values as they are, and that the aggregation gives the very score
    of the whole set, is checked on real scorings.
    """
    case, before, row = items.case, items.before, items.row
    copeland = "copeland" in kinds_of(case.method.aggregate, len(levels(case.tree)))
    if copeland or not items.goals or case.method.adjust != Adjust():
        return None
    others = np.arange(len(before.cities)) != row
    done = np.empty(len(items.goals))
    sets: list[list[int]] = [[i] for i in range(len(items.goals))]
    whole = list(range(len(items.goals)))
    for chosen in (*sets, whole):
        sheet = items.scored(chosen)
        still = np.array_equal(
            sheet.normalised[others], before.normalised[others], equal_nan=True
        ) and np.array_equal(sheet.scores[others], before.scores[others], equal_nan=True)
        if not still:
            return None
        if len(chosen) == 1:
            code = items.goals[chosen[0]].code
            done[chosen[0]] = sheet.normalised[row, before.indicators.index(code)]
    made = Quick(items, done)
    real = np.array([items.scored(chosen).scores[row, items.root] for chosen in (*sets, whole)])
    return made if np.array_equal(made.index([*sets, whole]), real, equal_nan=True) else None
