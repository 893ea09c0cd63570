"""Weighted means over siblings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite import elementary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.composite.sheet import Bools, Floats


def mean(
    children: Floats | Sequence[Floats],
    shares: Floats | Sequence[Floats],
    kind: str,
    *,
    power: float = 1.0,
    floor: float | None = None,
    compensate: bool = True,
) -> Floats:
    """Weighted mean over siblings.

    Parameters
    ----------
    children : sequence of arrays, one a sibling
        Broadcastable against each other and against ``shares``, usually ``(n_cities,)``.
        NaN is absent and must have share 0.
    shares : sequence of arrays, one a sibling
        Adding to 1 over the siblings present, 0 where absent.
    kind : {"arithmetic", "geometric", "harmonic", "generalised"}
    power : float
        Of the generalised mean; 0 is the geometric mean.
    floor : float, optional
        Lifts every child of a mean that is not arithmetic.
    compensate : bool
        Carry the rounding error of the sum along (Sum2), and make the same bits on every machine:
        for what is published. A draw is one of thousands and takes what is quick.

    Returns
    -------
    array
        NaN where all shares are 0, or where the mean of a negative number is not defined.
        A zero with weight makes a geometric, harmonic or negative-power mean zero.
    """
    if kind == "generalised" and power == 0:
        kind = "geometric"
    inverse = kind in ("geometric", "harmonic") or (kind == "generalised" and power < 0)
    total: Floats = np.zeros(())
    error: Floats = np.zeros(())
    weighed: Floats = np.zeros(())
    zero: Bools = np.zeros((), dtype=bool)
    undefined: Bools = np.zeros((), dtype=bool)
    for child, share in zip(children, shares, strict=True):
        counts = share > 0
        if kind != "arithmetic":
            if floor is not None:
                child = np.maximum(child, floor)  # NaN stays
            undefined = undefined | (counts & (child < 0))
            if inverse:
                zero = zero | (counts & (child == 0))
            usable = np.where(child > 0, child, 1.0 if inverse else 0.0)
            child = _forward(usable, kind, power, exact=compensate)
        term = np.where(counts, share * child, 0.0)
        weighed = weighed + share
        total, error = _add(total, term, error) if compensate else (total + term, error)
    result = _backward(total + error, kind, power, exact=compensate)
    if kind != "arithmetic":
        result = np.where(zero, 0.0, result)
        result = np.where(undefined, np.nan, result)
    return np.where(weighed > 0, result, np.nan)


def _add(total: Floats, term: Floats, error: Floats) -> tuple[Floats, Floats]:
    """Two-sum: the rounded sum and what rounding lost, added to *error*."""
    made = total + term
    virtual = made - total
    return made, error + ((total - (made - virtual)) + (term - virtual))


def _forward(values: Floats, kind: str, power: float, *, exact: bool) -> Floats:
    if kind == "geometric":
        return elementary.log(values) if exact else np.asarray(np.log(values))
    if kind == "harmonic":
        return np.asarray(1.0 / values)
    return elementary.power(values, power) if exact else np.asarray(values**power)


def _backward(total: Floats, kind: str, power: float, *, exact: bool) -> Floats:
    if kind == "arithmetic":
        return total
    if kind == "geometric":
        return elementary.exp(total) if exact else np.asarray(np.exp(total))
    exponent = -1.0 if kind == "harmonic" else 1.0 / power
    positive = total > 0
    usable = np.where(positive, total, 1.0)
    made = elementary.power(usable, exponent) if exact else usable**exponent
    return np.where(positive, made, 0.0)
