"""From a framework and its observations to the arrays that the engine scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluation.framework.tree import Framework, Unit
from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from scoring.composite.challengers.policy import Challengers
from scoring.composite.method import Method, parse_method
from scoring.composite.problems import CompositeError, MethodError, Problem
from scoring.composite.score import score
from scoring.composite.sheet import ScoreSheet, Tree
from scoring.runs.drawing import drawn, with_indices
from scoring.runs.snapshot import Snapshot
from scoring.standalone.methods import faults
from scoring.whatif import Case

#: What ``impute.group`` may name in a framework: how units are put together.
GROUPS: Mapping[str, Callable[[Unit], str | None]] = {
    "zone": lambda unit: unit.zones[0] if unit.zones else None,
    "kind": lambda unit: unit.kind or None,
}


def tree_of(framework: Framework) -> Tree:
    """The framework's nodes as the engine's tree."""
    nodes = framework.nodes
    return Tree(
        codes=tuple(node.code for node in nodes),
        parents=tuple(node.parent for node in nodes),
        directions=tuple(node.direction for node in nodes),
        weights=tuple(float(node.weight) for node in nodes),
        best=tuple(node.best for node in nodes),
        worst=tuple(node.worst for node in nodes),
        target=tuple(node.target for node in nodes),
        normalise=tuple(node.normalise for node in nodes),
        missing=tuple(node.missing for node in nodes),
        transform=tuple(node.transform for node in nodes),
    )


def score_snapshot(snapshot: Snapshot, *, workers: int = 1) -> ScoreSheet:
    """Score a snapshot by its framework's own method, drawn as every run is.

    The same snapshot gives the same sheet, whatever the number of *workers* (threads). What the
    platform changed in the draws is in ``method["uncertainty"]``; ``firmness["errors"]`` holds
    the standard error of every cell that has one, and how many values have none. Raises
    `CompositeError` for what cannot be scored.
    """
    case = case_of(snapshot)
    if workers > 1:
        case = replace(case, more={**case.more, "workers": workers})
    method = with_indices(snapshot.framework, case.method)
    try:
        sheet = replace(case, method=method).score(draws=True)
    except CompositeError as error:
        if method is case.method or {each.code for each in error.problems} != {"nothing-varied"}:
            raise
        sheet = case.score(draws=True)
    return _told(sheet, snapshot)


def case_of(snapshot: Snapshot) -> Case:
    """What a snapshot scores, to be scored, asked about or compared with another.

    Every unit of the framework has a row, in the framework's order, observed or not. Raises
    `MethodError` for a method that cannot be executed.
    """
    framework = snapshot.framework
    row = {unit.code: at for at, unit in enumerate(framework.units)}
    column = {node.code: at for at, node in enumerate(framework.indicators)}
    values = np.full((len(row), len(column)), np.nan)
    absent = np.zeros(values.shape, dtype=bool)
    errors = np.zeros(values.shape)
    for each in snapshot.observations:
        cell = row[each.city], column[each.indicator]
        absent[cell] = each.not_applicable
        if each.value is not None and not each.not_applicable:
            values[cell] = each.value
            errors[cell] = each.error or 0.0
    return Case(
        tree=tree_of(framework),
        cities=tuple(row),
        values=values,
        method=drawn(framework).method,
        not_applicable=absent,
        groups=tuple(groups_of(framework)),
        ranked=np.array([unit.ranked for unit in framework.units], dtype=bool),
        more={"errors": errors} if errors.any() else {},
    )


def _told(sheet: ScoreSheet, snapshot: Snapshot) -> ScoreSheet:
    """The sheet with what the platform adds to its record."""
    uncertainty = {**sheet.method["uncertainty"], **drawn(snapshot.framework).notes}
    firmness = dict(sheet.firmness)
    if sheet.firmness:
        known = [each for each in snapshot.observations if each.value is not None]
        cells = [
            [each.city, each.indicator, each.error]
            for each in known
            if each.error is not None and not each.not_applicable
        ]
        firmness["errors"] = {"cells": cells, "without": len(known) - len(cells)}
    return replace(sheet, method={**sheet.method, "uncertainty": uncertainty}, firmness=firmness)


def groups_of(framework: Framework) -> Sequence[str | None]:
    """The group of each unit for imputation by group: its first zone, or its kind."""
    named = str(framework.method.get("impute", {}).get("group") or "zone")
    group = GROUPS.get(named, GROUPS["zone"])
    return [group(unit) for unit in framework.units]


def check_method(framework: Framework) -> list[Fault]:
    """Why this framework could not be scored by its own method; empty when it can.

    The engine itself is asked, on two invented units, so what passes here scores later.
    """
    try:
        method = parse_method(framework.method)
    except MethodError as error:
        return faults("", error.problems)
    found = list(_group_faults(method))
    try:
        _rehearse(framework, method)
    except CompositeError as error:
        found += faults("", error.problems)
    return found


def _rehearse(framework: Framework, method: Method) -> None:
    cities = [unit.code for unit in framework.units] or [
        "A",
        "B",
        "C",
    ]  # weights from the data need three
    score(
        tree_of(framework),
        cities,
        np.ones((len(cities), len(framework.indicators))),
        replace(
            method,
            uncertainty=replace(method.uncertainty, draws=0),
            challengers=Challengers(),
        ),
        groups=[None] * len(cities),
    )


def _group_faults(method: Method) -> list[Fault]:
    if not method.impute.method.startswith("group") or method.impute.group in GROUPS:
        return []
    facts = {"value": method.impute.group, "allowed": tuple(GROUPS)}
    return [
        replace(fault, mend=N_("按片区插补填 zone，按单位类别插补填 kind。"))
        for fault in faults("", [Problem("impute.group", "not-allowed", facts)])
    ]
