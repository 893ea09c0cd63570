"""The method as data: defaults spelled out, everything wrong at once."""

from __future__ import annotations

import pytest

from scoring.composite.method import Method, parse_method
from scoring.composite.policies import IMPUTATIONS
from scoring.composite.problems import MethodError

CONTRACT = {
    "impute": {"method": "median"},
    "treat": {"method": "winsorise", "max_points": 5, "skew": 2.0, "kurtosis": 3.5},
    "normalise": {"method": "minmax", "lower": 1, "upper": 100},
    "aggregate": {"method": "arithmetic"},
    "rank": {"ties": "min"},
    "uncertainty": {
        "draws": 4000,
        "seed": 42,
        "vary": ["weights", "normalise", "aggregate"],
        "weight_spread": 0.25,
    },
}


def test_the_contracts_own_example_is_read():
    method = parse_method(CONTRACT)
    assert method.normalise.upper == 100
    assert method.uncertainty.vary == ("weights", "normalise", "aggregate")


def test_nothing_given_is_the_house_method():
    assert parse_method({}) == Method()
    said = Method().as_mapping()
    assert said["normalise"]["method"] == "goalposts"
    assert (said["normalise"]["lower"], said["normalise"]["upper"]) == (0, 100)
    assert said["normalise"]["clip"] is True
    assert said["normalise"]["constant"] == "midpoint"
    assert said["normalise"]["reference_set"] == "all"
    assert said["aggregate"]["missing"] == "weights redistribute over what is present"
    assert said["aggregate"]["zero"] == "gives zero"
    assert said["rank"] == {
        "ties": "min",
        "decimals": None,
        "order": "descending",
        "rounding": "none",
        "no_score": "not ranked",
    }
    assert said["uncertainty"]["draws"] == 0


def test_a_section_of_uncertainty_means_to_have_some():
    assert parse_method({"uncertainty": {"seed": 1}}).uncertainty.draws == 4000


def test_everything_wrong_is_listed_with_what_is_allowed():
    with pytest.raises(MethodError) as error:
        parse_method(
            {
                "imputation": {},
                "impute": {"method": "guess", "colour": 1},
                "treat": {"max_points": 0, "skew": "two"},
                "normalise": {"method": 3, "upper": float("inf"), "sd": 0},
                "aggregate": {"levels": [], "threshold": 1.5},
                "rank": {"decimals": 2.0, "ties": "first"},
                "uncertainty": {"vary": ["moon"], "draws": True, "weight_levels": [0]},
            }
        )
    found = {problem.path: problem for problem in error.value.problems}
    assert {path: problem.code for path, problem in found.items()} == {
        "imputation": "unknown-section",
        "impute.method": "not-allowed",
        "impute.colour": "unknown-key",
        "treat.max_points": "out-of-range",
        "treat.skew": "wrong-type",
        "normalise.method": "not-allowed",
        "normalise.upper": "out-of-range",
        "normalise.sd": "out-of-range",
        "aggregate.levels": "empty-list",
        "aggregate.threshold": "out-of-range",
        "rank.decimals": "wrong-type",
        "rank.ties": "not-allowed",
        "uncertainty.vary": "not-allowed",
        "uncertainty.draws": "wrong-type",
        "uncertainty.weight_levels": "out-of-range",
    }
    assert found["impute.method"].facts["allowed"] == IMPUTATIONS
    assert "method" in found["impute.colour"].facts["allowed"]


@pytest.mark.parametrize(
    ("mapping", "path", "code"),
    [
        ({"normalise": {"lower": 5, "upper": 5}}, "normalise.upper", "out-of-range"),
        ({"impute": {"method": "group-mean"}}, "impute.group", "missing-key"),
        (
            {"normalise": {"method": "distance-to-reference"}},
            "normalise.reference",
            "missing-key",
        ),
        ({"uncertainty": {"treat_points": [5, 1]}}, "uncertainty.treat_points", "not-a-range"),
        ({"treat": "winsorise"}, "treat", "wrong-type"),
    ],
)
def test_contradictions(mapping, path, code):
    with pytest.raises(MethodError) as error:
        parse_method(mapping)
    assert [(problem.path, problem.code) for problem in error.value.problems] == [(path, code)]
