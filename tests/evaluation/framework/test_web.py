"""Pages of frameworks: who reads, who imports, what an import says."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar
from openpyxl import load_workbook

from evaluation.framework import service, store
from evaluation.framework.document import sha256
from evaluation.framework.tree import Framework
from evaluation.framework.workbook import export_framework, import_framework
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.errors import Fault
from tests.factories.province import a_round, small_framework

SignIn = Callable[..., Any]
FIRST = small_framework()
SECOND = replace(
    FIRST,
    nodes=tuple(
        replace(node, weight=2.0, name="<i>开办时长</i>") if node.code == "I1" else node
        for node in FIRST.nodes
    ),
)


@pytest.fixture(autouse=True)
def _framework(database: Database) -> None:
    with database.writing() as session:
        service.add_version(session, System("factory", "system"), FIRST)


def upload(browser: Any, data: bytes, name: str = "体系.xlsx") -> Any:
    return browser.post("/frameworks/import", files={"file": (name, data)})


def versions(database: Database) -> list[int]:
    with database.reading() as session:
        return [each.version for each in store.versions(session)]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("office", 200, 200),
        ("auditor", 200, 404),
        ("supervisor", 200, 404),
        ("clerk", 404, 404),
        ("approver", 404, 404),
        ("leader", 404, 404),
        ("evaluator", 404, 404),
        ("department", 404, 404),
    ],
)
def test_who_reads_and_who_writes(sign_in_as: SignIn, role: str, reads: int, writes: int) -> None:
    browser = sign_in_as(role)
    for path in ("", "/SMALL/1", "/SMALL/1/workbook.xlsx", "/SMALL/diff?from=1&to=1"):
        assert browser.get(f"/frameworks{path}").status_code == reads
    assert browser.get("/frameworks/import").status_code == writes
    assert (upload(browser, b"x").status_code == 404) is (writes == 404)


def test_a_version_reads_in_words(sign_in_as: SignIn) -> None:
    text = sign_in_as("office").get("/frameworks/SMALL/1").text
    for said in (
        "开办时间", "越低越好", "20 → 0", "33.33%", "全量数据填报、线下数据核验", "可不适用",
        "加权算术平均", "丁新区", "参评不排名", "示例措施一", "示例/非官方",
    ):  # fmt: skip
        assert said in text


def test_the_workbook_comes_back_equal(sign_in_as: SignIn) -> None:
    got = sign_in_as("office").get("/frameworks/SMALL/1/workbook.xlsx")
    assert got.headers["content-disposition"].startswith("attachment")
    assert sha256(import_framework(got.content, name="x.xlsx")) == sha256(FIRST)


def test_import_shows_the_difference_and_the_same_again_is_no_version(
    sign_in_as: SignIn, database: Database
) -> None:
    browser = sign_in_as("office")
    done = upload(browser, export_framework(SECOND))
    assert (done.status_code, done.headers["location"]) == (
        303,
        "/frameworks/SMALL/diff?from=1&to=2",
    )
    page = browser.get(done.headers["location"]).text
    assert "共 2 处不同" in page
    assert "权重由“1”改为“2”" in page
    assert "&lt;i&gt;开办时长&lt;/i&gt;" in page
    again = upload(browser, export_framework(SECOND))
    assert again.headers["location"] == "/frameworks/SMALL/2"
    assert "没有建立新版本" in browser.get("/frameworks/SMALL/2").text
    assert versions(database) == [2, 1]


def test_a_faulty_workbook_lists_everything_and_stores_nothing(
    sign_in_as: SignIn, database: Database
) -> None:
    book = load_workbook(io.BytesIO(export_framework(SECOND)))
    sheet = book["指标"]
    headers = [cell.value for cell in sheet[2]]
    weight, parent = headers.index("weight") + 1, headers.index("parent") + 1
    sheet.cell(6, weight).value = "很重"
    sheet.cell(7, parent).value = "没有"
    out = io.BytesIO()
    book.save(out)
    browser = sign_in_as("office")
    page = upload(browser, out.getvalue(), name="<b>.xlsx")
    assert page.status_code == 422
    assert f"单元格 {sheet.cell(6, weight).coordinate}" in page.text
    assert f"单元格 {sheet.cell(7, parent).coordinate}" in page.text
    assert "<b>.xlsx" not in page.text
    assert upload(browser, b"%PDF-1.7").status_code == 422
    assert browser.post("/frameworks/import", files={"x": ("", b"")}).status_code == 422
    assert versions(database) == [1]


def test_checks_of_later_packages_are_run(
    sign_in_as: SignIn, app: Litestar, database: Database
) -> None:
    def refuse(framework: Framework) -> list[Fault]:
        return [Fault("no", "评分方法“{code}”不可用。", facts={"code": framework.code})]

    app.state.framework_checks = (refuse,)
    page = upload(sign_in_as("office"), export_framework(SECOND))
    assert page.status_code == 422
    assert "评分方法“SMALL”不可用。" in page.text
    assert versions(database) == [1]


def test_a_used_version_is_frozen(sign_in_as: SignIn, database: Database) -> None:
    browser = sign_in_as("office")
    assert "已冻结" not in browser.get("/frameworks/SMALL/1").text
    with database.writing() as session:
        a_round(session)
    assert "已冻结" in browser.get("/frameworks/SMALL/1").text
    assert "已冻结" in browser.get("/frameworks").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/frameworks/SMALL/9", 404),
        ("/frameworks/NONE/1", 404),
        ("/frameworks/SMALL/diff?from=1&to=9", 404),
        ("/frameworks/SMALL/diff?from=0&to=1", 400),
        (f"/frameworks/SMALL/{'9' * 30}", 400),
        ("/frameworks/SMALL/diff", 400),
    ],
)
def test_what_is_not_there(sign_in_as: SignIn, path: str, status: int) -> None:
    assert sign_in_as("office").get(path).status_code == status
