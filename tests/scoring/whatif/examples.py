"""Cases for the tests of what-if."""

from __future__ import annotations

import numpy as np

from scoring.composite.method import parse_method
from scoring.whatif.case import Case
from tests.scoring.composite.examples import flat, tree


def case(values, *, method=None, framework=None, cities=None, **more):
    """A case of cities a, b, c… over *values*; a flat tree of goalposts 0–100 unless given."""
    values = np.asarray(values, dtype=float)
    names = cities or [chr(ord("a") + i) for i in range(len(values))]
    made = framework or flat(values.shape[1])
    return Case(made, tuple(names), values, parse_method(method or {}), **more)


def province(seed, count=8, *, gaps=True, method=None, **more):
    """Random values of the nine indicators of the example tree."""
    rng = np.random.default_rng(seed)
    values = rng.uniform(0, 100, (count, 9))
    if gaps:
        values[rng.random(values.shape) < 0.05] = np.nan
    return case(values, framework=tree(), method=method, **more)
