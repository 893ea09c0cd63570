"""``yingshang framework`` and ``yingshang values``: what they write, say and leave with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command import main
from evaluation.framework import store
from evaluation.framework.document import sha256
from evaluation.framework.workbook import export_framework, import_framework
from evaluation.platform.database import Database
from evaluation.platform.settings import Settings
from tests.factories.province import small_framework

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on this test's database, in Chinese."""
    monkeypatch.setenv("YINGSHANG_DATA", str(settings.data))
    monkeypatch.setenv("YINGSHANG_DATABASE", settings.database)
    monkeypatch.setenv("YINGSHANG_SECRET", settings.secret)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    return call


def test_import_export_and_diff(run: Run, database: Database, tmp_path: Path) -> None:
    first, second, out = (tmp_path / name for name in ("1.xlsx", "2.xlsx", "out.xlsx"))
    first.write_bytes(export_framework(small_framework()))
    second.write_bytes(export_framework(small_framework(name="改名")))
    done = run("framework", "import", first)
    assert (done.exit_code, "已导入 SMALL 第 1 版" in done.output) == (0, True)
    assert "没有建立新版本" in run("framework", "import", first).output
    assert "第 2 版" in run("framework", "import", second).output
    with database.reading() as session:
        assert store.version(session, "SMALL").name == "改名"
    assert run("framework", "export", "SMALL", "--version", 1, "--out", out).exit_code == 0
    assert sha256(import_framework(out.read_bytes(), name="x")) == sha256(small_framework())
    for arguments in (("SMALL", 1, 2), (first, second)):
        said = run("framework", "diff", *arguments)
        assert (said.exit_code, "改为“改名”" in said.output) == (0, True)
    assert "没有不同" in run("framework", "diff", first, first).output


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_goes_wrong_has_its_own_exit(run: Run, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.xlsx", tmp_path / "good.xlsx"
    bad.write_bytes(export_framework(replace(small_framework(), units=())))
    good.write_bytes(export_framework(small_framework()))
    refused = run("framework", "import", bad)
    assert (refused.exit_code, "没有参评单位" in refused.stderr) == (2, True)
    assert run("framework", "diff", bad, good).exit_code == 2
    assert run("framework", "export", "NONE", "--out", tmp_path / "x").exit_code == 1
    assert run("framework", "diff", "SMALL", "a", "b").exit_code == 2
    assert run("framework", "import", tmp_path / "absent.xlsx").exit_code == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_template_can_be_imported(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "模板.xlsx"
    assert run("framework", "template", "--out", out).exit_code == 0
    assert not import_framework(out.read_bytes(), name="模板.xlsx").official
    assert run("framework", "import", out).exit_code == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_method_that_cannot_be_scored_is_refused(
    run: Run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "bad-method.xlsx"
    method = {"normalise": {"method": "magic"}, "rank": {"decimals": -3}}
    file.write_bytes(export_framework(small_framework(method=method)))
    refused = run("framework", "import", file)
    assert refused.exit_code == 2
    assert "normalise.method" in refused.stderr
    assert "rank.decimals" in refused.stderr
    with database.reading() as session:
        assert store.versions(session) == []
