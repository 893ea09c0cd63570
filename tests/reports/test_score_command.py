"""``yingshang score`` as an analyst uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from evaluation.platform.i18n import use_locale
from reports.score_command import score

if TYPE_CHECKING:
    from pathlib import Path

FRAMEWORK = """代码,上级,名称,方向,权重,单位,最优值,最差值
I,,指数,,,,,
D1,I,开办企业,,0.6,,,
D2,I,获得电力,,0.4,,,
a,D1,时间,-1,1,天,1,20
b,D1,环节,-1,1,个,1,10
c,D2,可靠性,1,1,分,8,0
"""
VALUES = "city,name,a,b,c\nA,甲市,3,4,5\nB,[bold]乙市,2,2,8\nC,丙市,,6,7\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "f.csv").write_text(FRAMEWORK, encoding="utf-8")
    (tmp_path / "v.csv").write_text(VALUES, encoding="utf-8")
    return tmp_path


def run(folder: Path, out: str, *more: str, locale: str = "zh") -> Result:
    given = ["--framework", folder / "f.csv", "--values", folder / "v.csv", "--out", folder / out]
    with use_locale(locale):
        return CliRunner().invoke(score, [*map(str, given), *more], catch_exceptions=False)


def test_json_is_the_contract(folder: Path) -> None:
    result = run(folder, "out.json")
    assert result.exit_code == 0, result.output
    said = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert set(said) >= {
        "cities", "nodes", "scores", "ranks", "stages", "intervals", "method", "input_sha256",
    }  # fmt: skip
    assert said["ranks"]["I"] == {"A": 2, "B": 1, "C": 3} or said["ranks"]["I"]["B"] == 1
    assert said["scores"]["B"]["D2"] == 100
    assert said["stages"]["imputed"]["C"]["a"] is None


def test_xlsx_is_the_ranking_workbook(folder: Path) -> None:
    result = run(folder, "out.xlsx")
    assert result.exit_code == 0, result.output
    book = load_workbook(folder / "out.xlsx", data_only=True)
    assert book.sheetnames[0] == "总排名"
    assert book["总排名"]["B4"].value == "[bold]乙市"
    assert book["总排名"]["D4"].value == 1


def test_the_summary_shows_rank_name_and_score(folder: Path) -> None:
    output = run(folder, "out.json").stdout
    assert "[bold]乙市" in output
    assert "甲市" in output
    assert output.index("[bold]乙市") < output.index("甲市")


@pytest.mark.parametrize(("locale", "word"), [("zh", "不是数字"), ("en", "is not a number")])
def test_every_problem_is_listed_with_its_place(folder: Path, locale: str, word: str) -> None:
    (folder / "v.csv").write_text("city,a,b,c\nA,x,4,5\nB,2,y,8\n", encoding="utf-8")
    result = run(folder, "out.json", locale=locale)
    assert result.exit_code == 2
    lines = [line for line in result.stderr.splitlines() if word in line]
    assert len(lines) == 2
    assert all("v.csv" in line for line in lines)
    assert not (folder / "out.json").exists()


@pytest.mark.parametrize("out", ["out.docx", "out", "out.xlsx.exe"])
def test_an_unknown_format_is_refused_before_any_work(folder: Path, out: str) -> None:
    (folder / "f.csv").unlink()
    result = run(folder, out)
    assert result.exit_code == 2
    assert ".xlsx" in result.stderr
    assert "f.csv" not in result.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.csv", b""),
        ("f.csv", b"\xff\xfe\x00\x01"),
        ("v.csv", b"\x00" * 100),
        ("v.csv", b"city\n"),
        ("f.csv", b"PK\x03\x04 not a zip"),
        ("f.csv", b"code,parent\nI,\nJ,K\nK,J\n"),
    ],
)
def test_bad_files_are_explained_and_never_a_traceback(
    folder: Path, name: str, content: bytes
) -> None:
    (folder / name).write_bytes(content)
    result = run(folder, "out.json")
    assert result.exit_code == 2
    assert name in result.stderr
    assert "Traceback" not in result.output


def test_bad_method_names_the_key(folder: Path) -> None:
    (folder / "m.toml").write_text('[rank]\nties = "coin"\n', encoding="utf-8")
    result = run(folder, "out.json", "--method", str(folder / "m.toml"))
    assert result.exit_code == 2
    assert "ties" in result.stderr


def test_nowhere_to_write_is_explained_and_leaves_nothing(folder: Path) -> None:
    result = run(folder, "absent/out.json")
    assert result.exit_code == 2
    assert "out.json" in result.stderr


def test_what_was_there_is_replaced_whole_and_no_temporary_file_stays(folder: Path) -> None:
    (folder / "out.json").write_text("old", encoding="utf-8")
    assert run(folder, "out.json").exit_code == 0
    assert json.loads((folder / "out.json").read_text(encoding="utf-8"))["cities"] == [
        "A",
        "B",
        "C",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["f.csv", "out.json", "v.csv"]


def test_a_failed_run_leaves_the_old_output(folder: Path) -> None:
    (folder / "out.json").write_text("old", encoding="utf-8")
    (folder / "v.csv").write_text("city,a,b,c\nA,x,4,5\n", encoding="utf-8")
    assert run(folder, "out.json").exit_code == 2
    assert (folder / "out.json").read_text(encoding="utf-8") == "old"


def test_json_needs_neither_openpyxl_nor_the_server(folder: Path) -> None:
    code = (
        "import sys\nfrom command import main\n"
        f"main(['score', '--framework', {str(folder / 'f.csv')!r}, '--values', "
        f"{str(folder / 'v.csv')!r}, '--out', {str(folder / 'o.json')!r}], standalone_mode=False)\n"
        "heavy = {'openpyxl', 'sqlalchemy', 'litestar'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
