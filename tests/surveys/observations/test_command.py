"""``yingshang values import``: a file in, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command import main
from evaluation.platform.database import Database
from evaluation.platform.settings import Settings
from surveys.observations import store
from tests.factories.province import a_round
from tests.surveys.observations.test_values_file import HEAD, xlsx

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on this test's database, in Chinese."""
    monkeypatch.setenv("YINGSHANG_DATA", str(settings.data))
    monkeypatch.setenv("YINGSHANG_DATABASE", settings.database)
    monkeypatch.setenv("YINGSHANG_SECRET", settings.secret)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    def call(file: Path, *more: str) -> Result:
        arguments = ["values", "import", str(file), "--round", "R1", "--method", "full_filing"]
        return CliRunner().invoke(main, [*arguments, *more])

    return call


def test_a_dry_run_then_the_import_then_the_same_again(
    run: Run, database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        found = a_round(session)
    file = tmp_path / "值.xlsx"
    file.write_bytes(xlsx([HEAD, ["C1", "甲市", 3, 98, "NA"], ["C2", "丙市", 4]]))
    tried = run(file, "--dry-run")
    assert (tried.exit_code, "新增 4，更改 0，相同 0" in tried.output) == (0, True)
    assert "单元格 B3" in tried.stderr
    with database.reading() as session:
        assert store.observations(session, found.id) == []
    assert "已导入：新增 4" in run(file).output
    assert "新增 0，更改 0，相同 4" in run(file).output
    with database.reading() as session:
        held = store.observations(session, found.id)
    assert {(o.city, o.indicator, o.value, o.source, len(o.evidence)) for o in held} == {
        ("C1", "I1", 3.0, "值.xlsx", 1),
        ("C1", "I2", 98.0, "值.xlsx", 1),
        ("C1", "I4", None, "值.xlsx", 1),
        ("C2", "I1", 4.0, "值.xlsx", 1),
    }


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_faults_leave_with_two_and_rules_with_one(
    run: Run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "值.csv"
    file.write_text("城市代码,I1\nC9,1\nC1,abc\n", "utf-8")
    assert run(file).exit_code == 1  # no such round
    with database.writing() as session:
        a_round(session)
    faulty = run(file)
    assert faulty.exit_code == 2
    assert "单元格 A2" in faulty.stderr
    assert "单元格 B3" in faulty.stderr
    assert run(file, "--method", "guess").exit_code == 2
    assert run(tmp_path / "absent.csv").exit_code == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_scored_round_takes_nothing(run: Run, database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        a_round(session, state="scored")
    file = tmp_path / "值.csv"
    file.write_text("城市代码,I1\nC1,1\n", "utf-8")
    refused = run(file)
    assert (refused.exit_code, "数据已锁定" in refused.stderr) == (1, True)
