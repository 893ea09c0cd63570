"""The pages: each role sees its own, saves, uploads, submits, accepts; others find nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from evaluation.platform import clock
from evaluation.platform.database import Database
from evaluation.rounds import store as rounds
from surveys.filings import history_store
from surveys.filings.models import FilingUpload
from tests.surveys.filings.desk import a_filing_round, filled, save, workbook

SignIn = Callable[..., Any]
HOME = "/rounds/R1/filing/C1"
PDF = b"%PDF-1.7\n1 0 obj\n"
PAGES = ("", "/values/I1", "/check", "/workbook.xlsx")


@pytest.fixture(autouse=True)
def a_round_to_file(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I2", 88)


def put(browser: Any, indicator: str, **edit: Any) -> Any:
    return browser.put(
        f"{HOME}/values/{indicator}", json=edit, headers={"accept": "application/json"}
    )


def test_a_clerk_goes_straight_to_the_own_city(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    assert clerk.get("/rounds/R1/filing").headers["location"] == HOME
    two = sign_in_as("clerk", cities=["C1", "C2"]).get("/rounds/R1/filing")
    assert "甲市" in two.text
    assert "丙市" not in two.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "cities", "status"),
    [
        ("clerk", ["C1"], 200),
        ("approver", ["C1"], 200),
        ("clerk", ["C2"], 404),
        ("approver", ["C2"], 404),
        ("office", [], 200),
        ("supervisor", [], 200),
        ("supervisor", ["C2"], 404),
        ("auditor", [], 200),
        ("leader", [], 404),
        ("department", [], 404),
        ("evaluator", [], 404),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_who_sees_a_filing(
    sign_in_as: SignIn, path: str, role: str, cities: list[str], status: int
) -> None:
    assert sign_in_as(role, cities=cities).get(HOME + path).status_code == status


@pytest.mark.parametrize("path", ["/uploads/xx", "/evidence/1", "/values/I9", "/values/D1"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_does_not_exist_is_not_found(sign_in_as: SignIn, path: str) -> None:
    assert sign_in_as("office").get(HOME + path).status_code == 404


@pytest.mark.parametrize("role", ["approver", "office", "supervisor", "auditor"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_only_the_clerk_writes_values(sign_in_as: SignIn, role: str) -> None:
    other = sign_in_as(role, cities=["C1"] if role == "approver" else [])
    assert put(other, "I1", value="3", revision=0).status_code == 404
    assert other.post(f"{HOME}/uploads", files={"workbook": b"x"}).status_code == 404
    assert other.post(f"{HOME}/values/I1/evidence", files={"file": PDF}).status_code == 404


def test_a_cell_saves_by_itself_and_tells_what_it_holds(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    answer = put(clerk, "I1", value="12.5", revision=0, key="k1")
    assert answer.status_code == 200
    assert answer.json() == {
        "revision": 1,
        "value": "12.5",
        "not_applicable": False,
        "note": "",
        "state": "saved",
        "word": "已存",
        "warnings": [],
        "filled": 2,
        "total": 4,
    }
    assert put(clerk, "I1", value="12.5", revision=0, key="k1").json()["revision"] == 1
    assert put(clerk, "I2", value="50", revision=1).json()["warnings"] == ["50 已差于预警值 60 %。"]


def test_a_bad_number_is_refused_with_the_number_meant(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    answer = put(clerk, "I1", value="１２", revision=0)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["errors"][0]["code"] == "full-width"
    assert "12" in answer.json()["errors"][0]["mend"]
    assert put(clerk, "I1", value="99", revision=0).status_code == 422
    assert put(clerk, "I1", value="9", revision="x").status_code == 400
    assert put(clerk, "I1", value="9", revision=10**30).status_code in (400, 422)


def test_the_second_editor_gets_both_values(sign_in_as: SignIn) -> None:
    one, two = sign_in_as("clerk", cities=["C1"]), sign_in_as("clerk", cities=["C1"])
    assert put(one, "I1", value="3", revision=0).status_code == 200
    answer = put(two, "I1", value="7", revision=0)
    assert answer.status_code == 409
    told = answer.json()
    assert told["type"] == "urn:yingshang:problem:edit-conflict"
    assert (told["theirs"]["value"], told["yours"]["value"], told["revision"]) == ("3", "7", 1)
    assert (told["who"], bool(told["when"])) == ("clerk1", True)
    form = two.post(f"{HOME}/values/I1", data={"value": "7", "revision": "0"})
    assert form.status_code == 409
    assert "保留我的（7）" in form.text
    assert put(two, "I1", value="7", revision=1).json()["revision"] == 2


def test_up_preview_commit_and_again(sign_in_as: SignIn, database: Database) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    blank = clerk.get(f"{HOME}/workbook.xlsx")
    assert blank.headers["content-disposition"].startswith("attachment")
    content = filled(blank.content, {"H4": 12})
    for expected in ("已保存 1 项", "没有重复保存"):
        sent = clerk.post(f"{HOME}/uploads", files={"workbook": ("表.xlsx", content)})
        if sent.status_code == 303 and expected == "已保存 1 项":
            where = sent.headers["location"]
            seen = re.search(r'name="seen" value="([^"]*)"', clerk.get(where).text)
            assert seen is not None
        data = {"seen": seen.group(1).replace("&#34;", '"')}
        assert clerk.post(f"{where}/commit", data=data).headers["location"] == HOME
        assert expected in clerk.get(HOME).text
    again = clerk.post(f"{HOME}/uploads", files={"workbook": ("表.xlsx", content)})
    assert "没有需要保存的内容" in clerk.get(again.headers["location"]).text
    with database.reading() as session:
        found = rounds.by_code(session, "R1")
        assert len(history_store.versions(session, found.id, "C1", "I1")) == 1


def test_a_bad_workbook_comes_back_marked(sign_in_as: SignIn, database: Database) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    content = filled(clerk.get(f"{HOME}/workbook.xlsx").content, {"H4": "1,2", "H5": "98%"})
    sent = clerk.post(f"{HOME}/uploads", files={"workbook": ("坏.xlsx", content)})
    where = sent.headers["location"]
    page = clerk.get(where).text
    assert "单元格 H4" in page
    assert "单元格 H5" in page
    assert "确认保存" not in page
    assert clerk.post(f"{where}/commit", data={"seen": "{}"}).status_code == 422
    marked = clerk.get(f"{where}/marked.xlsx")
    assert load_workbook(io.BytesIO(marked.content))["填报"]["H4"].comment is not None
    assert sign_in_as("clerk", cities=["C2"]).get(f"{where}/marked.xlsx").status_code == 404


@pytest.mark.parametrize("content", [b"", b"not a workbook", PDF])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_no_workbook_is_explained(sign_in_as: SignIn, content: bytes) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    answer = clerk.post(f"{HOME}/uploads", files={"workbook": ("x.xlsx", content)})
    assert answer.status_code == 422
    assert "没有保存任何内容" in answer.text


def test_another_citys_template_is_refused(sign_in_as: SignIn, database: Database) -> None:
    with database.reading() as session:
        content = workbook(session, rounds.by_code(session, "R1"), "C2", {"H4": 5})
    clerk = sign_in_as("clerk", cities=["C1"])
    answer = clerk.post(f"{HOME}/uploads", files={"workbook": ("x.xlsx", content)})
    assert answer.status_code == 422
    assert "另一市州（乙市）" in answer.text
    with database.reading() as session:
        assert session.query(FilingUpload).count() == 0


def test_evidence_is_downloaded_only_by_those_who_see_the_filing(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    assert (
        clerk.post(f"{HOME}/values/I1/evidence", files={"file": ("证明.pdf", PDF)}).status_code
        == 303
    )
    page = clerk.get(f"{HOME}/values/I1").text
    found = re.search(rf'{HOME}/evidence/\d+"', page)
    assert found is not None
    where = found.group()[:-1]
    answer = clerk.get(where)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert sign_in_as("clerk", cities=["C2"]).get(where).status_code == 404
    assert sign_in_as("leader").get(where).status_code == 404
    html = clerk.post(f"{HOME}/values/I1/evidence", files={"file": ("a.pdf", b"<html>")})
    assert html.status_code == 422


def test_submitted_returned_accepted(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    approver = sign_in_as("approver", cities=["C1"])
    office = sign_in_as("office")
    assert clerk.post(f"{HOME}/submit", data={}).status_code == 404
    assert approver.post(f"{HOME}/submit", data={}).status_code == 409
    sent = approver.post(f"{HOME}/submit", data={"missing_confirmed": "1"})
    assert sent.status_code == 303
    assert "省级管理员（按指标退回）" in clerk.get(HOME).text
    assert put(clerk, "I1", value="3", revision=0).status_code == 409
    assert approver.post(f"{HOME}/accept").status_code == 404
    assert "审核 1 个市州提交的填报" in office.get("/").text
    bare = office.post(f"{HOME}/return", data={"indicator": "I2", "reason-I2": ""})
    assert bare.status_code == 422
    office.post(f"{HOME}/return", data={"indicator": "I2", "reason-I2": "<b>口径</b>"})
    grid = clerk.get(HOME).text
    assert "&lt;b&gt;口径&lt;/b&gt;" in grid
    assert put(clerk, "I2", value="77", revision=2).json()["word"] == "已修改"
    approver.post(f"{HOME}/submit", data={"missing_confirmed": "1"})
    assert office.post(f"{HOME}/accept").status_code == 303
    assert "已采信" in clerk.get(HOME).text


def test_english(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    clerk.headers["accept-language"] = "en"
    page = clerk.get(HOME).text
    assert "Time to start" in page
    assert "Every cell saves by itself" in page
    content = filled(clerk.get(f"{HOME}/workbook.xlsx").content, {"H4": 12}, sheet="Filing")
    sent = clerk.post(f"{HOME}/uploads", files={"workbook": ("f.xlsx", content)})
    assert "Confirm and save 1" in clerk.get(sent.headers["location"]).text


def overdue(database: Database) -> None:
    with database.writing() as session:
        rounds.by_code(session, "R1").filing_closes_at = clock.now() - timedelta(days=1)


def test_home_says_that_the_deadline_has_passed(sign_in_as: SignIn, database: Database) -> None:
    overdue(database)
    for role in ("clerk", "approver"):
        home = sign_in_as(role, cities=["C1"]).get("/").text
        assert "填报已截止，甲市没有提交" in home
        assert "红·超期" in home
    assert "4 个市州逾期没有提交" in sign_in_as("office").get("/").text


def test_whoever_closed_a_filing_is_told_that_another_accepts_it(
    sign_in_as: SignIn, database: Database
) -> None:
    overdue(database)
    office = sign_in_as("office")
    assert office.post(f"{HOME}/close", data={"reason": "逾期"}).status_code == 303
    page = office.get(f"{HOME}/review").text
    assert "须由另一位省级管理员采信" in page
    assert "采信全部" not in page
    assert "采信全部" in sign_in_as("office").get(f"{HOME}/review").text


def test_filers_see_their_own_filing_on_the_rounds_page(sign_in_as: SignIn) -> None:
    page = sign_in_as("clerk", cities=["C1"]).get("/rounds/R1").text
    assert "本市州填报" in page
    assert f'href="{HOME}"' in page
    assert "乙市" not in page


def test_a_refused_file_is_named(sign_in_as: SignIn) -> None:
    clerk = sign_in_as("clerk", cities=["C1"])
    answer = clerk.post(
        f"{HOME}/values/I1/evidence", files={"file": ("图.png", b"<svg/>", "image/png")}
    )
    assert answer.status_code == 422
    assert "“图.png”没有上传：文件的内容不是 PDF" in answer.text
