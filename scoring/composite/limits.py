"""Where the coherence audit draws its lines. They change no score."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.composite.keys import key, number, whole, wholes


@dataclass(frozen=True)
class Limits:
    """The thresholds of the coherence audit, as the JRC and COINr use them.

    ``children`` is the advised [least, most] number of indicators of a dimension, and under
    ``least_children`` is a warning; ``weak`` and ``opposes`` bound the correlation with the
    parent; ``influence`` is how many times an effective weight may be its nominal one;
    ``rank_shift`` is a share of the ranked cities (one place at least); ``least_cities`` is the
    fewest cities from which a correlation is judged.

    References
    ----------
    .. [1] OECD/JRC, Handbook on Constructing Composite Indicators, 2008, steps 3, 4 and 7.
    .. [2] JRC, COIN Tool user guide, 2019.
    """

    coverage: float = key(0.65, number(0, 1))
    least_children: int = key(3, whole(1, 1000))
    children: tuple[int, ...] = key((5, 7), wholes(1, 1000))
    skew: float = key(2.0, number(0))
    kurtosis: float = key(3.5, number())
    kurtosis_alone: float = key(10.0, number())
    zeros: float = key(0.5, number(0, 1))
    dominates: float = key(0.95, number(0, 1))
    weak: float = key(0.3, number(0, 1))
    opposes: float = key(-0.3, number(-1, 0))
    redundant: float = key(0.95, number(0, 1))
    size: float = key(0.6, number(0, 1))
    alpha: float = key(0.7, number(0, 1))
    influence: float = key(2.0, number(1, above=True))
    rank_shift: float = key(0.2, number(0, 1))
    least_cities: int = key(5, whole(3, 1000))
