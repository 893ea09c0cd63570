"""``yingshang audit`` and ``yingshang whatif`` as an analyst uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from evaluation.platform.i18n import use_locale
from reports.audit_command import audit
from reports.whatif_command import whatif
from scoring.audit.findings import CHECKS
from scoring.standalone import audit_words

if TYPE_CHECKING:
    from pathlib import Path

FRAMEWORK = """代码,上级,名称,方向,权重,单位,最优值,最差值,目标值
I,,指数,,,,,,
D1,I,开办企业,,0.6,,,,
D2,I,获得电力,,0.4,,,,
a,D1,时间,-1,1,天,1,20,2
b,D1,环节,-1,1,个,1,10,
c,D2,可靠性,1,1,分,8,0,
"""
VALUES = """city,name,zone,population,a,b,c
A,甲市,东,90,3,4,5
B,[bold]乙市,东,50,2,2,8
C,丙市,西,20,9,6,7
D,丁市,西,10,12,7,1
E,戊市,西,30,15,8,2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "f.csv").write_text(FRAMEWORK, encoding="utf-8")
    (tmp_path / "v.csv").write_text(VALUES, encoding="utf-8")
    return tmp_path


def run(command: object, folder: Path, out: str, *more: str, locale: str = "zh") -> Result:
    given = ["--framework", folder / "f.csv", "--values", folder / "v.csv", "--out", folder / out]
    with use_locale(locale):
        return CliRunner().invoke(command, [*map(str, given), *more], catch_exceptions=False)


def saved(folder: Path, name: str) -> dict:
    return json.loads((folder / name).read_text(encoding="utf-8"))


class TestAudit:
    def test_json_has_every_check_and_the_population_is_found(self, folder: Path) -> None:
        result = run(audit, folder, "a.json")
        assert result.exit_code == 0, result.output
        said = saved(folder, "a.json")
        assert said["state"] in ("warn", "fail")
        assert set(said["summary"]) == set(CHECKS)
        size = [each for each in said["checks"] if each["check"] == "size"]
        assert {each["reason"] for each in size} <= {"size-ok", "size-bias"}
        assert said["statistics"]["a"]["n"] == 5

    @pytest.mark.parametrize(("locale", "word"), [("zh", "只有 2 个指标"), ("en", "Only 2 indic")])
    def test_the_gravest_are_said_with_what_to_do(
        self, folder: Path, locale: str, word: str
    ) -> None:
        assert word in run(audit, folder, "a.json", locale=locale).stdout

    def test_the_workbook(self, folder: Path) -> None:
        assert run(audit, folder, "a.xlsx").exit_code == 0
        book = load_workbook(folder / "a.xlsx")
        assert book.sheetnames == [
            "审计总览",
            "审计发现",
            "指标统计",
            "与各级上级的相关",
            "权重与影响",
        ]
        text = [cell.value for row in book["审计发现"].iter_rows() for cell in row]
        assert any("只有 2 个指标" in str(value) for value in text)

    def test_limits_of_the_method_count(self, folder: Path) -> None:
        (folder / "m.toml").write_text("[audit]\nleast_children = 2\nchildren = [1, 2]\n")
        run(audit, folder, "a.json", "--method", str(folder / "m.toml"))
        assert saved(folder, "a.json")["summary"]["children"]["warn"] == 1  # D2 has one

    def test_faults_of_files_and_of_the_population_are_listed(self, folder: Path) -> None:
        result = run(audit, folder, "a.json", "--population", "people")
        assert result.exit_code == 2
        assert "people" in result.stderr
        (folder / "v.csv").write_text(VALUES.replace("90", "九十"), encoding="utf-8")
        result = run(audit, folder, "a.json")
        assert result.exit_code == 2
        assert "九十" in result.stderr
        (folder / "v.csv").write_text("city,a,b\nA,x,y\n", encoding="utf-8")
        result = run(audit, folder, "a.json")
        assert result.exit_code == 2
        assert len([line for line in result.stderr.splitlines() if "v.csv" in line]) == 3

    def test_options_that_lack_or_belong_elsewhere(self, folder: Path) -> None:
        with use_locale("en"):
            lacking = CliRunner().invoke(audit, ["--framework", "f.csv"])
            mixed = CliRunner().invoke(audit, ["--framework", "f.csv", "verify"])
            alone = CliRunner().invoke(audit, [])
        assert [each.exit_code for each in (lacking, mixed, alone)] == [2, 2, 2]
        assert "--values, --out" in lacking.output
        assert "verify" in alone.output

    def test_one_city_is_audited_without_a_traceback(self, folder: Path) -> None:
        (folder / "v.csv").write_text("city,a,b,c\nA,3,4,5\n", encoding="utf-8")
        assert run(audit, folder, "a.json").exit_code == 0

    def test_every_reason_has_words(self) -> None:
        assert set(audit_words.CHECKS) == set(CHECKS)


class TestWhatif:
    def test_every_answer_at_once(self, folder: Path) -> None:
        more = ["--city", "C", "--reach", "2", "--set", "a=2", "--set", "c=", "--weight", "D1=0.5"]
        result = run(whatif, folder, "w.json", *more, "--zone", "zone", "--effort", "a=3")
        assert result.exit_code == 0, result.output
        said = saved(folder, "w.json")
        assert len(said["gains"]) == 12
        gains = [g["score_gain"] for g in said["gains"] if g["state"] == "open"]
        assert gains == sorted(gains, reverse=True)
        assert said["changed"]["A"]["rank_change"] is not None
        assert said["reach"]["reached"] is True
        assert said["reach"]["how"] == "program"
        assert said["reach"]["new_rank"] <= 2
        assert said["reweighed"]["B"]["rank"] == 1

    def test_the_workbook_and_the_terminal(self, folder: Path) -> None:
        result = run(whatif, folder, "w.xlsx", "--city", "B", "--set", "a=19")
        assert result.exit_code == 0, result.output
        assert load_workbook(folder / "w.xlsx").sheetnames == ["单项提升", "改变数值后"]
        assert "[bold]乙市" in result.stdout

    def test_a_target_worse_than_the_value_gains_nothing(self, folder: Path) -> None:
        run(whatif, folder, "w.json", "--city", "B", "--aim", "target")
        (a,) = [each for each in saved(folder, "w.json")["gains"] if each["code"] == "a"]
        assert (a["state"], a["score_gain"]) == ("reached", 0)

    def test_draws_of_the_method_give_intervals(self, folder: Path) -> None:
        (folder / "m.toml").write_text("[uncertainty]\ndraws = 100\n")
        more = ["--city", "D", "--set", "a=1", "--method", str(folder / "m.toml")]
        result = run(whatif, folder, "w.json", *more)
        assert result.exit_code == 0, result.output
        said = saved(folder, "w.json")
        assert set(said["changed"]["D"]["interval"]) == {"low", "median", "high"}
        assert set(said["gains"][0]["interval"]) == {"low", "median", "high"}
        assert run(whatif, folder, "w.xlsx", *more).exit_code == 0

    @pytest.mark.parametrize(("locale", "word"), [("zh", "处问题"), ("en", "Problems")])
    def test_everything_wrong_is_listed_at_once(self, folder: Path, locale: str, word: str) -> None:
        more = ["--city", "Z", "--reach", "0", "--set", "x=1", "--set", "a", "--set", "b=1",
                "--set", "b=2", "--weight", "D1=7", "--effort", "c=-1"]  # fmt: skip
        result = run(whatif, folder, "w.json", *more, "--zone", "nowhere", locale=locale)
        assert result.exit_code == 2
        assert word in result.stderr
        found = result.stderr
        for about in ("Z", "x", "D1", "nowhere", "--set a", "b", "c"):
            assert about in found
        assert len(found.strip().splitlines()) == 10
        assert not (folder / "w.json").exists()

    @pytest.mark.parametrize("command", [audit, whatif])
    def test_an_unknown_format_is_refused_before_any_work(
        self, folder: Path, command: object
    ) -> None:
        (folder / "f.csv").unlink()
        more = ["--city", "A"] if command is whatif else []
        result = run(command, folder, "out.docx", *more)
        assert result.exit_code == 2
        assert ".xlsx" in result.stderr

    def test_nowhere_to_write_is_explained(self, folder: Path) -> None:
        assert run(whatif, folder, "absent/w.json", "--city", "A").exit_code == 2


@pytest.mark.parametrize("words", [["audit"], ["whatif", "--city", "A"]], ids=str)
def test_neither_needs_the_server_nor_openpyxl(folder: Path, words: list[str]) -> None:
    files = ["--framework", str(folder / "f.csv"), "--values", str(folder / "v.csv")]
    call = [*words, *files, "--out", str(folder / "o.json")]
    code = (
        "import sys\nfrom command import main\n"
        f"main({call!r}, standalone_mode=False)\n"
        "heavy = {'openpyxl', 'sqlalchemy', 'litestar'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
