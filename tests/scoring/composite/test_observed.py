"""What an observation could have been: the shape of the draws and their limits."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.composite.observed import Observed, noise
from scoring.composite.plan import Uncertainty
from tests.scoring.composite.examples import flat

DRAWS = 40_000


def _drawn(values, errors, tree=None, **keys):
    values, errors = np.array(values, dtype=float), np.array(errors, dtype=float)
    count = values.shape[1]
    observed = Observed(values, ("none",) * count, "none", errors)
    made = noise(tree or flat(count), observed, Uncertainty(**keys))
    return made, made.draw(np.random.default_rng(4), DRAWS)


def test_mean_and_deviation_are_what_was_stated():
    made, x = _drawn([[100.0, 7.0], [200.0, 8.0]], [[3.0, 0.0], [0.0, 0.0]])
    assert made.columns == (0,)
    assert x.shape == (1, DRAWS, 2)
    assert x[0, :, 0].mean() == pytest.approx(100, abs=0.1)
    assert x[0, :, 0].std() == pytest.approx(3, rel=0.02)
    assert (x[0, :, 1] == 200).all()


def test_uniform_is_within_the_half_width_and_flat():
    _, x = _drawn([[100.0], [50.0]], [[4.0], [1.0]], error_shape="uniform")
    assert 96 <= x[0, :, 0].min() < 96.01
    assert 103.99 < x[0, :, 0].max() <= 104
    assert x[0, :, 0].std() == pytest.approx(4 / np.sqrt(3), rel=0.02)


@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_what_is_never_negative_is_not_drawn_negative(shape):
    _, x = _drawn([[1.0], [9.0]], [[2.0], [2.0]], error_shape=shape)
    assert (x >= 0).all()
    if shape == "normal":  # the mean of a normal truncated at half a deviation below
        want = 1 + 2 * 0.352065 / 0.691462
        assert x[0, :, 0].mean() == pytest.approx(want, abs=0.03)
    assert (
        _drawn([[1.0], [9.0]], [[2.0], [2.0]], error_shape=shape, error_limits="none")[1].min() < 0
    )
    assert (_drawn([[-1.0], [-9.0]], [[2.0], [2.0]])[1] <= 0).all()
    assert _drawn([[1.0], [-9.0]], [[2.0], [2.0]])[1].min() < 0


def test_goalposts_limit_only_an_indicator_that_keeps_to_them():
    keys = {"error_limits": "goalposts"}
    _, x = _drawn([[99.0], [50.0]], [[5.0], [5.0]], **keys)
    assert x.max() <= 100
    _, x = _drawn([[99.0], [120.0]], [[5.0], [5.0]], **keys)
    assert x.max() > 120


def test_nothing_is_drawn_where_nothing_was_observed():
    values = [[np.nan, 1.0], [2.0, 3.0]]
    _, x = _drawn(values, [[0.0, 0.1], [0.1, 0.1]])
    assert np.isnan(x[0, :, 0]).all()
    assert not np.isnan(x[0, :, 1]).any()


def test_the_same_stream_gives_the_same_bytes():
    made, x = _drawn([[1.0], [9.0]], [[2.0], [2.0]])
    assert made.draw(np.random.default_rng(4), DRAWS).tobytes() == x.tobytes()
