"""Logarithm, exponential and power with the same bits on every machine.

numpy's own come from whichever vector unit the processor has, and differ in the last bit between
two of them: with and without AVX-512 one exponential in twenty, one logarithm in 3,000. A sealed
result is scored again elsewhere and compared byte for byte, so what is published is made of these:
nothing but additions, multiplications, divisions and square roots, which IEEE 754 fixes to the bit.
`log` and `exp` are within one unit in the last place of the true value, the others within four.
Draws, of which only places are counted, use numpy's.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from scoring.composite.sheet import Floats

# ln 2 to 60 digits, cut so that k × LN2_HIGH is exact for every exponent k of a double
_LN2 = Fraction(693147180559945309417232121458176568075500134360255254120680, 10**60)
LN2_HIGH = float(Fraction(int(_LN2 * 2**32), 2**32))
LN2_LOW = float(_LN2 - Fraction(LN2_HIGH))
LN2 = float(_LN2)
ROOT_HALF = math.sqrt(0.5)
ATANH = tuple(1 / (2 * k + 1) for k in range(11, 0, -1))  # z^k/(2k+1) for |s| ≤ 0.172
FACTORIALS = tuple(1 / math.factorial(k) for k in range(14, 1, -1))  # r^k/k! for |r| ≤ 0.347


def log(values: ArrayLike) -> Floats:
    """Natural logarithm of an array of any shape; NaN for NaN and below 0, −∞ for 0."""
    x = np.asarray(values, dtype=float)
    usable = (x > 0) & np.isfinite(x)
    mantissa, exponent = np.frexp(np.where(usable, x, 1.0))
    small = mantissa < ROOT_HALF
    f = np.where(small, 2 * mantissa, mantissa) - 1
    made = _log1p(f, (exponent - small).astype(float))
    with np.errstate(invalid="ignore"):
        rest = np.where(x == 0, -np.inf, np.where(x > 0, x, np.nan))
    return np.where(usable, made, rest)


def log1p(values: ArrayLike) -> Floats:
    """ln(1 + x), exact near 0 as well, for x above −1."""
    x = np.asarray(values, dtype=float)
    near = (x > -0.29) & (x < 0.41)
    return np.where(near, _log1p(np.where(near, x, 0.0), np.zeros(())), log(1 + x))


def exp(values: ArrayLike) -> Floats:
    """e to the power of an array of any shape."""
    x = np.asarray(values, dtype=float)
    usable = np.abs(x) < 700
    times, rest = _reduced(np.where(usable, x, 0.0))
    made = np.asarray(np.ldexp(1 + (rest + rest * rest * _series(rest)), times.astype(int)))
    with np.errstate(over="ignore", under="ignore"):
        return np.where(usable, made, np.exp(x))  # 0, ∞, NaN, and what no score ever is


def expm1(values: ArrayLike) -> Floats:
    """e^x − 1, exact near 0 as well."""
    x = np.asarray(values, dtype=float)
    near = np.abs(x) < 0.34
    rest = np.where(near, x, 0.0)
    return np.where(near, rest + rest * rest * _series(rest), exp(x) - 1)


def power(values: ArrayLike, exponent: float) -> Floats:
    """x^p of numbers that are not negative; 0 or ∞ for 0."""
    x = np.asarray(values, dtype=float)
    if exponent == 1:
        return x
    if exponent == 2:
        return np.asarray(x * x)
    if exponent == 0.5:
        return np.asarray(np.sqrt(x))
    if exponent == -1:
        with np.errstate(divide="ignore"):
            return np.asarray(1 / x)
    with np.errstate(invalid="ignore"):
        made = exp(exponent * log(x))
    return np.where(x == 1, 1.0, made)


def _log1p(f: Floats, twos: Floats) -> Floats:
    """ln(1 + f) + twos × ln 2, the small parts added to each other first."""
    s = f / (2 + f)
    z = s * s
    series = np.full_like(z, ATANH[0])
    for term in ATANH[1:]:
        series = series * z + term
    half = 0.5 * f * f
    # ln(1+f) = f − f²/2 + s(f²/2 + R) with R = 2 s² Σ z^k/(2k+3)
    small = s * (half + 2 * z * series) + twos * LN2_LOW
    return np.asarray(twos * LN2_HIGH - ((half - small) - f))


def _reduced(x: Floats) -> tuple[Floats, Floats]:
    """x = k ln 2 + r with |r| ≤ ln 2 / 2."""
    times = np.rint(x / LN2)
    return times, (x - times * LN2_HIGH) - times * LN2_LOW


def _series(rest: Floats) -> Floats:
    """Σ r^(k−2)/k! from k = 2."""
    made = np.full_like(rest, FACTORIALS[0])
    for term in FACTORIALS[1:]:
        made = made * rest + term
    return made
