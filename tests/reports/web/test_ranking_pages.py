"""From the ranking to the value: what each page says."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from evaluation.accounts import roles
from evaluation.framework.tree import Unit
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.conftest import Browser
from tests.factories.province import small_framework
from tests.reports.web.reading import Enter, rows_of
from tests.scoring.runs.results import (
    COMPLETE,
    SMALL,
    observed_round,
    published_round,
)


def test_from_observations_to_the_published_page(sign_in_as: Enter, database: Database) -> None:
    with database.writing() as session:
        observed_round(session, values=COMPLETE, method="verification")
    first, second, leader = (
        sign_in_as(roles.OFFICE),
        sign_in_as(roles.OFFICE),
        sign_in_as(roles.LEADER),
    )
    here = "/rounds/R1/scoring"
    assert "还没有计算" in first.get(here).text
    assert first.post(f"{here}/confirm").status_code == 409
    assert first.post(f"{here}/run", data={"note": "初算"}).status_code == 303
    page = first.get(here)
    assert "初算" in page.text
    assert "已完成第 1 次计算" in page.text
    assert first.post(f"{here}/run", data={"note": ""}).status_code == 303
    assert "没有新建计算" in first.get(here).text
    assert first.post(f"{here}/confirm").status_code == 303
    step = first.post("/rounds/R1/steps", data={"target": "objection"})
    assert step.status_code == 303
    assert first.post(f"{here}/approve", data={"run": "7"}).status_code == 404
    assert first.post(f"{here}/approve", data={"run": "1", "note": ""}).status_code == 409
    agreed = {"all": "1", "reference": "来函"}
    assert first.post("/rounds/R1/objections/consents", data=agreed).status_code == 303
    assert first.post(f"{here}/approve", data={"run": "1", "note": ""}).status_code == 303
    assert "审定人不能自己发布" in first.get(here).text
    refused = first.post(f"{here}/publish", headers={"accept": "application/json"})
    assert refused.status_code == 409
    assert "same-person" in refused.text
    assert leader.get("/rounds/R1/ranking").status_code == 404
    assert "发布" in second.get("/").text
    assert second.post(f"{here}/publish").status_code == 303
    page = leader.get("/rounds/R1/ranking")
    assert page.status_code == 200
    assert "甲市" in page.text
    assert "尚未发布" not in page.text
    assert "/rounds/R1/ranking" in leader.get("/").text
    assert "/rounds/R1/ranking" in leader.get("/rounds/R1").text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_ties_are_shown_as_ties_and_the_unranked_stand_at_the_foot(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    lines = rows_of(sign_in_as(roles.LEADER).get("/rounds/R1/ranking").text)
    assert lines[0].startswith("1 甲市")
    assert lines[1].startswith("2 并列 乙市")
    assert lines[2].startswith("2 并列 丙市")
    assert lines[3].startswith("— 丁新区 参评不排名")
    assert "不适用" in lines[3]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_three_facts_and_the_change_come_from_the_numbers(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    better = {**SMALL, ("C2", "I1"): 0.0, ("C2", "I2"): 100.0, ("C2", "I3"): 100.0,
              ("C2", "I4"): 1.0}  # fmt: skip
    with database.writing() as session:
        published_round(session, evidence_store)
        published_round(session, evidence_store, code="R2", previous="R1", values=better)
    page = sign_in_as(roles.LEADER).get("/rounds/R2/ranking").text
    facts = " ".join(re.sub(r"<[^>]+>", " ", page[page.index('class="tiles"') :]).split())
    assert re.search(r"谁领先 乙市 [\d.]+ 分，领先下一名甲市 [\d.]+ 分", facts)
    assert re.search(r"谁退步最多 甲市、丙市 各下降 1 位", facts)
    assert re.search(r"整体最弱 获得用气", facts)
    lines = rows_of(page)
    assert re.match(r"1 乙市 [\d.]+ 上升 1 上升", lines[0])
    assert re.match(r"2 甲市 [\d.]+ 下降 1", lines[1])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_slipped_most_says_why(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    worse = {**SMALL, ("C1", "I1"): 10.0, ("C1", "I2"): 60.0, ("C1", "I3"): 30.0}
    with database.writing() as session:
        published_round(session, evidence_store)
        published_round(session, evidence_store, code="R2", previous="R1", values=worse)
    page = sign_in_as(roles.LEADER).get("/rounds/R2/ranking").text
    facts = " ".join(re.sub(r"<[^>]+>", " ", page[page.index('class="tiles"') :]).split())
    assert re.search(
        r"谁退步最多 甲市 下降 \d 位（第 \d → 第 \d）；"
        r"得分 −[\d.]+，下降最多的一级指标：\S+ −[\d.]+ ",
        facts,
    ), facts[:400]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_three_clicks_lead_to_the_value_and_its_source(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader = sign_in_as(roles.LEADER)
    assert 'href="/rounds/R1/ranking/D1"' in leader.get("/rounds/R1/ranking").text
    assert 'href="/rounds/R1/indicators/I1"' in leader.get("/rounds/R1/ranking/D1").text
    answer = leader.get("/rounds/R1/indicators/I1")
    assert 'href="/rounds/R1/cities/C1/I1"' in answer.text
    page = leader.get("/rounds/R1/cities/C1/I1").text
    for said in ("全量数据填报", "示例台账", "(2 − 20) ÷ (0 − 20) × 100 = 90", "最优值"):
        assert said in page


def test_the_page_the_files_and_the_api_agree(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader = sign_in_as(roles.LEADER)
    api = leader.get("/api/rounds/R1/ranking").json()
    assert leader.get("/rounds/R1/ranking.json").json() == api
    lines = rows_of(leader.get("/rounds/R1/ranking").text)
    rows = list(
        csv.reader(io.StringIO(leader.get("/rounds/R1/ranking.csv").content.decode("utf-8-sig")))
    )
    book = load_workbook(io.BytesIO(leader.get("/rounds/R1/ranking.xlsx").content), data_only=True)
    sheet = book.worksheets[0]
    cells = {
        str(row[1].value): [cell.value for cell in row] for row in sheet.iter_rows() if row[1].value
    }
    for unit, line, row in zip(api["units"], lines, rows[1:], strict=True):
        assert unit["name"] in line
        assert f"{unit['score']:.2f}" in line
        assert row[1] == unit["code"]
        assert float(row[3]) == unit["score"]
        assert any(
            isinstance(value, float) and abs(value - unit["score"]) < 1e-9
            for value in cells[unit["name"]]
        )
    assert [unit["rank"] for unit in api["units"]] == [1, 2, 2, None]
    assert api["synthetic"] is False
    assert api["version"] == 1


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_name_is_never_a_formula_nor_a_tag(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    units = (
        Unit("C1", "=1+1", zones=()),
        Unit("C2", "<script>alert(1)</script>"),
        Unit("C3", "@SUM(A1)"),
        Unit("C4", "-2+3", ranked=False),
    )
    with database.writing() as session:
        published_round(session, evidence_store, framework=small_framework(units=units, zones=()))
    leader = sign_in_as(roles.LEADER)
    rows = list(
        csv.reader(io.StringIO(leader.get("/rounds/R1/ranking.csv").content.decode("utf-8-sig")))
    )
    assert {row[2] for row in rows[1:]} == {
        "'=1+1", "<script>alert(1)</script>", "'@SUM(A1)", "'-2+3"
    }  # fmt: skip
    for path in ("ranking", "cities/C2", "ranking/D1", "indicators/I1", "cities/C2/I1", "method"):
        assert "<script>alert" not in leader.get(f"/rounds/R1/{path}").text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_unknown_things_are_not_found(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader = sign_in_as(roles.LEADER)
    for path in ("cities/X", "cities/C1/X", "indicators/X", "indicators/D1",
                 "ranking/X", "ranking/I1", "cities/X/I1"):  # fmt: skip
        assert leader.get(f"/rounds/R1/{path}").status_code == 404, path
    assert leader.get("/rounds/R1/ranking?run=0").status_code == 400
    assert leader.get("/rounds/R1/ranking?run=" + "9" * 40).status_code == 400


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_english_readers_find_no_chinese_of_ours(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
        published_round(session, evidence_store, code="R2", previous="R1", name_en="Round two")
    office = sign_in_as(roles.OFFICE)
    office.headers["accept-language"] = "en"
    for path in ("ranking", "ranking/D1", "indicators/I1", "cities/C1", "cities/C1/I1", "scoring"):
        page = office.get(f"/rounds/R2/{path}").text
        main = page[page.index("<main") : page.index("</main>")]
        main = re.sub(r"示例台账|轮次 R\d|小型示例体系|工作日|（元）|元|分", "", main)
        assert not re.search("[\u4e00-\u9fff]", main), (path, re.findall("[\u4e00-\u9fff]+", main))


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_api_is_described(client: Browser) -> None:
    described = client.get("/schema/openapi.json").json()
    assert {"/api/rounds", "/api/rounds/{code}/ranking"} <= set(described["paths"])
    answers = described["paths"]["/api/rounds/{code}/ranking"]["get"]["responses"]
    for status in ("400", "401", "404"):
        assert set(answers[status]["content"]) == {"application/problem+json"}
    assert "RankingDocument" in str(described["components"]["schemas"].keys())
    assert not any(path.startswith("/rounds") for path in described["paths"])
