"""A METHOD mapping as rows of key path and value, and back: ``rank.decimals`` → 2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from evaluation.platform.workbooks.cells import CellValue

_STEP = re.compile(r'"(?:[^"\\]|\\.)*"|[^.\s"]+')
_JSON = ("[", "{", '"')
_PATH = re.compile(rf"(?:{_STEP.pattern})(?:\.(?:{_STEP.pattern}))*")


def flatten(method: Mapping[str, Any], under: str = "") -> list[tuple[str, str | float | bool]]:
    """Rows of dotted path and cell value; lists, empty mappings and odd texts become JSON."""
    rows: list[tuple[str, str | float | bool]] = []
    for key, value in method.items():
        step = key if re.fullmatch(r'[^.\s"]+', key) else json.dumps(key, ensure_ascii=False)
        path = f"{under}.{step}" if under else step
        if isinstance(value, Mapping) and value:
            rows += flatten(value, path)
        elif isinstance(value, bool | int | float) or (
            isinstance(value, str) and value and value == value.strip() and value[0] not in '[{"'
        ):
            rows.append((path, value))
        else:
            rows.append((path, json.dumps(value, ensure_ascii=False)))
    return rows


def steps(path: str) -> tuple[str, ...]:
    """``rank.decimals`` → ``("rank", "decimals")``. Raises ``ValueError`` for a bad path."""
    if not _PATH.fullmatch(path):
        raise ValueError(path)
    return tuple(json.loads(step) if step.startswith('"') else step for step in _STEP.findall(path))


def cell_to_value(value: CellValue) -> Any:
    """A cell's value as METHOD has it. Raises ``ValueError`` for broken JSON or a date."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        said = value.strip()
        return json.loads(said) if said[:1] in _JSON else said
    raise ValueError(str(value))


def unflatten(rows: Iterable[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """The nested mapping. Raises ``KeyError`` with the path that is given twice or crosses."""
    method: dict[str, Any] = {}
    sealed: set[tuple[str, ...]] = set()
    for path, value in rows:
        at = method
        for depth, step in enumerate(path[:-1], 1):
            if path[:depth] in sealed:
                raise KeyError(".".join(path))
            at = at.setdefault(step, {})
        if path[-1] in at:
            raise KeyError(".".join(path))
        at[path[-1]] = value
        sealed.add(path)
    return method
