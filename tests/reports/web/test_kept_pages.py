"""A page that is kept is told anew when its facts, its version or its reader change."""

from __future__ import annotations

import hashlib
import re

import pytest

from evaluation.accounts import roles
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as round_store
from scoring.runs import service
from surveys.observations.rules import Given
from surveys.observations.service import record
from tests.conftest import Browser
from tests.reports.web.reading import KNOWN, SECRET, Enter, rows_of
from tests.scoring.runs.results import (
    OFFICE,
    corrected,
    observed_round,
    published_round,
    reopened,
)


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
def test_a_correction_is_told_on_the_page(
    sign_in_as: Enter, database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    leader = sign_in_as(roles.LEADER)
    before = leader.get("/rounds/R1/ranking").text
    assert "更正版" not in before
    with database.writing() as session:
        reopened(session, round_store.by_code(session, "R1"), "核对台账发现一项有误")
    assert "更正中" in leader.get("/rounds/R1/ranking").text
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        corrected(session, evidence_store, found, Given("C1", "I1", "review", 19, reason="核对"))
    after = leader.get("/rounds/R1/ranking").text
    assert "更正版（第 2 版）：误" in after
    assert "更正中" not in after
    assert rows_of(after) != rows_of(before)
    clerk = sign_in_as(roles.CLERK, cities=["C1"])
    address = "/rounds/R1/scoring/package/2/result.zip"
    method = leader.get("/rounds/R1/method").text
    content = leader.get(address).content
    assert hashlib.sha256(content).hexdigest() in method
    assert address in method
    told = clerk.get("/rounds/R1/method").text
    assert hashlib.sha256(content).hexdigest() in told
    assert address not in told
    assert clerk.get(address).status_code == 404


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
        tokens.append(re.findall(r'name="_csrf_token" value="([^"]+)"', page))
    assert tokens[0] != tokens[1]
    assert all(tokens)
