"""A sealed run scored again, and every difference named. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from scoring.composite.problems import CompositeError
from scoring.composite.sheet import ScoreSheet
from scoring.runs.judging import score_snapshot
from scoring.runs.sheets import sheet_bytes, sheet_from_bytes
from scoring.runs.snapshot import Snapshot
from scoring.sealing.archive import first_difference
from scoring.sealing.contents import RANKS, README, SHEET, derived
from scoring.sealing.finding import Finding

#: Numbers may differ by so much, relative to the larger: what another processor rounds otherwise.
ROUNDING = 1e-9
#: So many differences are listed one by one.
LISTED = 20


class Recomputed(NamedTuple):
    """What scoring again found: differences, and how many numbers differ in their last digits."""

    problems: list[Finding]
    rounded: int
    ranks: int


def recompute(snapshot: Snapshot, members: dict[str, bytes]) -> Recomputed:
    """Score *snapshot* and compare with the members of a package.

    ``ranks`` counts the places that were found again, 0 where any differs.
    """
    try:
        sealed = sheet_from_bytes(members[SHEET])
    except Exception as error:
        why = f"{type(error).__name__}: {error}"[:200]
        return Recomputed([Finding(SHEET, "sheet-unreadable", {"why": why})], 0, 0)
    try:
        again = score_snapshot(snapshot)
    except CompositeError as error:
        return Recomputed([Finding(SHEET, "not-scorable", {"why": str(error)[:200]})], 0, 0)
    found = sheet_bytes(again)
    problems: list[Finding] = []
    rounded = 0
    if found != members[SHEET]:
        problems, rounded = _sheet_differs(members[SHEET], found, again)
    try:
        wanted = derived(snapshot, sealed)
        wanted[RANKS] = derived(snapshot, again)[RANKS]
    except Exception as error:
        why = f"{type(error).__name__}: {error}"[:200]
        return Recomputed([*problems, Finding(SHEET, "sheet-unreadable", {"why": why})], 0, 0)
    for name, content in wanted.items():
        if name != README and name in members and members[name] != content:
            at = first_difference(members[name], content)
            problems.append(Finding(name, "byte", {"at": at}))
    nodes = [snapshot.framework.root, *snapshot.framework.dimensions]
    return Recomputed(problems, rounded, 0 if problems else len(again.cities) * len(nodes))


def spoiled_sheet(snapshot: Snapshot, content: bytes) -> Iterator[Finding]:
    """Where a sheet that is no longer what was sealed leaves what *snapshot* scores to."""
    try:
        wanted = sheet_bytes(score_snapshot(snapshot))
    except CompositeError:
        return
    yield Finding(SHEET, "byte", {"at": first_difference(content, wanted)})


def _sheet_differs(sealed: bytes, found: bytes, again: ScoreSheet) -> tuple[list[Finding], int]:
    """The differences of two sheets that matter, and the number of those in last digits."""
    listed: list[Finding] = []
    rounded = count = 0
    for path, one, two in _differences(json.loads(sealed), json.loads(found), ()):
        if path[0] != "ranks" and _is_rounding(one, two):
            rounded += 1
            continue
        count += 1
        if len(listed) < LISTED:
            listed.append(_said(path, one, two, again))
    if count > LISTED:
        listed.append(Finding(SHEET, "more", {"count": count - LISTED}))
    if not count and not rounded:  # the same values in another spelling
        listed.append(Finding(SHEET, "byte", {"at": first_difference(sealed, found)}))
    return listed, rounded


def _differences(
    one: Any, two: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted({*one, *two}):
            yield from _differences(one.get(key), two.get(key), (*path, key))
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for at, (left, right) in enumerate(zip(one, two, strict=True)):
            yield from _differences(left, right, (*path, at))
    elif type(one) is not type(two) or one != two:
        yield path or ("",), one, two


def _is_rounding(one: Any, two: Any) -> bool:
    if not isinstance(one, float) or not isinstance(two, float):
        return False
    return abs(one - two) <= ROUNDING * max(abs(one), abs(two), 1e-3)


def _said(path: tuple[str | int, ...], one: Any, two: Any, sheet: ScoreSheet) -> Finding:
    shown = {"sealed": _short(one), "found": _short(two)}
    if len(path) == 3 and isinstance(path[1], int) and isinstance(path[2], int):
        codes = sheet.nodes if path[0] in ("scores", "weights", "ranks") else sheet.indicators
        if path[1] < len(sheet.cities) and path[2] < len(codes):
            city, node = sheet.cities[path[1]], codes[path[2]]
            if path[0] == "ranks":
                return Finding(SHEET, "rank", {"city": city, "node": node, **shown})
            return Finding(SHEET, "value", {"where": f"{path[0]} {city} × {node}", **shown})
    where = ".".join(str(step) for step in path)[:120]
    return Finding(SHEET, "value", {"where": where, **shown})


def _short(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False)
    return said if len(said) <= 60 else f"{said[:57]}…"
