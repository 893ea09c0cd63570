"""``yingshang compare``: parts that add up, and every problem of both sides at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.compare_command import compare

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def run(folder: Path, after: Path, *more: str, out: str = "out.json") -> Result:
    """Compare the example's values with *after*."""
    given = {
        "framework": EXAMPLES / "framework.csv",
        "before-values": EXAMPLES / "values.csv",
        "after-values": after,
        "before-method": EXAMPLES / "method.toml",
        "out": folder / out,
    }
    return CliRunner().invoke(compare, [f"--{k}={v}" for k, v in given.items()] + list(more))


@pytest.mark.parametrize("by", ["observation", "indicator", "city"])
def test_the_parts_add_up(tmp_path: Path, by: str) -> None:
    later = tmp_path / "later.csv"
    text = (EXAMPLES / "values.csv").read_text()
    later.write_text(text.replace(",5,300,9,14,", ",2,300,9,5,"))
    assert run(tmp_path, later, f"--by={by}").exit_code == 0
    made = json.loads((tmp_path / "out.json").read_text())
    moved = made["cities"]["B"]
    assert sum(part["score"] for part in moved["parts"]) == pytest.approx(moved["score_change"])
    assert moved["score_change"] > 1
    assert len(made["differences"]) == (1 if by == "city" else 2)
    assert run(tmp_path, later, out="out.xlsx").exit_code == 0


def test_equal_files_have_no_causes(tmp_path: Path) -> None:
    assert run(tmp_path, EXAMPLES / "values.csv").exit_code == 0
    made = json.loads((tmp_path / "out.json").read_text())
    assert made["differences"] == []
    assert {each["score_change"] for each in made["cities"].values()} == {0.0}


def test_every_fault_is_listed_and_nothing_written(tmp_path: Path) -> None:
    refused = run(tmp_path, EXAMPLES / "bad-values.csv")
    assert refused.exit_code == 2
    assert "bad-values.csv" in refused.output
    assert not (tmp_path / "out.json").exists()
    assert run(tmp_path, EXAMPLES / "values.csv", out="out.pdf").exit_code == 2
