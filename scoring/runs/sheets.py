"""A score sheet as a file and back, every stage in it, bit for bit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from scoring.composite.plain import plain
from scoring.composite.sheet import ScoreSheet
from scoring.runs.snapshot import canonical

FORMAT = "yingshang-sheet/1"
NUMBERS = ("raw", "imputed", "treated", "normalised", "scores", "weights", "ranks")
FLAGS = ("was_imputed", "not_applicable")
CODES = ("cities", "indicators", "nodes")
PARTS = ("denominated", "divisors")  # of a framework that divides
SAID = ("firmness", "sensitivity", "further", "unscored")  # where there is any


def sheet_bytes(sheet: ScoreSheet) -> bytes:
    """Canonical JSON of *sheet*: floats in their shortest exact spelling, NaN as null."""
    held: dict[str, Any] = {"format": FORMAT}
    held |= {name: list(getattr(sheet, name)) for name in CODES}
    held |= {name: _without_nan(getattr(sheet, name).tolist()) for name in NUMBERS}
    held |= {name: getattr(sheet, name).tolist() for name in FLAGS}
    held["method"] = plain(sheet.method)
    held["treatment"] = plain(sheet.treatment)
    held["intervals"] = plain(sheet.intervals)
    held |= {name: plain(getattr(sheet, name)) for name in SAID if getattr(sheet, name)}
    if sheet.imputation:
        held["imputation"] = plain(sheet.imputation)
    if sheet.ranked is not None and not sheet.ranked.all():
        held["ranked"] = sheet.ranked.tolist()
    for name in PARTS:
        if getattr(sheet, name) is not None:
            held[name] = _without_nan(getattr(sheet, name).tolist())
    return canonical(held)


def sheet_from_bytes(content: bytes) -> ScoreSheet:
    """The sheet of a stored file. Raises ValueError for another format."""
    held = json.loads(content)
    if held.get("format") != FORMAT:
        raise ValueError(f"not a {FORMAT}")
    cities, wide, deep = (len(held[name]) for name in CODES)
    shapes = dict.fromkeys(("scores", "weights", "ranks"), (cities, deep))
    stages: dict[str, Any] = {
        name: np.array(held[name], dtype=float).reshape(shapes.get(name, (cities, wide)))
        for name in NUMBERS
    }
    stages |= {name: np.array(held[name], dtype=bool).reshape(cities, wide) for name in FLAGS}
    stages |= {name: tuple(held[name]) for name in (*CODES, "treatment")}
    stages |= {name: held.get(name, {}) for name in SAID}
    stages["imputation"] = tuple(held.get("imputation", ()))
    stages["ranked"] = np.array(held.get("ranked", [True] * cities), dtype=bool)
    for name in PARTS:
        if name in held:
            stages[name] = np.array(held[name], dtype=float).reshape(cities, wide)
    return ScoreSheet(**stages, method=held["method"], intervals=held["intervals"])


def _without_nan(rows: list[list[float]]) -> list[list[float | None]]:
    return [[None if value != value else value + 0.0 for value in row] for row in rows]
