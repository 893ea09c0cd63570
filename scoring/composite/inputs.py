"""Is what was handed in fit to be scored? Every reason why not, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.policies import MISSING_RULES, NORMALISATIONS
from scoring.composite.problems import Problem, ScoringError

if TYPE_CHECKING:
    from scoring.composite.panel import Panel
    from scoring.composite.sheet import Bools, Floats, Tree

LARGEST = 1e100  # beyond, differences and powers would silently overflow


def check_input(
    tree: Tree,
    cities: Sequence[str],
    raw: Floats,
    absent: Bools,
    groups: Sequence[str | None] | None,
    ranked: Bools,
    denominators: Mapping[str, Floats],
    panel: Panel | None,
) -> None:
    """Refuse shapes that do not fit, a city twice, values too large and rules nobody knows.

    Raises
    ------
    ScoringError
    """
    problems = list(_shapes(tree, cities, raw, absent, groups, ranked, denominators, panel))
    if len(set(cities)) != len(cities):
        twice = tuple(sorted({city for city in cities if list(cities).count(city) > 1}))
        problems.append(Problem("cities", "twice", {"cities": twice}))
    if not problems:
        problems += too_large(raw, tree.indicators, cities)
        problems += [
            Problem(name, "too-large", {"city": cities[int(i)], "value": float(column[i])})
            for name, column in denominators.items()
            for i in np.flatnonzero(np.abs(column) > LARGEST)
        ]
    problems += _rules(tree)
    if problems:
        raise ScoringError(problems)


def too_large(values: Floats, indicators: Sequence[str], cities: Sequence[str]) -> list[Problem]:
    """One problem for each of the ``(n_cities, n_indicators)`` values beyond 1e100 or infinite."""
    return [
        Problem(indicators[j], "too-large", {"city": cities[i], "value": float(values[i, j])})
        for i, j in np.argwhere(np.abs(values) > LARGEST)
    ]


def _shapes(
    tree: Tree,
    cities: Sequence[str],
    raw: Floats,
    absent: Bools,
    groups: Sequence[str | None] | None,
    ranked: Bools,
    denominators: Mapping[str, Floats],
    panel: Panel | None,
) -> Iterator[Problem]:
    expected = (len(cities), len(tree.indicators))
    for name, shape in (("values", raw.shape), ("not_applicable", absent.shape)):
        if shape != expected:
            yield Problem(name, "wrong-shape", {"value": shape, "expected": expected})
    columns: list[tuple[str, Sequence[object] | Floats | None]] = [
        ("groups", groups),
        ("ranked", list(ranked)),
        *denominators.items(),
    ]
    for name, given in columns:
        if given is not None and len(given) != len(cities):
            yield Problem(name, "wrong-shape", {"value": len(given), "expected": len(cities)})
    if panel is None:
        return
    wanted = (len(panel.periods), *expected)
    if panel.values.shape != wanted:
        sizes = {"value": panel.values.shape, "expected": wanted}
        yield Problem("panel", "wrong-shape", sizes)
    elif (np.abs(panel.values) > LARGEST).any():
        k, i, j = np.argwhere(np.abs(panel.values) > LARGEST)[0]
        facts = {"city": cities[i], "value": float(panel.values[k, i, j])}
        yield Problem(tree.indicators[j], "too-large", facts)
    if len({panel.period, *panel.periods}) != 1 + len(panel.periods):
        yield Problem("panel", "period-twice", {"periods": (panel.period, *panel.periods)})


def _rules(tree: Tree) -> Iterator[Problem]:
    allowed = (
        (tree.normalise, ("", *NORMALISATIONS)),
        (tree.missing, ("", *MISSING_RULES)),
        (tree.transform, ("", "none", "ln")),
    )
    for owns, known in allowed:
        for code, own in zip(tree.codes, owns, strict=False):
            if own not in known:
                facts = {"value": own, "allowed": known[1:]}
                yield Problem(code, "not-allowed", facts)
    for code, per in zip(tree.codes, tree.per, strict=False):
        if not 0 < per < float("inf"):
            limits = {"value": per, "low": 0, "high": None, "above": True}
            yield Problem(code, "out-of-range", limits)
