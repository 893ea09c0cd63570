"""Lists of records in a method (``[[weights.judgements]]``): read with everything wrong at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from typing import Any, TypeVar

from scoring.composite.keys import Check
from scoring.composite.problems import Problem

Kind = TypeVar("Kind")


def tables(path: str, value: Any) -> tuple[Any, Problem | None]:
    """A list of mappings; what is in them is read by `records`."""
    if isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value):
        return tuple(dict(item) for item in value), None
    return value, Problem(path, "wrong-type", {"value": value, "expected": "tables"})


def records(
    kind: type[Kind], path: str, given: Iterable[Mapping[str, Any]], problems: list[Problem]
) -> list[Kind]:
    """Each mapping as a *kind*; what cannot be one is told in *problems* and left out."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    made = []
    for at, entry in enumerate(given, start=1):
        values: dict[str, Any] = {}
        found: list[Problem] = []
        for said, value in entry.items():
            where = f"{path}[{at}].{said}"
            if said not in known:
                found.append(Problem(where, "unknown-key", {"allowed": tuple(known)}))
                continue
            if value is None and known[said].default is None:
                continue
            values[said], problem = known[said].metadata["check"](where, value)
            found += [problem] if problem else []
        for name, item in known.items():
            if item.metadata.get("needed") and name not in entry:
                facts = {"because": f"{path}[{at}]"}
                found.append(Problem(f"{path}[{at}].{name}", "missing-key", facts))
        problems += found
        if not found:
            made.append(kind(**values))
    return made


def needed(check: Check) -> Any:
    """A field of a record that has no default."""
    return field(metadata={"check": check, "needed": True})


def texts(path: str, value: Any) -> tuple[Any, Problem | None]:
    """A list of texts, each once."""
    if not isinstance(value, list | tuple):
        return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})
    for item in value:
        if not (isinstance(item, str) and item.strip()):
            return value, Problem(path, "wrong-type", {"value": item, "expected": "text"})
    said = tuple(item.strip() for item in value)
    twice = next((item for item in said if said.count(item) > 1), None)
    if twice is not None:
        return value, Problem(path, "listed-twice", {"value": twice})
    return said, None


def numbers(path: str, value: Any) -> tuple[Any, Problem | None]:
    """A list of finite numbers."""
    if not isinstance(value, list | tuple):
        return value, Problem(path, "wrong-type", {"value": value, "expected": "list"})
    for item in value:
        if fraction(item) is None or isinstance(item, str):
            return value, Problem(path, "wrong-type", {"value": item, "expected": "number"})
    return tuple(float(item) for item in value), None


def numbers_by_code(path: str, value: Any) -> tuple[Any, Problem | None]:
    """A mapping from codes to finite numbers; a number may be written as "1/3"."""
    if not isinstance(value, Mapping):
        return value, Problem(path, "wrong-type", {"value": value, "expected": "mapping"})
    for item in value.values():
        if fraction(item) is None:
            return value, Problem(path, "wrong-type", {"value": item, "expected": "number"})
    return {str(code): fraction(item) for code, item in value.items()}, None


def fraction(value: Any) -> float | None:
    """A finite number, or a text like "1/3", as a float; None for anything else."""
    if isinstance(value, str):
        above, _, below = value.partition("/")
        try:
            made = float(above) / float(below or 1)
        except (ValueError, ZeroDivisionError):
            return None
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None
    else:
        made = float(value)
    return made if abs(made) < float("inf") else None
