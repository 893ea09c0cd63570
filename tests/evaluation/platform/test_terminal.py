"""Whatever is wrong with a database or its folder is one sentence, in every command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from command import main
from evaluation.platform.database import Database

COMMANDS = {
    "audit verify": ["audit", "verify"],
    "db upgrade": ["db", "upgrade"],
    "serve": ["serve", "--port", "0"],
    "demo": ["demo", "--load-only"],
    "user add": ["user", "add", "somebody", "--role", "office"],
    "framework import": ["framework", "import", __file__],
    "framework export": ["framework", "export", "X", "--out", "x.xlsx"],
    "framework diff": ["framework", "diff", "X", "1", "2"],
    "values import": ["values", "import", __file__, "--round", "R", "--method", "basic_data"],
    "ranking export": ["ranking", "export", "--round", "R", "--out", "x.xlsx"],
}
SECRET = "hunter2"


def run(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, url: str, data: Path | None = None
) -> tuple[int, str]:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("YINGSHANG_DATA", str(data or folder / "data"))
    monkeypatch.setenv("YINGSHANG_DATABASE", url)
    monkeypatch.delenv("LC_ALL", raising=False)
    answer = CliRunner().invoke(main, COMMANDS[command])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


def not_a_database(path: Path) -> None:
    path.write_bytes(b"this is no database" * 500)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def of_a_later_release(path: Path) -> None:
    _run(path, "UPDATE alembic_version SET version_num = '9999'")


def half_restored(path: Path) -> None:
    _run(path, "DELETE FROM alembic_version")


def _run(path: Path, statement: str) -> None:
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        session.execute(sa.text(statement))
    database.dispose()


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "not a database": (not_a_database, "已损坏"),
    "cut": (cut, "已损坏"),
    "of a later release": (of_a_later_release, "更新的版本"),
    "half restored": (half_restored, "缺少版本记录"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_database_is_told_in_a_sentence(
    broken: str,
    command: str,
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "yingshang.db"
    shutil.copy(sqlite_template, path)
    spoil, word = BROKEN[broken]
    spoil(path)
    before = path.read_bytes()
    code, said = run(command, tmp_path, monkeypatch, f"sqlite:///{path}")
    assert code == 1, said
    assert word in said
    assert len(said.strip().splitlines()) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("url", "code", "word"),
    [
        (f"postgresql://u:{SECRET}@127.0.0.1:1/x", 1, "数据库无法使用"),
        ("sqlite:////nowhere/at/all.db", 1, "数据库无法使用"),
        (f"nonsense {SECRET}", 2, "设置有误"),
        (f"mysql://u:{SECRET}@127.0.0.1/x", 2, "设置有误"),
        ("sqlite://", 2, "设置有误"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(
    url: str, code: int, word: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, said = run(command, tmp_path, monkeypatch, url)
    assert (found, word in said) == (code, True), said
    assert SECRET not in said


@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_folder_that_cannot_be_used_is_told(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    url = f"sqlite:///{tmp_path / 'yingshang.db'}"
    code, said = run(command, tmp_path, monkeypatch, url, tmp_path / "file")
    assert code == 2
    assert "设置有误" in said


def test_a_database_that_can_only_be_read_is_told(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "yingshang.db"
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    code, said = run("user add", tmp_path, monkeypatch, url)
    assert code == 1
    assert "不能写入" in said
