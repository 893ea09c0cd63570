"""Ratings for the tests: the golden tables and small simulated provinces."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from scoring.raters.conditional import chances
from scoring.raters.ratings import Ratings, gather

GOLDEN = Path(__file__).parents[2] / "golden" / "raters"


def golden(name: str) -> list[dict[str, str]]:
    """A golden table as dictionaries."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def krippendorff() -> np.ndarray:
    """Units × raters of Krippendorff's example."""
    rows = [list(row.values()) for row in golden("reliability_krippendorff_data")]
    return np.array([[float(cell) if cell else np.nan for cell in row] for row in rows]).T


def long(table, *, items=None) -> Ratings:
    """A units × raters table (one item), or a list of them, as ratings; NaN is none."""
    tables = [np.asarray(table, dtype=float)] if items is None else table
    names = ("i",) if items is None else items
    rows = [
        (f"u{u:03}", item, f"r{r:02}", made[u, r])
        for item, made in zip(names, tables, strict=True)
        for u, r in zip(*np.nonzero(~np.isnan(made)), strict=True)
    ]
    return gather(*zip(*rows, strict=True))


def simulated(
    *, units=200, items=6, raters=8, each=2, seed=7, spread=0.5, tau=(-1.5, -0.5, 0.5, 1.5)
):
    """Ratings from the model, and the truth: abilities, difficulties, severities."""
    random = np.random.default_rng(seed)
    ability = random.normal(0, 1, units)
    difficulty = random.normal(0, 0.6, items)
    severity = random.normal(0, spread, raters)
    difficulty, severity = difficulty - difficulty.mean(), severity - severity.mean()
    unit, item, rater = [], [], []
    for u in range(units):
        for r in sorted(random.choice(raters, each, replace=False)):
            for i in range(items):
                unit.append(u)
                item.append(i)
                rater.append(r)
    place = ability[unit] - difficulty[item] - severity[rater]
    chance = np.cumsum(chances(place, np.array(tau)), axis=1)
    value = 1 + (random.random(len(unit))[:, None] > chance).sum(axis=1)
    made = gather(
        [f"u{u:03}" for u in unit],
        [f"i{i:02}" for i in item],
        [f"r{r:02}" for r in rater],
        value.astype(float),
    )
    return made, ability, difficulty, severity
