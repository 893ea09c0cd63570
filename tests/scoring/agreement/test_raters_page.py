"""The page of evaluators: who opens it, what it shows to whom, and the office's steps on it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as rounds
from surveys.visits.masking import alias
from tests.scoring.agreement.world import AGREE, DIFFER, looked_twice

SignIn = Callable[..., Any]
PAGE = "/rounds/R1/raters"
ASKED = {
    "ask": "1", "statistic": "alpha", "scope": "forms", "least": "0.8", "least_pairs": "4",
    "few": "fail", "share": "10", "method-inspection": "1", "reason": "试点要求",
}  # fmt: skip
NAMES = ("evelyn.wu", "adam.li", "bella.qi")


@pytest.fixture
def world(database: Database, evidence_store: EvidenceStore) -> None:
    """Ten pairs of looks at C1, of which four differ."""
    with database.writing() as session:
        looked_twice(session, evidence_store, (*AGREE * 3, *DIFFER * 2))


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        ("office", {}, 200),
        ("auditor", {}, 200),
        ("supervisor", {}, 200),
        ("supervisor", {"cities": ["C2"]}, 200),
        ("supervisor", {"rounds": ["R2"]}, 404),
        ("clerk", {"cities": ["C1"]}, 404),
        ("approver", {"cities": ["C1"]}, 404),
        ("evaluator", {"name": "evelyn.wu"}, 404),
        ("leader", {}, 404),
        ("department", {}, 404),
    ],
)
@pytest.mark.usefixtures("world")
def test_who_opens_it(sign_in_as: SignIn, role: str, scope: dict[str, Any], status: int) -> None:
    client = sign_in_as(role, **scope)
    assert client.get(PAGE).status_code == status
    if status == 404:
        assert client.get(f"{PAGE}/hall/workbook.xlsx").status_code == 404


@pytest.mark.usefixtures("world")
def test_agreement_severity_and_adjusted_scores_are_there(sign_in_as: SignIn) -> None:
    text = sign_in_as("office").get(PAGE).text
    for said in ("有指引标识", "等候分钟", "全部选择题", "严格度", "调整后", "示例表单 hall"):
        assert said in text


@pytest.mark.usefixtures("world")
def test_the_auditor_and_the_workbook_know_evaluators_by_alias(
    sign_in_as: SignIn, settings: Any
) -> None:
    told = [sign_in_as("auditor").get(PAGE).text]
    for role in ("office", "auditor", "supervisor"):
        answer = sign_in_as(role).get(f"{PAGE}/hall/workbook.xlsx")
        assert answer.headers["content-disposition"].startswith("attachment")
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        told.append(str([[c for row in sheet.values for c in row] for sheet in book]))
    for text in told:
        assert alias(settings.secret, "evelyn.wu") in text
        assert not any(name in text for name in NAMES)
    assert "evelyn.wu" in sign_in_as("supervisor").get(PAGE).text


@pytest.mark.usefixtures("world")
def test_a_supervisor_of_another_city_sees_no_record_and_no_requirement(
    sign_in_as: SignIn,
) -> None:
    text = sign_in_as("supervisor", cities=["C2"]).get(PAGE).text
    assert "示例表单 hall" not in text
    assert "本轮的一致性要求" not in text
    answer = sign_in_as("supervisor", cities=["C2"]).get(f"{PAGE}/hall/workbook.xlsx")
    assert answer.status_code == 404


@pytest.mark.usefixtures("world")
def test_the_office_asks_checks_and_goes_on_for_a_reason(
    sign_in_as: SignIn, database: Database
) -> None:
    office = sign_in_as("office")
    assert office.post(f"{PAGE}/requirement", data=ASKED).status_code == 303
    assert "还没有按现在的记录" in office.get("/rounds/R1/scoring").text
    assert office.post(f"{PAGE}/check").status_code == 303
    assert "低于要求的 0.8" in office.get(PAGE).text
    assert "低于要求的 0.8" in office.get("/rounds/R1/scoring").text
    silent = office.post(f"{PAGE}/waiver", data={"waiver": " "})
    assert silent.status_code == 422
    reason = "大厅已整改，复访不再可比"
    assert office.post(f"{PAGE}/waiver", data={"waiver": reason}).status_code == 303
    assert reason in office.get(PAGE).text
    assert reason in office.get("/rounds/R1").text
    assert "低于要求的 0.8" not in office.get("/rounds/R1/scoring").text
    with database.reading() as session:
        assert rounds.by_code(session, "R1").agreement["waived"]["reason"] == reason


@pytest.mark.usefixtures("world")
def test_what_was_typed_wrongly_is_told_at_its_field_and_kept(
    sign_in_as: SignIn, database: Database
) -> None:
    wrong = {**ASKED, "least": "1.7", "share": "viele", "reason": "留着的原因"}
    answer = sign_in_as("office").post(f"{PAGE}/requirement", data=wrong)
    assert answer.status_code == 422
    for said in ("1.7", "viele", "留着的原因", 'href="#f-least"', 'href="#f-share"'):
        assert said in answer.text
    with database.reading() as session:
        assert rounds.by_code(session, "R1").agreement == {}


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
@pytest.mark.usefixtures("world")
def test_only_the_office_takes_these_steps(sign_in_as: SignIn, role: str) -> None:
    client = sign_in_as(role)
    for step in ("requirement", "check", "waiver"):
        assert client.post(f"{PAGE}/{step}", data=ASKED).status_code == 404
    assert "保存要求" not in client.get(PAGE).text
