"""What a round may ask of its raters, and what is said when it is not met."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from scoring.composite.problems import MethodError
from scoring.raters.agreement import agreement
from scoring.raters.gate import FORMS, STATISTICS, Gate, judge, parse_gate, worst
from scoring.raters.ratings import RatersError, gather
from tests.scoring.raters.designs import long

RANDOM = np.random.default_rng(8)
TRUTH = RANDOM.integers(1, 6, 40).astype(float)
GOOD = np.column_stack([TRUTH, TRUTH, TRUTH])
GOOD[::10, 0] = np.clip(GOOD[::10, 0] + 1, 1, 5)
BAD = RANDOM.integers(1, 6, (40, 3)).astype(float)
SAME = np.full((40, 3), 4.0)
FEW = np.full((40, 3), np.nan)
FEW[:3] = GOOD[:3]
RATINGS = long([GOOD, BAD, SAME, FEW], items=("good", "bad", "same", "few"))


def verdicts(**keys):
    gate = parse_gate({"draws": 200, **keys})
    return {each.item: each for each in judge(gate, *agreement(RATINGS, level=gate.level))}


def reasons(verdict) -> list[str]:
    return [problem.code for problem in verdict.reasons]


def test_each_indicator_passes_warns_or_fails_with_its_reason():
    found = verdicts()
    assert found["good"].outcome == "pass"
    assert not found["good"].reasons
    assert (found["bad"].outcome, reasons(found["bad"])) == ("fail", ["below-least"])
    assert found["same"].outcome == "warn"
    assert found["same"].reasons[0].facts["because"] == ("all-the-same",)
    assert (found["few"].outcome, reasons(found["few"])[0]) == ("warn", "few-pairs")
    assert worst(found.values()) == "fail"
    strict = verdicts(few="fail", undefined="fail")
    assert strict["few"].outcome == strict["same"].outcome == "fail"


def test_the_lower_bound_is_harder_to_reach():
    value = verdicts()["good"].value
    found = verdicts(lower_bound=True, least=value, warn_below=None)["good"]
    assert found.value < value
    assert (found.outcome, reasons(found)) == ("fail", ["below-least"])
    gate = Gate(lower_bound=True, draws=0)
    (none, *_) = judge(gate, *agreement(RATINGS, draws=0))
    assert (none.outcome, reasons(none), none.value) == ("warn", ["no-bound"], None)


def test_between_the_two_limits_it_warns():
    value = verdicts()["good"].value
    found = verdicts(least=value - 0.01, warn_below=value + 0.001)["good"]
    assert (found.outcome, reasons(found)) == ("warn", ["below-warning"])


@pytest.mark.parametrize("statistic", STATISTICS)
def test_every_statistic_can_be_asked_for(statistic):
    least = 60 if statistic == "percent" else 0.6
    found = verdicts(statistic=statistic, least=least, scope=["items"])
    assert found["good"].outcome == "pass"
    assert found["bad"].outcome == "fail"
    assert (found["same"].value is None) == (statistic != "percent")
    assert set(FORMS) < set(STATISTICS)


def test_all_together_or_each():
    assert set(verdicts(scope=["overall"])) == {""}
    assert set(verdicts(scope=["overall", "items"])) == {"", "good", "bad", "same", "few"}


def test_a_paradox_is_named():
    table = np.ones((60, 2))
    table[0, 0] = table[1, 1] = 2
    gate = parse_gate({"statistic": "kappa", "draws": 0})
    (found,) = judge(gate, *agreement(long(table), draws=0))
    assert found.outcome == "fail"
    assert reasons(found) == ["below-least", "paradox"]
    assert found.reasons[1].facts["ac1"] > 0.9


def test_a_gate_is_refused_with_everything_wrong_in_it():
    with pytest.raises(MethodError) as error:
        parse_gate({"statistic": "luck", "least_pairs": 0, "lowest": 1, "scope": [], "few": 3})
    assert [(p.path, p.code) for p in error.value.problems] == [
        ("gate.statistic", "not-allowed"),
        ("gate.least_pairs", "out-of-range"),
        ("gate.lowest", "unknown-key"),
        ("gate.scope", "empty-list"),
        ("gate.few", "not-allowed"),
    ]
    with pytest.raises(MethodError) as error:
        parse_gate({"least": 70})
    assert error.value.problems[0].path == "gate.least"
    with pytest.raises(MethodError) as error:
        parse_gate({"statistic": "percent", "least": 80, "warn_below": 70, "lower_bound": True})
    assert [p.path for p in error.value.problems] == ["gate.warn_below", "gate.lower_bound"]


def test_what_is_left_out_follows_what_is_asked():
    assert parse_gate({}) == Gate()
    assert parse_gate({"warn_below": None}).warn_below is None
    assert parse_gate({"least": 0.9}).warn_below is None
    assert parse_gate({"statistic": "percent", "least": 80}).warn_below is None


def test_every_key_is_documented_with_its_default():
    page = (Path(__file__).parents[3] / "docs" / "raters.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| .*? \| (.*?) \|", page, re.M))
    said = {}
    for names, defaults in rows.items():
        parts = [defaults] if ", `" not in names else defaults.split(", ")
        for name, default in zip(names.split(", "), parts, strict=False):
            said[name.strip("`")] = default.strip("`")
    for item in fields(Gate):
        value = tomllib.loads(f"x = {said[item.name]}")["x"]
        assert (tuple(value) if isinstance(value, list) else value) == item.default, item.name


def test_one_person_alone_agrees_with_nobody():
    with pytest.raises(RatersError) as error:
        agreement(gather(["a", "b"], ["i", "i"], ["r", "r"], [1, 2]))
    assert [p.code for p in error.value.problems] == ["one-rater"]
    with pytest.raises(RatersError) as error:
        agreement(gather(["a", "b"], ["i", "i"], ["r", "s"], [1, 2]))
    assert [p.code for p in error.value.problems] == ["no-pairs"]


def test_ratings_are_refused_with_everything_wrong_in_them():
    with pytest.raises(RatersError) as error:
        gather(["a", "a", "b"], ["i", "i", "i"], ["r", "r", "s"], [1, 2, float("nan")])
    assert [p.code for p in error.value.problems] == ["rated-twice", "not-finite"]
    with pytest.raises(RatersError) as error:
        gather(["a"], [], ["r"], [1])
    assert error.value.problems[0].facts == {"units": 1, "items": 0, "raters": 1, "values": 1}
    with pytest.raises(RatersError) as error:
        gather([], [], [], [])
    assert error.value.problems[0].code == "no-ratings"
