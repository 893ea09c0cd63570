"""Weights of a method: family by family, recorded, and the given ones left as they are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from scoring.composite.method import Method, parse_method
from scoring.composite.problems import MethodError, ScoringError
from scoring.composite.score import score
from scoring.composite.weighting.objective import METHODS
from scoring.composite.weighting.policy import WEIGHTINGS
from tests.scoring.composite.examples import flat, tree

CITIES = [f"c{i}" for i in range(10)]
VALUES = np.random.default_rng(2).uniform(5, 95, (10, 9))


def _sheet(section, *, values=VALUES, shape=None, **more):
    method = parse_method({"weights": section, **more})
    return score(shape or tree(), CITIES[: len(values)], values, method)


def _executed(sheet):
    return sheet.method["weights"]["executed"]["executed"]


def test_given_weights_leave_tree_record_and_bytes_as_they_were():
    plain, said = score(tree(), CITIES, VALUES), _sheet({"method": "given"})
    assert said.tree is not None
    assert said.tree.weights == tree().weights
    assert "weights" not in plain.method
    assert plain.method == said.method
    assert plain.scores.tobytes() == said.scores.tobytes()
    assert not plain.further
    for name in ("weights", "grades", "adjust", "challengers"):
        assert name not in Method().as_mapping()


def test_equal_weights():
    sheet = _sheet({"method": "equal"})
    want = VALUES.copy()
    want[:, 1::3] = 100 - want[:, 1::3]
    assert sheet.scores[:, 0] == pytest.approx(want.mean(axis=1))
    assert set(_executed(sheet).values()) == {round(1 / 3, 12)}


@pytest.mark.parametrize("rule", METHODS)
class TestFromTheData:
    def test_each_family_by_its_own_scores_and_the_dimensions_by_theirs(self, rule):
        sheet = _sheet({"method": rule})
        executed = _executed(sheet)
        at = {code: i for i, code in enumerate(sheet.nodes)}
        for parent, children in sheet.tree.children.items():
            if children:
                want = METHODS[rule](sheet.scores[:, [at[code] for code in children]])
                assert [executed[code] for code in children] == pytest.approx(want, abs=1e-9)
                made = sheet.scores[:, [at[code] for code in children]] @ want
                assert sheet.scores[:, at[parent]] == pytest.approx(made)
        assert sheet.weights[0, at["d0i0"]] == pytest.approx(executed["d0i0"])

    def test_only_the_levels_named(self, rule):
        sheet = _sheet({"method": rule, "levels": [2]})
        assert _executed(sheet)["d0i1"] == 2  # as given
        assert _executed(sheet)["d0"] != 1

    def test_the_order_of_the_cities_changes_no_bit(self, rule):
        turn = np.random.default_rng(1).permutation(10)
        method = parse_method({"weights": {"method": rule}})
        one = score(tree(), CITIES, VALUES, method)
        two = score(tree(), [CITIES[i] for i in turn], VALUES[turn], method)
        assert one.scores[turn].tobytes() == two.scores.tobytes()
        assert one.method == two.method

    def test_a_city_that_is_not_ranked_has_no_say(self, rule):
        method = parse_method({"weights": {"method": rule}})
        with_it = score(tree(), CITIES, VALUES, method, ranked=[True] * 9 + [False])
        alone = score(tree(), CITIES[:9], VALUES[:9], method)
        assert _executed(with_it) == _executed(alone)

    def test_two_cities_are_too_few(self, rule):
        with pytest.raises(ScoringError) as error:
            _sheet({"method": rule}, values=VALUES[:2])
        assert [(p.path, p.code) for p in error.value.problems] == [
            (f"d{i}", "too-few-cities") for i in range(3)
        ]

    def test_a_constant_column_is_told(self, rule):
        values = VALUES.copy()
        values[:, 4] = 50
        sheet = _sheet({"method": rule}, values=values)
        assert _executed(sheet)["d1i1"] == 0
        families = sheet.method["weights"]["executed"]["families"]
        assert families["d1"]["no_spread"] == ["d1i1"]


def test_an_only_child_weighs_everything():
    sheet = _sheet({"method": "entropy"}, values=VALUES[:, :1], shape=flat(1))
    assert _executed(sheet) == {"i0": 1}


def test_scores_that_a_rule_cannot_take_are_named_by_family():
    values = VALUES.copy()
    values[3, 0] = 0
    with pytest.raises(ScoringError) as error:
        _sheet({"method": "merec"}, values=values)
    assert [(p.path, p.code) for p in error.value.problems] == [("d0", "scores-not-positive")]
    with pytest.raises(ScoringError) as error:
        _sheet({"method": "gini"}, normalise={"method": "zscore"})
    assert {p.code for p in error.value.problems} == {"scores-not-positive"}
    assert np.isfinite(_sheet({"method": "critic"}, normalise={"method": "zscore"}).scores).all()


def test_advice_is_shown_and_not_applied():
    advised = _sheet({"advisory": ["pca", "optimised"]})
    assert advised.scores.tobytes() == score(tree(), CITIES, VALUES).scores.tobytes()
    advice = advised.method["weights"]["executed"]["advisory"]
    assert set(advice["pca"]["weights"]) == set(tree().codes) - {"index"}
    assert advice["pca"]["remarks"]  # random columns: some loading is negative
    assert all(weight >= 0 for weight in advice["optimised"]["weights"].values())
    assert "executed" not in advised.method["weights"]["executed"]


def test_a_level_that_the_tree_has_not():
    with pytest.raises(ScoringError) as error:
        _sheet({"method": "equal", "levels": [1, 3]})
    assert [(p.path, p.code) for p in error.value.problems] == [("weights.levels", "no-such-level")]


def test_advice_for_two_cities_is_none():
    advised = _sheet({"advisory": ["pca", "optimised"]}, values=VALUES[:2])
    for kind in ("pca", "optimised"):
        advice = advised.method["weights"]["executed"]["advisory"][kind]
        assert set(advice["weights"].values()) == {None}


def test_advice_cannot_be_a_method():
    for name in ("pca", "optimised"):
        assert name not in WEIGHTINGS
        with pytest.raises(MethodError):
            parse_method({"weights": {"method": name}})


def test_draws_spread_the_executed_weights():
    """With no spread every draw is the scoring itself."""
    still = {"draws": 5, "vary": ["weights"], "weight_spread": 0}
    sheet = _sheet({"method": "entropy"}, uncertainty=still)
    for city, place in zip(CITIES, sheet.ranks[:, 0], strict=True):
        assert sheet.intervals[city] == {"median": place, "low": place, "high": place}


def test_a_family_without_judgements_keeps_its_weights():
    judgement = {"parent": "index", "pairs": [["d0", "d1", 1], ["d0", "d2", 1], ["d1", "d2", 1]]}
    sheet = _sheet({"method": "ahp", "judgements": [judgement]})
    families = sheet.method["weights"]["executed"]["families"]
    assert families["d0"] == {"method": "given"}
    assert families["index"]["consistency_ratio"] == [0]
    executed = _executed(sheet)
    assert [executed[f"d0i{i}"] for i in range(3)] == [1, 2, 3]
    assert executed["d0"] == pytest.approx(1 / 3)
    assert math.isclose(sheet.weights[0, 1], 1 / 3, rel_tol=1e-11)
