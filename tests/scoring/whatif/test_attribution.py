"""Parts add up to the whole, swapping the runs flips the signs, and the right thing is blamed."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.composite.method import parse_method
from scoring.composite.problems import ScoringError
from scoring.whatif import Case, compare
from scoring.whatif.differences import Difference, differences
from tests.scoring.composite.examples import flat, tree
from tests.scoring.whatif.examples import case, province

NAN = math.nan
METHODS = (
    {},
    {"normalise": {"method": "minmax"}},
    {"impute": {"method": "mean"}, "rank": {"decimals": 1}},
    {"aggregate": {"method": "geometric", "floor": 1}},
    {"treat": {"method": "winsorise"}, "normalise": {"method": "zscore"}},
)


def _check(made):
    known = ~np.isnan(made.score_change)
    for parts, whole in ((made.scores, made.score_change), (made.ranks, made.rank_change)):
        np.testing.assert_allclose(parts.sum(axis=0)[known], whole[known], atol=1e-9)
    json.dumps(made.as_mapping(), allow_nan=False)


def _by(made, city):
    at = made.cities.index(city)
    pairs = zip(made.differences, made.scores[:, at].tolist(), strict=True)
    return {(each.kind, each.code, each.city): part for each, part in pairs}


def test_by_hand():
    """Two changes that meet: i0 of a rises by 40, and i0 goes from a half to three quarters."""
    first = case([[20, 50], [50, 50]])
    second = case([[60, 50], [50, 50]], framework=flat(2, weights=(1.0, 3.0, 1.0)))
    made = compare(first, second)
    assert made.how == "shapley"
    assert _by(made, "a") == pytest.approx(
        {
            ("observation", "i0", "a"): (20 + 30) / 2,
            ("weights", "index", ""): (-7.5 + 2.5) / 2,
        }
    )
    assert made.score_change.tolist() == [22.5, 0]
    assert made.rank_change.tolist() == [-1, 1]


def test_nothing_changed_and_weights_in_another_unit():
    first = province(1)
    heavier = replace(first, tree=tree(weights=tuple(w * 7 for w in first.tree.weights)))
    made = compare(first, heavier)
    assert made.differences == ()
    np.testing.assert_allclose(np.nan_to_num(made.score_change), 0, atol=1e-12)


def test_every_kind_of_difference_is_found_and_shown():
    first = province(2, gaps=False)
    values = first.values[1:].copy()
    values[0, 0], values[1, 1] = 1.0, np.nan
    absent = np.isnan(values) & (np.arange(9) == 1)
    second = Case(
        tree(weights=(1.0, 1.0, *[1.0] * 3, 2.0, *[1.0] * 7), best=(50.0,) * 13,
             directions=(1,) * 13, worst=first.tree.worst[:2] + (0.0,) * 11),
        ("b", "c", "d", "e", "f", "g", "h"),
        values,
        parse_method({"normalise": {"clip": False}}),
        not_applicable=absent,
        ranked=np.arange(7) != 3,
    )  # fmt: skip
    found = {each.kind for each in differences(first, second)}
    assert found == {"city", "method", "observation", "ranked", "rule", "weights"}
    made = compare(first, second, exact=3, budget=60)
    shown = {(d.kind, d.code, d.city): said for d, said in made.shown.items()}
    assert shown["observation", "d0i0", "b"] == (first.values[1, 0], 1.0)
    assert shown["observation", "d0i1", "c"][1] == "not-applicable"
    assert shown["city", "", "a"] == (True, None)
    assert shown["ranked", "", "e"] == (True, False)
    assert shown["method", "normalise", ""] == ({"clip": None}, {"clip": False})
    assert set(shown["rule", "d0i1", ""][0]) == {"directions", "best", "worst"}
    assert differences(first, second) == differences(second, first)
    _check(made)


def test_a_new_framework_is_one_difference():
    first = case([[10, 20], [30, 40]])
    second = case([[10, 20, 90], [30, 40, 10]], framework=flat(3))
    made = compare(first, second)
    assert [each.kind for each in made.differences] == ["framework"]
    assert made.score_change.tolist() == pytest.approx([25, -25 / 3])
    _check(made)


def test_a_city_that_comes_has_no_change_and_moves_the_others():
    relative = {"normalise": {"method": "minmax"}}
    first = case([[10, 20], [30, 40]], method=relative)
    second = case([[10, 20], [30, 40], [90, 90]], method=relative)
    made = compare(first, second)
    assert math.isnan(made.score_change[2])
    assert made.rank_change[:2].tolist() == [1, 1]
    assert made.differences == (Difference("city", city="c"),)
    _check(made)


def test_rules_that_cannot_be_mixed_become_one_difference():
    """A z-score under a geometric mean is refused, so neither can come without the other."""
    first = province(3, gaps=False, method={"aggregate": {"method": "geometric", "floor": 1}})
    first = replace(first, method=parse_method({"aggregate": {"method": "geometric"}}))
    second = replace(
        first, method=parse_method({"normalise": {"method": "zscore"}}), values=first.values + 1.0
    )
    made = compare(first, second, budget=80)
    kinds = {each.kind for each in made.differences}
    assert kinds == {"rules", "observation"}
    (rules,) = [each for each in made.differences if each.kind == "rules"]
    assert {each.code for each in made.parts[rules]} == {"aggregate", "normalise"}
    _check(made)


@pytest.mark.parametrize("by", ["indicator", "city"])
def test_two_rounds_by_indicator_or_by_city(by):
    first, second = province(7, gaps=False), province(8, gaps=False)
    made = compare(first, second, by=by, exact=9)
    assert {each.kind for each in made.differences} == {"observations"}
    assert len(made.differences) == (9 if by == "indicator" else 8)
    assert made.how == "shapley"
    assert sum(len(parts) for parts in made.parts.values()) == 72
    _check(made)
    if by == "city":  # fixed goalposts: a city's score is its own
        others = ~np.eye(8, dtype=bool)
        np.testing.assert_allclose(made.scores[others], 0, atol=1e-9)
    back = compare(second, first, by=by, exact=9)
    np.testing.assert_allclose(made.ranks, -back.ranks, atol=1e-9)


def test_an_unknown_grouping_is_refused():
    with pytest.raises(ScoringError):
        compare(province(1), province(2), by="moon")


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from(METHODS),
    st.sampled_from(METHODS),
    st.integers(0, 12),
    st.booleans(),
)
def test_parts_add_up_and_signs_flip(seed, one, two, changes, heavier):
    rng = np.random.default_rng(seed)
    first = province(seed, method=one)
    values = first.values.copy()
    for _ in range(changes):
        i, j = rng.integers(8), rng.integers(9)
        values[i, j] = np.nan if rng.random() < 0.2 else rng.uniform(0, 100)
    weights = rng.uniform(0.5, 2, 13) if heavier else np.array(first.tree.weights)
    second = replace(
        first,
        values=values,
        tree=tree(weights=tuple(weights.tolist())),
        method=parse_method(two),
    )
    there = compare(first, second, exact=5, budget=100)
    back = compare(second, first, exact=5, budget=100)
    _check(there)
    assert there.differences == back.differences
    np.testing.assert_allclose(there.scores, -back.scores, atol=1e-9)
    np.testing.assert_allclose(there.ranks, -back.ranks, atol=1e-9)


def test_the_order_of_the_cities_changes_nothing():
    first, second = province(5), province(6)
    order = [3, 1, 7, 0, 2, 6, 5, 4]
    shuffled = replace(
        second, cities=tuple(second.cities[i] for i in order), values=second.values[order]
    )
    one, two = compare(first, second, budget=200), compare(first, shuffled, budget=200)
    assert one.as_mapping() == two.as_mapping()
