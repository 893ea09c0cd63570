"""The record of a draw: canonical JSON from which anybody can make the draw again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.platform.audit import canonical
from surveys.visits.drawing.chance import ALGORITHM
from surveys.visits.drawing.draw import run
from surveys.visits.drawing.inputs import (
    Before,
    Draw,
    Drawn,
    FormNeeds,
    Impossible,
    Inputs,
    Person,
    Place,
    Quota,
    Warned,
)

_ROWS = {
    "quotas": Quota,
    "places": Place,
    "forms": FormNeeds,
    "people": Person,
    "before": Before,
}


@dataclass(frozen=True)
class Seed:
    """``secret`` is fixed and its fingerprint logged when the plan is made. ``public`` may be
    added at the draw, a number nobody could know then; ``source`` says where it was drawn."""

    secret: str
    public: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """What chance is made from."""
        return canonical([self.secret, self.public])


@dataclass(frozen=True)
class Record:
    """A draw with all that it was made from."""

    algorithm: str
    seed: Seed
    inputs: Inputs
    draw: Draw


def record(inputs: Inputs, seed: Seed) -> Record:
    """Make the draw. Raises `Impossible`."""
    ordered = inputs.ordered()
    return Record(ALGORITHM, seed, ordered, run(ordered, seed.text))


def dump(held: Record) -> bytes:
    """The same bytes for the same draw."""
    return canonical(asdict(held)).encode()


def load(content: bytes) -> Record:
    """The record back from `dump`'s bytes."""
    held: dict[str, Any] = json.loads(content)
    given = dict(held["inputs"])
    for name, row in _ROWS.items():
        given[name] = tuple(row(**_frozen(each)) for each in given[name])
    given["codes"] = tuple(given["codes"])
    drawn = held["draw"]
    return Record(
        held["algorithm"],
        Seed(**held["seed"]),
        Inputs(**given),
        Draw(
            tuple(Drawn(**each) for each in drawn["visits"]),
            tuple(Warned(**each) for each in drawn["warnings"]),
        ),
    )


def holds(content: bytes) -> bool:
    """Whether drawing again from the recorded inputs and seed gives these very bytes."""
    held = load(content)
    if held.algorithm != ALGORITHM:
        return False
    try:
        return dump(record(held.inputs, held.seed)) == content
    except (Impossible, ValueError):
        return False


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(each) if isinstance(each, list) else each for key, each in row.items()}
