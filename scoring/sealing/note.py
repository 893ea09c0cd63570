"""What a correction tells the public: what changed, and which places moved because of it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from scoring.composite.problems import CompositeError
from scoring.composite.sheet import ScoreSheet
from scoring.runs.comparison import compare
from scoring.runs.judging import case_of
from scoring.runs.snapshot import Snapshot
from scoring.whatif.attribution import compare as attribute

Side = tuple[Snapshot, ScoreSheet]

#: Scorings that sharing a change out may take where many values changed.
BUDGET = 200


@dataclass(frozen=True)
class Cause:
    """What moved a city's score: an indicator of a city, or empty codes for everything else."""

    city: str
    indicator: str
    score: float


@dataclass(frozen=True)
class Moved:
    """A city whose score or place is another than before. None: there was, or is, none.

    ``causes`` add up to the change of the score; they are empty where it was not shared out.
    """

    city: str
    rank_before: float | None
    rank_after: float | None
    score_before: float | None
    score_after: float | None
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Note:
    """A correction, as far as a reader may see it.

    ``cells`` are the changed values that the reader may see, ``changed`` how many there are.
    """

    version: int
    changed: int
    cells: tuple[tuple[str, str], ...]
    method: bool
    moved: tuple[Moved, ...]

    @property
    def places(self) -> tuple[Moved, ...]:
        """Those whose place is another."""
        return tuple(each for each in self.moved if each.rank_before != each.rank_after)


def changes(version: int, earlier: Side, later: Side) -> dict[str, Any]:
    """What differs between published *version* and the result that corrects it, as plain values."""
    found = compare(earlier, later)
    root = later[0].framework.root.code
    causes = _causes(earlier[0], later[0])
    return {
        "version": version,
        "inputs": [[each.city, each.indicator] for each in found.inputs],
        "method": found.method,
        "moved": [
            {
                "city": each.city,
                "rank": [each.rank_before, each.rank_after],
                "score": [each.before, each.after],
                "causes": causes.get(each.city, []),
            }
            for each in found.of_node(root)
        ],
    }


def told(held: Mapping[str, Any], audience: Literal["full"] | frozenset[str]) -> Note | None:
    """The note of a correction for those who see the values of *audience*; None where none is.

    Whoever does not see a city's values is not told which of its indicators changed: what those
    did to a score is one sum.
    """
    if not held:
        return None

    def seen(city: str) -> bool:
        return audience == "full" or city in audience

    moved = []
    for each in held["moved"]:
        causes = tuple(Cause(*cause) for cause in each["causes"])
        shown = tuple(cause for cause in causes if cause.city and seen(cause.city))
        rest = math.fsum(cause.score for cause in causes if cause not in shown)
        if len(shown) < len(causes):
            shown = (*shown, Cause("", "", rest))
        (rank_before, rank_after), (before, after) = each["rank"], each["score"]
        moved.append(Moved(each["city"], rank_before, rank_after, before, after, shown))
    return Note(
        held["version"],
        len(held["inputs"]),
        tuple((city, indicator) for city, indicator in held["inputs"] if seen(city)),
        held["method"],
        tuple(moved),
    )


def _causes(earlier: Snapshot, later: Snapshot) -> dict[str, list[Sequence[Any]]]:
    """By city, what each changed value did to its score; a rest where the rules changed."""
    try:
        found = attribute(case_of(earlier), case_of(later), budget=BUDGET)
    except CompositeError:
        return {}
    causes: dict[str, list[Sequence[Any]]] = {}
    for row, city in enumerate(found.cities):
        if math.isnan(found.score_change[row]):
            continue
        for at, difference in enumerate(found.differences):
            part = float(found.scores[at, row])
            if part:
                known = difference.kind == "observation"
                where = (difference.city, difference.code) if known else ("", "")
                causes.setdefault(city, []).append([*where, part])
    return causes
