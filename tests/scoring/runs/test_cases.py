"""A snapshot as a case: audited, asked about, compared with another."""

from __future__ import annotations

import numpy as np

from evaluation.framework.demo_province import demo_framework, demo_values
from scoring.audit import audit
from scoring.runs.judging import case_of, score_snapshot
from scoring.runs.sheets import FLAGS, NUMBERS
from scoring.runs.snapshot import Snapshot, snapshot_of
from scoring.whatif import compare, gains, reach
from tests.scoring.runs.test_snapshot import adopted


def demo(shift: int = 0) -> Snapshot:
    """The demonstration's framework with one round's invented values."""
    framework = demo_framework()
    return snapshot_of("D", framework, adopted(demo_values(framework, seed=3, round_shift=shift)))


def test_a_case_scores_to_the_snapshots_sheet() -> None:
    snapshot = demo()
    sheet, own = score_snapshot(snapshot), case_of(snapshot).score(draws=True)
    for stage in (*NUMBERS, *FLAGS):
        np.testing.assert_array_equal(getattr(own, stage), getattr(sheet, stage))
    assert own.intervals == sheet.intervals
    assert own.firmness == {k: v for k, v in sheet.firmness.items() if k != "errors"}


def test_the_demonstration_is_audited_and_asked_about() -> None:
    case = case_of(demo())
    sheet = case.score()
    made = audit(case.tree, sheet, limits=case.method.audit)
    assert made.counts()["pass"] > 300
    ranks = sheet.ranks[:, sheet.nodes.index(case.tree.root)]
    city = case.cities[int(np.nanargmax(ranks))]
    assert gains(case, city, kinds=["province-best"])[0].score_gain > 0
    assert reach(case, city, int(np.nanmax(ranks)) - 3).reached


def test_two_rounds_are_compared_by_indicator() -> None:
    made = compare(case_of(demo()), case_of(demo(1)), by="indicator", budget=200)
    np.testing.assert_allclose(made.scores.sum(axis=0), made.score_change, atol=1e-9)
    assert {each.kind for each in made.differences} == {"observations"}
