"""A number opens: what is printed can be done again by hand, and says nothing of other cities."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.accounts import roles
from evaluation.framework.tree import Framework
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from reports.ranking import RankingFacts
from reports.screen.arithmetic import number, total, worked
from reports.screen.lineage import Lineage, lineage
from scoring.runs.judging import score_snapshot
from scoring.runs.snapshot import snapshot_of
from tests.factories.province import small_framework
from tests.reports.web.reading import Enter
from tests.scoring.runs.results import COMPLETE, published_round
from tests.scoring.runs.test_snapshot import adopted

SIGNS = str.maketrans({"−": "-", "×": "*", "÷": "/"})
METHODS: tuple[dict[str, Any], ...] = (
    {},
    {"impute": {"method": "mean"}, "normalise": {"method": "minmax", "lower": 1, "upper": 100}},
    {"normalise": {"method": "zscore", "mean": 50, "sd": 10}},
    {"normalise": {"method": "rank"}},
    {"normalise": {"method": "borda"}},
    {"normalise": {"method": "percentile-rank"}},
    {"normalise": {"method": "distance-to-max"}},
    {"normalise": {"method": "distance-to-reference", "reference": "C1"}},
    {"normalise": {"method": "fraction-of-max"}},
    {"normalise": {"method": "scaled", "lower": 0, "upper": 200}},
    {"aggregate": {"method": "geometric", "floor": 1}},
    {"aggregate": {"method": "harmonic", "floor": 1}},
    {"aggregate": {"method": "generalised", "power": 0.5}},
    {"aggregate": {"levels": ["arithmetic", "geometric"], "floor": 1}},
    {"aggregate": {"method": "copeland"}},
)


def facts_of(method: dict[str, Any], audience: Any = "full") -> RankingFacts:
    """The small province scored by *method*."""
    framework: Framework = small_framework(method=method)
    values = {**COMPLETE, ("C2", "I3"): None, ("C3", "I2"): 61.0}
    snapshot = snapshot_of("R", framework, adopted(values))
    return RankingFacts(framework=framework, sheet=score_snapshot(snapshot), audience=audience)


def by_hand(written: str) -> tuple[float, float]:
    """Both sides of a printed sum, worked out by something that is not ours."""
    left, right = written.replace("^", "**").translate(SIGNS).split(" = ")
    return eval(left, {"ln": math.log}), float(right.strip("()"))


def sums(way: Lineage) -> list[tuple[str, float | None]]:
    """Every printed sum, with the number that it is said to give."""
    found = [(stage.sum, stage.value) for stage in (*way.stages, *way.climb)]
    return [*found, (way.parts_sum, way.score)]


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_every_sum_is_right_when_done_again(method: dict[str, Any]) -> None:
    facts = facts_of(method)
    done = 0
    for unit in facts.units:
        for node in facts.framework.nodes:
            for said, value in sums(lineage(facts, unit, node)):
                if said:
                    made, shown = by_hand(said)
                    assert value is not None
                    assert made == pytest.approx(value, rel=1e-7, abs=1e-7)
                    assert shown == pytest.approx(value, rel=1e-7, abs=1e-7)
                    done += 1
    assert done > 15


@pytest.mark.parametrize("method", METHODS[:-1], ids=str)
def test_no_sum_is_lacking_where_there_is_a_score(method: dict[str, Any]) -> None:
    facts = facts_of(method)
    for unit in facts.units:
        for node in facts.framework.indicators:
            way = lineage(facts, unit, node)
            scored = way.stages[-1]
            if scored.value is not None:
                assert scored.sum, (unit, node.code, scored)
                assert all(stage.sum for stage in way.climb if stage.value), (unit, node.code)


@pytest.mark.parametrize("method", METHODS[:-1], ids=str)
def test_the_parts_of_a_node_add_up_to_its_score(method: dict[str, Any]) -> None:
    facts = facts_of(method)
    for unit in facts.units:
        for node in facts.framework.nodes:
            way = lineage(facts, unit, node)
            if way.parts and way.score is not None:
                whole = sum(part.points or 0.0 for part in way.parts)
                assert whole == pytest.approx(way.score, abs=1e-9)


def test_where_a_score_has_no_parts_none_are_invented() -> None:
    facts = facts_of({"aggregate": {"method": "copeland"}})
    way = lineage(facts, "C1", facts.framework.root)
    assert [part.points for part in way.parts] == [None, None]
    assert way.parts_sum == ""


def test_a_city_is_not_told_what_others_have() -> None:
    method = {"impute": {"method": "mean"}, "normalise": {"method": "minmax"}}
    open_, closed = (facts_of(method, audience) for audience in ("full", frozenset({"C2"})))
    node = open_.framework.by_code["I3"]
    told, hidden = (lineage(each, "C2", node) for each in (open_, closed))
    assert "90" in told.stages[1].sum  # the mean is written out of the other cities' values
    for stage in hidden.stages:
        assert stage.sum == ""
        assert not any("90" in str(text) or "70" in str(text) for _name, text in stage.facts)


def test_a_winsorised_point_shows_its_old_and_its_new_value() -> None:
    units = tuple(
        replace(small_framework().units[0], code=f"U{at:02}", name=f"市{at}") for at in range(12)
    )
    framework = small_framework(
        units=units,
        method={"treat": {"method": "winsorise"}, "normalise": {"method": "minmax"}},
    )
    values = {
        (unit.code, node.code): 10.0 + at
        for at, unit in enumerate(units)
        for node in framework.indicators
    }
    values["U11", "I2"] = 99.0
    values |= {(f"U{at:02}", "I2"): 10.0 + 0.1 * at for at in range(11)}
    sheet = score_snapshot(snapshot_of("R", framework, adopted(values)))
    facts = RankingFacts(framework=framework, sheet=sheet, audience="full")
    treated = lineage(facts, "U11", framework.by_code["I2"]).stages[2]
    assert "缩尾" in str(treated.rule)
    assert str(treated.facts[0][1]) == "99 → 11"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6))
def test_a_sum_is_printed_only_with_its_own_result(values: list[float]) -> None:
    right = float(np.sum(values))
    said = worked(right, lambda n: total(n(value) for value in values))
    if said:
        made, _shown = by_hand(said)
        assert made == pytest.approx(right, rel=1e-6, abs=1e-6)
    assert worked(right + 1 + abs(right), lambda n: total(n(value) for value in values)) == ""


def test_a_negative_number_stands_in_brackets_and_none_as_a_power_of_ten() -> None:
    assert (number(3.0, 8) - number(-2.5e-7, 8)).text == "3 − (−0.00000025)"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_level_has_its_page_and_leads_to_the_next(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader, clerk = sign_in_as(roles.LEADER), sign_in_as(roles.CLERK, cities=["C1"])
    here = "/rounds/R1/cities/C1"
    assert f'href="{here}/T"' in leader.get("/rounds/R1/ranking").text
    page = leader.get(f"{here}/T").text
    assert f'href="{here}/D1"' in page
    page = leader.get(f"{here}/D1").text
    assert f'href="{here}/I1"' in page
    assert "各项贡献相加等于本级得分" in page
    assert clerk.get(f"{here}/D1").status_code == 200
    assert clerk.get("/rounds/R1/cities/C2/T").status_code == 404
    assert leader.get(f"{here}/NONE").status_code == 404
