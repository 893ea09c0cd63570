"""What must hold of every scoring, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.composite.method import parse_method
from scoring.composite.score import score
from tests.scoring.composite.examples import flat, provinces, tree

TREE = tree()
METHODS = [
    {},
    {"normalise": {"method": "minmax", "lower": 1, "upper": 100}, "impute": {"method": "mean"}},
    {"normalise": {"method": "zscore"}, "treat": {"method": "winsorise", "max_points": 2}},
    {"normalise": {"method": "percentile-rank"}, "aggregate": {"method": "geometric"}},
    {"normalise": {"method": "rank"}, "aggregate": {"method": "copeland"}},
    {"aggregate": {"levels": ["generalised", "harmonic"]}, "rank": {"ties": "average"}},
    {"impute": {"method": "group-median", "group": "zone", "empty_group": "overall"}},
]
quietly = settings(derandomize=True, deadline=None, max_examples=40, database=None)


def _zones(cities):
    return [("east", "west", None)[i % 3] for i in range(len(cities))]


@pytest.mark.parametrize("mapping", METHODS)
@given(province=provinces(), data=st.data())
@quietly
def test_the_order_of_the_rows_changes_no_byte(mapping, province, data):
    cities, values = province
    order = data.draw(st.permutations(range(len(cities))))
    method = parse_method({**mapping, "uncertainty": {"draws": 20, "seed": 7}})
    zones = _zones(cities)
    one = score(TREE, cities, values, method, groups=zones)
    two = score(
        TREE,
        [cities[i] for i in order],
        values[list(order)],
        method,
        groups=[zones[i] for i in order],
    )
    for stage in ("imputed", "treated", "normalised", "scores", "weights", "ranks"):
        first, second = getattr(one, stage)[list(order)], getattr(two, stage)
        assert first.tobytes() == second.tobytes(), stage
    assert repr(one.intervals) == repr({city: two.intervals[city] for city in one.intervals})


@given(province=provinces(least=4), data=st.data())
@quietly
def test_with_fixed_goalposts_a_city_less_never_reorders_the_others(province, data):
    cities, values = province
    gone = data.draw(st.integers(0, len(cities) - 1))
    rest = [i for i in range(len(cities)) if i != gone]
    whole = score(TREE, cities, values).scores
    fewer = score(TREE, [cities[i] for i in rest], values[rest]).scores
    assert whole[rest].tobytes() == fewer.tobytes()


@given(province=provinces())
@quietly
def test_scores_stay_within_the_scale(province):
    cities, values = province
    for kind in ("arithmetic", "geometric", "harmonic", "generalised"):
        scores = score(TREE, cities, values, parse_method({"aggregate": {"method": kind}})).scores
        known = scores[~np.isnan(scores)]
        assert ((known >= 0) & (known <= 100 + 1e-9)).all()


@given(province=provinces(gaps=False), data=st.data())
@quietly
def test_a_better_value_never_lowers_a_score_or_a_rank(province, data):
    cities, values = province
    i = data.draw(st.integers(0, len(cities) - 1))
    j = data.draw(st.integers(0, values.shape[1] - 1))
    code = TREE.indicators[j]
    better = values.copy()
    better[i, j] += 25 * TREE.directions[TREE.codes.index(code)]
    for kind in ("arithmetic", "geometric", "harmonic", "generalised"):
        method = parse_method({"aggregate": {"method": kind}})
        before, after = score(TREE, cities, values, method), score(TREE, cities, better, method)
        assert after.scores[i, 0] >= before.scores[i, 0] - 1e-9
        if after.scores[i, 0] > before.scores[i, 0]:
            assert after.ranks[i, 0] <= before.ranks[i, 0]


@given(province=provinces())
@quietly
def test_weights_of_the_siblings_present_add_up_to_one(province):
    cities, values = province
    sheet = score(TREE, cities, values)
    at = {code: i for i, code in enumerate(sheet.nodes)}
    for parent, children in TREE.children.items():
        if not children:
            continue
        columns = [at[child] for child in children]
        shares, scores = sheet.weights[:, columns], sheet.scores[:, columns]
        assert (shares[np.isnan(scores)] == 0).all()
        scored = ~np.isnan(sheet.scores[:, at[parent]])
        np.testing.assert_allclose(shares.sum(axis=1), scored.astype(float), atol=1e-12)
        rebuilt = np.where(np.isnan(scores), 0, shares * scores).sum(axis=1)
        np.testing.assert_allclose(rebuilt[scored], sheet.scores[scored, at[parent]], atol=1e-9)


@given(province=provinces())
@quietly
def test_twins_tie_exactly_at_every_node(province):
    cities, values = province
    doubled = np.vstack([values, values])
    names = [*cities, *(f"twin-{city}" for city in cities)]
    for mapping in METHODS[:6]:
        sheet = score(TREE, names, doubled, parse_method(mapping))
        half = len(cities)
        assert sheet.scores[:half].tobytes() == sheet.scores[half:].tobytes()
        np.testing.assert_array_equal(sheet.ranks[:half], sheet.ranks[half:])


@given(numbers=st.lists(st.floats(0, 100), min_size=6, max_size=6), order=st.permutations(range(6)))
@quietly
def test_the_same_numbers_under_other_equal_indicators_tie(numbers, order):
    """The compensated sum does not depend on which of equally weighted siblings holds which."""
    sheet = score(flat(6), ["a", "b"], [numbers, [numbers[i] for i in order]])
    assert sheet.ranks[:, 0].tolist() == [1.0, 1.0]


@given(province=provinces())
@quietly
def test_a_city_that_is_not_ranked_moves_nobody(province):
    cities, values = province
    mask = np.ones(len(cities), dtype=bool)
    mask[0] = False
    sheet = score(TREE, cities, values, ranked=mask)
    others = score(TREE, cities[1:], values[1:])
    assert np.isnan(sheet.ranks[0]).all()
    np.testing.assert_array_equal(sheet.ranks[1:], others.ranks)
    np.testing.assert_array_equal(sheet.scores[1:], others.scores)
    every = score(TREE, cities, values)
    np.testing.assert_array_equal(sheet.scores, every.scores)
