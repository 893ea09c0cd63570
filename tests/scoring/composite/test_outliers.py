"""Curves and the record of every treated cell."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scoring.composite.curves import SHIFT, bent, box_cox, likeliest_power, logged
from scoring.composite.moments import skewness
from scoring.composite.policies import Treat
from scoring.composite.treat import treat
from tests.golden import tables

LONG = np.concatenate([np.tile([1.0, 2, 3, 4], 12), [300, 900, 950, 1000]])


def _one(column, **policy):
    said = Treat(**{"method": "winsorise", **policy})
    treated, (record,) = treat(column[:, None], said, codes=["x"], keep_unit=[False])
    return treated[:, 0], record


@pytest.mark.parametrize("power", [-1.5, -0.3, 0.0, 0.5, 1.0, 2.0])
def test_box_cox_is_scipys(power):
    x = np.array([0.01, 0.2, 0.5, 1.01])
    np.testing.assert_allclose(box_cox(x, power), stats.boxcox(x, power), rtol=1e-13)


def test_the_likeliest_power_is_scipys_to_two_decimals():
    for row in range(48):
        codes, _, raw = tables.matrix("coin_Denominated")
        column = raw[:, row][~np.isnan(raw[:, row])]
        share = (column - column.min()) / (column.max() - column.min()) + SHIFT
        _, theirs = stats.boxcox(share)
        ours = likeliest_power(share)
        assert abs(ours - np.clip(theirs, -2, 2)) <= 0.0051, codes[row]
        assert ours == round(ours, 2)


def test_a_curve_keeps_the_order_and_can_be_repeated_from_its_parameters():
    for kind in ("log", "mirrored-log", "box-cox", "mirrored-box-cox"):
        for column in (LONG, 2000 - LONG):
            made, said = bent(column, kind)
            assert (np.argsort(made, kind="stable") == np.argsort(column, kind="stable")).all()
            assert said["minimum"] == column.min()
            assert said["maximum"] == column.max()
            if kind.startswith("mirrored"):
                assert said["mirrored"] == (skewness(column) < 0)
                assert abs(skewness(made)) < abs(skewness(column))
    share = (LONG - 1) / 999 + SHIFT
    made, said = bent(LONG, "box-cox", 0.5)
    np.testing.assert_array_equal(made, box_cox(share, 0.5))
    np.testing.assert_allclose(made, bent(LONG * 1e60, "box-cox", 0.5)[0], rtol=1e-12)


def test_box_cox_follows_where_winsorising_was_not_enough():
    column, record = _one(LONG, max_points=1, then="box-cox")
    assert record["outcome"] == "box-cox"
    assert record["points"] == 0
    np.testing.assert_array_equal(column, bent(LONG, "box-cox")[0])
    assert record["parameters"]["power"] == likeliest_power((LONG - 1) / 999 + SHIFT)
    assert abs(record["skew_after"]) < record["skew"]
    given = _one(LONG, max_points=1, then="mirrored-box-cox", power=0.0)[1]
    assert given["parameters"]["power"] == 0


def test_a_curve_at_once():
    column, record = _one(LONG, method="log")
    assert record["outcome"] == "log"
    np.testing.assert_array_equal(column, logged(LONG, "log"))
    calm = np.arange(8.0)
    column, record = _one(calm, method="log")
    assert record["outcome"] == "passes"
    np.testing.assert_array_equal(column, calm)


def test_each_winsorised_cell_says_when_and_how():
    column = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 40, 90])
    treated, record = _one(column, skew=0.3, kurtosis=-5, max_points=3)
    cells = {cell["row"]: cell for cell in record["cells"]}
    assert sorted(cells) == [10, 11]
    assert [cells[i]["point"] for i in (11, 10)] == [1, 2]
    assert cells[11] == {
        "row": 11, "before": 90.0, "after": 10.0, "rule": "winsorised-high", "point": 1,
    }  # fmt: skip
    assert treated[[10, 11]].tolist() == [10, 10]


def test_tied_values_move_together_and_low_outliers_upwards():
    column = -np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 90, 90])
    treated, record = _one(column, skew=1.0, kurtosis=0.0)
    assert treated[[10, 11]].tolist() == [-10, -10]
    assert {cell["rule"] for cell in record["cells"]} == {"winsorised-low"}
    assert {cell["point"] for cell in record["cells"]} == {1}
    assert record["points"] == 2


def test_the_only_difference_between_cities_is_never_taken_away():
    column = np.array([0.0] * 13 + [5.0])
    treated, record = _one(column, then="none")
    assert record["outcome"] == "still-fails"
    assert record["cells"] == ()
    np.testing.assert_array_equal(treated, column)
    assert _one(column)[0].max() > _one(column)[0].min()


def test_the_reference_treats_raw_data_the_same():
    codes, units, want = tables.matrix("treated_from_raw_default")
    raw = tables.asem_raw(units, codes)
    treated, records = treat(
        raw, Treat(method="winsorise"), codes=codes, keep_unit=[False] * len(codes)
    )
    known = ~np.isnan(want)
    np.testing.assert_allclose(treated[known], want[known], rtol=1e-12)
    details = {r["iCode"]: r for r in tables.rows(
        tables.ASEM / "treated_from_raw_default_details.csv"
    )}  # fmt: skip
    for record in records:
        row = details[record["code"]]
        assert record["skew"] == pytest.approx(float(row["check_SkewKurt0.Skew"]), rel=1e-9)
        assert record["kurtosis"] == pytest.approx(float(row["check_SkewKurt0.Kurt"]), rel=1e-9)
        assert record["points"] == int(row["winsorise.nwin"] or 0)
        assert len(record["cells"]) == record["points"]
        moved = {cell["row"]: cell["after"] for cell in record["cells"]}
        for i, after in moved.items():
            assert after == treated[i, codes.index(record["code"])]
