"""Old and silent, by example."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from surveys.control import rules

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-1, 0), (0, 0), (23.9, 0), (24, 1), (71, 1), (72, 2), (168, 3), (9999, 3)],
)
def test_age(hours: float, expected: int) -> None:
    assert rules.age(timedelta(hours=hours)) == expected


def test_silence() -> None:
    assert rules.is_silent(None, NOW)
    assert rules.is_silent(NOW - timedelta(hours=24, seconds=1), NOW)
    assert not rules.is_silent(NOW - timedelta(hours=24), NOW)


def test_days_are_those_of_the_wall_and_empty_ones_count() -> None:
    moments = [NOW, NOW - timedelta(hours=13), NOW - timedelta(days=2), NOW - timedelta(days=9)]
    found = rules.days(moments, NOW, 3)
    assert [(day.day, count) for day, count in found] == [(3, 1), (4, 1), (5, 1)]
