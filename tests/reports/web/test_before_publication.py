"""Nothing of a result is there before it is published: no route, no hint (abuse cases 18, 20)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluation.accounts import roles
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from scoring.runs import service
from tests.conftest import Browser
from tests.reports.web.conftest import Reader
from tests.scoring.runs.results import OFFICE, published_round, scored_round

ROUTES = (
    "/rounds/{r}/ranking",
    "/rounds/{r}/ranking?run=1",
    "/rounds/{r}/ranking?zone=Z1&q=x",
    "/rounds/{r}/ranking/D1",
    "/rounds/{r}/ranking/nothing",
    "/rounds/{r}/indicators/I1",
    "/rounds/{r}/cities/C1",
    "/rounds/{r}/cities/C1/I1",
    "/rounds/{r}/cities/C1/I1/evidence/0123",
    "/rounds/{r}/method",
    "/rounds/{r}/ranking.xlsx",
    "/rounds/{r}/ranking.csv",
    "/rounds/{r}/ranking.json",
    "/api/rounds/{r}/ranking",
    "/api/rounds/{r}/ranking?run=1",
    "/rounds/{r}/scoring",
    "/rounds/{r}/scoring/compare?a=1&b=1",
)
READERS = (
    roles.LEADER,
    roles.CLERK,
    roles.APPROVER,
    roles.DEPARTMENT,
    roles.SUPERVISOR,
    roles.EVALUATOR,
)
Enter = Callable[..., Reader]


@pytest.mark.parametrize("role", READERS)
def test_a_result_that_waits_looks_like_no_result(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore, role: str
) -> None:
    with database.writing() as session:
        found, run = scored_round(session, evidence_store)
        service.approve(session, OFFICE, found, run)
        scored_round(session, evidence_store, code="R2", state="verifying")
    reader = sign_in_as(role, cities=["C1"])
    for route in ROUTES:
        there, scored, nowhere = (reader.get(route.format(r=code)) for code in ("R1", "R2", "R9"))
        assert there.status_code == scored.status_code == nowhere.status_code == 404, route
        for header in ("etag", "last-modified", "content-disposition"):
            assert header not in there.headers
        if route.startswith("/api/"):
            assert there.json() == nowhere.json()
            assert there.content == scored.content
    assert "/ranking" not in reader.get("/").text
    assert "/rounds/R1/ranking" not in reader.get("/rounds/R1").text
    assert "77" not in str(reader.get("/api/rounds").json())
    assert not any(each["published"] for each in reader.get("/api/rounds").json())


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_office_and_the_auditor_see_it_and_nobody_unknown_does(
    sign_in_as: Enter, client: Browser, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        scored_round(session, evidence_store)
    open_to_office = [r.format(r="R1") for r in ROUTES if "nothing" not in r and "0123" not in r]
    for role in (roles.OFFICE, roles.AUDITOR):
        reader = sign_in_as(role)
        for route in open_to_office:
            assert reader.get(route).status_code == 200, route
        assert "尚未发布" in reader.get("/rounds/R1/ranking").text
        assert reader.get("/rounds/R1/ranking?run=2").status_code == 404
    for route in open_to_office:
        answer = client.get(route, follow_redirects=False)
        assert answer.status_code in (302, 303, 401), route
        assert "C1" not in answer.text.replace(route, "")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_published_round_shows_its_published_run_only(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    reader = sign_in_as(roles.LEADER)
    assert reader.get("/rounds/R1/ranking?run=1").status_code == 200
    assert reader.get("/rounds/R1/ranking?run=2").status_code == 404
    assert reader.get("/rounds/R1/scoring").status_code == 404
    assert reader.post("/rounds/R1/scoring/publish").status_code == 404


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_round_outside_a_persons_rounds_stays_unknown(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
        published_round(session, evidence_store, code="R2", previous="R1")
    reader = sign_in_as(roles.LEADER, rounds=["R2"])
    assert reader.get("/rounds/R1/ranking").status_code == 404
    page = reader.get("/rounds/R2/ranking").text
    assert "轮次 R1" not in page
    assert "无上期" in page
