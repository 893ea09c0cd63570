"""Two runs side by side: which inputs changed, and what that did to scores and places. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.composite.sheet import ScoreSheet
from scoring.runs.snapshot import Adopted, Snapshot


@dataclass(frozen=True, slots=True)
class ChangedInput:
    """An adopted value that is new, gone or different."""

    city: str
    indicator: str
    before: Adopted | None
    after: Adopted | None


@dataclass(frozen=True, slots=True)
class ChangedScore:
    """A score, and on the index a place, that is different. None: there was none."""

    city: str
    node: str
    before: float | None
    after: float | None
    rank_before: float | None
    rank_after: float | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs; equal runs differ in nothing.

    ``scores`` holds the index and every node below it that changed, city by city;
    ``method`` says whether the executed method differs.
    """

    inputs: tuple[ChangedInput, ...]
    scores: tuple[ChangedScore, ...]
    method: bool

    def of_node(self, node: str) -> tuple[ChangedScore, ...]:
        """The changes of one node."""
        return tuple(each for each in self.scores if each.node == node)

    def moved(self, root: str) -> tuple[ChangedScore, ...]:
        """The cities whose place changed, the largest move first."""
        found = [e for e in self.of_node(root) if e.rank_before != e.rank_after]
        return tuple(sorted(found, key=lambda e: -abs((e.rank_before or 0) - (e.rank_after or 0))))


def compare(earlier: tuple[Snapshot, ScoreSheet], later: tuple[Snapshot, ScoreSheet]) -> Comparison:
    """What changed from *earlier* to *later*."""
    return Comparison(
        inputs=tuple(changed_inputs(earlier[0], later[0])),
        scores=tuple(_scores(earlier[1], later[1])),
        method=dict(earlier[1].method) != dict(later[1].method),
    )


def changed_inputs(earlier: Snapshot, later: Snapshot) -> Iterator[ChangedInput]:
    """Adopted values that are new, gone or different, by city and indicator."""
    for cell in sorted(earlier.by_cell.keys() | later.by_cell.keys()):
        before, after = earlier.by_cell.get(cell), later.by_cell.get(cell)
        if _said(before) != _said(after):
            yield ChangedInput(*cell, before, after)


def _said(value: Adopted | None) -> tuple[object, ...] | None:
    """What a reader would call the same value; how often it was saved does not matter."""
    if value is None:
        return None
    return value.value, value.not_applicable, value.method, value.unit, value.source


def _scores(earlier: ScoreSheet, later: ScoreSheet) -> Iterator[ChangedScore]:
    nodes = [*earlier.nodes, *(node for node in later.nodes if node not in earlier.nodes)]
    cities = [*earlier.cities, *(city for city in later.cities if city not in earlier.cities)]
    old, new = _Places(earlier), _Places(later)
    for node in nodes:
        for city in cities:
            score, rank = old.at(city, node)
            score_now, rank_now = new.at(city, node)
            if (score, rank) != (score_now, rank_now):
                yield ChangedScore(city, node, score, score_now, rank, rank_now)


class _Places:
    """Scores and ranks of a sheet by code; None for what is not there."""

    def __init__(self, sheet: ScoreSheet) -> None:
        self.rows = {city: at for at, city in enumerate(sheet.cities)}
        self.columns = {node: at for at, node in enumerate(sheet.nodes)}
        self.scores, self.ranks = sheet.scores.tolist(), sheet.ranks.tolist()

    def at(self, city: str, node: str) -> tuple[float | None, float | None]:
        row, column = self.rows.get(city), self.columns.get(node)
        if row is None or column is None:
            return None, None
        score, rank = self.scores[row][column], self.ranks[row][column]
        return (None if score != score else score), (None if rank != rank else rank)
