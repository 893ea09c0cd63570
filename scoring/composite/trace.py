"""The way of one cell: from its raw value to what it adds to the index, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.contributions import contributions
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.scaling import scaled_from

if TYPE_CHECKING:
    from scoring.composite.sheet import ScoreSheet, Tree


@dataclass(frozen=True)
class Step:
    """One step of one cell.

    ``stage`` is raw, denominated, imputed, treated, normalised, contribution or adjusted;
    ``node`` the indicator, for a contribution the node that contributes, for points the index.
    ``value`` is None where there is none. ``rule`` says what was done, ``parameters`` with which
    numbers, ``made_from`` out of what: enough to do it again by hand.
    """

    stage: str
    node: str
    value: float | None
    rule: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    made_from: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """Every step of a cell in order; a city with bonus or deduction points ends with those."""

    city: str
    indicator: str
    steps: tuple[Step, ...]
    unscored: Mapping[str, Any] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, Any]:
        """Plain dicts and lists."""
        return {
            "city": self.city,
            "indicator": self.indicator,
            "steps": [
                {
                    "stage": step.stage,
                    "node": step.node,
                    "value": step.value,
                    "rule": step.rule,
                    "parameters": dict(step.parameters),
                    "made_from": dict(step.made_from),
                }
                for step in self.steps
            ],
            "unscored": dict(self.unscored),
        }


def trace(sheet: ScoreSheet, city: str, indicator: str, *, tree: Tree | None = None) -> Trace:
    """The steps of one cell.

    Parameters
    ----------
    sheet : ScoreSheet
    city, indicator : str
    tree : Tree, optional
        For a sheet read back from storage, which has none of its own.

    Returns
    -------
    Trace
        Raw, denominated, imputed, treated, normalised, then one contribution a level: of the
        indicator to its parent, of that to its own, up to the index. The contributions of
        siblings add up to their parent's score; ``to_index`` over all indicators to the index.

    Raises
    ------
    ScoringError
        For a city or an indicator that is not in the sheet.
    ValueError
        If neither the sheet nor the caller has the tree.
    """
    tree = tree or sheet.tree
    if tree is None:
        raise ValueError("a sheet without its tree cannot be traced: pass the tree")
    problems = []
    if city not in sheet.cities:
        problems.append(Problem(city, "no-such-city", {"allowed": sheet.cities}))
    if indicator not in sheet.indicators:
        problems.append(Problem(indicator, "no-such-indicator", {"allowed": sheet.indicators}))
    if problems:
        raise ScoringError(problems)
    i, j = sheet.cities.index(city), sheet.indicators.index(indicator)
    return Trace(
        city,
        indicator,
        (
            _raw(sheet, i, j),
            _denominated(sheet, tree, i, j),
            _imputed(sheet, i, j),
            _treated(sheet, i, j),
            _normalised(sheet, tree, i, j),
            *_contributions(sheet, tree, i, j),
        ),
        sheet.unscored.get(city, {}),
    )


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _raw(sheet: ScoreSheet, i: int, j: int) -> Step:
    value = _known(sheet.raw[i, j])
    rule = "missing" if value is None else "given"
    if sheet.not_applicable[i, j]:
        rule = "not-applicable"
    return Step("raw", sheet.indicators[j], value, rule)


def _denominated(sheet: ScoreSheet, tree: Tree, i: int, j: int) -> Step:
    code, raw = sheet.indicators[j], _known(sheet.raw[i, j])
    at = tree.codes.index(code)
    column = tree.denominators[at] if tree.denominators else ""
    if sheet.denominated is None or not column:
        gone = bool(sheet.not_applicable[i, j])
        return Step("denominated", code, None if gone else raw, "none", {}, {"raw": raw})
    assert sheet.divisors is not None
    per, divisor = (tree.per[at] if tree.per else 1.0), _known(sheet.divisors[i, j])
    value = _known(sheet.denominated[i, j])
    lost = raw is not None and value is None and not sheet.not_applicable[i, j]
    return Step(
        "denominated",
        code,
        value,
        "denominator-unfit" if lost else "divided" if value is not None else "none",
        {"column": column, "per": per, "divisor": divisor},
        {"raw": raw},
    )


def _imputed(sheet: ScoreSheet, i: int, j: int) -> Step:
    city, code = sheet.cities[i], sheet.indicators[j]
    value = _known(sheet.imputed[i, j])
    before = _known(sheet.stages["denominated"][i, j])
    for record in sheet.imputation:
        if record["city"] == city and record["indicator"] == code:
            return Step("imputed", code, value, record["rule"], {}, record["from"])
    if sheet.not_applicable[i, j]:
        return Step("imputed", code, value, "not-applicable")
    if value is None and before is not None:
        return Step("imputed", code, value, "screened-out", sheet.unscored.get(city, {}))
    rule = "left-missing" if value is None else "none"
    return Step("imputed", code, value, rule, {}, {"denominated": before})


def _treated(sheet: ScoreSheet, i: int, j: int) -> Step:
    city, code = sheet.cities[i], sheet.indicators[j]
    value, before = _known(sheet.treated[i, j]), _known(sheet.imputed[i, j])
    record = next((each for each in sheet.treatment if each["code"] == code), {})
    said = {
        key: record[key]
        for key in ("outcome", "skew", "kurtosis", "skew_after", "kurtosis_after", "points")
        if key in record
    }
    if value is None and before is not None:
        return Step("treated", code, None, "screened-out", sheet.unscored.get(city, {}))
    for cell in record.get("cells", ()):
        if cell["city"] == city:
            said |= record.get("parameters", {})
            if "point" in cell:
                said["point"] = cell["point"]
            return Step("treated", code, value, cell["rule"], said, {"imputed": cell["before"]})
    return Step("treated", code, value, "none", said, {"imputed": before})


def _normalised(sheet: ScoreSheet, tree: Tree, i: int, j: int) -> Step:
    code, value = sheet.indicators[j], _known(sheet.normalised[i, j])
    remark = sheet.method["normalise"].get("by_indicator", {}).get(code, {})
    kind, said = scaled_from(sheet, tree, j, remark)
    before = _known(sheet.treated[i, j])
    if before is None and value is not None:
        kind = "zero-when-missing"
    elif value is not None and "no_spread" in remark:
        kind = f"no-spread-{remark['no_spread']}"
    return Step("normalised", code, value, kind, said, {"treated": before})


def _contributions(sheet: ScoreSheet, tree: Tree, i: int, j: int) -> list[Step]:
    parts = contributions(sheet, tree)
    at = {code: k for k, code in enumerate(tree.codes)}
    height = _heights(tree)
    policy = sheet.method["aggregate"]
    kinds = policy["levels"] or [policy["method"]] * max(height.values())
    steps, node = [], sheet.indicators[j]
    while (parent := tree.parents[at[node]]) is not None:
        k = at[node]
        family = [at[child] for child in tree.children[parent]]
        siblings = {tree.codes[m]: _known(parts.to_parent[i, m]) for m in family}
        steps.append(
            Step(
                "contribution",
                node,
                _known(parts.to_parent[i, k]),
                kinds[height[parent] - 1],
                {
                    "parent": parent,
                    "nominal_weight": tree.weights[k],
                    "weight": _known(sheet.weights[i, k]),
                    "to_index": _known(parts.to_index[i, k]),
                    "parent_score": _known(sheet.scores[i, at[parent]]),
                },
                {"score": _known(sheet.scores[i, k]), "siblings": siblings},
            )
        )
        node = parent
    adjusted = sheet.further.get("adjust", {}).get("points", {}).get(sheet.cities[i])
    if adjusted is not None:
        said = {name: value for name, value in adjusted.items() if name not in ("before", "after")}
        after, before = _known(sheet.scores[i, at[node]]), adjusted["before"]
        steps.append(Step("adjusted", node, after, "points", said, {"score": before}))
    return steps


def _heights(tree: Tree) -> dict[str, int]:
    found = dict.fromkeys(tree.codes, 0)
    for code in tree.indicators:
        node, height = code, 0
        while (parent := tree.parents[tree.codes.index(node)]) is not None:
            height += 1
            found[parent] = max(found[parent], height)
            node = parent
    return found


def adds_up(sheet: ScoreSheet, tree: Tree | None = None) -> float:
    """The largest distance between a city's index and the sum of its indicators' parts."""
    tree = tree or sheet.tree
    assert tree is not None
    parts = contributions(sheet, tree).to_index
    leaves = [tree.codes.index(code) for code in tree.indicators]
    index = parts[:, tree.codes.index(tree.root)]
    gaps = np.abs(np.nansum(parts[:, leaves], axis=1) - index)
    known = gaps[~np.isnan(gaps)]
    return float(known.max()) if known.size else 0.0
