"""Values per person, per yuan, per square kilometre: divided by another column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.composite.keys import key, one_of
from scoring.composite.problems import Problem, ScoringError
from scoring.composite.sheet import Bools, Floats, Tree


@dataclass(frozen=True)
class Denominate:
    """What happens where an indicator has a value and its denominator cannot divide it.

    ``zero``: the denominator is zero or negative; ``missing``: there is none. "refuse" is an
    error that names the cell; "missing" makes the result a missing value, which is imputed or
    left out like any other.
    """

    zero: str = key("refuse", one_of("refuse", "missing"))
    missing: str = key("missing", one_of("refuse", "missing"))


@dataclass(frozen=True)
class Denominated:
    """``values`` and ``divisors`` are ``(n_cities, n_indicators)``.

    A divisor is what the value is divided by in the end, the denominator over ``per``; NaN
    where an indicator has none. ``lost`` marks the values that a bad denominator made missing.
    """

    values: Floats
    divisors: Floats
    lost: Bools


def denominate(
    values: Floats,
    policy: Denominate,
    *,
    tree: Tree,
    cities: Sequence[str],
    denominators: Mapping[str, Floats],
) -> Denominated | None:
    """Divide each indicator that names a denominator.

    Parameters
    ----------
    values : (n_cities, n_indicators) array
        NaN is missing or not applicable and stays so; it needs no denominator.
    policy : Denominate
    tree : Tree
        ``denominators`` names a column for an indicator, ``per`` how many of its units make
        one of the result: 10,000 for "per 10,000 people".
    cities : sequence of str
    denominators : mapping of str to (n_cities,) array

    Returns
    -------
    Denominated, or None when no indicator has a denominator.

    Raises
    ------
    ScoringError
        Naming every column that is not there, and every cell that the policy refuses.

    Notes
    -----
    ``value / denominator · per``, in this order, as COINr's ``ScaleFactor``. Goalposts, targets
    and constants of such an indicator are in the unit of the result.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, step 5.
    .. [2] COINr 1.1, vignette "Denomination".
    """
    at = {code: i for i, code in enumerate(tree.codes)}
    named = [tree.denominators[at[code]] if tree.denominators else "" for code in tree.indicators]
    if not any(named):
        return None
    problems = [
        Problem(code, "no-denominator", {"column": column})
        for code, column in zip(tree.indicators, named, strict=True)
        if column and column not in denominators
    ]
    made, divisors = values.copy(), np.full(values.shape, np.nan)
    lost = np.zeros(values.shape, dtype=bool)
    for j, column in enumerate(named):
        if column not in denominators:
            continue
        code, under = tree.indicators[j], denominators[column]
        per = tree.per[at[code]] if tree.per else 1.0
        present = ~np.isnan(values[:, j])
        absent, unfit = present & np.isnan(under), present & (under <= 0)
        for rows, rule, said in (
            (absent, policy.missing, "denominator-missing"),
            (unfit, policy.zero, "denominator-zero"),
        ):
            if rule == "refuse":
                problems += [
                    Problem(code, said, _facts(column, cities[int(i)], float(under[i])))
                    for i in np.flatnonzero(rows)
                ]
        fit = present & (under > 0)
        lost[:, j] = present & ~fit
        with np.errstate(over="ignore"):  # a quotient too large is refused with its cell
            made[:, j] = np.where(fit, values[:, j] / np.where(fit, under, 1.0) * per, np.nan)
        divisors[:, j] = np.where(under > 0, under / per, np.nan)
    if problems:
        raise ScoringError(problems)
    return Denominated(made, divisors, lost)


def _facts(column: str, city: str, value: float) -> dict[str, object]:
    facts: dict[str, object] = {"column": column, "city": city}
    return facts if value != value else {**facts, "value": value}
