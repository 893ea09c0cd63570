"""What-if questions to a stored result: read and prepared once a run, asked as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from evaluation.platform.evidence import EvidenceStore
from scoring.runs import store as runs
from scoring.runs.judging import case_of
from scoring.whatif import Case, Gain, Route, gains, reach
from scoring.whatif.chances import Chance, affordable, chances, drawn
from scoring.whatif.sliding import Slider
from scoring.whatif.steps import Step, steps

ROWS = 20  # gains that are shown at first, and get an interval where that can be afforded
BUDGET = 300  # scorings of a search: about a second for 14 cities and 94 indicators


@dataclass(frozen=True)
class Held:
    """A run's case with its sliders. ``zones`` are by city: its first."""

    case: Case
    slider: Slider
    zones: Mapping[str, str]


@dataclass(frozen=True)
class Gained:
    """A city's gains, the chances of the largest, and the draws behind them."""

    gains: tuple[Gain, ...]
    chances: Mapping[tuple[str, float], Chance]
    draws: int
    own_plan: bool


@dataclass(frozen=True)
class Way:
    """The least effort to a place, and its items step by step; none where it is not reached."""

    route: Route
    steps: tuple[Step, ...]


@lru_cache(maxsize=8)
def held(files: EvidenceStore, snapshot: str) -> Held:
    """The run that scored the snapshot of this hash. A hash names one content for ever."""
    found = runs.held_snapshot(files, snapshot)
    case = case_of(found)
    zones = {unit.code: unit.zones[0] for unit in found.framework.units if unit.zones}
    return Held(case, Slider(case), zones)


@lru_cache(maxsize=64)
def gained(files: EvidenceStore, snapshot: str, city: str, kinds: tuple[str, ...]) -> Gained:
    """Every gain of *city*. Raises ``CompositeError`` for what cannot be scored."""
    ready = held(files, snapshot)
    found = gains(ready.case, city, kinds=kinds, zones=ready.zones)
    most = min(ROWS, affordable(ready.case))
    largest: dict[tuple[str, float], Gain] = {}
    for each in found:
        if each.goal.state == "open" and each.goal.raw is not None and len(largest) < most:
            largest.setdefault((each.goal.code, each.goal.raw), each)
    plan = drawn(ready.case).method.uncertainty
    return Gained(
        found,
        chances(ready.case, city, [each.goal for each in largest.values()]),
        plan.draws,
        ready.case.method.uncertainty.draws > 0,
    )


@lru_cache(maxsize=64)
def way(
    files: EvidenceStore,
    snapshot: str,
    city: str,
    wanted: int,
    kinds: tuple[str, ...],
    efforts: tuple[tuple[str, float], ...],
) -> Way:
    """The least effort that takes *city* to *wanted*. Raises ``ScoringError`` as ``reach``."""
    ready, given = held(files, snapshot), dict(efforts)
    route = reach(
        ready.case,
        city,
        wanted,
        kinds=kinds,
        zones=ready.zones,
        efforts=given,
        budget=BUDGET,
    )
    return Way(route, steps(ready.case, route, given) if route.reached else ())
