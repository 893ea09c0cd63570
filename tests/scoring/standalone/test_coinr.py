"""COINr's outputs on the ASEM data set, through files as an analyst would score them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden import tables
from tests.scoring.standalone.asem import agrees, nodes, scored

CHAIN = """
[impute]
method = "group-mean"
group = "EurAsia_group"
[treat]
method = "winsorise"
max_points = 5
skew = 2.0
kurtosis = 3.5
[normalise]
method = "minmax"
"""


def test_the_whole_chain_agrees_at_every_stage(tmp_path):
    done = scored(tmp_path, "coin_Denominated", CHAIN)
    agrees(done.sheet.imputed, tables.matrix("coin_Imputed")[2])
    agrees(done.sheet.treated, tables.matrix("coin_Treated")[2])
    agrees(done.sheet.normalised, tables.matrix("coin_Normalised")[2])
    codes, _, want = tables.matrix("coin_Aggregated")
    agrees(nodes(done, codes), want)


def test_the_treatment_is_recorded_as_coinr_records_it(tmp_path):
    done = scored(tmp_path, "coin_Denominated", CHAIN)
    record = {entry["code"]: entry for entry in done.sheet.treatment}
    for row in tables.rows(tables.ASEM / "treat_details.csv"):
        ours = record[row["iCode"]]
        assert ours["skew"] == pytest.approx(float(row["check_SkewKurt0.Skew"]), rel=1e-9)
        assert ours["kurtosis"] == pytest.approx(float(row["check_SkewKurt0.Kurt"]), rel=1e-9)
        assert (ours["outcome"] == "passes") == (row["check_SkewKurt0.Pass"] == "TRUE")
        assert ours["points"] == int(row["winsorise.nwin"] or 0)
        if row["winsorise.nwin"]:
            after = float(row["check_SkewKurt1.Skew"]), float(row["check_SkewKurt1.Kurt"])
            assert (ours["skew_after"], ours["kurtosis_after"]) == pytest.approx(after, rel=1e-9)
    for row in tables.rows(tables.ASEM / "treat_points.csv"):
        unit = row.pop("uCode")
        touched = {code for code, mark in row.items() if mark}
        assert touched == {code for code, entry in record.items() if unit in entry["cities"]}


def test_treatment_straight_from_raw_data(tmp_path):
    codes, units, want = tables.matrix("treated_from_raw_default")
    raw = tables.asem_raw(units, codes)
    done = scored(tmp_path, raw, '[treat]\nmethod = "winsorise"\n[normalise]\nmethod = "minmax"')
    agrees(done.sheet.treated, want, tolerance=1e-12)


@pytest.mark.parametrize("centre", ["mean", "median"])
def test_imputation(tmp_path, centre):
    codes, units, want = tables.matrix(f"impute_{centre}")
    raw = tables.asem_raw(units, codes)
    done = scored(tmp_path, raw, f'[impute]\nmethod = "{centre}"\n[normalise]\nmethod = "minmax"')
    agrees(done.sheet.imputed, want, tolerance=1e-12)
    assert done.sheet.was_imputed.sum() == np.isnan(raw).sum()


@pytest.mark.parametrize(
    ("table", "method"),
    [
        ("norm_minmax_0_100", 'method = "minmax"'),
        ("norm_minmax_1_100", 'method = "minmax"\nlower = 1\nupper = 100'),
        ("norm_zscore_0_1", 'method = "zscore"'),
        ("norm_dist2max", 'method = "distance-to-max"'),
        ("norm_dist2ref_unit1", 'method = "distance-to-reference"\nreference = "AUS"'),
        ("norm_scaled_0_100", 'method = "scaled"'),
        ("norm_dist2targ_iMeta", 'method = "distance-to-target"'),
    ],
)
def test_normalisation(tmp_path, table, method):
    done = scored(tmp_path, "coin_Treated", "[normalise]\n" + method)
    agrees(done.sheet.normalised, tables.matrix(table)[2])


@pytest.mark.parametrize(
    ("table", "method", "place"),
    [
        ("norm_rank_min", "rank", 1.0),
        ("norm_borda_min", "borda", 1.0),
        ("norm_prank_min", "percentile-rank", 1 / 50),
    ],
)
def test_places(tmp_path, table, method, place):
    """Three cells of TolMin sit beside a tie of 15 printed digits that R's doubles did not have."""
    done = scored(tmp_path, "coin_Treated", f'[normalise]\nmethod = "{method}"')
    codes, units, want = tables.matrix(table)
    apart = np.argwhere(np.abs(done.sheet.normalised - want) > 1e-12)
    assert {(units[i], codes[j]) for i, j in apart} == {
        ("BGR", "TolMin"),
        ("CZE", "TolMin"),
        ("NOR", "TolMin"),
    }
    agrees(done.sheet.normalised, want, tolerance=place)


def test_fraction_of_the_maximum(tmp_path):
    """Where the directed maximum is 0 COINr divides by it; here the policy decides."""
    codes, _, want = tables.matrix("norm_fracmax_screened")
    done = scored(tmp_path, "coin_Screened", '[normalise]\nmethod = "fraction-of-max"')
    agrees(done.sheet.normalised, want)
    by = done.sheet.method["normalise"]["by_indicator"]
    for code in ("CostImpEx", "Tariff", "Poverty"):
        assert by[code]["no_spread"] == "midpoint"
        assert (done.sheet.normalised[:, codes.index(code)] == 0.5).all()


def test_goalposts_are_truncated(tmp_path):
    posts = {}
    for row in tables.rows(tables.ASEM / "norm_goalposts_params.csv"):
        ends = float(row["goalpost_upper"]), float(row["goalpost_lower"])
        posts[row["iCode"]] = ends if row["Direction"] == "1" else ends[::-1]
    done = scored(tmp_path, "coin_Treated", "", posts=posts)
    agrees(done.sheet.normalised, tables.matrix("norm_goalposts_p10_p90_trunc")[2])


@pytest.mark.parametrize(
    ("table", "lower", "method"),
    [
        ("agg_amean_n0_100", 0, 'method = "arithmetic"'),
        ("agg_amean_n1_100", 1, 'method = "arithmetic"'),
        ("agg_gmean_n1_100", 1, 'method = "geometric"'),
        ("agg_hmean_n1_100", 1, 'method = "harmonic"'),
        ("agg_genmean_p0.5_n1_100", 1, 'method = "generalised"\npower = 0.5'),
        ("agg_mixed_am_gm_am_n1_100", 1, 'levels = ["arithmetic", "geometric", "arithmetic"]'),
        ("agg_copeland_n1_100", 1, 'method = "copeland"'),
    ],
)
def test_aggregation(tmp_path, table, lower, method):
    text = f'[normalise]\nmethod = "minmax"\nlower = {lower}\nupper = 100\n[aggregate]\n{method}'
    done = scored(tmp_path, "coin_Treated", text)
    codes, _, want = tables.matrix(table)
    agrees(nodes(done, codes), want)


def test_aggregation_of_raw_data_with_an_availability_threshold(tmp_path):
    codes, units, want = tables.matrix("agg_amean_raw_datthresh0.9")
    raw = tables.asem_raw(units, tables.matrix("coin_Denominated")[0])
    text = '[normalise]\nmethod = "none"\n[aggregate]\nthreshold = 0.9'
    done = scored(tmp_path, raw, text, directed=False)
    got = nodes(done, codes)
    agrees(got, want)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))


@pytest.mark.parametrize(
    ("column", "method"),
    [
        ("amean", "arithmetic"),
        ("gmean", "geometric"),
        ("hmean", "harmonic"),
        ("copeland", "copeland"),
    ],
)
def test_how_much_the_method_moves_a_rank(tmp_path, column, method):
    text = (
        f'[normalise]\nmethod = "minmax"\nlower = 1\nupper = 100\n[aggregate]\nmethod = "{method}"'
    )
    done = scored(tmp_path, "coin_Treated", text)
    index = list(done.sheet.nodes).index("Index")
    ours = dict(zip(done.sheet.cities, done.sheet.ranks[:, index], strict=True))
    for row in tables.rows(tables.ASEM / "ranks_index_by_method.csv"):
        assert ours[row["uCode"]] == float(row[column]), row["uCode"]


def test_uncertainty_agrees_in_its_statistics(tmp_path):
    """COINr's 1,000 draws: 1–5 winsorised points, two scales, two means, weights of two levels.

    Both are random. Luxembourg's ranks have two humps (near 8 with arithmetic, near 27 with
    geometric means) with hardly a draw between, so that its median is a coin's toss.
    """
    text = (
        CHAIN
        + """
lower = 1
upper = 100
[uncertainty]
draws = 4000
seed = 42
vary = ["weights", "normalise", "aggregate", "treat"]
normalise = ["minmax", "zscore"]
aggregate = ["arithmetic", "geometric"]
treat_points = [1, 5]
weight_levels = [2, 3]
weight_spread = 0.25
"""
    )
    done = scored(tmp_path, "coin_Denominated", text)
    ours = done.sheet.intervals
    for row in tables.rows(tables.ASEM / "sa_UA_N1000_rankstats.csv"):
        unit = row["uCode"]
        assert abs(ours[unit]["low"] - float(row["Q5"])) <= 2, unit
        assert abs(ours[unit]["high"] - float(row["Q95"])) <= 2, unit
        if unit != "LUX":
            assert abs(ours[unit]["median"] - float(row["Median"])) <= 1, unit
    assert 9 <= ours["LUX"]["median"] <= 22
    executed = done.sheet.method["uncertainty"]["executed"]
    assert executed["draws"] == 4000
    assert executed["failed"] == 0
    assert set(executed["treat_points"]) == {"1", "2", "3", "4", "5"}
