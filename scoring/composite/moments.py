"""Skewness and kurtosis as spreadsheets and COINr have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats

LEAST_VALUES = 4  # the sample-corrected kurtosis is not defined below


def skewness(values: Floats) -> float:
    """Sample-corrected skewness G1 of a ``(n,)`` array without NaN; NaN if n < 3 or constant.

    References
    ----------
    .. [1] D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183–189, type 2.
    """
    n = values.size
    if n < 3 or values.max() == values.min():
        return float("nan")
    centred = _centred(values)
    m2 = float(np.sum(centred**2))
    raw = np.sqrt(n) * float(np.sum(centred * centred * centred)) / (m2 * np.sqrt(m2))
    return float(raw * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Floats) -> float:
    """Sample-corrected excess kurtosis G2 of a ``(n,)`` array; NaN if n < 4 or constant.

    References
    ----------
    .. [1] D. N. Joanes and C. A. Gill, The Statistician 47 (1998) 183–189, type 2.
    """
    n = values.size
    if n < LEAST_VALUES or values.max() == values.min():
        return float("nan")
    centred = _centred(values)
    m2 = float(np.sum(centred**2))
    raw = n * float(np.sum(centred * centred * centred * centred)) / (m2 * m2)
    return float(((n + 1) * (raw - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))


def _centred(values: Floats) -> Floats:
    """Deviations from the mean as a share of the range: moments do not depend on the unit."""
    return np.asarray((values - values.mean()) / (values.max() - values.min()))
