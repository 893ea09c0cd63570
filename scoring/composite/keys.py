"""What a key of the method may hold, and what to say when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any

from scoring.composite.problems import Problem

Check = Callable[[str, Any], tuple[Any, Problem | None]]


def key(default: Any, check: Check) -> Any:
    """A field whose value is checked by *check*; a list default is copied for each instance."""
    return field(default=default, metadata={"check": check})


def one_of(*allowed: str) -> Check:
    def check(path: str, value: Any) -> tuple[Any, Problem | None]:
        if isinstance(value, str) and value in allowed:
            return value, None
        return value, Problem(path, "not-allowed", {"value": value, "allowed": allowed})

    return check


def some_of(*allowed: str, empty: bool = True) -> Check:
    def check(path: str, value: Any) -> tuple[Any, Problem | None]:
        if not isinstance(value, list | tuple):
            return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})
        wrong = [item for item in value if not (isinstance(item, str) and item in allowed)]
        if wrong:
            return value, Problem(path, "not-allowed", {"value": wrong[0], "allowed": allowed})
        if not value and not empty:
            return value, Problem(path, "empty-list", {"allowed": allowed})
        return tuple(value), None

    return check


def number(low: float | None = None, high: float | None = None, *, above: bool = False) -> Check:
    def check(path: str, value: Any) -> tuple[Any, Problem | None]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value, Problem(path, "wrong-type", {"value": value, "expected": "number"})
        inside = (
            abs(value) < float("inf")
            and (low is None or (value > low if above else value >= low))
            and (high is None or value <= high)
        )
        if not inside:
            facts = {"value": value, "low": low, "high": high, "above": above}
            return value, Problem(path, "out-of-range", facts)
        return float(value), None

    return check


def whole(low: int, high: int) -> Check:
    def check(path: str, value: Any) -> tuple[Any, Problem | None]:
        if isinstance(value, bool) or not isinstance(value, int):
            return value, Problem(path, "wrong-type", {"value": value, "expected": "whole"})
        if not low <= value <= high:
            facts = {"value": value, "low": low, "high": high, "above": False}
            return value, Problem(path, "out-of-range", facts)
        return value, None

    return check


def wholes(low: int, high: int) -> Check:
    one = whole(low, high)

    def check(path: str, value: Any) -> tuple[Any, Problem | None]:
        if not isinstance(value, list | tuple):
            return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})
        for item in value:
            _, problem = one(path, item)
            if problem:
                return value, problem
        return tuple(value), None

    return check


def text(path: str, value: Any) -> tuple[Any, Problem | None]:
    if isinstance(value, str) and value.strip():
        return value.strip(), None
    return value, Problem(path, "wrong-type", {"value": value, "expected": "text"})


def flag(path: str, value: Any) -> tuple[Any, Problem | None]:
    if isinstance(value, bool):
        return value, None
    return value, Problem(path, "wrong-type", {"value": value, "expected": "flag"})


def texts(path: str, value: Any) -> tuple[Any, Problem | None]:
    if not isinstance(value, list | tuple):
        return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})
    for item in value:
        _, problem = text(path, item)
        if problem:
            return value, problem
    return tuple(item.strip() for item in value), None
