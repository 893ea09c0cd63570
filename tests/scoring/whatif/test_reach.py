"""The cheapest set: as good as trying every set, proved where it says so, always rescored."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.composite.problems import ScoringError
from scoring.whatif import reach, what_if
from scoring.whatif.goals import goals
from tests.scoring.composite.examples import flat
from tests.scoring.whatif.examples import case, province

METHODS = (
    {},
    {"normalise": {"method": "minmax"}},
    {"normalise": {"method": "zscore"}, "impute": {"method": "mean"}},
    {"aggregate": {"method": "geometric", "floor": 1}},
    {"aggregate": {"method": "harmonic", "floor": 1}, "normalise": {"method": "minmax"}},
    {"rank": {"decimals": 0}},
    {"rank": {"ties": "dense"}},
    {"aggregate": {"method": "copeland"}},
)


def cheapest(start, city, wanted, efforts):
    """Every set tried: the least effort, None when none suffices."""
    aims = [g for g in goals(start, start.score(), city, ["province-best"]) if g.state == "open"]
    row, best = start.cities.index(city), None
    for size in range(len(aims) + 1):
        for some in combinations(aims, size):
            made = what_if(start, city, {goal.code: goal.raw for goal in some})
            if made.ranks[1][row] <= wanted:
                effort = sum(efforts.get(goal.code, 1.0) for goal in some)
                best = effort if best is None else min(best, effort)
    return best


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_as_cheap_as_trying_every_set(method):
    rng = np.random.default_rng(11)
    for seed in range(3):
        values = np.random.default_rng(seed).uniform(5, 95, (6, 5))
        start = case(values, method=method)
        ranks = start.score().ranks[:, 0]
        city = start.cities[int(np.nanargmax(ranks))]
        efforts = {code: float(rng.integers(1, 5)) for code in start.tree.indicators}
        for wanted in (1, 3):
            route = reach(start, city, wanted, kinds=["province-best"], efforts=efforts)
            best = cheapest(start, city, wanted, efforts)
            if best is None:
                assert not route.reached
                assert route.how in ("impossible", "not-found")
            else:
                assert route.reached
                assert route.how in ("program", "search", "there")
                assert route.effort == pytest.approx(best)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(METHODS[:5]), st.integers(1, 8))
def test_what_is_said_to_reach_does(seed, method, wanted):
    start = province(seed, method=method)
    route = reach(start, "b", wanted, budget=150)
    made = what_if(start, "b", {goal.code: goal.raw for goal in route.items})
    assert made.ranks[1][1] == route.outcome.ranks[1][1]
    assert route.reached == (made.ranks[1][1] <= wanted)
    assert route.effort == len(route.items)


@pytest.mark.parametrize("method", METHODS[:4], ids=str)
def test_as_cheap_as_trying_every_set_with_gaps(method):
    proved = set()
    for seed in range(4):
        rng = np.random.default_rng(seed)
        values = rng.uniform(5, 95, (6, 6))
        start = case(values, method=method)
        worst = int(np.argmax(start.score().ranks[:, 0]))
        values[worst, :2] = np.nan
        start = case(values, method=method)
        city = start.cities[worst]
        efforts = {code: float(rng.integers(1, 5)) for code in start.tree.indicators}
        route = reach(start, city, 2, kinds=["province-best"], efforts=efforts)
        best = cheapest(start, city, 2, efforts)
        proved.add(route.how)
        assert route.reached == (best is not None)
        if best is not None:
            assert route.effort == pytest.approx(best)
    assert proved <= {"program", "search", "there", "impossible"}
    assert "program" in proved or method.get("aggregate") or method.get("normalise")


def test_nothing_to_do():
    route = reach(case([[90.0], [10.0]]), "a", 1)
    assert (route.how, route.items, route.effort, route.reached) == ("there", (), 0, True)


def test_impossible_is_said_with_all_that_could_be_done():
    start = case([[10.0, 50], [90.0, 60]], framework=flat(2, target=(None, 40.0, 55.0)))
    route = reach(start, "a", 1, kinds=["target"])
    assert (route.how, route.reached) == ("impossible", False)
    assert [goal.code for goal in route.items] == ["i0", "i1"]
    assert route.as_mapping()["new_score"] == 47.5


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_nothing_to_aim_at_one_city_no_score_and_no_spread(method):
    nobody = reach(case([[10.0, 20], [30, 40], [50, 60]], method=method), "a", 1, kinds=["target"])
    assert (nobody.how, nobody.items, nobody.reached) == ("impossible", (), False)
    assert reach(case([[10.0, 20]], method=method), "a", 1).how == "there"
    unknown = case([[np.nan, np.nan], [30, 40], [50, 60]], method=method)
    if np.isnan(unknown.score().ranks[0, 0]):
        route = reach(unknown, "a", 3)
        assert route.reached
        assert len(route.items) == 1
    assert reach(case([[5.0, 5], [5, 5]], method=method), "b", 1).how == "there"


def test_a_tie_is_enough_where_ties_share_the_place():
    start = case([[10.0, 50], [90.0, 60]])
    route = reach(start, "a", 1, kinds=["province-best"])
    assert (route.how, [goal.code for goal in route.items]) == ("program", ["i0", "i1"])


def test_effort_decides():
    start = case([[10.0, 10, 10], [40.0, 40, 40], [60.0, 60, 60]])
    for dear, rest in (("i0", ["i1", "i2"]), ("i2", ["i0", "i1"])):
        route = reach(start, "a", 2, kinds=["province-best"], efforts={dear: 9})
        assert ([goal.code for goal in route.items], route.effort) == (rest, 2)


def test_a_budget_spent_is_said():
    start = province(4, method={"aggregate": {"method": "copeland"}}, gaps=False)
    city = start.cities[int(np.argmax(start.score().ranks[:, 0]))]
    route = reach(start, city, 1, budget=12)
    assert route.how in ("greedy", "not-found")
    assert route.reached == (route.how == "greedy")


def test_everything_wrong_at_once():
    start = province(1)
    with pytest.raises(ScoringError) as error:
        reach(start, "z", 99, efforts={"d0": 1, "d0i0": 0})
    assert [(problem.path, problem.code) for problem in error.value.problems] == [
        ("z", "city-unknown"),
        ("z", "no-such-rank"),
        ("d0", "indicator-unknown"),
        ("d0i0", "effort-not-positive"),
    ]
    unranked = province(1, ranked=np.arange(8) > 0)
    with pytest.raises(ScoringError) as error:
        reach(unranked, "a", 1)
    assert error.value.problems[0].code == "city-not-ranked"
