"""The error of a value made of several visits: frozen, drawn, told; and nothing where unknown."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from scoring.runs import store
from scoring.runs.judging import case_of, score_snapshot
from scoring.runs.sheets import sheet_bytes
from scoring.runs.snapshot import Adopted, Snapshot, snapshot_from_bytes, snapshot_of
from surveys.observations.models import Observation
from surveys.observations.service import Given, record_many
from surveys.readings import service as readings
from surveys.readings.models import Reading
from surveys.readings.rules import standard_error
from tests.factories.field import a_form
from tests.factories.province import small_framework
from tests.scoring.runs.results import OFFICE, SMALL, observed_round
from tests.scoring.runs.test_snapshot import adopted
from tests.surveys.readings.desk import REVIEWER, a_field_round, a_record

#: Weights and rules stand still: what moves in a draw is the observations.
STILL: dict[str, Any] = {"uncertainty": {"vary": [], "seed": 7}}


def frozen(errors: dict[tuple[str, str], float], **method: Any) -> Snapshot:
    """The small round, some of its values with an error."""
    rows = [replace(each, error=errors.get((each.city, each.indicator))) for each in adopted(SMALL)]
    return snapshot_of("R", small_framework(method=method or STILL), rows)


def test_without_errors_a_snapshot_has_the_bytes_it_always_had() -> None:
    snapshot = frozen({})
    assert b'"error"' not in snapshot.bytes
    held = json.loads(snapshot.bytes)
    assert set(held["observations"][0]) == set(asdict(snapshot.observations[0])) - {"error"}
    assert snapshot_from_bytes(snapshot.bytes).bytes == snapshot.bytes


def test_with_errors_it_comes_back_as_it_was() -> None:
    snapshot = frozen({("C1", "I1"): 0.25})
    back = snapshot_from_bytes(snapshot.bytes)
    assert back == snapshot
    assert back.by_cell["C1", "I1"].error == 0.25
    assert back.by_cell["C1", "I2"].error is None
    assert case_of(back).more["errors"][0, 0] == 0.25


@pytest.mark.parametrize("error", [0.0, -1.0, float("inf"), float("nan")])
def test_an_impossible_error_is_refused(error: float) -> None:
    with pytest.raises(ValueError, match="impossible error"):
        frozen({("C1", "I1"): error})


@given(st.permutations(list(frozen({("C2", "I1"): 0.5, ("C1", "I2"): 3.0}).observations)))
@settings(derandomize=True, max_examples=8, deadline=None)
def test_neither_order_nor_workers_change_a_byte(rows: list[Adopted]) -> None:
    framework = small_framework(method={"uncertainty": {"draws": 4000}})
    found = snapshot_of("R", framework, rows)
    expected = snapshot_of("R", framework, sorted(rows, key=lambda each: each.id))
    assert found.bytes == expected.bytes
    assert sheet_bytes(score_snapshot(found, workers=3)) == sheet_bytes(score_snapshot(expected))


@given(st.lists(st.floats(0.01, 6.0), min_size=2, max_size=5, unique=True))
@settings(derandomize=True, max_examples=12, deadline=None)
def test_a_wider_spread_never_narrows_the_interval(spreads: list[float]) -> None:
    """C2 and C3 are level; the same seed draws the same deviations, times a growing error."""
    widths = []
    for spread in (0.0, *sorted(spreads)):
        errors = {("C2", "I1"): spread, ("C3", "I1"): spread} if spread else {}
        found = score_snapshot(frozen(errors)).intervals["C2"]
        widths.append(found["high"] - found["low"])
    assert widths[0] == 0
    assert widths == sorted(widths)
    assert widths[-1] > 0


def test_the_sheet_tells_which_values_have_an_error() -> None:
    sheet = score_snapshot(frozen({("C1", "I1"): 0.25, ("C2", "I2"): 2.0}))
    told = sheet.firmness["errors"]
    assert told["cells"] == [["C1", "I1", 0.25], ["C2", "I2", 2.0]]
    values = sum(1 for value in SMALL.values() if isinstance(value, float))
    assert told["without"] == values - 2
    assert sheet.method["uncertainty"]["executed"]["errors"]["observations"] == 2
    assert score_snapshot(frozen({})).firmness["errors"] == {"cells": [], "without": values}


@pytest.mark.parametrize(
    ("visits", "spread", "error"),
    [
        (4, 6.0, 3.0),
        (2, 1.0, 1 / np.sqrt(2)),
        (1, None, None),
        (None, None, None),
        (3, 0.0, None),
        (2, None, None),
    ],
)
def test_the_error_of_a_mean(visits: int | None, spread: float | None, error: float | None) -> None:
    assert standard_error(visits, spread) == (None if error is None else pytest.approx(error))


def test_a_round_freezes_the_errors_of_its_visits(database: Database) -> None:
    with database.writing() as session:
        found = observed_round(session)
        visited = [
            Given(city, "I2", "verification", 80.0, visits=4, spread=6.0) for city in ("C1", "C2")
        ]
        record_many(session, OFFICE, found, visited)
        frozen_now = store.snapshot(session, found).by_cell
        errors = [frozen_now[city, "I2"].error for city in ("C1", "C2", "C3")]
        assert errors == [3.0, 3.0, None]


def test_only_a_mean_of_visits_has_the_error_of_one(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_field_round(session)
        version = a_form(session, evidence_store)
        for minutes in (10, 20, 30):
            sent = a_record(session, evidence_store, found, version, minutes=minutes)
            readings.on_accept(session, evidence_store, REVIEWER, sent)
        session.execute(sa.update(Observation).values(adopted=True))
        cell = ("C1", "I1")
        error = store.snapshot(session, found).by_cell[cell].error
        assert error == pytest.approx(10 / np.sqrt(3))
        last = session.scalars(sa.select(Reading).order_by(Reading.id.desc())).first()
        assert last is not None
        last.across = "sum"
        session.flush()
        assert store.snapshot(session, found).by_cell[cell].error is None
        last.across, last.counts = "sum", False
        session.flush()
        assert store.snapshot(session, found).by_cell[cell].error is not None
