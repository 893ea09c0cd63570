"""What a simulation varies, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.composite.keys import flag, key, number, one_of, some_of, whole, wholes
from scoring.composite.policies import MEANS

VARIABLE = ("weights", "normalise", "aggregate", "treat", "impute")
FACTORS = (*VARIABLE, "errors")
VARIED_IMPUTATIONS = ("none", "mean", "median", "group-mean", "group-median")
VARIED_NORMALISATIONS = ("minmax", "zscore", "percentile-rank")
MOST_DRAWS = 100_000  # beyond, an interval of ranks does not move and memory does


@dataclass(frozen=True)
class Uncertainty:
    """What is varied to see how firm the ranks are. ``draws = 0`` switches it off.

    ``normalise``, ``aggregate`` and ``impute`` list the alternatives beside the method's own; a
    draw multiplies each weight of the levels in ``weight_levels`` (1 = leaves; empty = all below
    the index) by a factor between 1 − spread and 1 + spread. ``treat_points`` is the
    [least, most] number of winsorised points.

    Errors of observations, where they are given, enter every draw. ``error_shape``: a "normal"
    whose standard deviation is the error, or "uniform" between minus and plus the error.
    ``error_limits``: what a drawn value can be. "sign": not below zero where no city's value of
    the indicator is (not above where none is); "goalposts": also within worst and best where
    every city's value is; "none": anything.

    ``tie_level``: two cities are statistically level unless one is above the other in at least
    this share of the draws.
    """

    draws: int = key(0, whole(0, MOST_DRAWS))
    seed: int = key(42, whole(0, 2**63 - 1))
    vary: tuple[str, ...] = key(("weights", "normalise", "aggregate"), some_of(*VARIABLE))
    weight_spread: float = key(0.25, number(0, 1))
    weight_levels: tuple[int, ...] = key((), wholes(1, 100))
    normalise: tuple[str, ...] = key(("minmax", "zscore"), some_of(*VARIED_NORMALISATIONS))
    aggregate: tuple[str, ...] = key(("arithmetic", "geometric"), some_of(*MEANS))
    treat_points: tuple[int, ...] = key((1, 5), wholes(1, 10_000))
    impute: tuple[str, ...] = key(("none", "mean", "median"), some_of(*VARIED_IMPUTATIONS))
    error_shape: str = key("normal", one_of("normal", "uniform"))
    error_limits: str = key("sign", one_of("sign", "goalposts", "none"))
    tie_level: float = key(0.9, number(0.5, 1))


@dataclass(frozen=True)
class Sensitivity:
    """Which of the varied things moves the ranks. ``base = 0`` switches it off.

    ``base`` is the number n of base points, a power of two: the model runs n·(factors + 2)
    times. ``factors`` empty means what ``[uncertainty]`` varies, and the errors where given.
    ``weights``: all of them are one factor ("together"), or one a level, a family of siblings
    ("parent") or a node ("each"). ``resamples`` is the number of bootstrap samples behind the
    intervals. ``leave_out`` scores again without each indicator, dimension and city.
    """

    base: int = key(0, whole(0, 2**14))
    seed: int = key(42, whole(0, 2**63 - 1))
    factors: tuple[str, ...] = key((), some_of(*FACTORS))
    weights: str = key("together", one_of("together", "level", "parent", "each"))
    resamples: int = key(200, whole(0, 10_000))
    leave_out: bool = key(False, flag)
