"""The evidence ledger that our app sends with a record: hashes at capture, clock, timings. Pure.

It is kept as it came. What is broken in it never costs the record: it is left out and flagged.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from evaluation.platform.audit import canonical
from surveys.submissions.parcel import bare_name

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_TEXT = 200
SOURCES = frozenset({"camera", "gallery", "signature", "unknown"})


@dataclass(frozen=True, slots=True)
class Captured:
    """What the phone noted of one file when it was taken."""

    sha256: str | None = None
    size: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What can be used of a ledger. ``broken`` where it is no ledger at all."""

    sent_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    files: Mapping[str, Captured] = field(default_factory=dict)
    broken: bool = False
    said: Any = None

    @property
    def identity(self) -> str:
        """A hash that stays the same when only the moment of sending differs."""
        if not isinstance(self.said, dict):
            return ""
        kept = {key: value for key, value in self.said.items() if key != "sent_at"}
        try:
            return hashlib.sha256(canonical(kept).encode(errors="replace")).hexdigest()
        except (ValueError, RecursionError):
            return ""


def read(content: bytes) -> Ledger:
    """The ledger in *content*; broken, never an error, for anything else than one."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return Ledger(broken=True)
    if not isinstance(said, dict):
        return Ledger(broken=True)
    listed = said.get("files")
    files: dict[str, Captured] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            files.setdefault(bare_name(each["name"]), _captured(each))
    return Ledger(
        sent_at=moment(said.get("sent_at")),
        started_at=moment(said.get("started_at")),
        ended_at=moment(said.get("ended_at")),
        files=files,
        said=said,
    )


def moment(text: Any) -> datetime | None:
    """An aware moment in UTC from ISO 8601; None for anything else."""
    if not isinstance(text, str) or not 10 < len(text) <= 40:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _captured(said: Mapping[str, Any]) -> Captured:
    sha256, size = said.get("sha256"), said.get("size")
    facts: dict[str, Any] = {}
    if (taken := moment(said.get("captured_at"))) is not None:
        facts["captured_at"] = taken.isoformat()
    source = said.get("source")
    facts["source"] = source if source in SOURCES else "unknown"
    for key, most in (("lat", 90), ("lon", 180), ("accuracy", 1e7), ("lastModified", 1e15)):
        number = said.get(key)
        if _is_number(number, most):
            facts[key] = number
    if isinstance(said.get("mock"), bool):
        facts["mock"] = said["mock"]
    if isinstance(said.get("media_type"), str):
        facts["media_type"] = said["media_type"][:_LONGEST_TEXT]
    return Captured(
        sha256 if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else None,
        size
        if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 2**31
        else None,
        facts,
    )


def _is_number(value: Any, most: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) and abs(value) <= most


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
