"""``yingshang form`` in the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluation.accounts.service import add_user
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.i18n import use_locale
from surveys.forms import store
from surveys.forms.command import form
from tests.surveys.forms.workbooks import GOOD, changed, q, workbook

BAD = workbook(q("integr", "a"), q("text", "b", relevant="${a} ＝ 1"))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.xlsx"
    path.write_bytes(GOOD)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(BAD)
    return path


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    """Commands work on this test's deployment."""
    monkeypatch.setenv("YINGSHANG_DATABASE", database_url)
    monkeypatch.setenv("YINGSHANG_DATA", str(tmp_path))


def run(*arguments: str | Path, locale: str = "zh") -> Result:
    with use_locale(locale):
        return CliRunner().invoke(form, [str(each) for each in arguments])


def test_check_tells_every_fault_with_its_place(good: Path, bad: Path) -> None:
    found = run("check", good, bad)
    assert found.exit_code == 1
    assert "good.xlsx：没有错误，0 处提醒，5 道题。" in found.output
    assert (
        "survey 第 3 行 “type”列 (A3): 不认识的题型“integr”。 是否应为“integer”？" in found.output
    )
    assert "第 4 行 “relevant”列 (F4)" in found.output
    english = run("check", bad, locale="en")
    assert "row 3" in english.output
    assert "Unknown type" in english.output


def test_check_leaves_with_0_where_all_is_well(good: Path) -> None:
    assert run("check", good).exit_code == 0


def test_check_gives_the_workbook_back(bad: Path, tmp_path: Path) -> None:
    out = tmp_path / "marked.xlsx"
    assert run("check", bad, "--marked", out).exit_code == 1
    assert out.read_bytes().startswith(b"PK")
    assert run("check", bad, bad, "--marked", out).exit_code == 2


def test_check_of_what_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "text.xlsx"
    path.write_text("type,name\n")
    found = run("check", path)
    assert found.exit_code == 1
    assert "不是 Excel 工作簿" in found.output
    assert run("check", tmp_path / "nobody.xlsx").exit_code == 2


def test_convert(good: Path, bad: Path, tmp_path: Path) -> None:
    out = tmp_path / "form.xml"
    assert run("convert", good, "--out", out, "--version", "7").exit_code == 0
    assert '<data id="hall" version="7">' in out.read_text(encoding="utf-8")
    refused = run("convert", bad, "--out", tmp_path / "none.xml")
    assert refused.exit_code == 2
    assert not (tmp_path / "none.xml").exists()


def test_template(tmp_path: Path) -> None:
    out = tmp_path / "empty.xlsx"
    assert run("template", "--out", out, locale="en").exit_code == 0
    assert out.read_bytes().startswith(b"PK")


def test_publish(here: None, database: Database, good: Path, bad: Path, tmp_path: Path) -> None:
    with database.writing() as session:
        for name, role in (("author", "supervisor"), ("eva", "evaluator")):
            add_user(session, System(), username=name, role=role, display_name=name,
                     password="correct horse battery")  # fmt: skip
    published = run("publish", good, "--by", "author")
    assert published.exit_code == 0, published.output
    assert "已发布 hall 第 1 版" in published.output
    again = run("publish", good, "--by", "author")
    assert again.exit_code == 0
    assert "没有建立新版本" in again.output
    newer = tmp_path / "newer.xlsx"
    newer.write_bytes(changed(GOOD, "survey", "C3", "改了"))
    assert "第 2 版" in run("publish", newer, "--by", "author").output
    assert run("publish", bad, "--by", "author").exit_code == 2
    for name in ("eva", "nobody"):
        assert run("publish", newer, "--by", name).exit_code == 1
    with database.reading() as session:
        assert [each.number for each in store.versions(session, "hall")] == [2, 1]
        assert store.versions(session, "hall")[0].published_by == "author"
