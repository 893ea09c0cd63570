"""``yingshang raters`` as an analyst uses it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook

from evaluation.platform.i18n import use_locale
from reports.raters_command import raters
from scoring.standalone import score_files
from tests.scoring.raters.designs import GOLDEN, golden

SIMULATED = GOLDEN / "mfrm_simulated.csv"
HEAD = "走访,评分项,评分人,得分\n"
TWICE = "v1,i,甲,3\nv1,i,乙,4\nv2,i,甲,2\nv2,i,乙,2\nv3,i,甲,5\nv3,i,乙,4\n"


def run(*given: object, locale: str = "zh") -> Result:
    with use_locale(locale):
        return CliRunner().invoke(raters, [str(each) for each in given], catch_exceptions=False)


@pytest.fixture
def ratings(tmp_path: Path) -> Path:
    path = tmp_path / "r.csv"
    path.write_text(HEAD + TWICE, encoding="utf-8")
    return path


def test_json_has_agreement_severities_and_fair_scores(tmp_path):
    out = tmp_path / "o.json"
    assert run(SIMULATED, "--draws", 50, "--out", out).exit_code == 0
    made = json.loads(out.read_text(encoding="utf-8"))
    assert made["ratings"] == 1800
    assert set(made["agreement"]["items"]) == {f"i{n}" for n in range(1, 7)}
    severity = made["severity"]
    assert max(severity["raters"], key=lambda r: severity["raters"][r]["measure"]) == "r8"
    assert len(severity["fair"]) == 150
    assert len(severity["cells"]) == 900
    assert all(each["error"] > 0 for each in severity["fair"].values())
    again = tmp_path / "again.json"
    run(SIMULATED, "--draws", 50, "--out", again)
    assert again.read_bytes() == out.read_bytes()


def test_the_workbook_has_a_sheet_each(tmp_path):
    out = tmp_path / "o.xlsx"
    run(SIMULATED, "--draws", 20, "--out", out)
    book = load_workbook(out)
    assert book.sheetnames == ["一致性", "评分人宽严", "评分对象", "逐项调整"]
    said = [cell for row in book["评分人宽严"].iter_rows(values_only=True) for cell in row]
    assert "r8" in said


def test_a_workbook_with_chinese_headers_in_any_order_is_the_same(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["评分", "评分人", "指标", "对象"])
    for row in reversed(golden("mfrm_simulated")):
        sheet.append([int(row["value"]), row["rater"], row["item"], row["unit"]])
    book.save(tmp_path / "r.xlsx")
    made = []
    for file in (SIMULATED, tmp_path / "r.xlsx"):
        run(file, "--draws", 20, "--out", tmp_path / "o.json")
        made.append(json.loads((tmp_path / "o.json").read_text(encoding="utf-8")))
    assert made[0].pop("input_sha256") != made[1].pop("input_sha256")
    assert made[0] == made[1]


def test_the_terminal_shows_both_tables_in_either_language(tmp_path):
    zh, en = run(SIMULATED, "--draws", 20), run(SIMULATED, "--draws", 20, locale="en")
    assert "评分人宽严" in zh.output
    assert "Severity of raters" in en.output
    assert not re.search("[\u4e00-\u9fff]", en.output)


def test_a_gate_decides_the_exit(tmp_path):
    gate = tmp_path / "gate.toml"
    gate.write_text('[gate]\nscope = ["overall", "items"]\nleast = 0.3\nwarn_below = 0.4\n')
    warned = run(SIMULATED, "--gate", gate, "--out", tmp_path / "o.json")
    assert warned.exit_code == 0
    made = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["gate"]
    assert made["outcome"] == "warn"
    assert {each["item"]: each["outcome"] for each in made["verdicts"]}["i2"] == "warn"
    gate.write_text("[gate]\nleast = 0.5\n")
    failed = run(SIMULATED, "--gate", gate, locale="en")
    assert failed.exit_code == 1
    assert "below the 0.5 required" in " ".join(failed.output.split())
    assert "Agreement required: Not met" in failed.output


def test_every_fault_of_both_files_at_once(tmp_path, ratings):
    ratings.write_text(
        "对象,评分人,得分,项\nv1,甲,3,\nv1,甲,4,\n,乙,三分,\nv2,乙,x,\n", encoding="utf-8"
    )
    gate = tmp_path / "gate.toml"
    gate.write_text("[gate]\nleast = 7\nodd = 1\n")
    done = run(ratings, "--gate", gate)
    assert done.exit_code == 2
    assert "第 3 行 “评分人”列：与第 2 行重复" in done.output
    assert "第 4 行 “对象”列" in done.output
    assert "第 4 行 “得分”列" in done.output
    assert "第 5 行 “得分”列" in done.output
    assert "gate.odd" in done.output
    assert "{" not in done.output
    english = run(ratings, "--gate", gate, locale="en")
    said = re.sub("甲|乙|三分|对象|评分人|得分|项", "", english.output)
    assert not re.search("[\u4e00-\u9fff{]", said), said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("unit,value\na,1\n", "缺少“rater”列"),
        (HEAD, "只有表头"),
        (HEAD + "v1,i,甲,3\nv2,i,甲,4\n", "只有 1 位评分人"),
        (HEAD + "v1,i,甲,3\nv2,i,乙,4\n", "没有一个对象由两位评分人评过"),
    ],
)
def test_files_that_say_nothing(ratings, text, said):
    ratings.write_text(text, encoding="utf-8")
    done = run(ratings)
    assert done.exit_code == 2
    assert said in done.output


def test_what_agreement_can_be_said_is_said_without_severities(ratings):
    apart = "w1,i,丙,3\nw1,i,丁,4\nw2,i,丙,2\nw2,i,丁,1\n"
    ratings.write_text(HEAD + TWICE + apart, encoding="utf-8")
    done = run(ratings)
    assert done.exit_code == 0
    assert "宽严不可比：[丁, 丙] [乙, 甲]" in done.output
    assert "一致性" in done.output
    ratings.write_text(HEAD + TWICE.replace("5", "3").replace("4", "3"), encoding="utf-8")
    same = HEAD + "v1,i,甲,3\nv1,i,乙,3\nv2,i,甲,3\nv2,i,乙,3\n"
    ratings.write_text(same, encoding="utf-8")
    done = run(ratings, locale="en")
    assert done.exit_code == 0
    assert "All ratings are the same" in done.output
    assert "nan" not in done.output


def test_the_scores_and_their_errors_go_into_a_scoring(tmp_path, ratings):
    values, framework = tmp_path / "values.csv", tmp_path / "f.csv"
    assert run(SIMULATED, "--draws", 20, "--out", values).exit_code == 0
    framework.write_text("code,parent\nI,\n" + "".join(f"i{n},I\n" for n in range(1, 7)))
    method = tmp_path / "m.toml"
    method.write_text("[uncertainty]\ndraws = 50\nvary = []\n")
    scored = score_files(framework, values, method)
    assert len(scored.sheet.cities) == 150
    assert not [fault for fault in scored.warnings if fault.code == "errors-unused"]
    widths = [each["high"] - each["low"] for each in scored.sheet.intervals.values()]
    assert np.median(widths) > 5  # nothing varies but the errors
    apart = "w1,i,丙,3\nw1,i,丁,4\nw2,i,丙,2\nw2,i,丁,1\n"
    ratings.write_text(HEAD + TWICE + apart, encoding="utf-8")
    refused = run(ratings, "--out", tmp_path / "none.csv")
    assert refused.exit_code == 2
    assert "宽严无法估计" in refused.output
    assert not (tmp_path / "none.csv").exists()


def test_other_refusals(tmp_path, ratings):
    assert "不能输出为“.pdf”格式" in run(ratings, "--out", tmp_path / "o.pdf").output
    assert run(tmp_path / "none.csv").exit_code == 2
    done = run(ratings, "--out", tmp_path / "no" / "o.json")
    assert done.exit_code == 2
    gate = tmp_path / "g.toml"
    for text in ("[gate\n", "[other]\nx = 1\n", "gate = 3\n"):
        gate.write_text(text)
        assert run(ratings, "--gate", gate).exit_code == 2
