"""Sobol indices: of a function whose indices are known, and of the ranking."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.composite import sensitivity
from scoring.composite.method import parse_method
from scoring.composite.observed import Observed
from scoring.composite.problems import MethodError, ScoringError
from scoring.composite.score import score
from scoring.composite.sensitivity import sensitivities
from scoring.composite.sobol import Jansen, crossed, resampled, saltelli
from tests.scoring.composite.examples import flat, tree

TREE = tree()
CITIES = tuple(f"c{i:02d}" for i in range(8))
VALUES = np.random.default_rng(5).uniform(5, 95, (8, 9))


def ishigami(points, a=7.0, b=0.1):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


# T. Ishigami, T. Homma (1990) with a = 7, b = 0.1; V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2
VARIANCE = 49 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5
FIRST = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0.0]) / VARIANCE
BOTH = 8 * 0.01 * np.pi**8 / 225 / VARIANCE
TOTAL = FIRST + np.array([BOTH, 0.0, BOTH])


def _ishigami(base):
    first, second = saltelli(base, 3, seed=1)
    mixed = np.stack([ishigami(crossed(first, second, [i])) for i in range(3)])
    return ishigami(first), ishigami(second), mixed


def test_the_ishigami_function():
    np.testing.assert_allclose(FIRST, [0.3139, 0.4424, 0], atol=1e-4)
    np.testing.assert_allclose(TOTAL, [0.5576, 0.4424, 0.2437], atol=1e-4)
    one, two, mixed = _ishigami(8192)
    sums = Jansen()
    for part in (slice(0, 3000), slice(3000, None)):
        sums.add(one[part, None], two[part, None], mixed[:, part, None])
    assert sums.variance[0] == pytest.approx(VARIANCE, rel=0.01)
    np.testing.assert_allclose(sums.first_order[:, 0], FIRST, atol=0.02)
    np.testing.assert_allclose(sums.total_order[:, 0], TOTAL, atol=0.02)


def test_bootstrap_intervals_hold_the_known_indices():
    firsts, totals = resampled(*_ishigami(4096), resamples=300, seed=3)
    for drawn, known in ((firsts, FIRST), (totals, TOTAL)):
        low, high = np.percentile(drawn, [0.5, 99.5], axis=0)
        assert ((low < known) & (known < high)).all()
        assert (high - low < 0.15).all()


def _ranking(mapping, *, errors=None, values=VALUES, here=TREE, workers=1):
    method = parse_method(mapping)
    ranks = score(here, CITIES, values).ranks[:, here.codes.index("index")]
    rules = ("none",) * values.shape[1]
    observed = Observed(values, rules, "none", errors)
    return sensitivities(
        here, CITIES, values, method, ranks=ranks, observed=observed, workers=workers
    )


def test_a_single_factor_explains_everything():
    means = {"vary": ["aggregate"], "aggregate": ["geometric", "harmonic"]}
    held = _ranking({"uncertainty": means, "sensitivity": {"base": 256}})
    assert held.factors == ("aggregate",)
    assert held.shift["first"][0] == pytest.approx(1, abs=0.02)
    assert held.shift["total"][0] == pytest.approx(1, abs=0.1)
    assert held.evaluations == 256 * 3


def test_scores_that_add_up_have_equal_orders_that_add_up():
    """Two indicators 100 and 0, weights w₁, w₂: each city's score depends on both alike."""
    values = np.array([[100.0, 0.0]] * 4 + [[0.0, 100.0]] * 4)
    keys = {"uncertainty": {"vary": ["weights"], "weight_spread": 0.05}}
    keys["sensitivity"] = {"base": 2048, "weights": "each"}
    held = _ranking(keys, values=values, here=flat(2))
    assert held.factors == ("weights.i0", "weights.i1")
    np.testing.assert_allclose(held.scores[:, :, 0], 0.5, atol=0.03)
    np.testing.assert_allclose(held.scores[0].sum(axis=0), 1, atol=0.02)


@pytest.mark.parametrize(
    ("weights", "factors"),
    [
        ("together", ("weights",)),
        ("level", ("weights.1", "weights.2")),
        ("parent", ("weights.index", "weights.d0", "weights.d1", "weights.d2")),
    ],
)
def test_weights_as_factors(weights, factors):
    keys = {"uncertainty": {"vary": ["weights"]}}
    held = _ranking({**keys, "sensitivity": {"base": 32, "weights": weights}})
    assert set(held.factors) == set(factors)
    said = held.summary()
    assert set(said["cities"]["c00"]["rank"]["first"]) == set(factors)
    assert set(said["rank_shift"]) == set(factors)


EVERYTHING = {
    "treat": {"method": "winsorise", "skew": 0.5, "kurtosis": -1.0},
    "uncertainty": {"vary": ["weights", "normalise", "aggregate", "treat", "impute"]},
    "sensitivity": {"base": 64, "resamples": 50},
}


def test_the_number_of_workers_changes_no_byte(monkeypatch):
    monkeypatch.setattr(sensitivity, "BLOCK", 5000)
    errors = np.full(VALUES.shape, 3.0)
    held = [_ranking(EVERYTHING, errors=errors, workers=workers) for workers in (1, 2, 3)]
    assert held[0].factors == ("weights", "normalise", "aggregate", "treat", "impute", "errors")
    for other in held[1:]:
        assert repr(other) == repr(held[0])
        assert other.ranks.tobytes() == held[0].ranks.tobytes()
        assert other.scores.tobytes() == held[0].scores.tobytes()


def test_imputation_of_nothing_moves_nothing():
    held = _ranking(EVERYTHING)
    at = held.factors.index("impute")
    assert held.shift["total"][at] == 0
    assert held.shift["first"][at] == pytest.approx(0, abs=0.3)


def test_errors_alone_and_what_is_refused():
    only = {"sensitivity": {"base": 64, "factors": ["errors"]}}
    held = _ranking(only, errors=np.full(VALUES.shape, 9.0))
    assert held.factors == ("errors",)
    assert held.mean_shift > 0
    for mapping, code in (
        (only, "no-errors"),
        ({"uncertainty": {"vary": []}, "sensitivity": {"base": 64}}, "nothing-varied"),
    ):
        with pytest.raises(ScoringError) as refused:
            _ranking(mapping)
        assert [p.code for p in refused.value.problems] == [code]
    with pytest.raises(MethodError) as wrong:
        parse_method({"sensitivity": {"base": 1000, "factors": ["moon"], "seed": -1}})
    assert [p.path for p in wrong.value.problems] == ["sensitivity.factors", "sensitivity.seed"]
    with pytest.raises(MethodError) as wrong:
        parse_method({"sensitivity": {"base": 1000}})
    assert [p.code for p in wrong.value.problems] == ["not-a-power-of-two"]


def test_what_cannot_move_has_no_index():
    """Equal cities never leave the first place: nothing to explain, and no division by zero."""
    held = _ranking({"uncertainty": {"vary": ["weights"]}, "sensitivity": {"base": 64}},
                    values=np.full((8, 9), 50.0))  # fmt: skip
    assert np.isnan(held.shift["first"]).all()
    assert held.mean_shift == 0
