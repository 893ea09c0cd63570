"""From the scores of a method to what is published: adjusted index, places, grades, challengers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite.adjust import Scale, adjust, read_adjustments
from scoring.composite.adjust_policy import Adjust
from scoring.composite.challengers.policy import Challengers
from scoring.composite.challengers.reversal import reversals
from scoring.composite.challengers.side_by_side import challenge
from scoring.composite.grades import Grades, grade
from scoring.composite.lists import listed_grades, listed_ranks, unranked
from scoring.composite.plan import Sensitivity
from scoring.composite.policies import UNSCALED, scale_of
from scoring.composite.problems import ScoringError
from scoring.composite.rank import rank, rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scoring.composite.method import Method
    from scoring.composite.sheet import Bools, Floats, ScoreSheet, Tree


@dataclass(frozen=True)
class Finished:
    """``scores`` and ``ranks`` are ``(n_cities, n_nodes)``, ``ranked`` is ``(n_cities,)``.

    ``record`` holds what each section did, by the name of the section; empty where none did.
    """

    scores: Floats
    ranks: Floats
    ranked: Bools
    record: Mapping[str, Any]


def finish(
    tree: Tree,
    cities: Sequence[str],
    normalised: Floats,
    scores: Floats,
    ranked: Bools,
    method: Method,
    rescore: Callable[[Bools], ScoreSheet],
) -> Finished:
    """Adjust the index, rank, grade, and put the challengers beside.

    Parameters
    ----------
    tree : Tree
        With the executed weights.
    cities : sequence of str
    normalised : (n_cities, n_indicators) array
    scores : (n_cities, n_nodes) array
    ranked : (n_cities,) bool array
    method : Method
    rescore : callable
        The whole scoring for the cities kept, for the test of rank reversal; without adjustment,
        since lists and points name cities.

    Returns
    -------
    Finished

    Raises
    ------
    ScoringError
        If an item or a list names a city that is not there.
    """
    root = tree.codes.index(tree.root)
    ties, decimals = method.rank.ties, method.rank.decimals
    record: dict[str, Any] = {}
    rules = []
    if method.adjust != Adjust():
        rules = read_adjustments(method.adjust, cities).lists
        ranked, told = unranked(cities, ranked, rules)
        scores = scores.copy()
        scores[:, root], points = adjust(cities, scores[:, root], method.adjust, _scale(method))
        record["adjust"] = {"points": points, "lists": told}
    ranks = rank(scores, ties=ties, decimals=decimals, ranked=ranked)
    index = np.where(ranked, scores[:, root], np.nan)
    if decimals is not None:
        index = rounded(index, decimals)
    if rules:
        ranks[:, root], told = listed_ranks(cities, index, rules, ties)
        record["adjust"]["lists"] += told
    if method.grades.by != "none":
        by_place = method.grades.by in ("rank", "share")
        made = grade(-ranks[:, root] if by_place else index, method.grades)
        bands, told = listed_grades(cities, made.bands, made.names, rules)
        if told:
            record["adjust"]["lists"] += told
        names = [None if band < 0 else made.names[band] for band in bands]
        record["grades"] = {
            "limits": list(made.limits),
            "cities": dict(zip(cities, names, strict=True)),
        }
    if method.challengers.methods:
        beside = challenge(
            tree, cities, normalised, ranks[:, root], method.challengers, ranked=ranked, ties=ties
        )
        record["challengers"] = {"beside": beside.as_mapping()}
        if method.challengers.reversals:
            record["challengers"]["reversals"] = _reversals(cities, method, rescore)
    return Finished(scores, ranks, ranked, record)


def alone(method: Method) -> Method:
    """The method without what follows the ranks: points, lists, grades, challengers, draws."""
    return replace(
        method,
        adjust=Adjust(),
        grades=Grades(),
        challengers=Challengers(),
        uncertainty=replace(method.uncertainty, draws=0),
        sensitivity=Sensitivity(),
    )


def _scale(method: Method) -> Scale:
    """Ends of the index's scale: those of the normalisation, where it has any."""
    norm = method.normalise
    kinds = set(method.aggregate.levels or (method.aggregate.method,))
    if norm.method in UNSCALED or "copeland" in kinds:
        return Scale()
    return Scale(*scale_of(norm, norm.method))


def _reversals(
    cities: Sequence[str], method: Method, rescore: Callable[[Bools], ScoreSheet]
) -> dict[str, Any]:
    failed: list[str] = []

    def ranks_of(kept: Bools) -> dict[str, Floats]:
        try:
            sheet = rescore(kept)
        except ScoringError:  # the city that the others are measured by, say
            failed.append(next(city for city, here in zip(cities, kept, strict=True) if not here))
            return {}
        assert sheet.tree is not None
        own = sheet.ranks[:, sheet.nodes.index(sheet.tree.root)]
        beside = challenge(
            sheet.tree, sheet.cities, sheet.normalised, own, method.challengers,
            ranked=~np.isnan(own), ties=method.rank.ties,
        )  # fmt: skip
        return {"own": own, **beside.ranks}

    found = reversals(cities, ranks_of)
    said: dict[str, Any] = {
        name: {
            "cities": len({pair.dropped for pair in pairs}),
            "pairs": [[pair.dropped, pair.upper, pair.lower] for pair in pairs],
        }
        for name, pairs in found.items()
    }
    return said | ({"failed": failed} if failed else {})
