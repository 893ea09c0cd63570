"""Curves that bring in a long tail: the logarithm and the Box–Cox family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.composite import elementary
from scoring.composite.moments import skewness

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats

SHIFT = 0.01  # of the range: how far above zero the lowest value is put
POWERS = np.round(np.arange(-200, 201) * 0.01, 2)  # what an automatic Box–Cox chooses from


def bent(values: Floats, kind: str, power: float | None = None) -> tuple[Floats, dict[str, float]]:
    """A ``(n,)`` array along the curve *kind*, and the parameters that make it repeatable.

    Parameters
    ----------
    values : (n,) array without NaN and not constant
    kind : {"log", "mirrored-log", "box-cox", "mirrored-box-cox"}
        A mirrored curve measures a column of negative skew from its top.
    power : float, optional
        λ of Box–Cox; None chooses it (see `likeliest_power`).

    Returns
    -------
    bent : (n,) array
        In the same order as *values*: larger stays larger.
    parameters : dict
        ``minimum``, ``maximum``, ``shift`` in the unit of *values*, ``power`` for Box–Cox, and
        ``mirrored`` (1 or 0) for a mirrored kind.
    """
    low, high = float(values.min()), float(values.max())
    said = {"minimum": low, "maximum": high, "shift": SHIFT * (high - low)}
    mirrored = kind.startswith("mirrored-") and skewness(values) < 0
    if kind.startswith("mirrored-"):
        said["mirrored"] = float(mirrored)
    if kind.endswith("log"):
        return logged(values, kind), said
    share = (high - values if mirrored else values - low) / (high - low) + SHIFT
    said["power"] = likeliest_power(share) if power is None else power
    made = box_cox(share, said["power"])
    return (-made if mirrored else made), said


def logged(values: Floats, kind: str) -> Floats:
    """Logarithm of a ``(n,)`` array shifted above zero; "mirrored-log" measures from the top.

    ``log(x − min + a)`` with ``a = (max − min)/100``; for a negative skew "mirrored-log" is
    ``−log(max − x + a)``, which keeps the order and lowers the skew.
    """
    low, high = float(values.min()), float(values.max())
    shift = SHIFT * (high - low)
    if kind == "mirrored-log" and skewness(values) < 0:
        return -elementary.log(high - values + shift)
    return elementary.log(values - low + shift)


def box_cox(values: Floats, power: float) -> Floats:
    """``(x^λ − 1)/λ`` of positive values of any shape, ``log x`` where λ is 0.

    References
    ----------
    .. [1] G. E. P. Box and D. R. Cox, J. R. Statist. Soc. B 26 (1964) 211–252.
    """
    if power == 0:
        return elementary.log(values)
    return np.asarray(elementary.expm1(power * elementary.log(values)) / power)


def likeliest_power(values: Floats) -> float:
    """The λ of greatest likelihood among −2.00, −1.99 … 2.00 for a ``(n,)`` positive array.

    Two decimals, so that the number can be published and two machines cannot differ in its
    last bits; of equals the one nearest to 1 (no bend). ``scipy.stats.boxcox`` searches all
    numbers: it agrees to half a step where its λ is inside.

    References
    ----------
    .. [1] G. E. P. Box and D. R. Cox, J. R. Statist. Soc. B 26 (1964) 211–252, equation 8.
    """
    logs = elementary.log(values)
    powers = np.where(POWERS == 0, 1.0, POWERS)[:, None]
    made = np.where(POWERS[:, None] == 0, logs, elementary.expm1(powers * logs) / powers)
    spread = np.mean((made - made.mean(axis=1, keepdims=True)) ** 2, axis=1)
    gains = (POWERS - 1) * np.sum(logs) - values.size / 2 * elementary.log(spread)
    best = POWERS[gains >= gains.max()]
    return float(best[np.argmin(np.abs(best - 1))])
