"""Which values may be recorded and which method is adopted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation.framework.tree import Node
from evaluation.rounds.rules import STATES
from surveys.observations import rules
from surveys.observations.rules import Given
from tests.factories.province import small_framework

FRAMEWORK = small_framework()


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (Given("C1", "I1", "full_filing", 3.0), []),
        (Given("X", "I1", "full_filing", 3.0), ["unknown-city"]),
        (Given("C1", "D1", "full_filing", 3.0), ["unknown-indicator"]),
        (Given("C1", "I9", "guess", 3.0), ["unknown-indicator", "unknown-method"]),
        (Given("C1", "I5", "full_filing", 3.0), ["method-not-allowed"]),
        (Given("C1", "I1", "full_filing", None), ["no-value"]),
        (Given("C1", "I1", "full_filing", float("nan")), ["not-finite"]),
        (Given("C1", "I1", "full_filing", float("inf")), ["not-finite"]),
        (Given("C1", "I1", "full_filing", -1.0), ["out-of-range"]),
        (Given("C1", "I1", "full_filing", 61.0), ["out-of-range"]),
        (Given("C1", "I1", "full_filing", None, True), ["not-applicable-refused"]),
        (Given("C1", "I4", "full_filing", None, True), []),
        (Given("C1", "I4", "full_filing", 2.0, True), ["value-and-not-applicable"]),
    ],
)
def test_check(given: Given, codes: list[str]) -> None:
    assert [fault.code for fault in rules.check(FRAMEWORK, given)] == codes


def test_a_framework_that_names_no_method_allows_all() -> None:
    assert rules.may_supply(replace(FRAMEWORK.by_code["I1"], methods=()), "seminar")


def test_verification_comes_first_then_the_framework_then_the_default() -> None:
    node = replace(FRAMEWORK.by_code["I1"], methods=("simulation", "full_filing", "verification"))
    assert rules.preferred(node, ["full_filing", "simulation", "verification"]) == "verification"
    assert rules.preferred(node, ["full_filing", "simulation"]) == "simulation"
    silent = replace(node, methods=())
    assert rules.preferred(silent, ["questionnaire", "basic_data", "full_filing"]) == "full_filing"
    assert rules.preferred(silent, []) is None
    assert sorted(rules.order(node)) == sorted(["review", *rules.PRECEDENCE])
    assert rules.preferred(node, ["verification", "review"]) == "review"


@pytest.mark.parametrize(
    ("values", "disagreeing"),
    [
        ({"a": 10.0}, False),
        ({"a": 10.0, "b": 11.0}, False),  # 1 of a span of 20 is the tolerance exactly
        ({"a": 10.0, "b": 11.1}, True),
        ({"a": None, "b": 11.1}, True),
        ({"a": None, "b": None}, False),
    ],
)
def test_disagreement(values: dict[str, float | None], disagreeing: bool) -> None:
    assert rules.disagree(FRAMEWORK.by_code["I1"], values) is disagreeing


def test_without_goalposts_the_larger_value_is_the_measure() -> None:
    node = Node("I", "D", "x")
    assert not rules.disagree(node, {"a": 100.0, "b": 95.0})
    assert rules.disagree(node, {"a": 100.0, "b": 94.0})
    assert not rules.disagree(node, {"a": 0.0, "b": 0.0})


def test_observations_may_change_up_to_verifying() -> None:
    still_open = [state for state in STATES if rules.is_open(state)]
    assert still_open == ["planned", "collecting", "verifying"]
