"""COINr's whole chain from the raw ASEM data, as an analyst would run it on files."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.composite.contributions import contributions
from scoring.composite.method import parse_method
from scoring.composite.score import score
from scoring.composite.trace import adds_up, trace
from scoring.standalone import as_json, score_files
from tests.golden import tables
from tests.scoring.standalone.asem import HEADER, agrees, nodes

METHOD = """
[impute]
method = "group-mean"
group = "EurAsia_group"
[screen]
method = "missing"
least_present = 0.9
before = "treat"
[treat]
method = "winsorise"
[normalise]
method = "minmax"
"""
ABOUT = ["Area", "Energy", "GDP", "Population"]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The example as COINr builds it: Denominate, Impute, Screen, Treat, Normalise, Aggregate."""
    folder = tmp_path_factory.mktemp("asem")
    body = []
    for node in tables.asem_nodes():
        said = [node[key] for key in ("iCode", "Parent", "iName", "Direction", "Weight", "Unit")]
        body.append([*said, None, None, node["Target"], node["Denominator"]])
    framework = tables.write(folder / "framework.csv", [*HEADER, "denominator"], body)
    codes, units, _ = tables.matrix("coin_Denominated")
    raw = {row["uCode"]: row for row in tables.rows(tables.ASEM / "asem_iData.csv")}
    columns = ["EurAsia_group", *ABOUT, *codes]
    rows = [[unit, *(raw[unit][name] for name in columns)] for unit in units]
    values = tables.write(folder / "values.csv", ["city", *columns], rows)
    method = folder / "method.toml"
    method.write_text(METHOD, encoding="utf-8")
    return score_files(framework, values, method)


@pytest.mark.parametrize(
    ("stage", "table"),
    [
        ("denominated", "coin_Denominated"),
        ("imputed", "coin_Imputed"),
        ("imputed", "coin_Screened"),
        ("treated", "coin_Treated"),
        ("normalised", "coin_Normalised"),
    ],
)
def test_every_stage_is_coinrs(done, stage, table):
    got, (codes, units, want) = done.sheet.stages[stage], tables.matrix(table)
    assert (list(done.sheet.indicators), list(done.sheet.cities)) == (codes, units)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    agrees(got, want, tolerance=1e-12)


def test_the_index_is_coinrs(done):
    codes, _, want = tables.matrix("coin_Aggregated")
    agrees(nodes(done, codes), want, tolerance=1e-12)


def test_the_file_says_what_was_done(done):
    said = as_json(done)
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    by = said["method"]["denominate"]["by_indicator"]
    given = {n["iCode"]: n["Denominator"] for n in tables.asem_nodes() if n["Denominator"]}
    assert {code: entry["column"] for code, entry in by.items()} == given
    assert said["method"]["screen"]["left_out"] == {}
    assert said["unscored"] == {}
    assert len(said["method"]["imputation"]) == int(done.sheet.was_imputed.sum())
    first = said["method"]["imputation"][0]
    assert first["rule"] == "group-mean"
    assert first["from"]["group"] in ("Asia", "Europe")


def test_each_treated_cell_has_its_record(done):
    for row in tables.rows(tables.ASEM / "treat_points.csv"):
        unit = row.pop("uCode")
        for record in done.sheet.treatment:
            mark = {c["city"]: c for c in record.get("cells", ())}.get(unit)
            rules = {"winhi": "winsorised-high", "winlo": "winsorised-low"}
            assert (mark["rule"] if mark else "") == rules.get(row[record["code"]], "")
            if mark:
                i, j = done.sheet.cities.index(unit), done.sheet.indicators.index(record["code"])
                assert mark["before"] == done.sheet.imputed[i, j]
                assert mark["after"] == done.sheet.treated[i, j]
                assert 1 <= mark["point"] <= record["points"]


def test_any_cell_opens_and_its_parts_add_up(done):
    sheet = done.sheet
    assert adds_up(sheet) < 1e-9
    steps = trace(sheet, "LUX", "Goods").steps
    stages = ["raw", "denominated", "imputed", "treated", "normalised"]
    assert [step.stage for step in steps] == [*stages, *["contribution"] * 3]
    raw, divided = steps[0].value, steps[1]
    assert divided.value == pytest.approx(raw / divided.parameters["divisor"], rel=1e-15)
    assert [step.node for step in steps[5:]] == ["Goods", "ConEcFin", "Conn"]
    for step in steps[5:]:
        siblings = step.made_from["siblings"].values()
        assert sum(siblings) == pytest.approx(step.parameters["parent_score"], abs=1e-9)
    index = sheet.scores[sheet.cities.index("LUX"), sheet.nodes.index("Index")]
    assert steps[-1].parameters["parent_score"] == index


def test_an_imputed_and_a_treated_cell_say_what_they_were_made_from(done):
    sheet = done.sheet
    i, j = np.argwhere(sheet.was_imputed)[0]
    step = trace(sheet, sheet.cities[i], sheet.indicators[j]).steps[2]
    assert (step.stage, step.rule) == ("imputed", "group-mean")
    group = [unit for unit, name in done.groups.items() if name == step.made_from["group"]]
    column = sheet.denominated[[sheet.cities.index(unit) for unit in group], j]
    assert step.made_from["cities"] == np.sum(~np.isnan(column))
    assert step.value == pytest.approx(np.nanmean(column), rel=1e-12)
    record = next(each for each in sheet.treatment if each["code"] == "ForPort")
    cell = trace(sheet, record["cities"][0], "ForPort").steps[3]
    assert cell.rule == "winsorised-high"
    assert cell.made_from["imputed"] > cell.value
    assert cell.parameters["skew"] == pytest.approx(6.92776587939691)


@pytest.mark.parametrize("kind", ["geometric", "harmonic", "generalised"])
def test_parts_add_up_under_other_means(done, kind):
    said = {"method": kind, "floor": 1.0, "power": 0.3}
    method = parse_method({"normalise": {"method": "minmax"}, "aggregate": said})
    tree = replace(done.tree, denominators=())
    sheet = score(tree, done.sheet.cities, done.sheet.treated, method)
    assert adds_up(sheet) < 1e-9
    assert not np.isnan(contributions(sheet).to_index).any()
