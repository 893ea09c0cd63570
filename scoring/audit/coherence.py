"""The coherence audit of a scoring, in one call."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.audit import family_checks as families
from scoring.audit.correlations import critical, cronbach, pairs, pearson
from scoring.audit.findings import PASS, UNKNOWN, WARN, Check, CoherenceAudit
from scoring.audit.indicator_checks import indicator_checks
from scoring.audit.statistics import statistics
from scoring.composite.aggregate import aggregate
from scoring.composite.leave_out import LeftOut, without_nodes
from scoring.composite.limits import Limits
from scoring.composite.method import Method
from scoring.composite.policies import Aggregate, Rank
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.rank import rank
from scoring.composite.tree_order import check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike

    from scoring.composite.sheet import Floats, ScoreSheet, Tree


def audit(
    tree: Tree,
    sheet: ScoreSheet,
    *,
    population: ArrayLike | None = None,
    limits: Limits | None = None,
) -> CoherenceAudit:
    """Ask everything of an index that a statistical auditor would.

    Parameters
    ----------
    tree : Tree
    sheet : ScoreSheet
        What ``score`` made of that tree. All its cities are looked at, ranked or not; places
        are those of the ranked.
    population : (n_cities,) array, optional
        Size of each city, in any unit, in the order of ``sheet.cities``; NaN is not known.
        Without it size bias is not applicable.
    limits : Limits, optional
        ``method.audit`` of the method that scored; without it the house's.

    Returns
    -------
    CoherenceAudit
        The same whatever the order of the cities. One city, constant columns and gaps make checks
        not applicable, never errors.

    Raises
    ------
    ScoringError
        If the tree cannot be scored, is not the sheet's, or ``population`` has another length.

    Notes
    -----
    Correlations, alpha and components are of normalised values and scores, where higher is
    always better. The effective weight of a child is its share in the sum of squared correlations
    of its siblings with the parent: the linear form of Pearson's correlation ratio [2]_.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008.
    .. [2] P. Paruolo, M. Saisana, A. Saltelli, J. R. Statist. Soc. A 176 (2013) 609–634.
    """
    limits = limits or Limits()
    sizes = _checked(tree, sheet, population)
    order = sorted(range(len(sheet.cities)), key=sheet.cities.__getitem__)
    sheet = _rows(sheet, order)
    tree = sheet.tree or tree  # with the weights that were executed
    sizes = None if sizes is None else sizes[order]
    count = len(sheet.cities)
    at = {code: i for i, code in enumerate(sheet.nodes)}
    under = {parent: own for parent, own in tree.children.items() if own}
    judged = sheet.stages["denominated"]
    seen = statistics(sheet.indicators, judged, not_applicable=sheet.not_applicable)
    ancestry = _with_ancestors(tree, sheet)
    together = pairs(sheet.nodes, sheet.scores, under)
    alphas = {
        parent: cronbach(sheet.scores[:, [at[code] for code in own]])
        for parent, own in under.items()
    }
    shares = _shares(tree, ancestry)
    omissions = _without_each(tree, sheet)
    checks = (
        *indicator_checks(sheet, seen, limits),
        *families.size_of_families(tree, limits),
        *families.weights_given(tree),
        *families.parents(tree, ancestry, count, limits),
        *families.siblings(together, count, limits),
        *families.reliability(alphas, count, limits),
        *families.influence(tree, shares, count, limits),
        *_size(tree, sheet, sizes, limits),
        *_omitted(omissions, int((~np.isnan(sheet.ranks[:, at[tree.root]])).sum()), limits),
        *families.dimensions(tree, sheet),
    )
    return CoherenceAudit(
        cities=sheet.cities,
        checks=checks,
        statistics=seen,
        correlations=ancestry,
        siblings=together,
        alphas=alphas,
        weights=shares,
        omissions=omissions,
        critical=critical(count),
        limits=limits,
    )


def _checked(tree: Tree, sheet: ScoreSheet, population: ArrayLike | None) -> Floats | None:
    check(tree)
    problems = []
    if tree.codes != sheet.nodes:
        counts = {"value": len(sheet.nodes), "expected": len(tree.codes)}
        problems.append(Problem("sheet", "wrong-shape", counts))
    sizes = None if population is None else np.asarray(population, dtype=float)
    if sizes is not None and sizes.shape != (len(sheet.cities),):
        facts = {"value": sizes.shape, "expected": (len(sheet.cities),)}
        problems.append(Problem("population", "wrong-shape", facts))
    elif sizes is not None and np.isinf(sizes).any():
        worst = sheet.cities[int(np.argmax(np.isinf(sizes)))]
        problems.append(Problem("population", "too-large", {"city": worst, "value": np.inf}))
    if problems:
        raise ScoringError(problems)
    return sizes


def _rows(sheet: ScoreSheet, order: Sequence[int]) -> ScoreSheet:
    """The sheet with its cities in another order."""
    arrays = {
        item.name: getattr(sheet, item.name)[order]
        for item in fields(sheet)
        if isinstance(getattr(sheet, item.name), np.ndarray)
    }
    return replace(sheet, cities=tuple(sheet.cities[i] for i in order), **arrays)


def _without_each(tree: Tree, sheet: ScoreSheet) -> tuple[LeftOut, ...]:
    """Without each node, against the places that the nodes alone give: no points, no lists."""
    said, last = sheet.method["aggregate"], sheet.method["rank"]
    how = {item.name: said[item.name] for item in fields(Aggregate) if item.name in said}
    places = Rank(**{item.name: last[item.name] for item in fields(Rank) if item.name in last})
    policy = Aggregate(**{**how, "levels": tuple(how.get("levels", ()))})
    root = sheet.nodes.index(tree.root)
    scores, _ = aggregate(tree, sheet.normalised, policy, not_applicable=sheet.not_applicable)
    ranked = ~np.isnan(sheet.ranks[:, root])
    ranks = sheet.ranks.copy()
    index = scores[:, root]
    ranks[:, root] = rank(index, ties=places.ties, decimals=places.decimals, ranked=ranked)
    plain = replace(sheet, ranks=ranks, ranked=ranked)
    return without_nodes(tree, plain, Method(aggregate=policy, rank=places))


def _with_ancestors(tree: Tree, sheet: ScoreSheet) -> dict[str, dict[str, float]]:
    """Correlation of each node with each of its ancestors, the nearest first."""
    at = {code: i for i, code in enumerate(sheet.nodes)}
    above = [code for code in tree.codes if tree.children[code]]
    r = pearson(sheet.scores, sheet.scores[:, [at[code] for code in above]]).tolist()
    column = {code: j for j, code in enumerate(above)}
    parent = dict(zip(tree.codes, tree.parents, strict=True))
    found: dict[str, dict[str, float]] = {}
    for code in tree.codes:
        found[code] = {}
        here = parent[code]
        while here is not None:
            found[code][here] = r[at[code]][column[here]]
            here = parent[here]
    return found


def _shares(tree: Tree, ancestry: dict[str, dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Nominal and effective share of each node among its siblings."""
    weight = dict(zip(tree.codes, tree.weights, strict=True))
    found = {}
    for parent, own in tree.children.items():
        squares = {code: ancestry[code][parent] ** 2 for code in own}
        total = sum(square for square in squares.values() if square == square)
        heavy = sum(weight[code] for code in own)
        for code in own:
            effective = squares[code] / total if total > 0 else float("nan")
            found[code] = (weight[code] / heavy, effective)
    return found


def _size(tree: Tree, sheet: ScoreSheet, sizes: Floats | None, limits: Limits) -> Iterator[Check]:
    """Correlation of the index and its dimensions with population."""
    for i, code in enumerate(sheet.nodes):
        if not tree.children[code]:
            continue
        if sizes is None:
            yield Check("size", code, UNKNOWN, "size-unknown")
            continue
        r = float(pearson(sheet.scores[:, [i]], sizes[:, None])[0, 0])
        count = int((~np.isnan(sizes) & ~np.isnan(sheet.scores[:, i])).sum())
        facts = {"r": r, "limit": limits.size, "cities": count, "least": limits.least_cities}
        if count < limits.least_cities:
            yield Check("size", code, UNKNOWN, "few-cities", facts)
        elif r != r:
            yield Check("size", code, UNKNOWN, "parent-unknown", facts)
        elif abs(r) > limits.size:
            yield Check("size", code, WARN, "size-bias", facts)
        else:
            yield Check("size", code, PASS, "size-ok", facts)


def _omitted(omissions: Sequence[LeftOut], ranked: int, limits: Limits) -> Iterator[Check]:
    most = max(1.0, limits.rank_shift * ranked)  # one place is never too many
    for each in omissions:
        facts = {"largest": each.largest, "mean": each.mean_shift, "limit": most, "ranked": ranked}
        if each.largest != each.largest or ranked < 2:
            yield Check("omission", each.code, UNKNOWN, "omission-unknown", facts)
        elif each.largest > most:
            yield Check("omission", each.code, WARN, "omission-moves", facts)
        else:
            yield Check("omission", each.code, PASS, "omission-ok", facts)
