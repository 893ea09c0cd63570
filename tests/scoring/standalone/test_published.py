"""Tables the world has seen, through files as an analyst would score them."""

from __future__ import annotations

import math

import pytest

from scoring.standalone import as_json, score_files
from tests.golden import tables

DB = tables.PUBLISHED / "db_starting_business_raw_scores_213.csv"
DB2020 = tables.PUBLISHED / "db2020_topic_scores_ranks.csv"
HDI = tables.PUBLISHED / "hdi2021_raw_published_recomputed.csv"
SEXES = ("Men", "Women")
CAPITAL = "Paid-in Minimum capital (% of income per capita)"


def _starting_business(folder):
    """Procedures, time and cost are the mean of men's and women's; capital is one for both."""
    header = ["code", "parent", "name", "direction", "weight", "unit", "best", "worst"]
    ends = {"procedures": (1, 18), "time": (0.5, 100), "cost": (0, 200), "capital": (0, 400)}
    body = [["topic", None, "Starting a business", 1, 1, "", None, None]]
    for name, (best, worst) in ends.items():
        if name == "capital":
            body.append([name, "topic", name, -1, 1, "", best, worst])
            continue
        body.append([name, "topic", name, 1, 1, "", None, None])
        body += [[f"{name}-{sex}", name, name, -1, 1, "", best, worst] for sex in SEXES]
    framework = tables.write(folder / "framework.csv", header, body)
    units = {"procedures": "(number)", "time": "(days)", "cost": "(% of income per capita)"}
    said = {
        f"{name}-{sex}": f"{name.capitalize()} - {sex} {unit}"
        for name, unit in units.items()
        for sex in SEXES
    } | {"capital": CAPITAL}
    given = tables.rows(DB)
    values = tables.write(
        folder / "values.csv",
        ["city", *said],
        [[row["Country code"], *(row[column] for column in said.values())] for row in given],
    )
    return framework, values, said, given


def test_doing_business_starting_a_business(tmp_path):
    framework, values, said, given = _starting_business(tmp_path)
    scores = as_json(score_files(framework, values))["scores"]
    assert len(scores) == 213
    for row in given:
        ours = scores[row["Country code"]]
        for code, column in said.items():
            near = 1e-5 if code.startswith(("procedures", "time")) else 0.03
            assert ours[code] == pytest.approx(float(row[f"Score-{column}"]), abs=near), column
        published = float(row["Score-Starting a business"])
        assert ours["topic"] == pytest.approx(published, abs=0.015), row["Country code"]


def test_doing_business_2020_overall_scores_and_ranks(tmp_path):
    given = [row for row in tables.rows(DB2020) if row["Ease of doing business rank"]]
    topics = [column for column in given[0] if column.startswith("Score-")]
    assert (len(given), len(topics)) == (190, 10)
    framework = tables.write(
        tmp_path / "framework.csv",
        ["代码", "上级", "名称", "方向", "权重", "最优值", "最差值"],
        [
            ["index", None, "营商便利度", 1, 1, None, None],
            *([f"t{i}", "index", topic, 1, 1, 100, 0] for i, topic in enumerate(topics)),
        ],
    )
    values = tables.write(
        tmp_path / "values.csv",
        ["city", *(f"t{i}" for i in range(10))],
        [[row["Country code"], *(row[topic] for topic in topics)] for row in given],
    )
    done = as_json(score_files(framework, values))
    column = "Ease of doing business score (DB17-20 methodology)"
    for row in given:
        code = row["Country code"]
        assert done["scores"][code]["index"] == pytest.approx(float(row[column]), abs=1e-4)
        assert done["ranks"]["index"][code] == int(float(row["Ease of doing business rank"])), code


@pytest.mark.parametrize("logarithm", ["column", "given"])
def test_human_development_index_2021(tmp_path, logarithm):
    """Income as a transformed indicator, or already as its logarithm: the same index and ranks."""
    given = tables.rows(HDI)
    assert len(given) == 191
    column = logarithm == "column"
    low, high = (100, 75000) if column else (math.log(100), math.log(75000))
    framework = tables.write(
        tmp_path / "framework.csv",
        ["code", "parent", "name", "weight", "best", "worst", "transform"],
        [
            ["hdi", None, "Human Development Index", 1, None, None, None],
            ["le", "hdi", "Life expectancy", 1, 85, 20, None],
            ["education", "hdi", "Education", 1, None, None, None],
            ["eys", "education", "Expected years of schooling", 1, 18, 0, None],
            ["mys", "education", "Mean years of schooling", 1, 15, 0, None],
            ["income", "hdi", "GNI per capita", 1, high, low, "ln" if column else None],
        ],
    )
    values = tables.write(
        tmp_path / "values.csv",
        ["city", "le", "eys", "mys", "income"],
        [
            [row["iso3"], row["le_2021"], row["eys_2021"], row["mys_2021"], _income(row, column)]
            for row in given
        ],
    )
    method = tmp_path / "method.toml"
    method.write_text(
        "[normalise]\nlower = 0\nupper = 1\n"
        '[aggregate]\nlevels = ["arithmetic", "geometric"]\n[rank]\ndecimals = 3\n',
        encoding="utf-8",
    )
    done = as_json(score_files(framework, values, method))
    for row in given:
        ours = done["scores"][row["iso3"]]["hdi"]
        assert ours == pytest.approx(float(row["calc"]), abs=1e-9)
        assert round(ours, 3) == float(row["hdi_2021"])
        assert done["ranks"]["hdi"][row["iso3"]] == int(float(row["hdi_rank_2021"])), row["iso3"]
    assert done["method"]["rank"]["rounding"] == "half-up"


def _income(row, raw):
    return float(row["gnipc_2021"]) if raw else math.log(float(row["gnipc_2021"]))
