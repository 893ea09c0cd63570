"""A small sealed package, made of nothing but values."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scoring.runs.judging import score_snapshot
from scoring.runs.sheets import sheet_bytes
from scoring.runs.snapshot import Snapshot, snapshot_of
from scoring.sealing.package import Anchor, Facts, Package, build
from tests.factories.province import small_framework
from tests.scoring.runs.results import KEY, SMALL
from tests.scoring.runs.test_snapshot import adopted

MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def facts(**changes: Any) -> Facts:
    """What is said of the package."""
    said: dict[str, Any] = {
        "round": "R",
        "name": "轮次",
        "name_en": "Round",
        "version": 1,
        "run": 1,
        "scored_with": "0.1.0",
        "scored_at": MOMENT,
        "approved_at": MOMENT,
        "published_at": MOMENT,
        "sealed_at": MOMENT,
        "two_people": True,
        "anchor": Anchor(7, "ab" * 32, "sha256"),
    }
    return Facts(**(said | changes))


def snapshot() -> Snapshot:
    """The small province, scored by a method that asks for no draws."""
    return snapshot_of("R", small_framework(), adopted(SMALL))


@lru_cache(maxsize=1)
def sheet() -> bytes:
    """What it scores to."""
    return sheet_bytes(score_snapshot(snapshot()))


def package(key: Ed25519PrivateKey = KEY, **changes: Any) -> Package:
    """The small province, sealed."""
    return build(snapshot().bytes, sheet(), facts(**changes), key)
