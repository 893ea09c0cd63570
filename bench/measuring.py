"""One speed line: our work and a bare baseline, timed in turns so that both meet the same noise."""

from __future__ import annotations

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Line:
    """What is compared, and the ratio that it may reach.

    ``taken`` gives both numbers itself, in seconds, where they are no medians of runs in turns.
    ``calls`` is how often a timing repeats the work; ``rounds`` how many timings of each are
    taken. ``memory`` gives peaks in MB of ours and of the baseline, where they mean something.
    """

    name: str
    ours: Work
    bare: Work
    limit: float
    baseline: str
    rounds: int = 9
    calls: int = 1
    memory: Callable[[], tuple[float, float]] | None = None
    taken: Callable[[], tuple[float, float]] | None = None


@dataclass(frozen=True)
class Measured:
    """Medians in seconds of one call, and the ratio of the two."""

    line: Line
    ours: float
    bare: float
    peaks: tuple[float, float] | None

    @property
    def ratio(self) -> float:
        """Ours over the baseline."""
        return self.ours / self.bare

    @property
    def within(self) -> bool:
        """Whether the limit holds."""
        return self.ratio <= self.line.limit


def measure(line: Line) -> Measured:
    """Warm both up, by looking at their memory where it counts, then time them in turns."""
    if line.taken:
        return Measured(line, *line.taken(), None)
    peaks = line.memory() if line.memory else None
    if peaks is None:
        line.ours()
        line.bare()
    ours, bare = [], []
    for _ in range(line.rounds):
        bare.append(_time(line.bare, line.calls))
        ours.append(_time(line.ours, line.calls))
    return Measured(line, statistics.median(ours), statistics.median(bare), peaks)


def traced(ours: Work, bare: Work) -> Callable[[], tuple[float, float]]:
    """Peaks of Python's own allocations (numpy's among them), in a run that is not timed."""
    return lambda: (_peak(ours), _peak(bare))


def _time(work: Work, calls: int) -> float:
    gc.collect()
    started = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - started) / calls


def _peak(work: Work) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
