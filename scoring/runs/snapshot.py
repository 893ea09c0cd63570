"""What a run scores, frozen: the framework and every adopted observation, as one file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from evaluation.framework import document
from evaluation.framework.tree import Framework

FORMAT = "yingshang-snapshot/1"


@dataclass(frozen=True, slots=True)
class Adopted:
    """An adopted observation as it was when the snapshot was taken.

    ``value`` is in ``unit``, None when not applicable. ``id`` and ``revision`` lead back to the
    observation, which knows who recorded it; a snapshot names nobody. ``error`` is the standard
    error of ``value``, in ``unit``, where it is known, and above 0.
    """

    city: str
    indicator: str
    method: str
    value: float | None
    not_applicable: bool
    unit: str
    source: str
    id: int
    revision: int
    error: float | None = None


@dataclass(frozen=True)
class Snapshot:
    """Everything that a score depends on, whatever order the rows came in."""

    round: str
    framework: Framework
    observations: tuple[Adopted, ...]

    @cached_property
    def bytes(self) -> bytes:
        """Canonical JSON: keys sorted, observations by city and indicator, shortest floats."""
        return canonical(
            {
                "format": FORMAT,
                "round": self.round,
                "framework_sha256": document.sha256(self.framework),
                "framework": document.to_document(self.framework),
                "observations": [_plain(each) for each in self.observations],
            }
        )

    @cached_property
    def by_cell(self) -> Mapping[tuple[str, str], Adopted]:
        """Observations by city and indicator."""
        return {(each.city, each.indicator): each for each in self.observations}


def snapshot_of(code: str, framework: Framework, observations: Sequence[Adopted]) -> Snapshot:
    """Freeze the adopted *observations* of the round *code*.

    Raises ValueError for a city or indicator that the framework does not know, for two adopted
    observations of one cell (a score may not depend on which of them came last), and for an error
    that is not a finite number above 0.
    """
    ordered = tuple(sorted(observations, key=lambda each: (each.city, each.indicator, each.id)))
    indicators = {node.code for node in framework.indicators}
    seen: set[tuple[str, str]] = set()
    for each in ordered:
        cell = each.city, each.indicator
        if each.city not in framework.unit_by_code or each.indicator not in indicators:
            raise ValueError(f"the framework has no {each.city} × {each.indicator}")
        if cell in seen:
            raise ValueError(f"{each.city} × {each.indicator} is adopted twice")
        if each.error is not None and not 0 < each.error < float("inf"):
            raise ValueError(f"{each.city} × {each.indicator} has an impossible error")
        seen.add(cell)
    return Snapshot(code, framework, ordered)


def snapshot_from_bytes(content: bytes) -> Snapshot:
    """The snapshot of a stored file. Raises ValueError where the format or a hash is wrong."""
    held = json.loads(content)
    if held.get("format") != FORMAT:
        raise ValueError(f"not a {FORMAT}")
    framework = document.from_document(held["framework"])
    if document.sha256(framework) != held["framework_sha256"]:
        raise ValueError("the framework in the snapshot does not match its hash")
    return snapshot_of(held["round"], framework, [Adopted(**each) for each in held["observations"]])


def _plain(adopted: Adopted) -> dict[str, Any]:
    """An observation as the file has it; one without an error as it was before there were any."""
    held = asdict(adopted)
    if adopted.error is None:
        del held["error"]
    return held


def canonical(value: Any) -> bytes:
    """JSON with one spelling: sorted keys, no spaces, no NaN, UTF-8."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()
