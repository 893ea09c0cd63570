"""The number rule of a field, what is odd, when the light changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.framework.tree import Node
from evaluation.platform.workbooks import CellProblem
from surveys.filings import rules
from surveys.filings.rules import Entry

NODE = Node("I", "D", "甲", direction=-1, unit="天", warning=10, decimals=1)


@pytest.mark.parametrize(
    ("text", "number"), [("12.5", 12.5), (" 7 ", 7.0), ("-0", 0.0), ("1e3", 1000.0), ("", None)]
)
def test_plain_digits_are_a_number(text: str, number: float | None) -> None:
    found = rules.parse(text, "天")
    assert found == number
    assert str(found) == str(number)  # −0 would show


@pytest.mark.parametrize(
    ("text", "unit", "code", "likely"),
    [
        ("１２", "天", "full-width", "12"),
        ("1,234", "元", "thousands-separator", "1234"),
        ("98%", "%", "percent-sign", "98"),
        ("98%", "元", "percent-sign", "0.98"),
        ("约5天", "天", "not-a-number", None),
        ("5天", "天", "text-with-number", "5"),
        ("1e309", "天", "not-finite", None),
        ("NaN", "天", "not-finite", None),
        ("=1+1", "天", "not-a-number", None),
    ],
)
def test_anything_else_is_refused_with_the_number_meant(
    text: str, unit: str, code: str, likely: str | None
) -> None:
    found = rules.parse(text, unit)
    assert isinstance(found, CellProblem)
    assert (found.code, found.facts.get("likely")) == (code, likely)


@settings(derandomize=True, max_examples=300)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_can_be_typed_again_without_loss(value: float) -> None:
    assert rules.parse(rules.typed(value), "") == value


def test_oddities_are_named_but_not_refused() -> None:
    codes = [odd.code for odd in rules.oddities(NODE, Entry(12.25), 5)]
    assert codes == ["beyond-warning", "jump", "decimals"]
    assert not list(rules.oddities(NODE, Entry(7.5), 5))
    assert not list(rules.oddities(NODE, Entry(5.0), None))
    assert [odd.code for odd in rules.oddities(NODE, Entry(1.0), 0)] == ["jump"]


def test_the_light_follows_the_deadline() -> None:
    closes = datetime(2026, 11, 24, 12, tzinfo=UTC)
    lights = [
        rules.light(closes, closes + timedelta(hours=hours)) for hours in (-100, -72, -1, 0, 1)
    ]
    assert lights == ["green", "yellow", "yellow", "yellow", "red"]
