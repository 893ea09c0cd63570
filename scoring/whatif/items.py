"""What a city can do, and the scorings made of it so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats, ScoreSheet
    from scoring.whatif.case import Case
    from scoring.whatif.goals import Goal


@dataclass
class Items:
    """What can be done, and the scorings made so far.

    ``goals`` and ``efforts`` run side by side. ``scorings`` counts what was really scored.
    """

    case: Case
    city: str
    wanted: int
    before: ScoreSheet
    goals: tuple[Goal, ...]
    efforts: Floats
    scorings: int = 1
    known: dict[frozenset[int], ScoreSheet] = field(default_factory=dict)

    @property
    def root(self) -> int:
        """Column of the index."""
        return self.before.nodes.index(self.case.tree.root)

    @property
    def row(self) -> int:
        """Row of the city."""
        return self.before.cities.index(self.city)

    def scored(self, chosen: Collection[int]) -> ScoreSheet:
        """The scoring with some items done; singles and the whole are kept."""
        key = frozenset(chosen)
        if key in self.known:
            return self.known[key]
        values = {self.goals[i].code: self.goals[i].raw for i in sorted(key)}
        made = self.case.with_values(self.city, values).score()
        self.scorings += 1
        if len(key) in (1, len(self.goals)):
            self.known[key] = made
        return made

    def there(self, sheet: ScoreSheet) -> bool:
        """Whether the city has the place in *sheet*."""
        return bool(sheet.ranks[self.row, self.root] <= self.wanted)

    def changes(self) -> Floats:
        """What each item alone does to the score of each city, ``(n_cities, n_items)``."""
        index = self.before.scores[:, self.root]
        made = [self.scored([i]).scores[:, self.root] - index for i in range(len(self.goals))]
        return np.column_stack(made) if made else np.zeros((index.size, 0))
