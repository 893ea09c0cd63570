"""What would be if a city's values were others, or if things weighed otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.problems import Problem, ScoringError
from scoring.whatif.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.composite.sheet import ScoreSheet, Tree
    from scoring.whatif.case import Case

SUM_NOISE = 1e-9  # shares typed as decimals need not add up to the last digit


def what_if(
    case: Case, city: str, values: Mapping[str, float | None], *, draws: bool = False
) -> Outcome:
    """Score again with other raw values of one city.

    Parameters
    ----------
    case : Case
    city : str
    values : mapping of indicator code to float or None
        In the indicator's own raw unit; None takes the value away.
    draws : bool
        Also run the method's simulation, before and after with the same random numbers, for
        the intervals of the changes of place.

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
    return both(case, changed, draws=draws)


def both(first: Case, second: Case, *, draws: bool = False) -> Outcome:
    """The scorings of two cases of the same cities side by side."""
    before, after = first.score(draws=draws), second.score(draws=draws)
    return Outcome(before, after, first.tree.root, paired(before, after))


def paired(before: ScoreSheet, after: ScoreSheet) -> dict[str, dict[str, float]]:
    """By city, median, 5th and 95th percentile of the change of its place, draw by draw.

    Both simulations draw the same numbers from the same seed, so what they share cancels: the
    interval is of the difference, not the difference of two intervals. A draw that failed in
    either is left out, and so is a city without a place. Empty where there were no draws.
    """
    if before.draws is None or after.draws is None:
        return {}
    change = after.draws.ranks.astype(float) - before.draws.ranks.astype(float)
    found = {}
    for j, city in enumerate(sorted(before.cities)):  # the order in which draws keep them
        moved = change[~np.isnan(change[:, j]), j]
        if moved.size:
            low, middle, high = np.percentile(moved, [5, 50, 95]).tolist()
            found[city] = {"median": middle, "low": low, "high": high}
    return found


def reweigh(case: Case, shares: Mapping[str, float], *, draws: bool = False) -> Outcome:
    """Score again with other weights.

    Parameters
    ----------
    case : Case
    shares : mapping of node code to float
        The share of the node among its siblings, 0–1. Siblings that are not named keep their
        proportions and share what is left.
    draws : bool
        As in ``what_if``.

    Returns
    -------
    Outcome

    Raises
    ------
    ScoringError
        See ``reweighed``.
    """
    return both(case, reweighed(case, shares), draws=draws)


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
