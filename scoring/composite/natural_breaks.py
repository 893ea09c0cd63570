"""Natural breaks: the classes with the least variation within, found exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.composite.sheet import Floats

SAME = 1e-12  # of the whole variation: sums that differ by less are the same


def natural_breaks(values: Floats, classes: int) -> Floats:
    """Lowest value of every class, from the highest class down.

    Parameters
    ----------
    values : (n,) array
        NaN is left out. Equal values are one point with a weight, so that no class parts them.
    classes : int
        How many are wanted; there are fewer where there are fewer different values.

    Returns
    -------
    (m,) array, m ≤ classes
        Falling. A value belongs to the first class whose number it reaches.

    Raises
    ------
    ValueError
        For less than one class.

    Notes
    -----
    The least sum of squared deviations from the class means, by dynamic programming over the
    sorted values: exact, unlike the shifting of breaks until nothing improves. Of equally good
    classifications the one whose uppermost class is smallest, then the next. Deviations are taken
    from the middle of the range, so that large numbers lose no digits.

    References
    ----------
    .. [1] W. D. Fisher, J. Am. Stat. Assoc. 53 (1958) 789–798.
    .. [2] G. F. Jenks, Int. Yearb. Cartogr. 7 (1967) 186–190.
    """
    if classes < 1:
        raise ValueError("at least one class")
    points, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    points, counts = points[::-1], counts[::-1]  # from the highest down
    size = points.size
    if size <= classes:
        return points
    middle = points - (points[0] + points[-1]) / 2
    scaled = middle / np.abs(middle).max()
    mass = np.append(0.0, np.cumsum(counts * 1.0))
    first = np.append(0.0, np.cumsum(counts * scaled))
    second = np.append(0.0, np.cumsum(counts * scaled**2))

    def within(start: int, stop: int) -> float:
        """Squared deviations of the points from *start* up to *stop*."""
        total = float(first[stop] - first[start])
        spread = float(second[stop] - second[start])
        return max(0.0, spread - total * total / float(mass[stop] - mass[start]))

    slack = SAME * max(within(0, size), 1.0)
    # best[k][start]: least variation of the points from start on in k classes, and the first cut
    best = [[(0.0, size)] * (size + 1)]
    best[0] = [(np.inf, size)] * size + [(0.0, size)]
    for k in range(1, classes + 1):
        row = [(np.inf, size)] * (size + 1)
        for start in range(size - k + 1):
            for stop in range(start + 1, size - (k - 1) + 1):
                made = within(start, stop) + best[k - 1][stop][0]
                if made < row[start][0] - slack:
                    row[start] = (made, stop)
        best.append(row)
    lows, start = [], 0
    for k in range(classes, 0, -1):
        start = best[k][start][1]
        lows.append(float(points[start - 1]))
    return np.array(lows)
