"""How long a phone is believed, and what it may say of itself. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

#: After so long without a touch the phone asks for the password again.
IDLE_MINUTES = 30
#: Bytes of a file in one request: small enough to arrive on a bad line.
PIECE = 256 * 1024
#: Submissions of an evaluator that the phone lists.
LISTED = 60

_LONGEST_TEXT = 120
_COUNTS = ("unsent", "unsent_files", "unsent_bytes", "drafts", "storage_used", "storage_quota")
_TEXTS = ("app", "phone")
_FLAGS = ("persisted", "installed")
_MOST = 2**53
_MOST_SKEW = 100 * 366 * 86400.0


def reported(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a phone says of itself, bounded: only known keys, each of its kind, nothing else.

    Counts are whole numbers from 0; ``skew_seconds`` is how far the phone's clock is ahead;
    ``oldest`` the moment (ISO 8601) at which the oldest unsent record was finished.
    """
    kept: dict[str, Any] = {}
    for name in _COUNTS:
        value = said.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST:
            kept[name] = value
    for name in _TEXTS:
        value = said.get(name)
        if isinstance(value, str):
            kept[name] = "".join(c for c in value if c.isprintable())[:_LONGEST_TEXT]
    for name in _FLAGS:
        if isinstance(said.get(name), bool):
            kept[name] = said[name]
    skew = said.get("skew_seconds")
    if isinstance(skew, (int, float)) and not isinstance(skew, bool) and math.isfinite(skew):
        kept["skew_seconds"] = max(-_MOST_SKEW, min(_MOST_SKEW, round(float(skew), 1)))
    oldest = moment(said.get("oldest"))
    if oldest is not None:
        kept["oldest"] = oldest.isoformat()
    return kept


def moment(text: Any) -> datetime | None:
    """An aware moment from ISO 8601, or None for anything else."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
