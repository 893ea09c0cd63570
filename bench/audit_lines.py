"""The whole coherence audit and the questions of what-if, against the seconds a person waits."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from bench import province
from bench.measuring import Line, Work
from scoring.audit import audit
from scoring.composite.method import parse_method
from scoring.runs.judging import tree_of
from scoring.whatif import Case, compare, gains, reach, what_if

CITIES = 14
ROUNDS = 5
LIMIT = 1.0  # of the seconds promised
CHANGES = 40  # observations that differ between two runs


def lines() -> Iterator[Line]:
    """The audit of 14 and of 333 units, and what-if, gains, a way to a rank and a comparison."""
    small, large = case(CITIES), case(province.LARGE)
    city = small.cities[int(np.nanargmax(small.score().ranks[:, 0]))]
    code = small.tree.indicators[0]
    zones = dict.fromkeys(small.cities, "all")
    other = changed(small)
    geometric = parse_method({"aggregate": {"method": "geometric", "floor": 1.0}})
    curved = replace(small, method=geometric)
    yield line("audit 14×94", audited(small), 1.0)
    yield line("audit 333×94", audited(large), 5.0)
    yield line("what if, one value", lambda: what_if(small, city, {code: 1.0}), 0.1)
    yield line("gains 94×4 aims", lambda: gains(small, city, zones=zones), 2.0)
    yield line("way to rank 3, linear", lambda: reach(small, city, 3), 2.0)
    yield line("way to rank 3, geometric", lambda: reach(curved, city, 3), 8.0)
    yield line("two runs, 40 changes", lambda: compare(small, other), 12.0)


def line(name: str, work: Work, seconds: float) -> Line:
    """A line whose baseline is a promise in seconds."""
    said = f"the {seconds:g} s that are promised"
    return Line(name, work, work, LIMIT, said, taken=timed(work, seconds))


def timed(work: Work, seconds: float) -> Callable[[], tuple[float, float]]:
    """The median of some runs, after one that is not timed."""

    def take() -> tuple[float, float]:
        work()
        found = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            work()
            found.append(time.perf_counter() - started)
        return statistics.median(found), seconds

    return take


def case(units: int) -> Case:
    """The synthetic province as a case, without its draws."""
    made = province.framework(units)
    raw, absent = province.arrays(units)
    once = {section: keys for section, keys in made.method.items() if section != "uncertainty"}
    return Case(
        tree=tree_of(made),
        cities=tuple(unit.code for unit in made.units),
        values=raw,
        method=parse_method(once),
        not_applicable=absent,
        ranked=np.array([unit.ranked for unit in made.units]),
    )


def audited(made: Case) -> Work:
    """The audit of a case, population given; its scoring is not in it."""
    sheet = made.score()
    sizes = np.random.default_rng(province.SEED).uniform(50, 900, len(made.cities))
    return lambda: audit(made.tree, sheet, population=sizes)


def changed(made: Case) -> Case:
    """Some observations a little other."""
    rng = np.random.default_rng(province.SEED)
    values = made.values.copy()
    cells = np.argwhere(~np.isnan(values))
    for i, j in cells[rng.choice(len(cells), CHANGES, replace=False)]:
        values[i, j] *= 1.1
    return replace(made, values=values)
