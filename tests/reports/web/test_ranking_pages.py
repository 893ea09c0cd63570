"""From the ranking to the value: what each page says, and to whom."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.framework.tree import Unit
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore, keep
from evaluation.rounds import rules
from evaluation.rounds import service as rounds
from evaluation.rounds import store as round_store
from scoring.runs import service, store
from surveys.observations.service import record
from tests.conftest import Browser
from tests.factories.province import small_framework
from tests.reports.web.conftest import Reader
from tests.scoring.runs.results import (
    COMPLETE,
    OFFICE,
    OTHER,
    SMALL,
    observed_round,
    published_round,
)

Enter = Callable[..., Reader]
SECRET = 17.125  # a value that only C2 has
KNOWN = {**SMALL, ("C2", "I1"): SECRET}


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


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def rows_of(page: str) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


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
    for said in ("全量数据填报", "示例台账", "（2 − 最差值 20）÷（最优值 0 − 最差值 20）", "90.00"):
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


@pytest.mark.parametrize("disclosure", ["own", "full"])
@pytest.mark.parametrize("role", [roles.CLERK, roles.APPROVER])
def test_a_city_sees_the_indicators_that_are_disclosed_to_it(
    sign_in_as: Enter,
    database: Database,
    evidence_store: EvidenceStore,
    disclosure: str,
    role: str,
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store, values=KNOWN, disclosure=disclosure)
    full = disclosure == "full"
    clerk = sign_in_as(role, cities=["C1"])
    ranking = clerk.get("/rounds/R1/ranking").text
    assert all(name in ranking for name in ("甲市", "乙市", "丙市", "丁新区"))
    assert ("只向本单位公开" in ranking) is not full
    pages = {
        "own city": clerk.get("/rounds/R1/cities/C1").text,
        "city": clerk.get("/rounds/R1/cities/C2").text,
        "indicator": clerk.get("/rounds/R1/indicators/I1").text,
        "dimension": clerk.get("/rounds/R1/ranking/D1").text,
        "json": clerk.get("/rounds/R1/ranking.json").text,
        "api": clerk.get("/api/rounds/R1/ranking").text,
        "csv": clerk.get("/rounds/R1/ranking.csv").text,
        "method": clerk.get("/rounds/R1/method").text,
    }
    score = f"{100 * (1 - SECRET / 20):.2f}"
    told = [name for name, text in pages.items() if str(SECRET) in text or score in text]
    assert bool(told) is full, told
    assert "/rounds/R1/cities/C1/I1" in pages["own city"]
    assert ("/rounds/R1/cities/C2/I1" in pages["city"]) is full
    assert clerk.get("/rounds/R1/cities/C1/I1").status_code == 200
    assert clerk.get("/rounds/R1/cities/C2/I1").status_code == (200 if full else 404)
    book = load_workbook(io.BytesIO(clerk.get("/rounds/R1/ranking.xlsx").content), data_only=True)
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert (SECRET in values) is full
    assert 2.0 in values
    by_code = {unit["code"]: unit for unit in clerk.get("/api/rounds/R1/ranking").json()["units"]}
    assert by_code["C1"]["indicators"]["I1"]["value"] == 2.0
    assert (by_code["C2"]["indicators"] is not None) is full
    assert by_code["C2"]["dimensions"]["D1"]["score"] is not None


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("role", [roles.LEADER, roles.DEPARTMENT, roles.OFFICE, roles.AUDITOR])
def test_leaders_and_departments_see_every_city(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore, role: str
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store, values=KNOWN)
    reader = sign_in_as(role)
    assert str(SECRET) in reader.get("/rounds/R1/indicators/I1").text
    assert reader.get("/rounds/R1/cities/C2/I1").status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_one_readers_page_is_never_kept_for_another(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store, values=KNOWN)
    leader, first, second = (
        sign_in_as(roles.LEADER),
        sign_in_as(roles.CLERK, cities=["C1"]),
        sign_in_as(roles.CLERK, cities=["C2"]),
    )
    for path in ("/rounds/R1/indicators/I1", "/rounds/R1/ranking.json"):
        assert str(SECRET) in leader.get(path).text
        assert str(SECRET) not in first.get(path).text
        assert str(SECRET) in second.get(path).text
        assert str(SECRET) not in first.get(path).text
    assert "本市州" in first.get("/rounds/R1/ranking").text
    assert "本市州" not in leader.get("/rounds/R1/ranking").text


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_evidence_opens_for_the_city_and_the_office_only(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        sha256 = keep(
            session, evidence_store, OFFICE, b"%PDF-1.4 proof", name="证明.pdf",
            media_type="application/pdf",
        )  # fmt: skip
        published_round(session, evidence_store, evidence=(sha256,))
    path = f"/rounds/R1/cities/C1/I1/evidence/{sha256}"
    for role, cities, status in (
        (roles.OFFICE, [], 200),
        (roles.CLERK, ["C1"], 200),
        (roles.CLERK, ["C2"], 404),
        (roles.LEADER, [], 404),
        (roles.DEPARTMENT, [], 404),
    ):
        reader = sign_in_as(role, cities=cities)
        answer = reader.get(path)
        assert answer.status_code == status, role
        if cities != ["C2"]:
            page = reader.get("/rounds/R1/cities/C1/I1").text
            assert ("证明.pdf" in page) is (status == 200)
        if status == 200:
            assert answer.content == b"%PDF-1.4 proof"
            assert answer.headers["content-disposition"].startswith("attachment")
    assert sign_in_as(roles.OFFICE).get(path[:-4] + "beef").status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_visit_is_not_told_to_the_city_it_went_to(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    framework = small_framework()
    nodes = tuple(
        replace(node, methods=("inspection",)) if node.code == "I1" else node
        for node in framework.nodes
    )
    with database.writing() as session:
        published_round(
            session,
            evidence_store,
            framework=small_framework(nodes=nodes),
            source="暗访组第七小组",
        )
    clerk, office = sign_in_as(roles.CLERK, cities=["C1"]), sign_in_as(roles.OFFICE)
    page = clerk.get("/rounds/R1/cities/C1/I1").text
    assert "明察暗访" in page
    assert "暗访组第七小组" not in page
    assert OFFICE.username not in page
    assert "记录时间" not in page
    assert "暗访组第七小组" in office.get("/rounds/R1/cities/C1/I1").text
    for reader, told in ((clerk, False), (office, True)):
        book = load_workbook(io.BytesIO(reader.get("/rounds/R1/ranking.xlsx").content))
        detail = [
            [cell.value for cell in row]
            for sheet in book
            for row in sheet.iter_rows()
            if any(cell.value == "明察暗访" for cell in row)
        ]
        assert detail
        assert any("暗访组第七小组" in row for row in detail) is told


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
def test_a_correction_is_told_on_the_page(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = observed_round(session)
        first = service.score_round(session, evidence_store, OFFICE, found).run
        record(session, OFFICE, found, city="C1", indicator="I1", method="full_filing", value=9)
        second = service.score_round(session, evidence_store, OFFICE, found).run
        for target in (rules.SCORED, rules.OBJECTION):
            found = rounds.advance(session, OFFICE, found, target)
        service.approve(session, OFFICE, found, second)
        service.publish(session, OTHER, found)
    leader = sign_in_as(roles.LEADER)
    before = leader.get("/rounds/R1/ranking").text
    assert "更正版" not in before
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        service.approve(session, OFFICE, found, store.run(session, found, first.number), note="误")
        service.publish(session, OTHER, found)
    after = leader.get("/rounds/R1/ranking").text
    assert "更正版（第 2 版）：误" in after
    assert rows_of(after) != rows_of(before)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_unknown_things_are_not_found(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader = sign_in_as(roles.LEADER)
    for path in ("cities/X", "cities/C1/X", "cities/C1/D1", "indicators/X", "indicators/D1",
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
    assert "RankingDocument" in str(described["components"]["schemas"].keys())
    assert not any(path.startswith("/rounds") for path in described["paths"])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_office_never_reads_a_kept_page_of_an_older_run(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = observed_round(session)
        service.score_round(session, evidence_store, OFFICE, found)
    office = sign_in_as(roles.OFFICE)
    before = office.get("/rounds/R1/ranking").text
    assert office.get("/rounds/R1/ranking").text == before
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        record(session, OFFICE, found, city="C1", indicator="I1", method="full_filing", value=19)
        service.score_round(session, evidence_store, OFFICE, found)
    after = office.get("/rounds/R1/ranking").text
    assert "第 2 次计算" in after
    assert rows_of(after) != rows_of(before)
    assert rows_of(office.get("/rounds/R1/ranking?run=1").text) == rows_of(before)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_kept_page_carries_each_readers_own_token(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore, client: Browser
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader = sign_in_as(roles.LEADER)
    tokens = []
    for _turn in range(2):
        client.cookies.clear()
        page = leader.get("/rounds/R1/ranking").text
        assert "\0" not in page
        tokens.append(re.findall(r'X-CSRFToken": "([^"]+)"', page))
    assert tokens[0] != tokens[1]
    assert all(tokens)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_role_that_is_taken_away_shows_at_once(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store, values=KNOWN)
    leader = sign_in_as(roles.LEADER, name="zhang")
    assert str(SECRET) in leader.get("/rounds/R1/indicators/I1").text
    with database.writing() as session:
        session.execute(sa.update(User).where(User.username == "zhang").values(role=roles.CLERK))
    assert str(SECRET) not in leader.get("/rounds/R1/indicators/I1").text
