"""The chance of a gain over shared draws, and the steps of a way."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.whatif import gains, reach, what_if
from scoring.whatif.chances import affordable, chances, drawn
from scoring.whatif.goals import Goal
from scoring.whatif.reach import PREFERRED
from scoring.whatif.steps import steps
from tests.scoring.whatif.examples import case, province

DRAWS = {"uncertainty": {"draws": 80, "seed": 3, "vary": ["weights"]}}


def goal(code, raw, state="open"):
    return Goal(code, "target", state, 0.0, raw, raw)


def test_a_gain_that_beats_everybody_is_certain():
    made = case([[10, 10], [50, 50], [60, 60]], method=DRAWS)
    found = chances(made, "a", [goal("i0", 100.0), goal("i1", 11.0)])
    assert found["i1", 11.0].rise == 0
    assert (found["i1", 11.0].low, found["i1", 11.0].high) == (3, 3)
    sure = chances(made, "b", [goal("i0", 100.0)])["i0", 100.0]
    assert (sure.low, sure.median, sure.high, sure.rise) == (1, 1, 1, 1)


def test_they_are_the_places_of_the_draws_with_the_goal():
    made = province(8, gaps=False, method=DRAWS)
    (best,) = gains(made, "c", kinds=("province-best",))[:1]
    found = chances(made, "c", [best.goal])[best.goal.code, best.goal.raw]
    after = what_if(made, "c", {best.goal.code: best.goal.raw}, draws=True).after
    places = after.draws.ranks[:, sorted(after.cities).index("c")]
    assert [found.low, found.median, found.high] == np.percentile(places, [5, 50, 95]).tolist()


def test_what_is_not_open_has_none_and_a_city_without_a_place_neither():
    made = case([[10, 10], [50, 50]], method=DRAWS, ranked=np.array([True, False]))
    assert chances(made, "a", [goal("i0", 5.0, "reached")]) == {}
    assert chances(made, "b", [goal("i0", 100.0)]) == {}


def test_a_method_that_draws_nothing_varies_its_weights():
    plan = drawn(case([[1, 2], [3, 4]])).method.uncertainty
    assert (plan.draws, plan.vary) == (1000, ("weights",))
    many = {"uncertainty": {"draws": 5000}, "sensitivity": {"base": 64}}
    cut = drawn(province(1, method=many)).method
    assert cut.uncertainty.draws == 1000
    assert cut.sensitivity.base == 0
    assert affordable(case([[1, 2], [3, 4]])) > affordable(province(1, count=300)) >= 1


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_steps_end_where_the_way_does_and_go_from_the_strongest(seed):
    made = province(seed, gaps=False)
    sheet = made.score()
    ranks = sheet.ranks[:, sheet.nodes.index("index")]
    city = made.cities[int(np.nanargmax(ranks))]
    efforts = {"d0i0": 3.0}
    route = reach(made, city, 4, efforts=efforts)
    taken = steps(made, route, efforts)
    assert {step.goal for step in taken} == set(route.items)
    i = made.row(city)
    assert taken[-1].score == route.outcome.scores[1][i]
    assert taken[-1].rank == route.outcome.ranks[1][i] <= 4
    assert sum(step.effort for step in taken) == pytest.approx(route.effort)
    alone = {each.goal: each.score_gain for each in gains(made, city, kinds=PREFERRED)}
    worth = [alone[step.goal] / step.effort for step in taken]
    assert worth == sorted(worth, reverse=True)
