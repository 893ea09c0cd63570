"""Two results side by side: what moved each score and place, in words and in parts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from evaluation.framework.tree import Framework
from evaluation.platform.i18n import N_
from reports.model import Joined, Name, Phrase, Text
from reports.ranking.words import STEPS, method_lines
from reports.screen.arithmetic import written
from scoring.composite.sheet import ScoreSheet
from scoring.runs.attribution import Passed
from scoring.whatif import Comparison
from scoring.whatif.differences import Difference

#: Causes of one city that are listed; the others stand together in one line.
LISTED = 8
SEEN = 5e-10  # points: what is less is the rounding of doubles
KINDS = {
    "weights": N_("“{name}”下级的权重"),
    "rule": N_("“{name}”的计分规则"),
    "observations": N_("{name}（全部数值）"),
    "city": N_("{name}进入或退出评价"),
    "ranked": N_("{name}是否参加排名"),
    "groups": N_("分组"),
    "input": N_("其他输入：{name}"),
    "framework": N_("指标体系的结构"),
    "rules": N_("全部规则（混合后不能计分，合并为一项）"),
    "everything": N_("全部变动（混合后不能计分，合并为一项）"),
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of a change: what it was, in points of the index and in places (below 0: up)."""

    name: Text
    was: Text
    now: Text
    points: float
    places: float


@dataclass(frozen=True)
class Moved:
    """One city: its score and place before and after, and the causes, which add up.

    ``rest`` holds what is not listed, None where everything is; ``most`` is the longest bar.
    """

    city: str
    name: Text
    scores: tuple[float | None, float | None]
    ranks: tuple[float | None, float | None]
    causes: tuple[Cause, ...]
    rest: tuple[int, float, float] | None
    most: float

    @property
    def change(self) -> float | None:
        """Points of the index, after − before."""
        before, after = self.scores
        return None if before is None or after is None else after - before

    @property
    def rise(self) -> float | None:
        """Places won."""
        before, after = self.ranks
        return None if before is None or after is None else before - after

    @property
    def residual(self) -> float:
        """What the causes leave of the change: rounding of doubles."""
        listed = sum(each.points for each in self.causes)
        return (self.change or 0.0) - listed - (self.rest[1] if self.rest else 0.0)


class Sides:
    """Names and places of both sides; the later one's names count."""

    def __init__(
        self, frameworks: tuple[Framework, Framework], sheets: tuple[ScoreSheet, ScoreSheet]
    ) -> None:
        self.frameworks, self.sheets = frameworks, sheets
        self.roots = tuple(each.root.code for each in frameworks)

    def unit(self, code: str) -> Text:
        """The name of a unit of either side."""
        for framework in reversed(self.frameworks):
            unit = framework.unit_by_code.get(code)
            if unit is not None and unit.name:
                return Name(unit.name, unit.name_en)
        return code

    def node(self, code: str) -> Text:
        """The name of a node of either side."""
        for framework in reversed(self.frameworks):
            node = framework.by_code.get(code)
            if node is not None and node.name:
                return Name(node.name, node.name_en)
        return code

    def index(self, stage: str, city: str) -> tuple[float | None, float | None]:
        """Score or rank of the index before and after."""
        before, after = (self._index(side, stage, city) for side in (0, 1))
        return before, after

    def _index(self, side: int, stage: str, city: str) -> float | None:
        sheet = self.sheets[side]
        if city not in sheet.cities:
            return None
        at = sheet.cities.index(city), sheet.nodes.index(self.roots[side])
        value = float(getattr(sheet, stage)[at])
        return None if value != value else value


def moved(made: Comparison, sides: Sides, *, only: str = "") -> tuple[Moved, ...]:
    """Every city whose score or place moved, by its place now; *only* one, with every cause."""
    found = [
        _moved(made, sides, at, LISTED if city != only else len(made.differences))
        for at, city in enumerate(made.cities)
        if only in ("", city)
    ]
    some = [each for each in found if each.change is None or each.causes or each.rise]
    return tuple(sorted(some, key=lambda m: (m.ranks[1] is None, m.ranks[1] or 0.0, m.city)))


def _moved(made: Comparison, sides: Sides, at: int, listed: int) -> Moved:
    city = made.cities[at]
    points, places = np.nan_to_num(made.scores[:, at]), np.nan_to_num(made.ranks[:, at])
    order = [k for k in range(len(points)) if abs(points[k]) > SEEN or abs(places[k]) > SEEN]
    order.sort(key=lambda k: (-abs(points[k]), k))
    causes = tuple(
        Cause(
            difference_name(made.differences[k], sides),
            *change_words(made, made.differences[k], city),
            float(points[k]),
            float(places[k]),
        )
        for k in order[:listed]
    )
    rest = order[listed:]
    other = (len(rest), float(points[rest].sum()), float(places[rest].sum())) if rest else None
    return Moved(
        city,
        sides.unit(city),
        sides.index("scores", city),
        sides.index("ranks", city),
        causes,
        other,
        max((abs(each.points) for each in causes), default=0.0),
    )


@dataclass(frozen=True, slots=True)
class Overtaking:
    """Who passed whom: gaps in points before and after, and the two or three main causes."""

    name: Text
    other: Text
    before: float
    after: float
    because: tuple[tuple[Text, float], ...]
    rest: float


def overtakings(passes: tuple[Passed, ...], sides: Sides) -> tuple[Overtaking, ...]:
    """The same in names."""
    return tuple(
        Overtaking(
            sides.unit(each.city),
            sides.unit(each.other),
            each.before,
            each.after,
            tuple((difference_name(what, sides), points) for what, points in each.parts[:3]),
            sum(points for _what, points in each.parts[3:]),
        )
        for each in passes
    )


class Names(Protocol):
    """Gives the names of nodes and cities."""

    def node(self, code: str) -> Text:
        """A node's name, its code where it has none."""

    def unit(self, code: str) -> Text:
        """A city's name, its code where it has none."""


def difference_name(what: Difference, names: Names) -> Text:
    """What changed, in words."""
    if what.kind == "observation":
        return Joined((names.unit(what.city), names.node(what.code)), " · ")
    if what.kind == "observations" and what.code:
        return names.node(what.code)
    if what.kind == "method":
        step: Text = Phrase(STEPS[what.code]) if what.code in STEPS else what.code
        return Phrase(N_("方法：{name}"), {"name": step})
    of_city = what.kind in ("observations", "city", "ranked")
    name = names.unit(what.city) if of_city else names.node(what.code)
    return Phrase(KINDS.get(what.kind, what.kind), {"name": name})


def change_words(made: Comparison, what: Difference, city: str = "") -> tuple[Text, Text]:
    """What it was and what it is; of several values the one of *city*, else how many."""
    parts = made.parts.get(what, ())
    own = [part for part in parts if part.kind == "observation" and part.city == city]
    if len(own) == 1 and what.code:
        what, parts = own[0], ()
    if parts:
        return "", Phrase(N_("{count} 个数值"), {"count": len(parts)})
    before, after = made.shown.get(what, (None, None))
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)][:6]
        was, now = (
            Joined(tuple(f"{key} {_value(side.get(key))}" for key in keys))
            for side in (before, after)
        )
        return was, now
    return (_value(before), _value(after)) if what.kind == "observation" else ("", "")


def _value(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(Phrase(N_("不适用"))) if value == "not-applicable" else str(value)
    return written(float(value), 6)


def method_changes(
    sheets: tuple[ScoreSheet, ScoreSheet],
) -> tuple[tuple[Text, Text, Text | None, Text | None], ...]:
    """Step, rule, old and new value of every key of the executed method that differs."""
    sides = [
        {key: (step, rule, value) for key, step, rule, value in method_lines(sheet.method)}
        for sheet in sheets
    ]
    found = []
    for key in {**sides[0], **sides[1]}:
        before, after = (side.get(key) for side in sides)
        if (before and str(before[2])) != (after and str(after[2])):
            step, rule, _ = before or after or ("", "", "")
            found.append((step, rule, before[2] if before else None, after[2] if after else None))
    return tuple(found)
