"""``yingshang score --trace``: the way of one cell on the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluation.platform.i18n import use_locale
from reports.score_command import score

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def _traced(folder: Path, city: str, indicator: str, *, locale: str = "en"):
    files = [f"--{name}={EXAMPLES / name}" for name in ("framework", "values", "method")]
    endings = (".csv", ".csv", ".toml")
    given = [file + ending for file, ending in zip(files, endings, strict=True)]
    out = f"--out={folder / 'out.json'}"
    with use_locale(locale):
        return CliRunner().invoke(
            score, [*given, out, "--trace", city, indicator], catch_exceptions=False
        )


@pytest.mark.parametrize(("locale", "first"), [("en", "Raw value"), ("zh", "原始值")])
def test_every_step_is_told(tmp_path, locale, first):
    result = _traced(tmp_path, "D", "utilities.gas", locale=locale)
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if "utilities.gas =" in line]
    assert lines[0] == f"{first} utilities.gas = — [not-applicable]"
    assert len(lines) == 6
    assert "siblings (start" in result.stdout


def test_a_cell_that_is_not_there_writes_nothing(tmp_path):
    result = _traced(tmp_path, "Z", "none")
    assert result.exit_code == 2
    assert 'There is no city "Z".' in result.output
    assert 'There is no indicator "none".' in result.output
    assert not (tmp_path / "out.json").exists()
