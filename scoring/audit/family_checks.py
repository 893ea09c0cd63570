"""Checks of families: do siblings belong together, and does each count as it is said to?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.audit.correlations import Components, components
from scoring.audit.findings import FAIL, PASS, UNKNOWN, WARN, Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.composite.limits import Limits
    from scoring.composite.sheet import ScoreSheet, Tree

    Pairs = Mapping[str, tuple[tuple[str, str, float], ...]]
    Shares = Mapping[str, tuple[float, float]]


def size_of_families(tree: Tree, limits: Limits) -> Iterator[Check]:
    """How many indicators each dimension has: few, many, or as advised."""
    least, most = limits.children
    leaves = set(tree.indicators)
    for parent, under in tree.children.items():
        own = [code for code in under if code in leaves]
        if not own:
            continue
        facts = {"n": len(own), "least": limits.least_children, "low": least, "high": most}
        if len(own) < limits.least_children:
            yield Check("children", parent, WARN, "children-few", facts)
        elif least <= len(own) <= most:
            yield Check("children", parent, PASS, "children-ok", facts)
        else:
            yield Check("children", parent, PASS, "children-unusual", facts)


def weights_given(tree: Tree) -> Iterator[Check]:
    """Negative weights are refused; a weight of 0 is said."""
    for code, weight in zip(tree.codes, tree.weights, strict=True):
        if code == tree.root:
            continue
        facts = {"weight": weight}
        if not weight >= 0:
            yield Check("weights", code, FAIL, "weights-negative", facts)
        elif weight == 0:
            yield Check("weights", code, WARN, "weights-zero", facts)
        else:
            yield Check("weights", code, PASS, "weights-ok", facts)


def parents(
    tree: Tree, correlations: Mapping[str, Mapping[str, float]], cities: int, limits: Limits
) -> Iterator[Check]:
    """Each node against its parent: it dominates, is under-represented, or opposes."""
    for code, parent in zip(tree.codes, tree.parents, strict=True):
        if parent is None:
            continue
        r = correlations[code][parent]
        facts = {
            "r": r, "parent": parent, "cities": cities, "least": limits.least_cities,
            "dominates": limits.dominates, "weak": limits.weak, "opposes": limits.opposes,
        }  # fmt: skip
        if len(tree.children[parent]) == 1:
            yield Check("parent", code, UNKNOWN, "parent-only", facts)
        elif cities < limits.least_cities:
            yield Check("parent", code, UNKNOWN, "few-cities", facts)
        elif r != r:
            yield Check("parent", code, UNKNOWN, "parent-unknown", facts)
        elif r < limits.opposes:
            yield Check("parent", code, FAIL, "parent-opposes", facts)
        elif abs(r) < limits.weak:
            yield Check("parent", code, WARN, "parent-weak", facts)
        elif r > limits.dominates:
            yield Check("parent", code, WARN, "parent-dominates", facts)
        else:
            yield Check("parent", code, PASS, "parent-ok", facts)


def siblings(pairs: Pairs, cities: int, limits: Limits) -> Iterator[Check]:
    """Two siblings that say the same, or the opposite; one line for a family without such."""
    for parent, found in pairs.items():
        facts: dict[str, object] = {
            "cities": cities, "least": limits.least_cities, "pairs": len(found),
        }  # fmt: skip
        if cities < limits.least_cities:
            yield Check("siblings", parent, UNKNOWN, "few-cities", facts)
            continue
        if not found:
            yield Check("siblings", parent, UNKNOWN, "siblings-none", facts)
            continue
        facts |= {"redundant": limits.redundant, "opposes": limits.opposes}
        odd = [
            (reason, one, two, r)
            for one, two, r in found
            for reason, marked in (
                ("siblings-redundant", r > limits.redundant),
                ("siblings-opposed", r < limits.opposes),
            )
            if marked
        ]
        for reason, one, two, r in odd:
            yield Check("siblings", parent, WARN, reason, {**facts, "one": one, "two": two, "r": r})
        if not odd:
            yield Check("siblings", parent, PASS, "siblings-ok", facts)


def reliability(alphas: Mapping[str, float], cities: int, limits: Limits) -> Iterator[Check]:
    """Cronbach's alpha of each family."""
    for parent, alpha in alphas.items():
        facts = {
            "alpha": alpha,
            "limit": limits.alpha,
            "cities": cities,
            "least": limits.least_cities,
        }
        if cities < limits.least_cities:
            yield Check("alpha", parent, UNKNOWN, "few-cities", facts)
        elif alpha != alpha:
            yield Check("alpha", parent, UNKNOWN, "alpha-unknown", facts)
        elif alpha < 0:
            yield Check("alpha", parent, WARN, "alpha-negative", facts)
        elif alpha < limits.alpha:
            yield Check("alpha", parent, WARN, "alpha-low", facts)
        else:
            yield Check("alpha", parent, PASS, "alpha-ok", facts)


def influence(tree: Tree, shares: Shares, cities: int, limits: Limits) -> Iterator[Check]:
    """Effective weights against nominal ones."""
    for code, parent in zip(tree.codes, tree.parents, strict=True):
        if parent is None:
            continue
        nominal, effective = shares[code]
        facts = {
            "nominal": nominal, "effective": effective, "parent": parent, "limit": limits.influence,
            "cities": cities, "least": limits.least_cities,
        }  # fmt: skip
        if cities < limits.least_cities:
            yield Check("influence", code, UNKNOWN, "few-cities", facts)
        elif len(tree.children[parent]) == 1 or effective != effective or nominal == 0:
            yield Check("influence", code, UNKNOWN, "influence-unknown", facts)
        elif effective > nominal * limits.influence:
            yield Check("influence", code, WARN, "influence-high", facts)
        elif effective * limits.influence < nominal:
            yield Check("influence", code, WARN, "influence-low", facts)
        else:
            yield Check("influence", code, PASS, "influence-ok", facts)


def dimensions(tree: Tree, sheet: ScoreSheet) -> Iterator[Check]:
    """Principal components of all indicators and of each family; only ever advice."""
    at = {code: i for i, code in enumerate(sheet.nodes)}
    families = {tree.root: tree.indicators} | {
        parent: under for parent, under in tree.children.items() if under and parent != tree.root
    }
    for parent, under in families.items():
        made = components(sheet.scores[:, [at[code] for code in under]])
        yield Check("components", parent, *_judged(made, whole=parent == tree.root), _said(made))


def _judged(made: Components, *, whole: bool) -> tuple[str, str]:
    if len(made.shares) < 2:
        return UNKNOWN, "components-few"
    if made.deficient:
        return UNKNOWN, "components-deficient"
    if whole:
        return PASS, "components-whole"
    return (PASS, "components-one") if made.above_one == 1 else (WARN, "components-several")


def _said(made: Components) -> dict[str, object]:
    return {
        "cities": made.cities,
        "columns": made.columns,
        "rank": len(made.shares),
        "first": made.shares[0] if made.shares else np.nan,
        "above_one": made.above_one,
        "negative": made.negative,
        "shares": made.shares,
    }
