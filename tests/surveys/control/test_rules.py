"""Old, fast and silent, by example."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from surveys.control import rules
from surveys.forms.document import Kit, ScriptStep, Words

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-1, 0), (0, 0), (23.9, 0), (24, 1), (71, 1), (72, 2), (168, 3), (9999, 3)],
)
def test_age(hours: float, expected: int) -> None:
    assert rules.age(timedelta(hours=hours)) == expected


@pytest.mark.parametrize(
    ("minutes", "script", "typical", "expected"),
    [
        (None, 30, 30, None),
        (9.9, 30, None, 30),
        (10, 30, None, None),
        (5, None, 16, 16),
        (5, 16, 30, 30),
        (5, None, None, None),
        (0, 0, 0, None),
    ],
)
def test_too_fast(
    minutes: float | None, script: float | None, typical: float | None, expected: float | None
) -> None:
    assert rules.yardstick(minutes, script, typical) == expected


def test_a_median_of_few_says_nothing() -> None:
    assert rules.usual([1, 2, 3, 4]) is None
    assert rules.usual([9, 1, 2, 3, 4]) == 3


def test_a_script_without_minutes_is_no_yardstick() -> None:
    steps = (ScriptStep("a", Words(), 2.5), ScriptStep("b", Words()), ScriptStep("c", Words(), 4))
    assert rules.script_minutes(Kit(script=steps)) == 6.5
    assert rules.script_minutes(Kit(script=steps[1:2])) is None


def test_silence() -> None:
    assert rules.is_silent(None, NOW)
    assert rules.is_silent(NOW - timedelta(hours=24, seconds=1), NOW)
    assert not rules.is_silent(NOW - timedelta(hours=24), NOW)


def test_days_are_those_of_the_wall_and_empty_ones_count() -> None:
    moments = [NOW, NOW - timedelta(hours=13), NOW - timedelta(days=2), NOW - timedelta(days=9)]
    found = rules.days(moments, NOW, 3)
    assert [(day.day, count) for day, count in found] == [(3, 1), (4, 1), (5, 1)]
