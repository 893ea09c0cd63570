"""The pages of forms: who sees them, uploading, faults with their cells, publishing, retiring."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from PIL import Image

from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.forms import service, store
from tests.factories.field import a_visit
from tests.factories.province import a_round
from tests.surveys.forms.workbooks import GOOD, changed, q, workbook

SignIn = Callable[..., Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAD = workbook(q("select_one yes_no", "a"), q("text", "b", relevant="${a}=‘no’"), q("integr", "c"))
READ = (
    *("/forms", "/forms/template.xlsx", "/forms/hall", "/forms/hall/1", "/forms/hall/2"),
    *("/forms/hall/diff?from=1&to=2", "/forms/hall/1/workbook.xlsx", "/forms/hall/1/form.xml"),
)


def send(browser: Any, content: bytes = GOOD, name: str = "表单.xlsx", **media: bytes) -> Any:
    files = [("workbook", (name, content, XLSX))]
    files += [("media", (f"{key}.jpg", data, "image/jpeg")) for key, data in media.items()]
    return browser.post("/forms/new", files=files)


@pytest.fixture
def two_versions(database: Database, evidence_store: EvidenceStore, person: Any) -> Any:
    """Version 1 published, version 2 a draft; a round with a visit that is out."""
    who = person("office", name="author").principal
    with database.writing() as session:
        first = service.upload(session, evidence_store, who, GOOD, "一.xlsx")
        service.publish(session, who, first)
        newer = changed(GOOD, "survey", "C3", "改过的题目")
        service.upload(session, evidence_store, who, newer, "二.xlsx")
        a_visit(session, a_round(session), first, "eva")


@pytest.mark.parametrize("role", ["office", "supervisor", "auditor"])
def test_who_reads(two_versions: Any, sign_in_as: SignIn, role: str) -> None:
    reader = sign_in_as(role)
    assert {path: reader.get(path).status_code for path in READ} == dict.fromkeys(READ, 200)


WRITE = ("/forms/hall/2/publish", "/forms/hall/2/discard", "/forms/hall/retire",
         "/forms/hall/restore")  # fmt: skip


@pytest.mark.parametrize(
    "role", ["evaluator", "clerk", "approver", "leader", "department", "auditor"]
)
def test_for_everybody_else_there_is_nothing(
    two_versions: Any, sign_in_as: SignIn, database: Database, role: str
) -> None:
    other = sign_in_as(role)
    if role != "auditor":
        assert {other.get(path).status_code for path in READ} == {404}
    assert other.get("/forms/new").status_code == 404
    assert send(other).status_code == 404
    assert {other.post(path).status_code for path in WRITE} == {404}
    with database.reading() as session:
        assert [each.state for each in store.versions(session, "hall")] == ["draft", "published"]


def test_the_auditor_is_offered_nothing_to_do(two_versions: Any, sign_in_as: SignIn) -> None:
    auditor = sign_in_as("auditor")
    for path in ("/forms", "/forms/hall", "/forms/hall/2"):
        page = auditor.get(path).text
        assert "/forms/new" not in page
        assert 'action="/forms' not in page


def test_what_does_not_exist(two_versions: Any, sign_in_as: SignIn) -> None:
    office = sign_in_as("office")
    for path in ("nobody", "hall/9", "nobody/1/form.xml", "hall/diff?from=1&to=9"):
        assert office.get(f"/forms/{path}").status_code == 404


def test_a_good_workbook_becomes_a_draft(sign_in_as: SignIn) -> None:
    office = sign_in_as("office")
    assert "还没有表单" in office.get("/forms").text
    answer = send(office)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/forms/hall/1"
    page = office.get("/forms/hall/1").text
    assert "发布第 1 版" in page
    assert "政务服务局" in page
    assert "店主" in page
    assert "不超过 100" in page
    assert office.get("/forms/hall/1/workbook.xlsx").content == GOOD
    xform = office.get("/forms/hall/1/form.xml")
    assert b'<data id="hall" version="1">' in xform.content
    assert xform.headers["content-disposition"].startswith("attachment")


def test_every_fault_is_on_the_page_with_its_cell(sign_in_as: SignIn, database: Database) -> None:
    office = sign_in_as("office")
    answer = send(office, BAD)
    assert answer.status_code == 422
    for said in ("第 4 行", "F4", "弯的引号", "第 5 行", "A5", "integer"):
        assert said in answer.text
    office.headers["accept-language"] = "en"
    english = send(office, BAD).text
    assert "row 4" in english
    assert "Curly" in english
    with database.reading() as session:
        assert store.everything(session) == []


def test_the_workbook_comes_back_mended_to_its_author_alone(sign_in_as: SignIn) -> None:
    office, other = sign_in_as("office"), sign_in_as("supervisor")
    page = send(office, BAD).text
    (link,) = re.findall(r'href="(/forms/check/[^"]+)"', page)
    answer = office.get(link)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert load_workbook(io.BytesIO(answer.content))["survey"]["F4"].value == "${a}='no'"
    assert other.get(link).status_code == 404
    sha, seal = link.split("/")[3:5]
    assert office.get(f"/forms/check/{'0' * 64}/{seal}/marked.xlsx").status_code == 404
    assert office.get(f"/forms/check/{sha}/{'0' * 32}/marked.xlsx").status_code == 404


def test_what_is_no_workbook_is_told(sign_in_as: SignIn) -> None:
    office = sign_in_as("office")
    for content in (b"", b"text, not a workbook", b"%PDF-1.7", GOOD[:300]):
        answer = send(office, content)
        assert answer.status_code == 422
        assert "/forms/check/" not in answer.text
        assert "error-summary" in answer.text


def test_nothing_chosen(sign_in_as: SignIn) -> None:
    answer = sign_in_as("office").post("/forms/new", files=[("media", ("", b"", XLSX))])
    assert answer.status_code == 422
    assert "没有选择工作簿" in answer.text


def test_pictures_come_along(sign_in_as: SignIn) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    office = sign_in_as("office")
    content = workbook(q("note", "look", image="sign.jpg"), q("text", "seen"), choices=[])
    assert send(office, content).status_code == 422
    assert send(office, content, sign=out.getvalue()).status_code == 303
    assert "sign.jpg" in office.get("/forms/hall/1").text
    refused = send(office, content, sign=b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert refused.status_code == 422
    assert "sign.jpg" in refused.text


def test_the_same_again_is_said_kindly(two_versions: Any, sign_in_as: SignIn) -> None:
    answer = send(sign_in_as("office"))
    assert answer.status_code == 409
    assert "没有建立新版本" in answer.text


def test_publishing_says_what_happens_to_drafts_on_phones(
    two_versions: Any, sign_in_as: SignIn, database: Database
) -> None:
    supervisor = sign_in_as("supervisor")
    page = supervisor.get("/forms/hall/2").text
    assert "仍按第 1 版完成和提交" in page
    assert "现有 1 次未结束" in page
    assert supervisor.post("/forms/hall/2/publish").status_code == 303
    with database.reading() as session:
        newest = store.newest_published(session, "hall")
        assert newest is not None
        assert newest.number == 2
        assert newest.published_by.startswith("supervisor")
        actions = session.scalars(sa.select(AuditEntry.action)).all()
        assert actions.count("form.published") == 2
    again = supervisor.post("/forms/hall/2/publish", headers={"accept": "application/json"})
    assert again.status_code == 409


def test_discarding(two_versions: Any, sign_in_as: SignIn) -> None:
    office = sign_in_as("office")
    answer = office.post("/forms/hall/2/discard")
    assert answer.headers["location"] == "/forms/hall"
    assert office.get("/forms/hall/2").status_code == 404
    refused = office.post("/forms/hall/1/discard", headers={"accept": "application/json"})
    assert refused.status_code == 409


def test_retiring_waits_for_visits(
    two_versions: Any, sign_in_as: SignIn, database: Database
) -> None:
    office = sign_in_as("office")
    assert office.post("/forms/hall/retire").status_code == 303
    assert "1 次已下发的访查没有结束" in office.get("/forms/hall").text
    with database.writing() as session:
        session.execute(sa.text("UPDATE visits SET state = 'cancelled'"))
    office.post("/forms/hall/retire")
    assert "已停用" in office.get("/forms/hall").text
    assert "已停用" in office.get("/forms").text
    office.post("/forms/hall/restore")
    assert "已停用" not in office.get("/forms").text


def test_the_difference_is_shown_field_by_field(two_versions: Any, sign_in_as: SignIn) -> None:
    page = sign_in_as("auditor").get("/forms/hall/diff?from=1&to=2").text
    assert "改过的题目" in page
    assert "标签（中文）" in page
    assert "共 1 处不同" in page


def test_the_list_says_how_much_a_form_is_used(two_versions: Any, sign_in_as: SignIn) -> None:
    page = sign_in_as("office").get("/forms").text
    assert "1 次" in page
    assert "第 2 版草稿" in page


def test_home_reminds_authors_of_drafts(two_versions: Any, sign_in_as: SignIn) -> None:
    assert "发布表单" in sign_in_as("supervisor").get("/").text
    assert "发布表单" not in sign_in_as("auditor").get("/").text


def test_a_draft_says_its_warnings(sign_in_as: SignIn) -> None:
    office = sign_in_as("office")
    assert send(office, workbook(q("integer", "a", constraint=". > 0"), choices=[])).is_redirect
    assert "约束提示" in office.get("/forms/hall/1").text
    office.post("/forms/hall/1/publish")
    assert "体检提醒" not in office.get("/forms/hall/1").text


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_in_a_browser(
    two_versions: Any, database_kind: str, server: Any, person: Any, page: Any, phone: Any,
    language: str, tmp_path: Any,
) -> None:  # fmt: skip
    """Accessible, within the window, and big enough to press; faults get the focus."""
    from evaluation.accounts.access import COOKIE
    from tests.browser.browser import axe_violations, overflow, small_targets

    if database_kind != "sqlite":
        pytest.skip("what a browser shows does not depend on the database")
    token = person("office").token
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(BAD)
    for opened in (page, phone):
        opened.context.add_cookies(
            [{"name": COOKIE, "value": token, "url": server.url},
             {"name": "yingshang_locale", "value": language, "url": server.url}]
        )  # fmt: skip
        for path in ("/forms", "/forms/new", "/forms/hall", "/forms/hall/1", "/forms/hall/2",
                     "/forms/hall/diff?from=1&to=2"):  # fmt: skip
            opened.goto(server.url + path)
            assert axe_violations(opened) == []
            assert overflow(opened) == 0
            assert small_targets(opened, 24) == []
        opened.goto(f"{server.url}/forms/new")
        opened.set_input_files("#f-workbook", str(bad))
        opened.click("main .form-actions button")
        opened.wait_for_selector(".error-summary:focus")
        assert axe_violations(opened) == []
        assert overflow(opened) == 0
        assert opened.locator(".faults li").count() >= 2
