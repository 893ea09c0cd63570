"""What a ranking report is made from: pure input, whoever computed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from evaluation.platform.i18n import N_
from reports.model import Name, Phrase, Text

if TYPE_CHECKING:
    from evaluation.framework.tree import Framework, Node, Unit
    from scoring.composite.sheet import ScoreSheet

MISSING = Phrase(N_("缺失"), tone="faint")
NOT_APPLICABLE = Phrase(N_("不适用"), tone="faint")
NOT_RANKED = Phrase(N_("参评不排名"), tone="faint")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one value came from. ``when`` is shown as given; ``evidence`` names, not contents."""

    method: Text = ""
    source: Text = ""
    when: str = ""
    by: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class RankingFacts:
    """A scored round, ready to be reported.

    ``audience`` is ``"full"``, or the codes of the units whose indicator values may be shown:
    everybody's ranks, scores and dimension scores are always in the report, the indicators of
    other units are left out. It has no default: whoever asks for a report says for whom.
    ``intervals`` are by unit, of ranks, with ``low`` and ``high``; absent, the sheet's are used.
    ``provenance`` is by (unit, indicator).
    """

    framework: Framework
    sheet: ScoreSheet
    audience: Literal["full"] | frozenset[str]
    round_name: Text = ""
    published: str | None = None
    previous: ScoreSheet | None = None
    previous_round_name: Text = ""
    organiser: str = ""
    demo: bool = False
    official: bool = False
    provenance: Mapping[tuple[str, str], Provenance] = field(default_factory=dict)
    intervals: Mapping[str, Mapping[str, float]] | None = None
    input_sha256: str = ""

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Scored units: the framework's order, then any that the framework does not name."""
        scored = set(self.sheet.cities)
        named = [unit.code for unit in self.framework.units if unit.code in scored]
        known = set(named)
        return (*named, *(code for code in self.sheet.cities if code not in known))

    @cached_property
    def peers(self) -> frozenset[str]:
        """The units that are ranked."""
        by_code = self.framework.unit_by_code
        return frozenset(code for code in self.units if code not in by_code or by_code[code].ranked)

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """Administrative order, those that are not ranked below."""
        return tuple(sorted(self.units, key=lambda code: code not in self.peers))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Where each unit stands in the sheet's arrays."""
        return {code: at for at, code in enumerate(self.sheet.cities)}

    @cached_property
    def node_at(self) -> dict[str, int]:
        """Where each node stands in the sheet's node arrays."""
        return {code: at for at, code in enumerate(self.sheet.nodes)}

    @cached_property
    def indicator_at(self) -> dict[str, int]:
        """Where each indicator stands in the sheet's indicator arrays."""
        return {code: at for at, code in enumerate(self.sheet.indicators)}

    @property
    def root(self) -> Node:
        """The index."""
        return self.framework.root

    @property
    def dimensions(self) -> tuple[Node, ...]:
        """First-level indicators."""
        return self.framework.dimensions

    def shows(self, unit: str) -> bool:
        """Whether the indicator values of *unit* may be shown."""
        return self.audience == "full" or unit in self.audience

    def unit_name(self, code: str) -> Text:
        """The unit's name, its code where it has none."""
        unit: Unit | None = self.framework.unit_by_code.get(code)
        return Name(unit.name, unit.name_en) if unit and unit.name else code

    def score(self, unit: str, node: str) -> float | None:
        """The unrounded score; None where there is none."""
        value = float(self.sheet.scores[self.row_of[unit], self.node_at[node]])
        return None if value != value else value

    def rank(self, unit: str, node: str) -> float | None:
        """The rank by the method's own policy; None for one that is not ranked or has no score."""
        value = float(self.sheet.ranks[self.row_of[unit], self.node_at[node]])
        return None if value != value or unit not in self.peers else value

    def absence(self, unit: str, node: str) -> Phrase:
        """Why a node has no score: not applicable when all its indicators are, else missing."""
        under = self.leaves[node]
        row = self.sheet.not_applicable[self.row_of[unit]]
        gone = under and all(bool(row[self.indicator_at[leaf]]) for leaf in under)
        return NOT_APPLICABLE if gone else MISSING

    @cached_property
    def leaves(self) -> dict[str, tuple[str, ...]]:
        """The indicators under every node, itself where it is one."""
        found: dict[str, tuple[str, ...]] = {}
        for node in reversed(self.depth_first):
            children = self.framework.children[node.code]
            found[node.code] = (
                tuple(leaf for child in children for leaf in found[child.code])
                if children
                else (node.code,)
            )
        return found

    @cached_property
    def depth_first(self) -> tuple[Node, ...]:
        """Every node, parents before their children, siblings in the framework's order."""
        order: list[Node] = []
        waiting = [self.framework.root]
        while waiting:
            node = waiting.pop()
            order.append(node)
            waiting.extend(reversed(self.framework.children[node.code]))
        return tuple(order)

    @cached_property
    def rank_intervals(self) -> Mapping[str, Mapping[str, float]]:
        """Rank intervals by unit; none where nothing was drawn or the unit has no score."""
        found = self.sheet.intervals if self.intervals is None else self.intervals
        return {  # NaN in a sheet, None in one read back
            unit: interval
            for unit, interval in found.items()
            if interval["low"] is not None and interval["low"] == interval["low"]
        }


def node_name(node: Node) -> Text:
    """The node's name, its code where it has none."""
    return Name(node.name, node.name_en) if node.name else node.code
