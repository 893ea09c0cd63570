"""How fast is too fast, by example."""

from __future__ import annotations

import pytest

from surveys.forms.document import Kit, ScriptStep, Words
from surveys.submissions import pace


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
def test_the_yardstick_of_a_short_visit(
    minutes: float | None, script: float | None, typical: float | None, expected: float | None
) -> None:
    assert pace.yardstick(minutes, script, typical) == expected


def test_a_median_of_few_says_nothing() -> None:
    assert pace.usual([1, 2, 3, 4]) is None
    assert pace.usual([9, 1, 2, 3, 4]) == 3


def test_a_script_without_minutes_is_no_yardstick() -> None:
    steps = (ScriptStep("a", Words(), 2.5), ScriptStep("b", Words()), ScriptStep("c", Words(), 4))
    assert pace.script_minutes(Kit(script=steps)) == 6.5
    assert pace.script_minutes(Kit(script=steps[1:2])) is None


@pytest.mark.parametrize(
    ("seconds", "answered", "script", "fast"),
    [
        (None, 20, 30, False),
        (-5, 20, 30, False),
        (59, 20, None, True),
        (60, 20, None, False),
        (599, 20, 30, True),
        (600, 20, 30, False),
    ],
)
def test_too_fast(seconds: float | None, answered: int, script: float | None, fast: bool) -> None:
    assert pace.too_fast(seconds, answered, script) is fast
