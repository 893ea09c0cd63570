"""The pages of objections: the whole way by forms, what each party sees, nothing typed lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds import store as round_store
from scoring.objections import store
from tests.scoring.objections.desk import PDF, answered
from tests.scoring.runs.results import scored_round

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
HERE = "/rounds/R1/objections"
CELL = f"{HERE}/C1/I2"


@pytest.fixture
def fed_back(database: Database, evidence_store: EvidenceStore) -> None:
    """A round in its objection period."""
    with database.writing() as session:
        scored_round(session, evidence_store)


@pytest.fixture
def parties(sign_in_as: Callable[..., Any]) -> dict[str, Any]:
    """A browser of everybody who takes part."""
    city = {"cities": ["C1"]}
    return {
        "clerk": sign_in_as("clerk", **city),
        "approver": sign_in_as("approver", **city),
        "office": sign_in_as("office", name="office-one"),
        "judge": sign_in_as("office"),
        "supervisor": sign_in_as("supervisor", **city),
    }


def revision(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


def files(**given: bytes) -> list[Any]:
    """What a browser sends: an empty part where no file was chosen."""
    none = [("evidence", ("", b"", "application/octet-stream"))]
    return [
        (kind, (f"{kind}.pdf", content, "application/pdf")) for kind, content in given.items()
    ] or none


def test_the_whole_way(fed_back: None, parties: dict[str, Any]) -> None:
    clerk, approver, judge = (parties[name] for name in ("clerk", "approver", "judge"))
    assert clerk.get(HERE).headers["location"] == f"{HERE}/C1"
    page = clerk.get(f"{HERE}/C1").text
    assert "综合得分" in page
    assert "网办率" in page
    said = {"reasons": "漏计", "value": "80", "revision": "0"}
    saved = clerk.post(CELL, data=said, files=files(evidence=PDF))
    assert saved.status_code == 303
    draft = approver.get(CELL).text
    assert "evidence.pdf" in draft
    lacking = approver.post(
        CELL, data=said | {"revision": revision(draft), "step": "file"}, files=files()
    )
    assert lacking.status_code == 422
    assert "请上传市州主要负责人签字页" in lacking.text
    now = revision(lacking.text)
    filed = approver.post(
        CELL, data=said | {"revision": now, "step": "file"}, files=files(signature=PDF + b"1")
    )
    assert filed.status_code == 303
    for name in ("office", "supervisor"):
        assert "答复甲市对“网办率”的异议" in parties[name].get("/").text
        assert (
            parties[name].post(f"{CELL}/answer", data={"text": " "}, files=files()).status_code
            == 422
        )
        told = {"text": f"{name}已核对"}
        answer = parties[name].post(f"{CELL}/answer", data=told, files=files())
        assert answer.status_code == 303
    assert "这次评分由您计算" in parties["office"].get(CELL).text
    open_page = judge.get(CELL).text
    verdict = {"outcome": "accepted", "decision": "属实", "value": "80", "revision": "1"}
    stale = judge.post(f"{CELL}/decide", data=verdict)
    assert stale.status_code == 409
    assert "有新的答复" in stale.text
    verdict["revision"] = revision(open_page)
    wrong = judge.post(f"{CELL}/decide", data=verdict | {"value": "一百"})
    assert wrong.status_code == 422
    assert "属实" in wrong.text
    assert judge.post(f"{CELL}/decide", data=verdict).status_code == 303
    second = judge.post(f"{CELL}/decide", data=verdict)
    assert second.status_code == 409
    assert "予以采纳" in second.text
    for name in ("approver", "judge"):
        shown = parties[name].get(CELL).text
        assert "采纳带来的变化" in shown
        assert ("名次" in shown.split("采纳带来的变化")[1]) == (name == "judge")
    assert "第 1 次计算 → 第 2 次计算" in judge.get(CELL).text
    assert "1 条异议予以采纳" in approver.get(f"{HERE}/C1").text


def test_a_city_is_told_which_side_answered_not_who(
    fed_back: None, parties: dict[str, Any], database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        answered(session, evidence_store, round_store.by_code(session, "R1"))
    for name, named in (("clerk", False), ("judge", True)):
        page = parties[name].get(CELL).text
        assert "supervisor已核对" in page
        assert ("office-one" in page) == named
        assert ("supervisor-one" in page) == named
    assert "综合得分" not in parties["supervisor"].get(CELL).text
    assert parties["supervisor"].get(f"{HERE}/C1").status_code == 404
    assert parties["supervisor"].get(f"{HERE}/C1/I3").status_code == 404, "nothing to answer there"


def test_files_are_handed_out_to_save_and_to_parties_only(
    fed_back: None,
    parties: dict[str, Any],
    sign_in_as: Callable[..., Any],
    database: Database,
    evidence_store: EvidenceStore,
) -> None:
    with database.writing() as session:
        held = answered(session, evidence_store, round_store.by_code(session, "R1"))
        number = store.files_of(session, [held.id])[0].id
    for name, party in parties.items():
        got = party.get(f"{CELL}/files/{number}")
        assert got.content == PDF + b"proof", name
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.headers["x-content-type-options"] == "nosniff"
    elsewhere = sign_in_as("approver", cities=["C2"])
    assert elsewhere.get(f"{CELL}/files/{number}").status_code == 404
    assert elsewhere.get(f"{HERE}/C2/I2/files/{number}").status_code == 404
    for role in ("leader", "department", "evaluator"):
        assert sign_in_as(role).get(f"{CELL}/files/{number}").status_code == 404


def test_late_is_told_and_silence_is_consent(
    fed_back: None, parties: dict[str, Any], database: Database
) -> None:
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        found.objection_closes_at = clock.now() - timedelta(minutes=1)
    approver = parties["approver"]
    late = approver.post(
        CELL, data={"reasons": "来晚了的理由", "step": "file"}, files=files(evidence=PDF)
    )
    assert late.status_code == 409
    assert "逾期不再受理" in late.text
    assert "默认认可" in approver.get(f"{HERE}/C1").text
    assert "提出异议</h2>" not in approver.get(CELL).text
    assert "默认认可" in parties["office"].get(HERE).text


def test_what_was_typed_is_still_there(fed_back: None, parties: dict[str, Any]) -> None:
    clerk = parties["clerk"]
    said = {"reasons": "要留住的理由", "value": "九十", "revision": "0"}
    answer = clerk.post(CELL, data=said, files=files(evidence=PDF, signature=b"nothing"))
    assert answer.status_code == 422
    for kept in ("要留住的理由", "九十", "evidence.pdf", "已保存，还没有提交"):
        assert kept in answer.text
    assert "要留住的理由" in clerk.get(CELL).text
    removed = re.search(rf"{CELL}/files/(\d+)/remove", answer.text)
    assert removed
    assert clerk.post(removed[0]).status_code == 303
    assert ">evidence.pdf<" not in clerk.get(CELL).text
    assert clerk.post(f"{CELL}/withdraw", data={"revision": "1"}).status_code == 409
    now = revision(clerk.get(CELL).text)
    assert clerk.post(f"{CELL}/withdraw", data={"revision": now}).status_code == 303


def test_a_clerk_does_not_file_and_the_office_reads_no_draft(
    fed_back: None, parties: dict[str, Any]
) -> None:
    said = {"reasons": "草稿里的话", "revision": "0"}
    refused = parties["clerk"].post(CELL, data=said | {"step": "file"}, files=files())
    assert refused.status_code == 404
    assert parties["clerk"].post(CELL, data=said, files=files(evidence=PDF)).status_code == 303
    assert "草稿里的话" not in parties["office"].get(CELL).text
    refused = parties["approver"].post(f"{HERE}/C1/consent")
    assert refused.status_code == 409
    assert "草稿没有提交" in refused.text


def test_the_list_filters_by_address(
    fed_back: None, parties: dict[str, Any], database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = round_store.by_code(session, "R1")
        held = answered(session, evidence_store, found)
        held.decision_due_at = clock.now() - timedelta(days=1)
        answered(session, evidence_store, found, city="C2")
    office = parties["office"]
    for query, first, second in (
        ("", True, True),
        ("?due=late", True, False),
        ("?city=C2", False, True),
        ("?state=accepted", False, False),
        ("?state=%27%3B--", False, False),
    ):
        page = office.get(HERE + query).text
        assert ((f"{HERE}/C1/I2" in page), (f"{HERE}/C2/I2" in page)) == (first, second), query
    assert "红·超期" in office.get(HERE).text
    assert f"{HERE}/C2/I2" not in parties["supervisor"].get(HERE).text


def test_nothing_is_there_before_scores_are_fed_back(
    database: Database,
    evidence_store: EvidenceStore,
    parties: dict[str, Any],
) -> None:
    with database.writing() as session:
        scored_round(session, evidence_store, state="scored")
    for path in (HERE, f"{HERE}/C1", CELL):
        assert parties["approver"].get(path).status_code == 404
        assert parties["clerk"].get(path).status_code == 404
    assert "还没有进入异议期" in parties["office"].get(HERE).text
