"""Fill missing values by a stated rule; what is not applicable is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring.composite.panel import Panel, known_points, newest, on_a_line
from scoring.composite.policies import Impute
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.sheet import Bools, Floats
from scoring.composite.siblings import Families, families, from_siblings


@dataclass(frozen=True)
class Sources:
    """What a rule may look at beside the values: each is needed by its rules only.

    ``groups`` is one a city; ``parents``, ``directions`` and ``constants`` one an indicator.
    """

    groups: Sequence[str | None] | None = None
    parents: Sequence[str] = ()
    directions: Sequence[int] = ()
    constants: Sequence[float | None] = ()
    panel: Panel | None = None


def impute(
    values: Floats,
    rules: Sequence[str],
    *,
    not_applicable: Bools | None = None,
    groups: Sequence[str | None] | None = None,
    empty_group: str = "missing",
) -> Floats:
    """Fill the missing values of each indicator by its column or its city's group.

    The values of `fill` without their records, for rules that need no other source.
    """
    policy = Impute(empty_group=empty_group)
    return fill(values, rules, policy, Sources(groups), not_applicable=not_applicable)[0]


def fill(
    values: Floats,
    rules: Sequence[str],
    policy: Impute,
    sources: Sources,
    *,
    not_applicable: Bools | None = None,
) -> tuple[Floats, tuple[dict[str, Any], ...]]:
    """Fill the missing values of each indicator, with a record of every filled cell.

    Parameters
    ----------
    values : (n_cities, n_indicators) array
        NaN is missing or not applicable.
    rules : sequence of str, one an indicator
        "none", "zero" (both leave the gap here; "zero" is settled when normalising), "mean",
        "median", "group-mean", "group-median", "siblings-mean", "siblings-median", "latest",
        "linear" or "constant".
    policy : Impute
        ``empty_group``, ``max_age``, ``extrapolate`` and ``value``; its ``method`` is not
        looked at, *rules* says it of each indicator.
    sources : Sources
    not_applicable : (n_cities, n_indicators) bool array, optional
        Never filled and never part of a mean.

    Returns
    -------
    filled : (n_cities, n_indicators) array
        ``values`` itself when there is nothing to fill. NaN stays where a rule finds nothing.
    records : tuple of dict, one a filled cell
        ``row``, ``column``, ``rule``, ``value`` and ``from``: for means and medians ``cities``
        (how many values) and ``group``; for siblings see `from_siblings`; for periods
        ``periods`` and ``values``. Every rule sees the values as given, none imputed.

    Raises
    ------
    ScoringError
        If a rule lacks its source: groups, other periods, or a constant.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 3.
    .. [2] COINr 1.1, vignette "Imputation".
    """
    _check_sources(rules, policy, sources)
    holes = np.isnan(values)
    if not_applicable is not None:
        holes &= ~not_applicable
        values = np.where(not_applicable, np.nan, values)
    wanted = [j for j, rule in enumerate(rules) if rule not in ("none", "zero")]
    wanted = [j for j in wanted if holes[:, j].any()]
    if not wanted:
        return values, ()
    known = None
    if any(rules[j].startswith("siblings-") for j in wanted):
        known = families(values, sources.parents, sources.directions)
    filled = values.copy()
    records = []
    for j in wanted:
        find = _Column(values, j, rules[j], policy, sources, known)
        for i in np.flatnonzero(holes[:, j]):
            found = find(int(i))
            if found is not None and not np.isnan(found[0]):
                filled[i, j] = found[0]
                records.append({
                    "row": int(i), "column": j, "rule": rules[j],
                    "value": float(found[0]), "from": found[1],
                })  # fmt: skip
    return filled, tuple(records)


class _Column:
    """The rule of one column: a row to its value and what that was made from."""

    def __init__(
        self,
        values: Floats,
        column: int,
        rule: str,
        policy: Impute,
        sources: Sources,
        known: Families | None,
    ) -> None:
        self.values, self.column, self.rule = values, column, rule
        self.policy, self.sources, self.known = policy, sources, known
        self.centre = np.median if rule.endswith("median") else np.mean
        self.overall = self._centre_of(values[:, column])
        self.by_group: dict[str, tuple[float, dict[str, Any]] | None] = {}
        if rule.startswith("group-"):
            rows: dict[str, list[int]] = {}
            for i, name in enumerate(sources.groups or ()):
                if name:
                    rows.setdefault(name, []).append(i)
            self.by_group = {
                name: self._centre_of(values[peers, column], group=name)
                for name, peers in rows.items()
            }

    def __call__(self, row: int) -> tuple[float, dict[str, Any]] | None:
        rule, panel = self.rule, self.sources.panel
        if rule == "constant":
            own = self.sources.constants[self.column] if self.sources.constants else None
            value = self.policy.value if own is None else own
            return None if value is None else (value, {})
        if rule in ("latest", "linear") and panel is not None:
            points = known_points(panel, row, self.column, self.policy.max_age)
            if rule == "latest":
                return newest(points, panel.period)
            return on_a_line(points, panel.period, self.policy.extrapolate)
        if rule in ("mean", "median"):
            return self.overall
        if rule.startswith("group-"):
            found = self.by_group.get((self.sources.groups or ())[row] or "")
        else:
            assert self.known is not None
            found = from_siblings(
                self.values[row], self.column, self.known, median=rule.endswith("median")
            )
        return self.overall if found is None and self.policy.empty_group == "overall" else found

    def _centre_of(self, column: Floats, **said: str) -> tuple[float, dict[str, Any]] | None:
        present = column[~np.isnan(column)]
        if not present.size:
            return None
        return float(self.centre(present)), {"cities": int(present.size), **said}


def _check_sources(rules: Sequence[str], policy: Impute, sources: Sources) -> None:
    problems = []
    grouped = [rule for rule in rules if rule.startswith("group-")]
    if grouped and sources.groups is None:
        problems.append(Problem("impute.group", "missing-key", {"because": grouped[0]}))
    over_time = [rule for rule in rules if rule in ("latest", "linear")]
    if over_time and sources.panel is None:
        problems.append(Problem("impute.method", "no-periods", {"rule": over_time[0]}))
    constants = sources.constants or (None,) * len(rules)
    if policy.value is None and any(
        rule == "constant" and own is None for rule, own in zip(rules, constants, strict=True)
    ):
        problems.append(Problem("impute.value", "missing-key", {"because": "constant"}))
    if problems:
        raise ScoringError(problems)
