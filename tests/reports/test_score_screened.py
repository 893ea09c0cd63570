"""The ranking workbook of a scoring that leaves cities out, divides and draws."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from openpyxl import load_workbook

from evaluation.platform.i18n import use_locale
from reports.score_command import score

FRAMEWORK = """code,parent,name,direction,weight,denominator,per
I,,Index,1,1,,
A,I,First,1,2,people,10000
B,I,Second,-1,1,,
C,I,Third,1,1,,
"""
VALUES = """city,period,people,A,B,C
x,2023,20000,100,9,2
x,2024,20000,120,10,1
y,2024,10000,7,20,4
z,2024,10000,30,,600
q,2024,10000,,,6
"""
METHOD = """
[impute]
method = "siblings-mean"
[screen]
method = "both"
least_present = 0.5
[treat]
method = "box-cox"
skew = 0.5
kurtosis = 0.5
[normalise]
method = "minmax"
[uncertainty]
draws = 50
"""


def _texts(path: Path) -> str:
    book = load_workbook(path)
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def test_a_city_left_out_stays_in_the_workbook_without_a_place(tmp_path):
    for name, text in (("f.csv", FRAMEWORK), ("v.csv", VALUES), ("m.toml", METHOD)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = ("framework", "values", "method")
    files = [
        f"--{name}={tmp_path / file}"
        for name, file in zip(names, ("f.csv", "v.csv", "m.toml"), strict=True)
    ]
    with use_locale("en"):
        result = CliRunner().invoke(
            score, [*files, f"--out={tmp_path / 'o.xlsx'}"], catch_exceptions=False
        )
    assert result.exit_code == 0, result.output
    assert 'City "q" is not scored: 33.3% of its indicators have a value' in result.output
    said = _texts(tmp_path / "o.xlsx")
    assert "q" in said.splitlines()
    assert "nan" not in said.lower().splitlines()
    for word in ("Screening", "Mean of siblings", "Too few values", "Divided"):
        assert word in said, word
