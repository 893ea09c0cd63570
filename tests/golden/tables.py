"""Published tables and reference outputs, read as arrays with their codes."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ASEM = HERE / "coinr_asem"
PUBLISHED = HERE / "published"


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matrix(name: str) -> tuple[list[str], list[str], np.ndarray]:
    """A COINr table: columns, units, numbers (NaN where empty or not finite)."""
    with (ASEM / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *body = csv.reader(file)
    numbers = [[_number(cell) for cell in row[1:]] for row in body]
    return header[1:], [row[0] for row in body], np.array(numbers)


def _number(cell: str) -> float:
    number = float(cell) if cell else math.nan
    return number if math.isfinite(number) else math.nan


def write(path: Path, header: list[str], body: list[list[object]]) -> Path:
    """A CSV file with full precision; NaN and None are empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in body:
            writer.writerow(["" if cell is None or cell != cell else cell for cell in row])
    return path


def asem_nodes() -> list[dict[str, str]]:
    """Indicators and aggregates of the ASEM framework."""
    return [r for r in rows(ASEM / "asem_iMeta.csv") if r["Type"] in ("Indicator", "Aggregate")]


def asem_groups() -> dict[str, str]:
    """Europe or Asia, by unit."""
    return {row["uCode"]: row["EurAsia_group"] for row in rows(ASEM / "asem_iData.csv")}


def asem_raw(units: list[str], indicators: list[str]) -> np.ndarray:
    """The raw ASEM data in the order asked for."""
    by_unit = {row["uCode"]: row for row in rows(ASEM / "asem_iData.csv")}
    return np.array([[_number(by_unit[unit][code]) for code in indicators] for unit in units])
