"""What would be if a city's values were others, or if things weighed otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scoring.composite.problems import Problem, ScoringError
from scoring.whatif.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.composite.sheet import Tree
    from scoring.whatif.case import Case

SUM_NOISE = 1e-9  # shares typed as decimals need not add up to the last digit


def what_if(case: Case, city: str, values: Mapping[str, float | None]) -> Outcome:
    """Score again with other raw values of one city.

    Parameters
    ----------
    case : Case
    city : str
    values : mapping of indicator code to float or None
        In the indicator's own raw unit; None takes the value away.

    Returns
    -------
    Outcome
        Every city's score and place before and after: rescored, not approximated, so where
        scales are relative the others' changes are there too.

    Raises
    ------
    ScoringError
        With every unknown city or code and every value that is no number; as ``score`` otherwise.
    """
    changed = case.with_values(city, values)
    return Outcome(case.score(), changed.score(), case.tree.root)


def reweigh(case: Case, shares: Mapping[str, float]) -> Outcome:
    """Score again with other weights.

    Parameters
    ----------
    case : Case
    shares : mapping of node code to float
        The share of the node among its siblings, 0–1. Siblings that are not named keep their
        proportions and share what is left.

    Returns
    -------
    Outcome

    Raises
    ------
    ScoringError
        See ``reweighed``.
    """
    return Outcome(case.score(), reweighed(case, shares).score(), case.tree.root)


def reweighed(case: Case, shares: Mapping[str, float]) -> Case:
    """The case with *shares* as weights, as ``reweigh`` says.

    Raises
    ------
    ScoringError
        Naming every unknown code, the index, every share outside 0–1, families whose shares add up
        to more than 1, or to less when nobody is left to take the rest.
    """
    tree = case.tree
    problems = list(_wrong(tree, shares))
    if problems:
        raise ScoringError(problems)
    weight = dict(zip(tree.codes, tree.weights, strict=True))
    for own in tree.children.values():
        named = [code for code in own if code in shares]
        if not named:
            continue
        free = [code for code in own if code not in shares]
        left = max(0.0, 1.0 - sum(shares[code] for code in named))
        heavy = sum(weight[code] for code in free)
        weight |= {code: shares[code] for code in named}
        weight |= {code: left * weight[code] / heavy for code in free if heavy > 0}
    return replace(case, tree=replace(tree, weights=tuple(weight[code] for code in tree.codes)))


def _wrong(tree: Tree, shares: Mapping[str, float]) -> Iterator[Problem]:
    weight = dict(zip(tree.codes, tree.weights, strict=True))
    for code, share in shares.items():
        if code not in weight:
            yield Problem(code, "node-unknown", {"value": code})
        elif code == tree.root:
            yield Problem(code, "index-has-no-share", {"value": share})
        elif not 0 <= share <= 1:
            yield Problem(code, "share-out-of-range", {"value": share})
    for parent, own in tree.children.items():
        named = [code for code in own if code in shares]
        total = sum(shares[code] for code in named)
        free = sum(weight[code] for code in own if code not in shares)
        if named and total > 1 + SUM_NOISE:
            yield Problem(parent, "shares-over-one", {"value": total})
        elif named and free == 0 and abs(total - 1) > SUM_NOISE:
            yield Problem(parent, "shares-not-one", {"value": total})
