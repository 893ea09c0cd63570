"""What-if where values are divided, filled from other periods, adjusted or weighed by data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scoring.composite.method import parse_method
from scoring.composite.panel import Panel
from scoring.whatif import compare, gains, reach, what_if
from tests.scoring.composite.examples import flat
from tests.scoring.whatif.examples import case, province

PEOPLE = {"people": np.array([10.0, 20.0, 5.0])}


def divided(values=((10, 50), (100, 40), (40, 60)), **more):
    """The first of two indicators per head, goalposts 0 to 10 per head."""
    made = flat(2, denominators=("", "people", ""), per=(1.0, 1.0, 1.0), best=(None, 10.0, 100.0),
                target=(None, 4.0, None))  # fmt: skip
    return case(values, framework=made, more={"denominators": PEOPLE}, **more)


def test_aims_are_in_the_unit_of_the_result_and_written_in_the_raw_one():
    found = {
        each.goal.kind: each
        for each in gains(divided(), "a", kinds=["target", "province-best", "next-better"])
        if each.goal.code == "i0"
    }
    assert found["target"].goal.value == 1.0
    assert (found["target"].goal.aim, found["target"].goal.raw) == (4.0, 40.0)
    assert found["target"].score_gain == pytest.approx(15)
    assert (found["province-best"].goal.aim, found["province-best"].goal.raw) == (8.0, 80.0)
    assert found["next-better"].goal.of == "b"
    assert found["next-better"].goal.aim == 5.0


def test_without_its_denominator_an_aim_cannot_be_written():
    missing = {"people": np.array([np.nan, 20.0, 5.0])}
    start = replace(divided(), more={"denominators": missing})
    got = {each.goal.code: each.goal.state for each in gains(start, "a", kinds=["province-best"])}
    assert got["i0"] == "no-aim"


def test_a_denominator_that_changed_is_a_difference():
    first = divided()
    second = replace(first, more={"denominators": {"people": np.array([5.0, 20.0, 5.0])}})
    made = compare(first, second)
    assert [(each.kind, each.code) for each in made.differences] == [("input", "denominators")]
    assert made.score_change.tolist() == pytest.approx([5, 0, 0])


def test_cities_come_and_go_with_their_denominators():
    first = divided()
    second = replace(
        first,
        cities=("c", "a"),
        values=first.values[[2, 0]],
        more={"denominators": {"people": np.array([5.0, 10.0])}},
    )
    made = compare(first, second)
    assert {each.kind for each in made.differences} == {"city", "input"}
    np.testing.assert_allclose(np.nan_to_num(made.scores).sum(axis=0), 0, atol=1e-9)


def test_values_filled_from_other_periods():
    panel = Panel(2024.0, (2023.0,), np.array([[[30.0, 1.0], [2.0, 3.0]]]))
    latest = {"impute": {"method": "latest"}}
    first = case([[np.nan, 50], [60, 40]], method=latest, more={"panel": panel})
    other = replace(panel, values=panel.values + 10)
    made = compare(first, replace(first, more={"panel": other}))
    assert [(each.kind, each.code) for each in made.differences] == [("input", "panel")]
    assert made.score_change.tolist() == pytest.approx([5, 0])
    turned = Panel(2024.0, (2023.0,), panel.values[:, ::-1])
    second = replace(
        first, cities=("b", "a"), values=first.values[::-1].copy(), more={"panel": turned}
    )
    same = compare(first, second)
    np.testing.assert_allclose(np.nan_to_num(same.score_change), 0, atol=1e-9)


METHODS = (
    {"weights": {"method": "entropy"}},
    {"adjust": {"items": [{"city": "b", "code": "x", "kind": "bonus", "points": 3.0,
                           "reason": "r"}]}},
    {"adjust": {"lists": [{"code": "l", "colour": "black", "effect": "rank",
                           "cities": ["b"], "rank": 4,
                           "reason": "r"}]}},
    {"aggregate": {"threshold": 0.8}},
    {"impute": {"method": "siblings-mean"}},
    {"normalise": {"method": "rank"}},
)  # fmt: skip


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_whatever_follows_the_data_is_rescored(method):
    start = province(3, method=method)
    before = start.score()
    city = start.cities[int(np.nanargmax(before.ranks[:, 0]))]
    row = start.cities.index(city)
    for each in gains(start, city)[:6]:
        if each.goal.state == "open":
            made = what_if(start, city, {each.goal.code: each.goal.raw})
            np.testing.assert_array_equal(made.scores[1][row], each.score)
    route = reach(start, city, 3, budget=60)
    made = what_if(start, city, {goal.code: goal.raw for goal in route.items})
    assert route.reached == (made.ranks[1][row] <= 3)
    again = compare(start, replace(start, method=parse_method({})), budget=60)
    known = ~np.isnan(again.score_change)
    parts = again.scores.sum(axis=0)
    np.testing.assert_allclose(parts[known], again.score_change[known], atol=1e-9)
