"""Judgements by code to the weights of each family: AHP and best–worst."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.problems import Problem
from scoring.composite.weighting.best_worst import best_worst, contradictions
from scoring.composite.weighting.pairwise import (
    joined,
    joined_priorities,
    priorities,
    unreciprocal,
)
from scoring.composite.weighting.policy import judgements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Floats, Tree
    from scoring.composite.weighting.pairwise import Priorities
    from scoring.composite.weighting.policy import Judgement, Weights

Verdicts = dict[str, tuple["Floats", dict[str, Any]]]


def judged(tree: Tree, policy: Weights) -> tuple[Verdicts, list[Problem]]:
    """Weights and remarks of each family with judgements, by parent, and what is wrong.

    Several judges of one family become one by ``policy.join``. With "priorities" each judge's
    matrix has to be consistent, with "judgements" the joint one. Best–worst weights of several
    judges are always joined as priorities.
    """
    problems: list[Problem] = []
    by_parent: dict[str, list[tuple[str, Judgement]]] = {}
    for at, each in enumerate(judgements(policy, problems), start=1):
        path = f"weights.judgements[{at}]"
        if not tree.children.get(each.parent):
            problems.append(Problem(path, "judgement-parent", {"value": each.parent}))
        else:
            by_parent.setdefault(each.parent, []).append((path, each))
    verdicts: Verdicts = {}
    weighing = _ahp if policy.method == "ahp" else _best_worst
    for parent, said in by_parent.items():
        found = weighing(tree.children[parent], said, policy, problems)
        if found:
            verdicts[parent] = found
    return verdicts, problems


def _ahp(
    children: Sequence[str],
    said: Sequence[tuple[str, Judgement]],
    policy: Weights,
    problems: list[Problem],
) -> tuple[Floats, dict[str, Any]] | None:
    matrices, paths = [], []
    for path, each in said:
        matrix = _matrix(path, children, each, problems)
        if matrix is not None:
            matrices.append(matrix)
            paths.append(path)
    if len(matrices) < len(said):
        return None
    remarks: dict[str, Any] = {"judges": len(said)}
    if policy.join == "judgements" or len(said) == 1:
        measured = [priorities(joined(matrices))]
        weights = measured[0].weights
        paths = paths[:1] if len(said) == 1 else [f"weights.judgements: {said[0][1].parent}"]
    else:
        measured = [priorities(matrix) for matrix in matrices]
        weights = joined_priorities([each.weights for each in measured])
    remarks["consistency_ratio"] = [round(each.ratio, 6) for each in measured]
    told = []
    for path, one in zip(paths, measured, strict=True):
        if one.ratio > policy.consistency:
            facts = _triple(children, one) | {
                "ratio": f"{one.ratio:.3f}",
                "limit": policy.consistency,
            }
            told.append(facts)
            if policy.inconsistent == "refuse":
                problems.append(Problem(path, "inconsistent", facts))
    if told:
        remarks["inconsistent"] = told
    return weights, remarks


def _triple(children: Sequence[str], found: Priorities) -> dict[str, str]:
    """The comparisons that agree least, in codes and numbers."""
    i, j, k = found.worst or (0, 0, 0)
    return {
        "first": children[i],
        "second": children[j],
        "third": children[k],
        "stated": f"{found.stated:.3g}",
        "implied": f"{found.implied:.3g}",
    }


def _matrix(
    path: str, children: Sequence[str], said: Judgement, problems: list[Problem]
) -> Floats | None:
    """A judge's comparisons in the order of *children*; None, and why in *problems*."""
    at = {code: i for i, code in enumerate(children)}
    matrix = np.full((len(children), len(children)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    codes = said.codes or [code for pair in said.pairs for code in pair[:2]]
    found = _strangers(path, at, codes)
    if said.codes and len(set(said.codes)) < len(said.codes):
        twice = next(code for code in said.codes if said.codes.count(code) > 1)
        found.append(Problem(path, "listed-twice", {"value": twice}))
    triples = list(said.pairs) or [
        (one, two, said.matrix[i][j])
        for i, one in enumerate(said.codes)
        for j, two in enumerate(said.codes)
    ]
    for one, two, times in () if found else triples:
        facts = {"first": one, "second": two, "value": times}
        if times <= 0 or (one == two and times != 1):
            found.append(Problem(path, "judgement-not-positive", facts))
        elif said.pairs and not np.isnan(matrix[at[one], at[two]]):
            found.append(Problem(path, "compared-twice", facts))
        else:
            matrix[at[one], at[two]] = times
            if said.pairs:
                matrix[at[two], at[one]] = 1 / times
    if not found:
        missing = [(i, j) for i, j in np.argwhere(np.isnan(matrix)) if i < j]
        wrong = [(i, j) for i, j in unreciprocal(matrix) if (i, j) not in missing]
        for pairs, code in ((missing, "not-compared"), (wrong, "not-reciprocal")):
            found += [
                Problem(path, code, {"first": children[i], "second": children[j]}) for i, j in pairs
            ]
    problems += found
    return None if found else matrix


def _best_worst(
    children: Sequence[str],
    said: Sequence[tuple[str, Judgement]],
    policy: Weights,
    problems: list[Problem],
) -> tuple[Floats, dict[str, Any]] | None:
    made, before = [], len(problems)
    for path, each in said:
        found = []
        for vector in (each.from_best, each.to_worst):
            found += _strangers(path, dict.fromkeys(children, 0), list(vector))
            missing = [code for code in children if code not in vector]
            found += [Problem(path, "not-judged", {"value": code}) for code in missing]
        if not found:
            one = np.array([each.from_best[code] for code in children])
            two = np.array([each.to_worst[code] for code in children])
            found = [
                Problem(path, code, {"value": children[j]}) for j, code in contradictions(one, two)
            ]
            if not found:
                made.append(best_worst(one, two))
        problems += found
    if len(problems) > before:
        return None
    remarks: dict[str, Any] = {
        "judges": len(said),
        "consistency_ratio": [round(each.ratio, 6) for each in made],
        "xi": [round(each.xi, 6) for each in made],
    }
    doubtful = [children[each.against] for each in made if each.against is not None]
    if doubtful:
        remarks["fits_least"] = doubtful
    weights = [each.weights for each in made]
    if len(weights) > 1:  # a zero, which the geometric mean would keep, is possible and rare
        return joined_priorities([np.maximum(each, 1e-12) for each in weights]), remarks
    return weights[0], remarks


def _strangers(path: str, at: dict[str, int], codes: Sequence[str]) -> list[Problem]:
    """Codes that are no children of the parent judged."""
    found = dict.fromkeys(code for code in codes if code not in at)
    facts = tuple(at)
    return [Problem(path, "not-a-child", {"value": code, "allowed": facts}) for code in found]
