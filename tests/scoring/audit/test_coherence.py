"""The audit: each check fires where it should, says why, and nothing bad breaks it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.audit import audit
from scoring.audit.findings import CHECKS, STATES
from scoring.composite.leave_out import leave_out
from scoring.composite.limits import Limits
from scoring.composite.method import parse_method
from scoring.composite.problems import ScoringError
from scoring.composite.score import score
from tests.scoring.composite.examples import flat, provinces, tree

NAN = math.nan
CITIES = [f"c{i:02}" for i in range(14)]
CENTRED = np.linspace(-1, 1, 14)
WAVES = np.column_stack([np.cos(np.arange(14) * k) for k in (1.0, 2.0, 2.5)])


def found(made, check, subject=None):
    return [
        (each.state, each.reason)
        for each in made.checks
        if each.check == check and subject in (None, each.subject)
    ]


def audited(values, *, more=None, framework=None, method=None, **options):
    values = np.asarray(values, dtype=float)
    made = framework or flat(values.shape[1], **(more or {}))
    cities = CITIES[: len(values)]
    return audit(made, score(made, cities, values, parse_method(method or {})), **options)


def test_coverage_low_none_and_not_applicable():
    values = 50 + 30 * np.column_stack([WAVES, CENTRED])
    values[:6, 0] = NAN
    values[:, 1] = NAN
    made = flat(4)
    absent = np.zeros(values.shape, bool)
    absent[:, 2] = True
    sheet = score(made, CITIES, values, not_applicable=absent)
    got = audit(made, sheet)
    assert found(got, "coverage") == [
        ("fail", "coverage-low"),
        ("fail", "coverage-none"),
        ("not-applicable", "coverage-nobody"),
        ("pass", "coverage-ok"),
    ]
    assert found(got, "city-coverage", "c00") == [("warn", "city-coverage-low")]
    facts = next(each.facts for each in got.checks if each.check == "coverage")
    assert (facts["n"], facts["cities"], facts["limit"]) == (8, 14, 0.65)


def test_families_few_as_advised_and_unusual():
    values = np.random.default_rng(1).uniform(0, 100, (14, 10))
    sizes = ("d0",) * 2 + ("d1",) * 5 + ("d2",) * 3
    codes = ("index", "d0", "d1", "d2", *(f"i{i}" for i in range(10)))
    made = flat(13, codes=codes, parents=(None, "index", "index", "index", *sizes))
    got = audited(values, framework=made)
    assert found(got, "children") == [
        ("warn", "children-few"),
        ("pass", "children-ok"),
        ("pass", "children-unusual"),
    ]


def test_shapes_with_and_without_treatment():
    values = np.column_stack([[*range(13), 500], range(14), [7] * 14, range(14)]).astype(float)
    values[3:, 3] = NAN
    assert found(audited(values), "shape") == [
        ("warn", "shape-outliers"),
        ("pass", "shape-ok"),
        ("fail", "shape-constant"),
        ("not-applicable", "shape-few"),
    ]
    treated = audited(values, method={"treat": {"method": "winsorise"}})
    assert found(treated, "shape", "i0") == [("pass", "shape-treated")]


def test_zeros():
    values = np.column_stack([[0.0] * 9 + [5.0] * 5, range(14)])
    assert found(audited(values), "zeros") == [("warn", "zeros-many"), ("pass", "zeros-ok")]


def test_the_parent_dominated_weak_and_opposed():
    noise = np.cos(np.arange(14) * 1.7)
    values = 50 + np.column_stack([40 * CENTRED, -5 * CENTRED, noise])
    got = audited(values)
    assert found(got, "parent") == [
        ("warn", "parent-dominates"),
        ("fail", "parent-opposes"),
        ("warn", "parent-weak"),
    ]
    assert found(got, "siblings") == [("warn", "siblings-opposed")]
    assert found(got, "alpha") == [("warn", "alpha-negative")]
    assert found(got, "influence", "i2") == [("warn", "influence-low")]
    assert got.state == "fail"
    assert set(got.correlations["i0"]) == {"index"}


def test_one_that_counts_for_more_than_it_is_said_to():
    values = 50 + np.column_stack([40 * CENTRED, WAVES[:, 0], WAVES[:, 1]])
    got = audited(values)
    assert found(got, "influence", "i0") == [("warn", "influence-high")]
    assert found(got, "influence", "i1") == [("warn", "influence-low")]


def test_correlations_reach_every_ancestor():
    values = np.random.default_rng(2).uniform(0, 100, (14, 9))
    got = audited(values, framework=tree())
    assert list(got.correlations["d0i0"]) == ["d0", "index"]
    leaf = score(tree(), CITIES, values).scores
    assert got.correlations["d0i0"]["index"] == pytest.approx(
        np.corrcoef(leaf[:, 2], leaf[:, 0])[0, 1], abs=1e-12
    )


def test_siblings_that_say_the_same():
    values = 50 + 40 * np.column_stack([CENTRED, CENTRED * 0.9, np.cos(np.arange(14))])
    got = audited(values)
    (pair,) = [each for each in got.checks if each.check == "siblings"]
    assert (pair.reason, pair.facts["one"], pair.facts["two"]) == ("siblings-redundant", "i0", "i1")


def test_effective_weights_add_up():
    got = audited(np.random.default_rng(3).uniform(0, 100, (14, 9)), framework=tree())
    for own in tree().children.values():
        if own:
            assert sum(got.weights[code][0] for code in own) == pytest.approx(1)
            assert sum(got.weights[code][1] for code in own) == pytest.approx(1)


def test_size_bias_only_where_sizes_are_known():
    values = 50 + 40 * np.column_stack([CENTRED, CENTRED])
    assert found(audited(values), "size") == [("not-applicable", "size-unknown")]
    assert found(audited(values, population=CENTRED + 3), "size") == [("warn", "size-bias")]
    assert found(audited(values, population=WAVES[:, 0] + 2), "size") == [("pass", "size-ok")]
    few = np.full(14, NAN)
    few[:3] = 1, 2, 3
    assert found(audited(values, population=few), "size") == [("not-applicable", "few-cities")]
    with pytest.raises(ScoringError) as error:
        audited(values, population=[1, 2])
    assert error.value.problems[0].path == "population"


def test_weights_of_zero_are_said():
    got = audited(WAVES * 40 + 50, more={"weights": (1.0, 1.0, 0.0, 1.0)})
    assert found(got, "weights", "i1") == [("warn", "weights-zero")]
    assert found(got, "influence", "i1") == [("not-applicable", "influence-unknown")]


def test_pca_is_advice_and_says_when_it_means_nothing():
    values = np.random.default_rng(4).uniform(0, 100, (14, 20))
    assert found(audited(values), "components") == [("not-applicable", "components-deficient")]


@pytest.mark.parametrize(
    "method",
    [
        {},
        {"aggregate": {"method": "copeland"}},
        {"aggregate": {"threshold": 0.5}, "rank": {"decimals": 0}},
    ],
)
def test_leaving_out_is_the_engines(method):
    values = np.random.default_rng(5).uniform(0, 100, (8, 9))
    values[1, 2] = NAN
    how = parse_method(method)
    got = audit(tree(), score(tree(), CITIES[:8], values, how))
    want = {each.code: each for each in leave_out(tree(), CITIES[:8], values, how)}
    assert len(got.omissions) == 12
    for each in got.omissions:
        np.testing.assert_array_equal(each.shifts, want[each.code].shifts)


def test_points_and_lists_do_not_hide_what_leaving_out_moves():
    values = np.random.default_rng(5).uniform(0, 100, (8, 9))
    points = [{"city": "c00", "code": "x", "kind": "bonus", "points": 40.0, "reason": "r"}]
    with_points = parse_method({"adjust": {"items": points}})
    one = audit(tree(), score(tree(), CITIES[:8], values, with_points))
    two = audit(tree(), score(tree(), CITIES[:8], values))
    for ours, theirs in zip(one.omissions, two.omissions, strict=True):
        np.testing.assert_array_equal(ours.shifts, theirs.shifts)


def test_an_indicator_that_decides_the_ranking_is_told():
    values = np.column_stack([np.arange(14) * 7.0, 50 - np.arange(14), 50 - np.arange(14)])
    got = audited(values)
    assert ("warn", "omission-moves") in found(got, "omission", "i0")
    assert found(got, "omission", "i1") == [("pass", "omission-ok")]


def test_limits_are_data():
    values = 50 + 40 * np.column_stack([CENTRED, CENTRED])
    how = parse_method({"audit": {"redundant": 1.0, "dominates": 1.0}})
    got = audited(values, limits=how.audit)
    assert found(got, "siblings") == [("pass", "siblings-ok")]
    assert got.as_mapping()["limits"]["redundant"] == 1.0
    assert parse_method({}).audit == Limits()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_hardly_any_cities_is_not_applicable_never_an_error(count):
    got = audited(np.random.default_rng(6).uniform(0, 100, (count, 9)), framework=tree())
    for name in ("parent", "siblings", "alpha", "influence"):
        assert {state for state, _ in found(got, name)} == {"not-applicable"}, name
    json.dumps(got.as_mapping(), allow_nan=False)


@settings(max_examples=40, deadline=None)
@given(provinces(least=1), st.randoms(use_true_random=False), st.booleans())
def test_any_data_gives_judgements_that_no_order_changes(province, chance, sized):
    cities, values = province
    order = list(range(len(cities)))
    chance.shuffle(order)
    sizes = np.array([chance.uniform(1, 9) for _ in cities]) if sized else None
    one = audit(tree(), score(tree(), cities, values), population=sizes)
    two = audit(
        tree(),
        score(tree(), [cities[i] for i in order], values[order]),
        population=None if sizes is None else sizes[order],
    )
    assert one.as_mapping() == two.as_mapping()
    json.dumps(one.as_mapping(), allow_nan=False)
    assert {each.check for each in one.checks} <= set(CHECKS)
    assert {each.state for each in one.checks} <= set(STATES)
    assert sum(one.counts().values()) == len(one.checks)


def test_a_sheet_of_another_tree_is_refused():
    sheet = score(flat(2), ["a"], [[1.0, 2.0]])
    with pytest.raises(ScoringError):
        audit(flat(3), sheet)


def test_nominal_weights_are_those_that_were_executed():
    values = np.random.default_rng(9).uniform(0, 100, (14, 9))
    how = parse_method({"weights": {"method": "entropy"}})
    sheet = score(tree(), CITIES, values, how)
    got = audit(tree(), sheet)
    assert sheet.tree.weights != tree().weights
    own = sheet.tree.children["d0"]
    heavy = dict(zip(sheet.tree.codes, sheet.tree.weights, strict=True))
    total = sum(heavy[code] for code in own)
    assert [got.weights[code][0] for code in own] == [heavy[code] / total for code in own]


def test_statistics_are_of_what_is_judged_not_of_what_it_is_divided_from():
    people = np.arange(1.0, 15.0)
    made = flat(1, denominators=("", "people"), per=(1.0, 1.0))
    sheet = score(made, CITIES, people[:, None] * 3, denominators={"people": people})
    assert audit(made, sheet).statistics.low.tolist() == [3.0]
