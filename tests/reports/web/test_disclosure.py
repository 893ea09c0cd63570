"""Who reads which city's values, and who does not."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore, keep
from surveys.observations.models import Observation
from tests.factories.province import small_framework
from tests.reports.web.reading import KNOWN, SECRET, Enter
from tests.scoring.runs.results import (
    OFFICE,
    published_round,
)


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
def test_evidence_opens_for_the_city_the_office_and_leaders(
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
        (roles.LEADER, [], 200),
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
            assert "%E8%AF%81%E6%98%8E.pdf" in answer.headers["content-disposition"]
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
def test_what_visits_brought_by_an_open_method_stays_inside_too(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    """Photos of a visit are originals: they say where, when and with which phone."""
    with database.writing() as session:
        sha256 = keep(
            session, evidence_store, OFFICE, b"a photo", name="IMG.jpg", media_type="image/jpeg"
        )
        published_round(session, evidence_store, evidence=(sha256,), source="三月三日上午")
        session.execute(sa.update(Observation).values(visits=2))
    value = "/rounds/R1/cities/C1/I1"
    for role, cities, inside in (
        (roles.OFFICE, [], True),
        (roles.AUDITOR, [], True),
        (roles.CLERK, ["C1"], False),
        (roles.LEADER, [], False),
    ):
        reader = sign_in_as(role, cities=cities)
        status = reader.get(f"{value}/evidence/{sha256}").status_code
        assert status == (200 if inside else 404), role
        page = reader.get(value).text
        for told in ("IMG.jpg", "三月三日上午", "记录时间"):
            assert (told in page) is inside, (role, told)
        book = load_workbook(io.BytesIO(reader.get("/rounds/R1/ranking.xlsx").content))
        cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert ("三月三日上午" in cells) is inside, role


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
