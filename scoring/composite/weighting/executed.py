"""The weights that a method asks for, family by family from the leaves up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.aggregate import aggregate
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.tree_order import check, levels
from scoring.composite.weighting.advisory import advice
from scoring.composite.weighting.objective import FEWEST, METHODS, unspread
from scoring.composite.weighting.policy import JUDGED
from scoring.composite.weighting.verdicts import judged

if TYPE_CHECKING:
    from scoring.composite.method import Method
    from scoring.composite.sheet import Bools, Floats, Tree

DECIMALS = 12  # weights are cut there, so that a last bit of a logarithm reaches no score


def weigh(
    tree: Tree,
    normalised: Floats,
    method: Method,
    *,
    not_applicable: Bools | None = None,
    ranked: Bools | None = None,
) -> tuple[Tree, dict[str, Any]]:
    """The tree with the weights that ``method.weights`` gives it, and what was done.

    Parameters
    ----------
    tree : Tree
        With the given weights.
    normalised : (n_cities, n_indicators) array
        Higher better, in the order of ``tree.indicators``.
    method : Method
    not_applicable : (n_cities, n_indicators) bool array, optional
    ranked : (n_cities,) bool array, optional
        A city that is not ranked has no say in weights from the data.

    Returns
    -------
    tree : Tree
        The same object where the weights are the given ones.
    record : dict
        Empty for given weights without advice. Else ``executed`` weights by code, ``families``
        by parent (rule, what was remarked: consistency, columns without spread, a family without
        judgements), and ``advisory`` weights by kind and code, which nothing is scored with.

    Raises
    ------
    ScoringError
        With every family that cannot be weighed: too few cities, scores at or below 0, judgements
        that are incomplete, contradictory or inconsistent.

    Notes
    -----
    Weights from the data are computed within each family of siblings on the scores that are
    aggregated: normalised scores of indicators, then scores of the nodes above, made with the
    weights already found below them.
    """
    policy = method.weights
    if policy.method == "given" and not policy.advisory:
        return tree, {}
    check(tree)
    at = {code: i for i, code in enumerate(tree.codes)}
    verdicts, problems = judged(tree, policy) if policy.method in JUDGED else ({}, [])
    weights = list(tree.weights)
    families: dict[str, dict[str, Any]] = {}
    own = np.ones(len(normalised), bool) if ranked is None else ranked
    by_data = policy.method in METHODS
    ladder = levels(tree)
    problems += [
        Problem("weights.levels", "no-such-level", {"value": level, "height": len(ladder)})
        for level in policy.levels
        if level > len(ladder)
    ]
    for height, level in enumerate(ladder, start=1):
        if policy.method == "given" or (policy.levels and height not in policy.levels):
            continue
        scores, ready = normalised[:, :0], not problems
        if by_data and ready:
            found = replace(tree, weights=tuple(weights))
            scores, _ = aggregate(
                found, normalised, method.aggregate, not_applicable=not_applicable
            )
        for parent in (tree.codes[int(p)] for p in level.parents):
            children = tree.children[parent]
            record: dict[str, Any] = {"method": policy.method}
            if policy.method == "equal":
                made = np.full(len(children), 1 / len(children))
            elif policy.method in JUDGED:
                if parent not in verdicts:
                    families[parent] = {"method": "given"}
                    continue
                made, remarks = verdicts[parent]
                record |= remarks
            elif not ready:
                continue
            else:
                columns = scores[own][:, [at[code] for code in children]]
                wrong = _unfit(parent, columns, policy.method)
                problems += wrong
                if wrong:
                    continue
                made = _from_data(columns, policy.method)
                flat = unspread(columns)
                if flat.any():
                    record["no_spread"] = [children[int(k)] for k in np.flatnonzero(flat)]
            families[parent] = record
            for code, weight in zip(children, np.round(made, DECIMALS).tolist(), strict=True):
                weights[at[code]] = weight
    if problems:
        raise ScoringError(problems)
    made_tree = replace(tree, weights=tuple(weights))
    said: dict[str, Any] = {}
    if policy.method != "given":
        inner = [code for code in tree.codes if code != tree.root]
        said = {"executed": {code: weights[at[code]] for code in inner}, "families": families}
    if policy.advisory:
        scores, _ = aggregate(
            made_tree, normalised, method.aggregate, not_applicable=not_applicable
        )
        said["advisory"] = advice(made_tree, scores[own], policy.advisory)
    return (tree if policy.method == "given" else made_tree), said


def _from_data(columns: Floats, rule: str) -> Floats:
    """An only child weighs everything, whatever its data."""
    return np.ones(1) if columns.shape[1] == 1 else METHODS[rule](columns)


def _unfit(parent: str, columns: Floats, rule: str) -> list[Problem]:
    """Why a family cannot be weighed by its data; empty when it can."""
    if columns.shape[1] == 1:
        return []
    present = ~np.isnan(columns)
    whole = present.all(axis=1).sum() if rule == "merec" else present.sum(axis=0).min()
    if whole < FEWEST:
        return [Problem(parent, "too-few-cities", {"value": int(whole), "least": FEWEST})]
    low = float(np.fmin.reduce(columns, axis=None))
    if (rule == "merec" and low <= 0) or (rule in ("entropy", "gini") and low < 0):
        return [Problem(parent, "scores-not-positive", {"weighting": rule, "value": low})]
    return []
