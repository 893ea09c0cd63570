"""What a phone's ledger says of the visit itself: timings, places, pauses. Pure.

The ledger is written by a phone: what is not as it should be is left out, and nothing is believed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from surveys.submissions import ledger
from surveys.submissions.ledger import moment

#: Of more entries than this only the first count.
MOST = 5_000
#: A pause longer than this is worth telling.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Timing:
    """A timed step of the script: how long it took, in seconds."""

    code: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Position:
    """Where the phone was: degrees, and metres of its own uncertainty where it told them."""

    lat: float
    lon: float
    accuracy: float | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing was recorded from ``start`` to ``end``."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> float:
        """Its length."""
        return (self.end - self.start).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Traces:
    """What a reviewer looks at; ``moments`` is every time that the ledger names."""

    app: str = ""
    timings: tuple[Timing, ...] = ()
    positions: tuple[Position, ...] = ()
    moments: tuple[datetime, ...] = ()

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """Longer pauses between one thing recorded and the next, in order."""
        return tuple(
            Pause(one, after)
            for one, after in pairwise(sorted(self.moments))
            if after - one > PAUSE
        )


def read(content: bytes) -> Traces:
    """The traces in a ledger's bytes; empty where it is none."""
    held = ledger.read(content).said
    if not isinstance(held, dict):
        return Traces()
    timings = (
        Timing(str(each.get("code", ""))[:64], seconds)
        for each in _each(held, "steps")
        if (seconds := _number(each.get("seconds"))) is not None and seconds >= 0
    )
    positions = (found for each in _each(held, "positions") if (found := position(each)))
    return Traces(
        str(held.get("app", ""))[:64],
        tuple(timings),
        tuple(positions),
        tuple(_moments(held)),
    )


def position(said: Mapping[str, Any]) -> Position | None:
    """A position as a ledger or a file's capture tells it; None where it is none."""
    lat, lon = _number(said.get("lat")), _number(said.get("lon"))
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    accuracy = _number(said.get("accuracy"))
    at = moment(said.get("at") or said.get("captured_at"))
    return Position(lat, lon, accuracy if accuracy is not None and accuracy >= 0 else None, at)


def _moments(held: Mapping[str, Any]) -> Iterator[datetime]:
    every: list[Any] = [held.get("started_at"), held.get("ended_at")]
    for kind, keys in (
        ("events", ("at",)),
        ("positions", ("at",)),
        ("files", ("captured_at",)),
        ("steps", ("started_at", "ended_at")),
    ):
        every += [each.get(key) for each in _each(held, kind) for key in keys]
    yield from (found for said in every if (found := moment(said)) is not None)


def _each(held: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    told = held.get(key)
    if isinstance(told, list):
        yield from (each for each in told[:MOST] if isinstance(each, dict))


def _number(said: Any) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        found = float(said)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None
