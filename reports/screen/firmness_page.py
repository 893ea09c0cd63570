"""How sure a ranking is, in full: neighbours, bands, the matrix and every place. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from evaluation.platform.i18n import N_
from reports.model import Joined, Phrase, Text
from reports.ranking import RankingFacts
from reports.ranking.words import method_lines

APART = N_(
    "第 {one} 名{first}与第 {two} 名{second}：在 {share} 的模拟中{first}在前，"
    "达到 {level}，可以区分。"
)
LEVEL = N_(
    "第 {one} 名{first}与第 {two} 名{second}：在 {share} 的模拟中{first}在前，"
    "不到 {level}，视为并列。"
)
BEHIND = N_(
    "第 {one} 名{first}与第 {two} 名{second}：只在 {share} 的模拟中{first}在前，"
    "视为并列，不能说{first}更好。"
)
MOST = 20  # cities of which every pair and every place is shown


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cities: the share of the draws in which the first stands before the second.

    A tie counts as half. ``apart`` is whether that reaches the level.
    """

    first: str
    second: str
    share: float
    apart: bool
    words: Text


@dataclass(frozen=True, slots=True)
class Line:
    """One city: its place, the 5–95 % interval, its band and the share of draws by place."""

    unit: str
    name: Text
    rank: float
    interval: tuple[float, float] | None
    band: int
    places: tuple[float, ...]

    @property
    def same(self) -> float:
        """The share of the draws in which it has exactly its published place."""
        at = int(self.rank) - 1
        return self.places[at] if 0 <= at < len(self.places) else 0.0


class Sureness:
    """What the draws of a sheet say; cities by their published place."""

    def __init__(self, facts: RankingFacts) -> None:
        self.facts = facts
        self.said = facts.sheet.firmness
        self.level: float = float(self.said.get("tie_level", 0.9))
        known = list(self.said.get("cities", ()))
        self._at = {unit: at for at, unit in enumerate(known)}
        root = facts.root.code
        placed = [(facts.rank(unit, root), unit) for unit in known if unit in facts.peers]
        order = [(rank, at, unit) for at, (rank, unit) in enumerate(placed) if rank is not None]
        self.units = tuple(unit for _rank, _at, unit in sorted(order))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every ranked city."""
        return tuple(self._line(unit) for unit in self.units)

    @cached_property
    def neighbours(self) -> tuple[Pair, ...]:
        """Every city with the next."""
        return tuple(self.pair(a, b) for a, b in zip(self.units, self.units[1:], strict=False))

    @property
    def whole(self) -> bool:
        """Whether there are few enough cities to show every pair."""
        return len(self.units) <= MOST

    def share(self, first: str, second: str) -> float:
        """P(first before second); a tie counts as half."""
        return float(self.said["above"][self._at[first]][self._at[second]])

    def pair(self, first: str, second: str) -> Pair:
        """Two cities in a sentence."""
        share, root = self.share(first, second), self.facts.root.code
        apart = share >= self.level
        facts = {
            "first": self.facts.unit_name(first),
            "second": self.facts.unit_name(second),
            "one": f"{self.facts.rank(first, root):g}",
            "two": f"{self.facts.rank(second, root):g}",
            "share": f"{100 * share:.1f}%",
            "level": f"{100 * self.level:.0f}%",
        }
        said = APART if apart else LEVEL if share >= 0.5 else BEHIND
        return Pair(first, second, share, apart, Phrase(said, facts))

    @cached_property
    def bands(self) -> tuple[tuple[int, Text, int], ...]:
        """Number, names and size of each band of level cities."""
        found: dict[int, list[str]] = {}
        for line in self.lines:
            found.setdefault(line.band, []).append(line.unit)
        return tuple(
            (band, Joined(tuple(self.facts.unit_name(unit) for unit in units)), len(units))
            for band, units in sorted(found.items())
        )

    @cached_property
    def ran(self) -> tuple[tuple[Text, Text], ...]:
        """Rule and value of everything that was drawn, as it was executed."""
        lines = method_lines(self.facts.sheet.method)
        section = "uncertainty."
        return tuple((rule, value) for key, _, rule, value in lines if key.startswith(section))

    @property
    def draws(self) -> tuple[int, int]:
        """How many were made, and how many failed."""
        said = self.facts.sheet.method.get("uncertainty", {})
        done = said.get("executed", said)
        return int(done.get("draws", 0)), int(done.get("failed", 0))

    def _line(self, unit: str) -> Line:
        facts, at = self.facts, self._at[unit]
        interval = facts.rank_intervals.get(unit)
        return Line(
            unit,
            facts.unit_name(unit),
            facts.rank(unit, facts.root.code) or 0.0,
            (interval["low"], interval["high"]) if interval else None,
            int(self.said["bands"][at]),
            tuple(float(share) for share in self.said["acceptability"][at]),
        )
