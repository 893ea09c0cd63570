"""What the places in the draws say: by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite.firmness import Firmness
from scoring.composite.method import parse_method
from scoring.composite.score import score
from tests.scoring.composite.examples import provinces, tree
from tests.scoring.composite.test_properties import quietly

NAN = np.nan


def firmness(rows, failed=()):
    ranks = np.array(rows, dtype=np.float32)
    bad = np.zeros(len(ranks), dtype=bool)
    bad[list(failed)] = True
    ranks[bad] = NAN
    none = np.zeros(len(ranks), dtype=np.intp)
    return Firmness(
        ranks=ranks,
        failed=bad,
        normalisations=("minmax",),
        aggregations=("arithmetic",),
        normalisation=none,
        aggregation=none,
        points=none,
        seed=7,
        rescaled=False,
        imputations=("none",),
        imputation=none,
        because=np.where(bad, "no-score", ""),
        block=none - 1,
    )


HELD = firmness([[1, 2, 3], [2, 1, 3], [1, 1, 3], [1, 2, 3], [9, 9, 9]], failed=[4])


def test_ties_count_as_half():
    np.testing.assert_allclose(HELD.above, [[0.5, 0.625, 1], [0.375, 0.5, 1], [0, 0, 0.5]])


def test_mean_rank_leaves_failed_draws_out():
    np.testing.assert_allclose(HELD.mean, [1.25, 1.5, 3])


def test_acceptability_is_the_share_of_each_place():
    np.testing.assert_allclose(HELD.acceptability, [[0.75, 0.25, 0], [0.5, 0.5, 0], [0, 0, 1]])
    halves = firmness([[1.5, 1.5, 3], [1, 2, 3]])
    np.testing.assert_allclose(halves.acceptability, [[0.75, 0.25, 0], [0.25, 0.75, 0], [0, 0, 1]])


def test_bands_are_led_from_the_top():
    assert HELD.bands([1, 2, 3], 0.9).tolist() == [1, 1, 2]
    assert HELD.bands([1, 2, 3], 0.6).tolist() == [1, 2, 3]
    assert HELD.bands([2, NAN, 1], 0.9).tolist() == [1, 0, 1]


def test_those_who_share_a_place_share_a_band():
    """0.625 of the draws put the first above the second: apart at 0.6, but not at one place."""
    assert HELD.bands([1, 1, 3], 0.6).tolist() == [1, 1, 2]


def test_a_city_that_is_not_ranked_has_nothing():
    held = firmness([[1, NAN, 2], [2, NAN, 1]])
    assert np.isnan(held.above[1]).all()
    assert held.acceptability.tolist() == [[0.5, 0.5], [0, 0], [0.5, 0.5]]
    summary = held.summary("abc", np.array([1.0, NAN, 2.0]), 0.9)
    assert summary["cities"] == ["a", "c"]
    assert summary["above"] == [[0.5, 0.5], [0.5, 0.5]]
    assert summary["bands"] == [1, 1]


def test_every_draw_is_a_row():
    rows = HELD.executed_draws()
    assert rows["draw"] == [1, 2, 3, 4, 5]
    assert rows["failed_because"] == ["", "", "", "", "no-score"]
    assert rows["normalise"] == ["minmax"] * 5
    assert rows["block"] == [-1] * 5
    assert {len(column) for column in rows.values()} == {5}
    assert HELD.executed()["failed_because"] == {"no-score": 1}


@given(province=provinces(), ties=st.sampled_from(["min", "max", "average", "dense"]))
@quietly
def test_what_always_holds(province, ties):
    cities, values = province
    method = {"rank": {"ties": ties, "decimals": 0}, "uncertainty": {"draws": 25}}
    sheet = score(tree(), cities, values, parse_method(method), errors=np.ones(values.shape))
    said = sheet.firmness
    above, shares = np.array(said["above"]), np.array(said["acceptability"])
    if not said["cities"] or sheet.draws.failed.all():
        return
    np.testing.assert_allclose(above + above.T, 1)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    held = dict(zip(said["cities"], said["bands"], strict=True))
    root = sheet.nodes.index("index")
    place = dict(zip(sheet.cities, sheet.ranks[:, root], strict=True))
    for one in held:
        for two in held:
            if place[one] <= place[two]:
                assert held[one] <= held[two]
    assert set(held.values()) == set(range(1, max(held.values()) + 1))
