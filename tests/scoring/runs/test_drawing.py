"""Every run is drawn 4,000 times or more, over what the method has; what was changed is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evaluation.framework.demo_province import demo_framework
from evaluation.framework.tree import Framework, Unit
from scoring.composite.sheet import ScoreSheet
from scoring.runs import drawing
from scoring.runs.drawing import BASE, BOUNDED, LEAST_DRAWS, drawn, with_indices
from scoring.runs.judging import score_snapshot
from scoring.runs.snapshot import snapshot_of
from tests.factories.province import small_framework
from tests.scoring.runs.results import SMALL
from tests.scoring.runs.test_snapshot import adopted


def scored(**method: Any) -> ScoreSheet:
    """The small round by a method."""
    return score_snapshot(snapshot_of("R", small_framework(method=method), adopted(SMALL)))


@pytest.mark.parametrize("asked", [None, 0, 1, 3_999])
def test_a_run_is_drawn_so_often_at_least(asked: int | None) -> None:
    sheet = scored(**({} if asked is None else {"uncertainty": {"draws": asked}}))
    said = sheet.method["uncertainty"]
    assert said["draws"] == said["executed"]["draws"] == LEAST_DRAWS
    assert said["asked_draws"] == (asked or 0)
    assert sheet.intervals["C1"]["low"] <= sheet.intervals["C1"]["high"]


def test_a_framework_may_ask_for_more() -> None:
    said = scored(uncertainty={"draws": 5_000}).method["uncertainty"]
    assert said["executed"]["draws"] == 5_000
    assert "asked_draws" not in said
    assert "asked_draws" not in scored(uncertainty={}).method["uncertainty"]


def test_what_the_method_has_is_varied_unless_the_framework_says_what() -> None:
    plain = drawn(small_framework()).method.uncertainty.vary
    assert plain == ("weights", "normalise", "aggregate")
    more = {"treat": {"method": "winsorise"}, "impute": {"method": "median"}}
    every = drawn(small_framework(method=more)).method.uncertainty.vary
    assert set(every) == {*plain, "treat", "impute"}
    own = {**more, "uncertainty": {"vary": ["weights"]}}
    assert drawn(small_framework(method=own)).method.uncertainty.vary == ("weights",)


def test_indices_come_with_every_run_unless_the_framework_speaks_of_them() -> None:
    assert scored().method["sensitivity"]["base"] == BASE
    assert scored().sensitivity
    assert not scored(sensitivity={"base": 0}).sensitivity


def test_a_method_that_varies_nothing_is_scored_without_indices() -> None:
    sheet = scored(uncertainty={"vary": []})
    assert not sheet.sensitivity
    assert sheet.intervals["C1"]["low"] == sheet.intervals["C1"]["high"]


def wide(units: int) -> Framework:
    """Many units compared pair by pair."""
    sample = small_framework(method={"aggregate": {"method": "copeland"}})
    return replace(sample, units=tuple(Unit(f"C{at}", f"市{at}") for at in range(units)))


def test_copeland_of_very_many_units_is_bounded_and_says_so() -> None:
    few, many = drawn(wide(drawing.MOST_COMPARED)), drawn(wide(drawing.MOST_COMPARED + 1))
    assert few.method.uncertainty.draws == LEAST_DRAWS
    assert many.method.uncertainty.draws == BOUNDED
    assert many.notes["bounded"] == BOUNDED
    assert with_indices(wide(drawing.MOST_COMPARED + 1), many.method) is many.method


def test_the_demonstration_asks_for_what_it_gets() -> None:
    assert "asked_draws" not in drawn(demo_framework()).notes
