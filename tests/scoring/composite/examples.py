"""Small trees and random provinces for the engine's tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from scoring.composite.sheet import Tree


def tree(*, dimensions: int = 3, each: int = 3, posts: bool = True, **more: object) -> Tree:
    """An index of some dimensions of some indicators, weights 1, 2, 3…, goalposts 0 to 100."""
    codes, parents, weights = ["index"], [None], [1.0]
    for d in range(dimensions):
        codes.append(f"d{d}")
        parents.append("index")
        weights.append(float(d + 1))
        for i in range(each):
            codes.append(f"d{d}i{i}")
            parents.append(f"d{d}")
            weights.append(float(i + 1))
    count = len(codes)
    signs = tuple(-1 if code.endswith("i1") else 1 for code in codes)
    best = tuple((100.0 if sign > 0 else 0.0) if posts else None for sign in signs)
    worst = tuple((0.0 if sign > 0 else 100.0) if posts else None for sign in signs)
    given = {
        "codes": tuple(codes),
        "parents": tuple(parents),
        "directions": signs,
        "weights": tuple(weights),
        "best": best,
        "worst": worst,
        "target": (60.0,) * count,
    }
    return Tree(**{**given, **more})


def flat(count: int, **more: object) -> Tree:
    """An index of *count* indicators of equal weight, higher better, goalposts 0 to 100."""
    given = {
        "codes": ("index", *(f"i{i}" for i in range(count))),
        "parents": (None, *("index",) * count),
        "directions": (1,) * (count + 1),
        "weights": (1.0,) * (count + 1),
        "best": (100.0,) * (count + 1),
        "worst": (0.0,) * (count + 1),
        "target": (None,) * (count + 1),
    }
    return Tree(**{**given, **more})


@st.composite
def provinces(draw, *, least: int = 3, most: int = 12, columns: int = 9, gaps: bool = True):
    """City codes and a ``(n, columns)`` array, some of it missing, many values tied."""
    count = draw(st.integers(least, most))
    number = st.integers(-20, 120).map(lambda n: n / 1.0) | st.floats(0, 100, width=32)
    cell = number | st.just(float("nan")) if gaps else number
    rows = draw(
        st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=count, max_size=count)
    )
    return tuple(f"c{i:02d}" for i in range(count)), np.array(rows, dtype=float)
