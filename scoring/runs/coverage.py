"""How complete a snapshot is: values, not applicable, missing, by unit and by indicator. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.framework.tree import Node, Unit
from scoring.runs.snapshot import Snapshot

#: An indicator with a value for fewer of the units it applies to is pointed out.
LEAST = 0.65


@dataclass(frozen=True, slots=True)
class Counted:
    """Cells of one unit or one indicator: with a value, not applicable, and the rest missing."""

    what: Unit | Node
    values: int
    not_applicable: int
    missing: int

    @property
    def share(self) -> float:
        """Values among the cells that apply; 1 where none does."""
        due = self.values + self.missing
        return self.values / due if due else 1.0


@dataclass(frozen=True)
class Coverage:
    """The snapshot counted both ways."""

    units: tuple[Counted, ...]
    indicators: tuple[Counted, ...]

    @property
    def values(self) -> int:
        """Cells with a value."""
        return sum(each.values for each in self.units)

    @property
    def not_applicable(self) -> int:
        """Cells that do not apply."""
        return sum(each.not_applicable for each in self.units)

    @property
    def missing(self) -> int:
        """Cells that should have a value and have none."""
        return sum(each.missing for each in self.units)

    @property
    def thin(self) -> tuple[Counted, ...]:
        """Indicators below `LEAST`."""
        return tuple(each for each in self.indicators if each.share < LEAST)

    @property
    def thin_units(self) -> tuple[Counted, ...]:
        """Units below `LEAST`: what they are scored by is little, and redistribution hides it."""
        return tuple(each for each in self.units if each.share < LEAST)


def coverage(snapshot: Snapshot) -> Coverage:
    """Count every cell of the framework once."""
    framework = snapshot.framework
    values: dict[str, int] = {}
    gone: dict[str, int] = {}
    for each in snapshot.observations:
        for code in ("unit/" + each.city, "node/" + each.indicator):
            tally = gone if each.not_applicable else values
            tally[code] = tally.get(code, 0) + 1

    def count(what: Unit | Node, kind: str, total: int) -> Counted:
        key = f"{kind}/{what.code}"
        have, absent = values.get(key, 0), gone.get(key, 0)
        return Counted(what, have, absent, total - have - absent)

    units, leaves = framework.units, framework.indicators
    return Coverage(
        tuple(count(unit, "unit", len(leaves)) for unit in units),
        tuple(count(leaf, "node", len(units)) for leaf in leaves),
    )
