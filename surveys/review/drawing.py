"""A drawing of a site and of where the phone was, to scale and without map tiles. Pure.

North is up. Distances are on a plane that touches the site, which is exact enough for a visit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.photos.trust import metres
from surveys.review.traces import Position

SIZE = 400  # drawing units, both ways
MARGIN = 28
CLOSE = 14  # drawing units between marks whose numbers would cover each other
LEAST = 100.0  # metres from the middle to the edge, however close everything is
RINGS = (50, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
DEGREE = 111_195.0  # metres along a meridian on the sphere that `metres` uses


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the drawing: ``radius`` is the phone's own uncertainty, in drawing units.

    ``away`` is the distance from the site in metres, None where the site's place is not known.
    """

    number: int
    x: float
    y: float
    radius: float
    away: float | None


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle around the site, or a length: ``metres``, and ``radius`` in drawing units."""

    metres: int
    radius: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks in a square of `SIZE` units; ``site`` is where the site is, None where unknown."""

    site: tuple[float, float] | None
    marks: tuple[Mark, ...]
    rings: tuple[Ring, ...]
    metres_per_unit: float

    @property
    def scale(self) -> Ring:
        """A bar of at most a third of the drawing."""
        most = SIZE / 3 * self.metres_per_unit
        size = 10 ** math.floor(math.log10(most))
        length = max(size * n for n in (1, 2, 5) if size * n <= most)
        return Ring(round(length), round(length / self.metres_per_unit, 1))


def draw(site: tuple[float, float] | None, positions: Sequence[Position]) -> Drawing | None:
    """Draw *positions* around *site* (latitude and longitude); None where there is nothing."""
    if not positions:
        return None
    middle = site or (positions[0].lat, positions[0].lon)
    flat = [_flat(middle, each) for each in positions]
    reach = [
        math.hypot(east, north) + min(each.accuracy or 0.0, math.hypot(east, north) + LEAST)
        for (east, north), each in zip(flat, positions, strict=True)
    ]
    half = max(LEAST, *reach)
    unit = half / (SIZE / 2 - MARGIN)
    marks = tuple(
        Mark(
            number,
            round(SIZE / 2 + east / unit, 1),
            round(SIZE / 2 - north / unit, 1),
            round((each.accuracy or 0.0) / unit, 1),
            metres(each.lat, each.lon, *site) if site else None,
        )
        for number, ((east, north), each) in enumerate(zip(flat, positions, strict=True), 1)
    )
    rings = [Ring(each, round(each / unit, 1)) for each in RINGS if half / 8 < each <= half]
    here = (SIZE / 2, SIZE / 2) if site else None
    return Drawing(here, marks, tuple(rings[-3:]) if site else (), unit)


def labels(marks: Sequence[Mark]) -> dict[int, str]:
    """What is written beside which mark, by its number: marks that lie on each other share one."""
    groups: list[list[Mark]] = []
    for mark in marks:
        near = (g for g in groups if math.hypot(g[0].x - mark.x, g[0].y - mark.y) < CLOSE)
        group = next(near, None)
        if group is None:
            groups.append([mark])
        else:
            group.append(mark)
    return {group[0].number: ", ".join(str(mark.number) for mark in group) for group in groups}


def _flat(middle: tuple[float, float], place: Position) -> tuple[float, float]:
    """Metres east and north of *middle*."""
    turn = (place.lon - middle[1] + 180) % 360 - 180
    east = turn * DEGREE * math.cos(math.radians(middle[0]))
    return east, (place.lat - middle[0]) * DEGREE
