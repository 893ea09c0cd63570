"""Draws: what a seed means, errors of observations, and what never changes a byte."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite import uncertainty
from scoring.composite.method import parse_method
from scoring.composite.model import Choices
from scoring.composite.observed import Observed
from scoring.composite.problems import MethodError, ScoringError
from scoring.composite.score import score
from scoring.composite.uncertainty import choose, model_of, simulate
from tests.scoring.composite.examples import provinces, tree
from tests.scoring.composite.test_properties import quietly

TREE = tree()
CITIES = tuple(f"c{i:02d}" for i in range(10))
EVERYTHING = ["weights", "normalise", "aggregate", "treat", "impute"]


def _values(gaps=0.1, seed=5):
    rng = np.random.default_rng(seed)
    values = rng.uniform(5, 95, (10, 9))
    values[rng.random(values.shape) < gaps] = np.nan
    return values


def _simulated(workers=1, errors=2.0, vary=EVERYTHING, **keys):
    values = _values()
    said = {"draws": 300, "vary": vary, "treat_points": [1, 2], **keys}
    method = parse_method({"treat": {"method": "winsorise", "skew": 1.0}, "uncertainty": said})
    observed = Observed(values, ("none",) * 9, "none", np.full(values.shape, errors))
    return simulate(TREE, CITIES, values, method, observed=observed, workers=workers)


def _bytes(firmness):
    held = [getattr(firmness, item.name) for item in fields(firmness)]
    return [each.tobytes() if isinstance(each, np.ndarray) else repr(each) for each in held]


def test_the_number_of_workers_changes_no_byte(monkeypatch):
    monkeypatch.setattr(uncertainty, "BLOCK", 2000)  # many blocks of few draws
    one = _simulated(workers=1)
    assert one.block.max() > 10
    assert _bytes(one) == _bytes(_simulated(workers=2)) == _bytes(_simulated(workers=3))


def test_another_seed_is_another_answer_and_the_same_seed_is_the_same():
    assert _bytes(_simulated(seed=1)) == _bytes(_simulated(seed=1))
    assert _simulated(seed=1).ranks.tobytes() != _simulated(seed=2).ranks.tobytes()


@given(province=provinces(least=4), data=st.data())
@quietly
def test_the_order_of_the_rows_changes_nothing_with_errors(province, data):
    cities, values = province
    order = list(data.draw(st.permutations(range(len(cities)))))
    errors = np.abs(np.nan_to_num(values)) / 10
    method = parse_method({"uncertainty": {"draws": 30, "vary": EVERYTHING}})
    one = score(TREE, cities, values, method, errors=errors)
    two = score(TREE, [cities[i] for i in order], values[order], method, errors=errors[order])
    assert repr(one.firmness) == repr(two.firmness)
    assert repr(one.intervals) == repr({city: two.intervals[city] for city in one.intervals})
    assert one.draws.ranks.tobytes() == two.draws.ranks.tobytes()


def test_what_was_drawn_before_there_were_errors_is_drawn_still():
    """The numbers of this seed as the engine gave them when it knew no errors of observations."""
    method = parse_method({"uncertainty": {"draws": 500, "seed": 42}})
    sheet = score(TREE, CITIES, _values(), method)
    assert [sheet.intervals[city]["low"] for city in CITIES] == BEFORE["low"]
    assert [sheet.intervals[city]["median"] for city in CITIES] == BEFORE["median"]
    assert [sheet.intervals[city]["high"] for city in CITIES] == BEFORE["high"]
    executed = sheet.method["uncertainty"]["executed"]
    assert executed["normalise"] == BEFORE["normalise"]
    assert not {"impute", "errors", "failed_because"} & set(executed)


BEFORE = {
    "low": [7.0, 4.0, 10.0, 5.0, 2.0, 5.0, 7.0, 1.0, 1.0, 2.0],
    "median": [8.0, 5.0, 10.0, 6.0, 3.0, 7.0, 9.0, 1.0, 2.0, 3.0],
    "high": [9.0, 6.0, 10.0, 7.0, 6.0, 9.0, 9.0, 4.0, 4.0, 4.0],
    "normalise": {"goalposts": 182, "minmax": 169, "zscore": 149},
}


def test_no_error_is_as_no_errors():
    method = parse_method({"uncertainty": {"draws": 50}})
    values = _values()
    plain = score(TREE, CITIES, values, method)
    for errors in (np.zeros(values.shape), np.full(values.shape, np.nan)):
        assert score(TREE, CITIES, values, method, errors=errors).firmness == plain.firmness


def test_more_error_is_a_wider_interval():
    widths = []
    for error in (0.0, 5.0, 40.0):
        held = _simulated(errors=error, vary=[], draws=1000)
        spans = [held.interval(i) for i in range(10)]
        widths.append(np.mean([span["high"] - span["low"] for span in spans]))
    assert widths[0] == 0 < widths[1] < widths[2]


GROUPS = ["east", "west", "", "east", "west", "east", "west", "east", "west", "east"]
CHAINS = [
    {},
    {"normalise": {"method": "minmax"}, "impute": {"method": "mean"}},
    {"normalise": {"method": "zscore"}, "impute": {"method": "group-median", "group": "zone"}},
    {"normalise": {"method": "percentile-rank", "reference_set": "ranked"}},
    {
        "normalise": {
            "method": "distance-to-reference",
            "reference": "c03",
            "lower": 1,
            "upper": 9,
        },
        "aggregate": {"method": "geometric", "floor": 0.01},
        "impute": {"method": "median"},
    },
    {
        "normalise": {"method": "minmax", "lower": 1, "upper": 100},
        "treat": {"method": "winsorise", "skew": 0.5, "kurtosis": -1.0, "max_points": 2},
        "aggregate": {"levels": ["harmonic", "generalised"], "threshold": 0.5},
        "impute": {"method": "group-mean", "group": "zone", "empty_group": "overall"},
    },
    {"normalise": {"method": "borda"}, "aggregate": {"method": "copeland"}},
    {"normalise": {"method": "goalposts", "clip": False}, "rank": {"decimals": 1}},
]


@pytest.mark.parametrize("mapping", CHAINS)
@pytest.mark.parametrize("transform", ["", "ln"])
def test_a_draw_is_a_scoring_of_what_could_have_been_observed(mapping, transform):
    """Many draws at once give what ``score`` gives of each by itself."""
    method = parse_method({**mapping, "uncertainty": {"draws": 12, "vary": []}})
    given = {"transform": ("", *(transform, "") * 6)}
    if transform:
        given |= {"worst": (1.0,) * 13, "best": (100.0,) * 13, "directions": (1,) * 13}
    here = tree(missing=("", "", "zero", *[""] * 10), **given)
    values = _values()
    values[2, 4] = np.nan
    absent = np.zeros(values.shape, dtype=bool)
    absent[1, 2] = True
    values[absent] = np.nan
    ranked = np.array([True] * 9 + [False])
    errors = np.where(np.arange(9) % 3 == 0, 0.0, values / 20)
    base = score(here, CITIES, values, method, not_applicable=absent, groups=GROUPS, ranked=ranked)
    rules = tuple("zero" if code == "d0i0" else method.impute.method for code in here.indicators)
    observed = Observed(
        values,
        rules,
        method.impute.method,
        np.nan_to_num(errors),
        GROUPS,
        method.impute.empty_group,
    )
    model = model_of(
        here, CITIES, base.imputed, method, not_applicable=absent, ranked=ranked,
        zero_when_missing=[rule == "zero" for rule in rules], observed=observed,
    )  # fmt: skip
    x = model.noise.draw(np.random.default_rng(1), 12)
    index, because = model.index(choose(model), x.copy())
    assert (because == "").all()
    for draw in range(12):
        again = values.copy()
        again[:, model.noise.columns] = x[:, draw].T
        alone = score(
            here, CITIES, again, method, not_applicable=absent, groups=GROUPS, ranked=ranked
        )
        root = alone.nodes.index("index")
        np.testing.assert_allclose(index[draw], np.round(alone.scores[:, root], 12)
                                   if method.rank.decimals is None
                                   else np.floor(alone.scores[:, root] * 10 + 0.5) / 10,
                                   rtol=1e-9, atol=1e-9)  # fmt: skip
        np.testing.assert_array_equal(model.ranks(index)[draw], alone.ranks[:, root])


def test_a_draw_with_another_imputation_is_a_scoring_with_it():
    method = parse_method({"impute": {"group": "zone"}, "uncertainty": {
        "draws": 4, "vary": ["impute"], "impute": ["mean", "median", "group-mean"],
    }})  # fmt: skip
    values = _values()
    observed = Observed(values, ("none",) * 9, "none", None, GROUPS)
    model = model_of(TREE, CITIES, values, method, observed=observed)
    assert model.fills == ("none", "mean", "median", "group-mean")
    number = np.arange(4)
    zeros = np.zeros(4, dtype=np.intp)
    weights = np.tile(np.array(TREE.weights), (4, 1))
    index, _ = model.index(Choices(weights, number, zeros, zeros, zeros))
    for draw, rule in enumerate(model.fills):
        alone = parse_method({"impute": {"method": rule, "group": "zone"}})
        want = score(TREE, CITIES, values, alone, groups=GROUPS).scores[:, 0]
        np.testing.assert_allclose(index[draw], want, rtol=1e-12)


def test_a_draw_without_a_logarithm_has_failed_and_says_why():
    values = np.full((4, 9), 50.0) + np.arange(4)[:, None]
    errors = np.zeros(values.shape)
    errors[0, 0] = 40.0
    here = tree(transform=("", "", "ln", *[""] * 10), worst=(1.0,) * 13, directions=(1,) * 13)
    said = {"draws": 400, "vary": [], "error_limits": "none"}
    sheet = score(here, "abcd", values, parse_method({"uncertainty": said}), errors=errors)
    executed = sheet.method["uncertainty"]["executed"]
    assert executed["failed_because"] == {"not-positive": executed["failed"]}
    assert 20 < executed["failed"] < 80  # P(z < −1.25) is 0.106
    rows = sheet.draws.executed_draws()
    assert rows["failed_because"].count("not-positive") == executed["failed"]
    assert not np.isnan(sheet.firmness["above"]).any()
    kept = parse_method({"uncertainty": {**said, "error_limits": "sign"}})
    limited = score(here, "abcd", values, kept, errors=errors)
    assert limited.method["uncertainty"]["executed"]["failed"] == 0


def test_what_is_wrong_with_errors_is_said_at_once():
    values = _values(gaps=0)
    errors = np.ones(values.shape)
    errors[0, 0], errors[3, 4] = -1.0, np.inf
    with pytest.raises(ScoringError) as error:
        score(TREE, CITIES, values, errors=errors)
    said = [(p.path, p.code, p.facts["city"]) for p in error.value.problems]
    assert said == [("d0i0", "bad-error", "c00"), ("d1i1", "bad-error", "c03")]
    with pytest.raises(ScoringError) as error:
        score(TREE, CITIES, values, errors=errors[:, 1:])
    assert [p.code for p in error.value.problems] == ["wrong-shape"]
    with pytest.raises(MethodError) as refused:
        parse_method({"uncertainty": {"draws": 10**6, "vary": ["errors"], "tie_level": 0.2}})
    assert [p.path for p in refused.value.problems] == [
        "uncertainty.draws", "uncertainty.vary", "uncertainty.tie_level",
    ]  # fmt: skip
    grouped = {"vary": ["impute"], "impute": ["group-mean"]}
    with pytest.raises(MethodError) as refused:
        parse_method({"uncertainty": grouped})
    assert [p.path for p in refused.value.problems] == ["impute.group"]
