"""Two results compared: the causes add up, and nobody sees what is not published to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.accounts import roles
from evaluation.framework.tree import Node
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from reports.screen.comparison import Sides, method_changes, moved, overtakings
from scoring.runs import service
from scoring.runs.attribution import SINGLE, attribution, passed, shares_anything
from scoring.runs.judging import score_snapshot
from scoring.runs.snapshot import Snapshot, snapshot_of
from surveys.observations.service import Given, record_many
from tests.factories.province import small_framework
from tests.reports.web.reading import Enter
from tests.scoring.runs.results import COMPLETE, OFFICE, Values, observed_round, published_round
from tests.scoring.runs.test_snapshot import adopted

LATER: Values = {
    **COMPLETE, ("C2", "I1"): 1.0, ("C2", "I2"): 99.0, ("C2", "I3"): 95.0, ("C2", "I4"): 3.0,
    ("C2", "I5"): 900.0,
    ("C3", "I4"): 11.0,
}  # fmt: skip


def frozen(values: Values, **changes: object) -> Snapshot:
    """A snapshot of the small province."""
    return snapshot_of("R", small_framework(**changes), adopted(values))


def sides_of(*snapshots: Snapshot) -> Sides:
    """Both scored."""
    first, second = snapshots
    sheets = score_snapshot(first), score_snapshot(second)
    return Sides((first.framework, second.framework), sheets)


def test_causes_add_up_to_every_change_and_every_gap() -> None:
    first, second = frozen(COMPLETE), frozen(LATER)
    made, sides = attribution(first, second), sides_of(first, second)
    assert made.how == "shapley"
    found = {each.city: each for each in moved(made, sides)}
    assert found["C2"].ranks == (2.0, 1.0)
    assert all(abs(each.residual) < 1e-9 for each in found.values())
    for each in found.values():
        places = sum(cause.places for cause in each.causes)
        assert places == pytest.approx(-(each.rise or 0.0))
    passes = passed(made, sides.sheets, "T")
    assert {(each.city, each.other) for each in passes} == {("C2", "C1")}
    for each in passes:
        parts = sum(points for _what, points in each.parts)
        assert parts == pytest.approx(each.after - each.before, abs=1e-9)
    (only,) = overtakings(passes, sides)
    whole = sum(points for _what, points in only.because) + only.rest
    assert whole == pytest.approx(only.after - only.before, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(COMPLETE)[:15]), st.floats(0, 60), max_size=9))
def test_nothing_is_left_over_whatever_changes(changed: dict[tuple[str, str], float]) -> None:
    first, second = frozen(COMPLETE), frozen({**COMPLETE, **changed})
    made, sides = attribution(first, second), sides_of(first, second)
    for each in moved(made, sides):
        assert abs(each.residual) < 1e-9
    assert set(made.shown) == set(made.differences)


def test_the_list_is_cut_and_the_rest_stands_in_one_line() -> None:
    base = small_framework()
    extra = tuple(
        Node(f"X{at:02}", "D1", f"指标{at}", "", direction=1, best=100, worst=0, unit="%")
        for at in range(12)
    )
    codes = [node.code for node in extra]
    framework = replace(base, nodes=(*base.nodes, *extra))
    both = [
        snapshot_of(
            "R",
            framework,
            adopted({**COMPLETE, **{("C1", code): shift + at for at, code in enumerate(codes)}}),
        )
        for shift in (40.0, 55.0)
    ]
    made, sides = attribution(*both), sides_of(*both)
    (cut,) = [each for each in moved(made, sides) if each.city == "C1"]
    assert len(cut.causes) == 8
    assert cut.rest is not None
    assert cut.rest[0] == 4
    assert abs(cut.residual) < 1e-9
    (whole,) = moved(made, sides, only="C1")
    assert len(whole.causes) == 12
    assert whole.rest is None


def test_a_changed_rule_is_named_by_its_key() -> None:
    first = frozen(COMPLETE)
    second = frozen(COMPLETE, method={"aggregate": {"method": "geometric", "floor": 1}})
    made, sides = attribution(first, second), sides_of(first, second)
    assert [each.kind for each in made.differences] == ["method"]
    assert {str(rule) for _step, rule, _old, _new in method_changes(sides.sheets)} >= {"方法"}
    assert all(abs(each.residual) < 1e-9 for each in moved(made, sides))
    assert all("方法" in str(cause.name) for each in moved(made, sides) for cause in each.causes)


def test_many_changes_are_put_together_by_indicator_with_the_citys_own_value() -> None:
    units = tuple(
        replace(small_framework().units[0], code=f"U{at:02}", name=f"市{at}") for at in range(10)
    )
    values = {
        (u.code, i): 50.0 + at for at, u in enumerate(units) for i in ("I2", "I3", "I1", "I4", "I5")
    }
    both = [
        frozen({key: value + shift for key, value in values.items()}, units=units)
        for shift in (0.0, 1.5)
    ]
    assert len(values) > SINGLE
    made, sides = attribution(*both), sides_of(*both)
    assert {each.kind for each in made.differences} == {"observations"}
    first = next(each for each in moved(made, sides) if each.city == "U00")
    assert {(str(cause.was), str(cause.now)) for cause in first.causes} == {("50", "51.5")}
    assert np.isfinite(made.score_change).all()


def test_nothing_in_common_is_said() -> None:
    base = small_framework()
    other = replace(base, units=tuple(replace(u, code=f"Z{u.code}") for u in base.units))
    assert shares_anything(frozen(COMPLETE), frozen(LATER))
    assert not shares_anything(frozen(COMPLETE), snapshot_of("R", other, ()))


def test_two_runs_of_a_round(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = observed_round(session, values=COMPLETE, method="verification")
        service.score_round(session, evidence_store, OFFICE, found)
        row = Given("C2", "I2", "verification", 97.0, source="复核")
        record_many(session, OFFICE, found, [row])
        service.score_round(session, evidence_store, OFFICE, found)
    office, leader = sign_in_as(roles.OFFICE), sign_in_as(roles.LEADER)
    where = "/rounds/R1/scoring/compare"
    page = office.get(f"{where}?a=2&b=1").text
    assert "比较“第 1 次计算”与“第 2 次计算”" in page
    assert "70 → 97" in page
    assert "精确计算" in page
    assert "乙市超过丙市" not in page  # they were level before: nobody was passed
    assert office.get(f"{where}?a=1&b=2&city=C2").status_code == 200
    for query in ("?a=1&b=9", "?a=1", "", "?a=1&b=2&city=NONE", "?with=R1", "?with=NONE"):
        assert office.get(where + query).status_code == 404, query
    for query in ("?a=1&b=2", "?with=R1"):
        assert leader.get(where + query).status_code == 404, query


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_two_published_rounds(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store, code="R1", values=COMPLETE)
        published_round(session, evidence_store, code="R2", values=LATER, previous="R1")
        observed_round(session, code="R3", values=COMPLETE)
    leader, clerk = sign_in_as(roles.LEADER), sign_in_as(roles.CLERK, cities=["C1"])
    link = "/rounds/R2/scoring/compare?with=R1"
    assert link in leader.get("/rounds/R2/ranking").text
    page = leader.get(link).text
    assert "乙市超过甲市" in page
    assert "10 → 1" in page
    assert clerk.get(link).status_code == 404
    assert link not in clerk.get("/rounds/R2/ranking").text
    assert leader.get("/rounds/R2/scoring/compare?with=R3").status_code == 404
    assert sign_in_as(roles.OFFICE).get("/rounds/R3/scoring/compare?with=R2").status_code == 404
    elsewhere = sign_in_as(roles.LEADER, rounds=["R2"])
    assert elsewhere.get(link).status_code == 404  # one of the two is not theirs
