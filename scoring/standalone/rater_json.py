"""What a file of ratings comes to: as plain values for JSON, and as VALUES to be scored."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scoring.composite.plain import plain

if TYPE_CHECKING:
    from scoring.raters.severity import Facet
    from scoring.standalone.rater_files import Rated


def as_json(rated: Rated) -> dict[str, Any]:
    """Everything as plain values; None where there is no number."""
    found = rated.found
    made: dict[str, Any] = {
        "ratings": len(rated.ratings.value),
        "alpha": {"level": rated.level, "draws": rated.draws, "seed": rated.seed},
        "agreement": {
            "overall": plain(asdict(rated.overall)),
            "items": {item: plain(asdict(each)) for item, each in rated.by_item.items()},
        },
        "gate": None,
        "severity": None,
        "warnings": [str(fault) for fault in rated.warnings],
        "input_sha256": rated.input_sha256,
    }
    if rated.gate:
        made["gate"] = {
            "rule": plain(asdict(rated.gate)),
            "outcome": rated.outcome,
            "verdicts": [plain(asdict(each)) for each in rated.verdicts],
        }
    if found:
        shrunk = dict(zip(found.raters.codes, found.shrunk.severity.tolist(), strict=True))
        cells = zip(
            found.cells.units, found.cells.items, found.cells.score.tolist(),
            found.cells.error.tolist(), found.cells.observed.tolist(), strict=True,
        )  # fmt: skip
        made["severity"] = {
            "estimator": "conditional maximum likelihood; abilities by Warm",
            "raters": _elements(found.raters),
            "shrunk": shrunk,
            "items": _elements(found.items),
            "units": _elements(found.units),
            "fair": {
                code: {"score": score, "error": error, "observed": seen}
                for code, score, error, seen in zip(
                    found.fair.codes, found.fair.score.tolist(), found.fair.error.tolist(),
                    found.fair.observed.tolist(), strict=True,
                )
            },
            "cells": [
                {"unit": unit, "item": item, "score": score, "error": error, "observed": seen}
                for unit, item, score, error, seen in cells
            ],
            "thresholds": found.thresholds.tolist(),
            "steps": found.steps.tolist(),
            "merged": [list(pair) for pair in found.merged],
            "spread": {
                name: plain(asdict(facet.spread)) if facet.spread else None
                for name, facet in (("raters", found.raters), ("units", found.units))
            },
            "log_likelihood": round(found.likelihood, 6),
        }  # fmt: skip
    return made


def as_values(rated: Rated) -> str:
    """Adjusted scores with their errors as ``yingshang score`` reads them.

    One row a unit, for each item a column of its code and one of its code with ``.se``; empty
    where the unit was not rated on the item. Only of ratings of which severities are known.
    """
    assert rated.found is not None
    cells = rated.found.cells
    held = {
        (unit, item): (score, error)
        for unit, item, score, error in zip(
            cells.units, cells.items, cells.score.tolist(), cells.error.tolist(), strict=True
        )
    }
    items = rated.ratings.items
    file = io.StringIO(newline="")
    table = csv.writer(file)
    table.writerow(["city", *(name for item in items for name in (item, f"{item}.se"))])
    for unit in rated.ratings.units:
        row = [value for item in items for value in held.get((unit, item), ("", ""))]
        table.writerow([unit, *row])
    return file.getvalue()


def _elements(facet: Facet) -> dict[str, dict[str, Any]]:
    columns = {
        "measure": facet.measure,
        "error": facet.error,
        "infit": facet.fit.infit,
        "outfit": facet.fit.outfit,
        "count": facet.count,
        "mean": facet.mean,
        "extreme": facet.extreme,
    }
    return {
        code: {name: plain(column[at]) for name, column in columns.items()}
        for at, code in enumerate(facet.codes)
    }
