"""Two scorings of the same cities side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scoring.composite.sheet import Floats, ScoreSheet


@dataclass(frozen=True)
class Outcome:
    """Before and after, cities in the same order; ``root`` is the code of the index.

    ``intervals`` hold, by city, the 5th, 50th and 95th percentile of the change of its place
    over draws that both scorings share; empty unless draws were asked for.
    """

    before: ScoreSheet
    after: ScoreSheet
    root: str
    intervals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def scores(self) -> tuple[Floats, Floats]:
        """Scores of the index before and after, ``(n_cities,)`` each."""
        return self._index("scores")

    @property
    def ranks(self) -> tuple[Floats, Floats]:
        """Places before and after, ``(n_cities,)`` each; NaN for a city without one."""
        return self._index("ranks")

    @property
    def score_change(self) -> Floats:
        """After − before; NaN where either is missing."""
        before, after = self.scores
        return np.asarray(after - before)

    @property
    def rank_change(self) -> Floats:
        """After − before: below 0 for a city that rises."""
        before, after = self.ranks
        return np.asarray(after - before)

    def others(self, city: str) -> tuple[str, ...]:
        """Cities but *city* whose score is not the same: relative scales move them too."""
        before, after = self.scores
        same = (before == after) | (np.isnan(before) & np.isnan(after))
        moved = zip(self.before.cities, same, strict=True)
        return tuple(name for name, still in moved if not still and name != city)

    def as_mapping(self) -> dict[str, Any]:
        """By city: score and rank before, after and their change; plain numbers for JSON."""
        columns = (*self.scores, self.score_change, *self.ranks, self.rank_change)
        names = ("score", "new_score", "score_change", "rank", "new_rank", "rank_change")
        rows = np.column_stack(columns).tolist()
        return {
            city: {name: plain(value) for name, value in zip(names, row, strict=True)}
            | ({"interval": dict(self.intervals[city])} if city in self.intervals else {})
            for city, row in zip(self.before.cities, rows, strict=True)
        }

    def _index(self, name: str) -> tuple[Floats, Floats]:
        at = self.before.nodes.index(self.root), self.after.nodes.index(self.root)
        return getattr(self.before, name)[:, at[0]], getattr(self.after, name)[:, at[1]]


def plain(value: float | None) -> float | None:
    """None for NaN."""
    return None if value is None or value != value else float(value)


def plains(values: Sequence[float]) -> list[float | None]:
    """The same for several."""
    return [plain(value) for value in values]
