"""What a phone may say of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.platform.audit import canonical
from surveys.field import rules

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["unsent", "drafts", "storage_used", "persisted", "skew_seconds", "oldest", "app", "city", "x"]
)


def test_what_a_phone_says_of_itself_is_kept() -> None:
    said = {
        "app": "abc123",
        "unsent": 2,
        "unsent_bytes": 4_000_000,
        "persisted": True,
        "skew_seconds": -63_072_000.04,
        "oldest": "2026-11-20T08:00:00+08:00",
    }
    kept = rules.reported(said)
    assert kept["unsent"] == 2
    assert kept["persisted"] is True
    assert kept["skew_seconds"] == -63_072_000.0
    assert kept["oldest"] == "2026-11-20T08:00:00+08:00"


@pytest.mark.parametrize(
    "said",
    [
        {"unsent": -1},
        {"unsent": True},
        {"unsent": 10**30},
        {"unsent": "2"},
        {"persisted": 1},
        {"skew_seconds": float("nan")},
        {"skew_seconds": float("inf")},
        {"oldest": "2026-11-20T08:00:00"},
        {"oldest": "tomorrow"},
        {"site": "政务大厅"},
        {"username": "somebody"},
    ],
)
def test_anything_else_is_dropped(said: dict[str, Any]) -> None:
    assert rules.reported(said) == {}


@given(st.dictionaries(KEYS, ANYTHING))
def test_whatever_a_phone_says_can_be_stored(said: dict[str, Any]) -> None:
    kept = rules.reported(said)
    assert len(canonical(kept)) < 1_000
    assert set(kept) <= {*rules._COUNTS, *rules._TEXTS, *rules._FLAGS, "skew_seconds", "oldest"}
