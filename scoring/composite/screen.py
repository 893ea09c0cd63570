"""Which cities have enough data to be scored; who has not stays listed, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.composite.keys import key, number, one_of, texts
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.sheet import Bools, Floats


@dataclass(frozen=True)
class Screen:
    """Which cities are left out of the scoring.

    ``method``: by the share of applicable indicators with a value ("missing"), by the share of
    non-zero ones among the values ("zeros"), by "both", or "none". ``before`` says on which
    numbers: before "impute" (as collected) or before "treat" (after imputation, as COINr's
    example does). ``keep`` are scored and ``drop`` left out whatever their data.
    """

    method: str = key("none", one_of("none", "missing", "zeros", "both"))
    least_present: float = key(0.65, number(0, 1))
    least_nonzero: float = key(0.05, number(0, 1))
    before: str = key("impute", one_of("impute", "treat"))
    keep: tuple[str, ...] = key((), texts)
    drop: tuple[str, ...] = key((), texts)


@dataclass(frozen=True)
class Screened:
    """``out`` is ``(n_cities,)``; ``reasons`` by city left out, ``indicators`` by poor indicator.

    A reason is a mapping: ``reason`` ("dropped", "too-few-values", "too-few-nonzero"), the
    ``share`` and the ``least`` asked for.
    """

    out: Bools
    reasons: Mapping[str, Mapping[str, Any]]
    indicators: Mapping[str, Mapping[str, float]]


def screen(
    values: Floats,
    policy: Screen,
    *,
    cities: Sequence[str],
    indicators: Sequence[str],
    not_applicable: Bools,
) -> Screened:
    """Screen cities, and report the indicators that would not pass the same limits.

    Parameters
    ----------
    values : (n_cities, n_indicators) array
        NaN is missing or not applicable.
    policy : Screen
    cities, indicators : sequences of str
    not_applicable : (n_cities, n_indicators) bool array
        Left out of every share: who has no metro is not short of data about it.

    Returns
    -------
    Screened
        Indicators are only reported: to leave one out is a change of the framework.

    Raises
    ------
    ScoringError
        If ``keep`` or ``drop`` name a city that is not there, or nobody would be left.

    Notes
    -----
    A city stays when its share is at least the limit. The share of non-zero values is of those
    present. A city to which nothing applies has no share and stays; it has no score either.

    References
    ----------
    .. [1] COINr 1.1, vignette "Screening units".
    """
    problems = []
    for name, listed in (("keep", policy.keep), ("drop", policy.drop)):
        unknown = tuple(city for city in listed if city not in cities)
        if unknown:
            problems.append(Problem(f"screen.{name}", "unknown-cities", {"cities": unknown}))
    present, nonzero = _shares(values, not_applicable, axis=1)
    reasons: dict[str, Mapping[str, Any]] = {}
    for i, city in enumerate(cities):
        if city in policy.drop:
            reasons[city] = {"reason": "dropped"}
        elif city in policy.keep:
            continue
        elif policy.method in ("missing", "both") and present[i] < policy.least_present:
            reasons[city] = _reason("too-few-values", present[i], policy.least_present)
        elif policy.method in ("zeros", "both") and nonzero[i] < policy.least_nonzero:
            reasons[city] = _reason("too-few-nonzero", nonzero[i], policy.least_nonzero)
    if len(reasons) == len(cities):
        problems.append(Problem("screen", "nobody-left", {"count": len(cities)}))
    if problems:
        raise ScoringError(problems)
    out = np.array([city in reasons for city in cities], dtype=bool)
    poor: dict[str, Mapping[str, float]] = {}
    if policy.method != "none":
        present, nonzero = _shares(values[~out], not_applicable[~out], axis=0)
        for j, code in enumerate(indicators):
            said = {"present": float(present[j]), "nonzero": float(nonzero[j])}
            if policy.method == "missing":
                del said["nonzero"]
            elif policy.method == "zeros":
                del said["present"]
            least = {"present": policy.least_present, "nonzero": policy.least_nonzero}
            if any(share < least[name] for name, share in said.items()):
                poor[code] = said
    return Screened(out, reasons, poor)


def _reason(reason: str, share: float, least: float) -> dict[str, Any]:
    return {"reason": reason, "share": float(share), "least": least}


def _shares(values: Floats, not_applicable: Bools, *, axis: int) -> tuple[Floats, Floats]:
    """Shares present and, of those, non-zero; NaN where there is nothing to be a share of."""
    known = np.sum(~np.isnan(values), axis=axis).astype(float)
    possible = np.sum(~not_applicable, axis=axis).astype(float)
    nonzero = np.sum(~np.isnan(values) & (values != 0), axis=axis).astype(float)
    with np.errstate(invalid="ignore"):
        return known / possible, nonzero / known
