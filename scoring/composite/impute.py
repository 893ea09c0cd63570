"""Fill missing values by a stated rule; what is not applicable is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite.problems import Problem, ScoringError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Bools, Floats


def impute(
    values: Floats,
    rules: Sequence[str],
    *,
    not_applicable: Bools | None = None,
    groups: Sequence[str | None] | None = None,
    empty_group: str = "missing",
) -> Floats:
    """Fill the missing values of each indicator.

    Parameters
    ----------
    values : (n_cities, n_indicators) array
        NaN is missing or not applicable.
    rules : sequence of str, one an indicator
        "none", "zero" (both leave the gap here; "zero" is settled when normalising), "mean",
        "median", "group-mean" or "group-median".
    not_applicable : (n_cities, n_indicators) bool array, optional
        Never filled and never part of a mean.
    groups : sequence of str or None, one a city
        None or empty: the city is in no group.
    empty_group : {"missing", "overall"}
        Where the city's group has no value at all, or the city has no group: leave the gap, as
        COINr's ``i_mean_grp`` does, or use the mean or median of all cities.

    Returns
    -------
    (n_cities, n_indicators) array
        ``values`` itself when there is nothing to fill. An indicator with no value stays NaN.

    Raises
    ------
    ScoringError
        If a group rule is asked for and ``groups`` is None.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 3.
    .. [2] COINr 1.1, vignette "Imputation".
    """
    grouped = [rule for rule in rules if rule.startswith("group-")]
    if grouped and groups is None:
        raise ScoringError([Problem("impute.group", "missing-key", {"because": grouped[0]})])
    holes = np.isnan(values)
    if not_applicable is not None:
        holes &= ~not_applicable
        values = np.where(not_applicable, np.nan, values)
    wanted = [j for j, rule in enumerate(rules) if rule not in ("none", "zero")]
    wanted = [j for j in wanted if holes[:, j].any()]
    if not wanted:
        return values
    filled = values.copy()
    for j in wanted:
        centre = np.median if rules[j].endswith("median") else np.mean
        column, hole = values[:, j], holes[:, j]
        present = column[~np.isnan(column)]
        overall = float(centre(present)) if present.size else np.nan
        if not rules[j].startswith("group-"):
            filled[hole, j] = overall
            continue
        names = list(groups or ())
        for i in np.flatnonzero(hole):
            peers = [k for k, name in enumerate(names) if name and name == names[i]]
            known = column[peers][~np.isnan(column[peers])] if peers else present[:0]
            if known.size:
                filled[i, j] = float(centre(known))
            elif empty_group == "overall":
                filled[i, j] = overall
    return filled
