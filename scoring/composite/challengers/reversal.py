"""Does leaving a city out change the order of the others?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scoring.composite.sheet import Bools, Floats


@dataclass(frozen=True)
class Reversal:
    """Without the city ``dropped``, ``upper`` and ``lower`` no longer stand as they did.

    Before, ``upper`` was strictly ahead; afterwards ``lower`` is level or ahead.
    """

    method: str
    dropped: str
    upper: str
    lower: str


def reversals(
    cities: Sequence[str],
    ranks_of: Callable[[Bools], Mapping[str, Floats]],
) -> dict[str, tuple[Reversal, ...]]:
    """Drop each city in turn and compare the order of the others.

    Parameters
    ----------
    cities : sequence of str
    ranks_of : callable
        Takes which cities are kept, ``(n_cities,)`` bool, and returns the ranks of those kept by
        the name of a method, each ``(n_kept,)``, scored anew without the others. Empty where
        that cannot be done.

    Returns
    -------
    dict
        By name of the method every pair that changed its order; empty for a method that never
        reverses. Two cities level before that part afterwards are told as well, the one behind
        afterwards as ``lower`` is then the one that lost its place beside the other.

    References
    ----------
    .. [1] Y.-M. Wang, Y. Luo, Math. Comput. Model. 49 (2009) 1221–1229: rank reversal.
    """
    everybody = np.ones(len(cities), dtype=bool)
    before = ranks_of(everybody)
    found: dict[str, list[Reversal]] = {name: [] for name in before}
    for gone, dropped in enumerate(cities):
        kept = everybody.copy()
        kept[gone] = False
        if np.isnan([ranks[gone] for ranks in before.values()]).all() or kept.sum() < 2:
            continue  # a city without a place moves nobody
        names = [city for city, here in zip(cities, kept, strict=True) if here]
        for name, after in ranks_of(kept).items():
            for i, j in _changed(before[name][kept], after):
                found[name].append(Reversal(name, dropped, names[i], names[j]))
    return {name: tuple(pairs) for name, pairs in found.items()}


def _changed(before: Floats, after: Floats) -> list[tuple[int, int]]:
    """Positions (i, j), i ahead of j before or level with it, whose order is another now."""
    was = np.sign(before[:, None] - before)
    now = np.sign(after[:, None] - after)
    ahead = (was < 0) & (now >= 0) & ~np.isnan(now)
    parted = (was == 0) & (now < 0)
    return [(int(i), int(j)) for i, j in np.argwhere(ahead | parted)]
