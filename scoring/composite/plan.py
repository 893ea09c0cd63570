"""What a simulation varies, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.composite.keys import key, number, some_of, whole, wholes
from scoring.composite.policies import MEANS

VARIABLE = ("weights", "normalise", "aggregate", "treat")
VARIED_NORMALISATIONS = ("minmax", "zscore", "percentile-rank")


@dataclass(frozen=True)
class Uncertainty:
    """What is varied to see how firm the ranks are. ``draws = 0`` switches it off.

    ``normalise`` and ``aggregate`` list the alternatives beside the method's own; a draw
    multiplies each weight of the levels in ``weight_levels`` (1 = leaves; empty = all below the
    index) by a factor between 1 − spread and 1 + spread. ``treat_points`` is the [least, most]
    number of winsorised points.
    """

    draws: int = key(0, whole(0, 100_000))
    seed: int = key(42, whole(0, 2**63 - 1))
    vary: tuple[str, ...] = key(("weights", "normalise", "aggregate"), some_of(*VARIABLE))
    weight_spread: float = key(0.25, number(0, 1))
    weight_levels: tuple[int, ...] = key((), wholes(1, 100))
    normalise: tuple[str, ...] = key(("minmax", "zscore"), some_of(*VARIED_NORMALISATIONS))
    aggregate: tuple[str, ...] = key(("arithmetic", "geometric"), some_of(*MEANS))
    treat_points: tuple[int, ...] = key((1, 5), wholes(1, 10_000))
