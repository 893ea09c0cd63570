"""Every measure of agreement, item by item and together, with its reasons where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scoring.composite.problems import Problem
from scoring.composite.sheet import Floats
from scoring.raters.alpha import SEED, Alpha, alphas
from scoring.raters.icc import Icc, icc
from scoring.raters.kappa import Chance, ac1, fleiss, percent_agreement
from scoring.raters.ratings import RatersError, Ratings

#: AC1 this far above kappa: the categories are used so unevenly that kappa misleads.
PARADOX = 0.2


@dataclass(frozen=True)
class Agreement:
    """How far raters agree on one item, or on all (``item`` empty).

    What cannot be computed is None and has a problem in ``problems`` that says why. ``kappa`` is
    Fleiss'; ``icc`` are the six forms, over the units that every rater of the item rated.
    ``paradox`` is whether AC1 is more than 0.2 above kappa. ``units``, ``pairs`` and ``raters``
    count units rated at least twice, pairs of ratings of the same unit, and raters of those.
    """

    item: str
    units: int
    pairs: int
    raters: int
    percent: float | None
    kappa: Chance | None
    ac1: Chance | None
    alpha: Alpha | None
    icc: tuple[Icc, ...]
    problems: tuple[Problem, ...]

    @property
    def paradox(self) -> bool:
        """Whether kappa is low only because nearly everybody says the same."""
        if self.kappa is None or self.ac1 is None:
            return False
        return self.ac1.value - self.kappa.value > PARADOX


def agreement(
    ratings: Ratings, *, level: str = "ordinal", draws: int = 1000, seed: int = SEED
) -> tuple[Agreement, Mapping[str, Agreement]]:
    """Agreement on all items together, and on each.

    Parameters
    ----------
    ratings : Ratings
    level : {"nominal", "ordinal", "interval", "ratio"}
        Of alpha.
    draws, seed : int
        Of alpha's interval: `scoring.raters.alpha.alphas`.

    Returns
    -------
    overall : Agreement
        Percent, kappa and AC1 treat every unit × item as a unit; alpha is pooled over items.
    by_item : mapping from item to Agreement

    Raises
    ------
    RatersError
        ``one-rater`` when only one person rated, ``no-pairs`` when nothing was rated twice.
    """
    if len(ratings.raters) < 2:
        facts = {"count": len(ratings.raters), "least": 2}
        raise RatersError([Problem("ratings", "one-rater", facts)])
    pooled, each = alphas(ratings, level=level, draws=draws, seed=seed)
    tables = {item: ratings.table(item) for item in ratings.items}
    by_item = {item: _one(item, tables[item], each[item]) for item in ratings.items}
    if not any(found.pairs for found in by_item.values()):
        raise RatersError([Problem("ratings", "no-pairs")])
    return _one("", np.vstack(list(tables.values())), pooled), by_item


def _one(item: str, table: Floats, found: Alpha | RatersError | None) -> Agreement:
    problems: dict[str, Problem] = {}
    count = (~np.isnan(table)).sum(axis=1)
    twice = table[count > 1]
    percent = kappa = first = None
    try:
        percent = percent_agreement(table)
        kappa, first = fleiss(table), ac1(table)
    except RatersError as error:
        problems |= {each.code: each for each in error.problems}
    forms: tuple[Icc, ...] = ()
    if item:
        try:
            forms = icc(_complete(table))
        except RatersError as error:
            problems |= {each.code: each for each in error.problems}
    if isinstance(found, RatersError):
        problems |= {each.code: each for each in found.problems}
    return Agreement(
        item,
        len(twice),
        int((count * (count - 1)).sum()) // 2,
        int((~np.isnan(twice)).any(axis=0).sum()),
        percent,
        kappa,
        first,
        found if isinstance(found, Alpha) else None,
        forms,
        tuple(problems.values()),
    )


def _complete(table: Floats) -> Floats:
    """The columns of raters with any rating, the rows that all of these rated."""
    used = table[:, ~np.isnan(table).all(axis=0)]
    whole = used[~np.isnan(used).any(axis=1)]
    if not whole.size:
        missing = int(np.isnan(used).sum())
        raise RatersError([Problem("ratings", "incomplete", {"missing": missing})])
    return np.asarray(whole)
