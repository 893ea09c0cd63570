"""A snapshot and a sheet are files: one spelling, whatever order the rows came in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.framework.demo_province import demo_framework, demo_values
from scoring.runs.judging import check_method, score_snapshot
from scoring.runs.sheets import sheet_bytes, sheet_from_bytes
from scoring.runs.snapshot import Adopted, Snapshot, snapshot_from_bytes, snapshot_of
from tests.factories.province import small_framework
from tests.scoring.runs.results import SMALL, Values


def adopted(values: Values) -> list[Adopted]:
    return [
        Adopted(
            city,
            indicator,
            "full_filing",
            None if value == "NA" else float(value),
            value == "NA",
            "",
            "示例",
            number,
            1,
        )
        for number, ((city, indicator), value) in enumerate(values.items(), 1)
        if value is not None
    ]


def demo() -> Snapshot:
    framework = demo_framework()
    return snapshot_of("D", framework, adopted(demo_values(framework, seed=3)))


@given(st.permutations(adopted(SMALL)))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_the_order_of_rows_changes_no_byte(rows: list[Adopted]) -> None:
    expected = snapshot_of("R", small_framework(), adopted(SMALL))
    found = snapshot_of("R", small_framework(), rows)
    assert found.bytes == expected.bytes
    assert sheet_bytes(score_snapshot(found)) == sheet_bytes(score_snapshot(expected))


def test_a_stored_snapshot_scores_to_the_same_bytes() -> None:
    snapshot = demo()
    sheet = sheet_bytes(score_snapshot(snapshot))
    again = snapshot_from_bytes(snapshot.bytes)
    assert again.bytes == snapshot.bytes
    assert sheet_bytes(score_snapshot(again)) == sheet


def test_a_sheet_comes_back_as_it_was() -> None:
    sheet = score_snapshot(demo())
    content = sheet_bytes(sheet)
    back = sheet_from_bytes(content)
    assert sheet_bytes(back) == content
    assert back.cities == sheet.cities
    assert back.nodes == sheet.nodes
    for stage in ("raw", "imputed", "treated", "normalised", "scores", "weights", "ranks"):
        np.testing.assert_array_equal(getattr(back, stage), getattr(sheet, stage), strict=True)
    assert np.isnan(sheet.raw).any()
    np.testing.assert_array_equal(back.not_applicable, sheet.not_applicable, strict=True)


def test_missing_and_not_applicable_are_two_things() -> None:
    sheet = score_snapshot(snapshot_of("R", small_framework(), adopted(SMALL)))
    row = sheet.cities.index("C4")
    i3, i4 = sheet.indicators.index("I3"), sheet.indicators.index("I4")
    assert not sheet.not_applicable[row, i3]
    assert sheet.not_applicable[row, i4]
    assert np.isnan(sheet.scores[row, sheet.nodes.index("D2")])
    assert sheet.weights[row, sheet.nodes.index("D1")] == 1.0
    assert np.isnan(sheet.ranks[row, sheet.nodes.index("T")])


def test_the_same_cell_twice_is_refused() -> None:
    rows = adopted(SMALL)
    with pytest.raises(ValueError, match="twice"):
        snapshot_of("R", small_framework(), [*rows, rows[0]])


def test_an_unknown_city_is_refused() -> None:
    stranger = Adopted("X9", "I1", "full_filing", 1.0, False, "", "", 99, 1)
    with pytest.raises(ValueError, match="X9"):
        snapshot_of("R", small_framework(), [stranger])


def test_a_snapshot_whose_framework_was_changed_is_refused() -> None:
    content = snapshot_of("R", small_framework(), adopted(SMALL)).bytes
    with pytest.raises(ValueError, match="hash"):
        snapshot_from_bytes(content.replace("小型示例体系".encode(), "另一个示例体系".encode()))


def test_a_snapshot_names_nobody() -> None:
    content = snapshot_of("R", small_framework(), adopted(SMALL)).bytes.decode()
    assert "recorded_by" not in content
    assert "username" not in content


def test_a_method_that_can_be_executed_has_no_faults() -> None:
    assert check_method(small_framework()) == []
    assert check_method(demo_framework()) == []


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ({"rank": {"ties": "coin"}}, "not-allowed"),
        ({"ranking": {}}, "unknown-section"),
        ({"aggregate": {"levels": ["arithmetic"]}}, "levels-mismatch"),
        ({"normalise": {"method": "distance-to-target"}}, "no-target"),
        ({"impute": {"method": "group-mean", "group": "altitude"}}, "not-allowed"),
    ],
)
def test_a_method_that_cannot_be_executed_is_told_before_a_round(
    method: dict[str, object], code: str
) -> None:
    found = check_method(small_framework(method=method))
    assert code in {fault.code for fault in found}
    assert all(fault.explain() for fault in found)


def test_imputation_by_group_uses_zones() -> None:
    framework = small_framework(method={"impute": {"method": "group-mean", "group": "zone"}})
    sheet = score_snapshot(snapshot_of("R", framework, adopted(SMALL)))
    row, column = sheet.cities.index("C4"), sheet.indicators.index("I3")
    assert sheet.was_imputed[row, column]
    assert sheet.imputed[row, column] == 80.0  # C3 alone is in its zone
