"""`yingshang ranking export`: the office's view as a file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from reports.command import ranking
from tests.scoring.runs.results import published_round


@pytest.fixture
def runner(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command on this test's deployment."""
    monkeypatch.setenv("YINGSHANG_DATA", str(settings.data))
    monkeypatch.setenv("YINGSHANG_DATABASE", settings.database)
    monkeypatch.setenv("YINGSHANG_SECRET", settings.secret)
    return CliRunner()


def test_a_ranking_is_written_in_every_format(
    runner: CliRunner, database: Database, evidence_store: EvidenceStore, tmp_path: Path
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    for kind in ("xlsx", "json", "csv"):
        out = tmp_path / f"r.{kind}"
        answer = runner.invoke(ranking, ["export", "--round", "R1", "--out", str(out)])
        assert answer.exit_code == 0, answer.output
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [unit["rank"] for unit in document["units"]] == [1, 2, 2, None]
    assert all(unit["indicators"] for unit in document["units"])
    assert len((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()) == 5
    book = load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes()))
    assert any(
        cell.value == "office-one" for sheet in book for row in sheet.iter_rows() for cell in row
    )


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("code", "name", "status"), [("R9", "r.xlsx", 1), ("R1", "r.pdf", 2), ("R1", "no/r.csv", 2)]
)
def test_what_cannot_be_written_is_told(
    runner: CliRunner,
    database: Database,
    evidence_store: EvidenceStore,
    tmp_path: Path,
    code: str,
    name: str,
    status: int,
) -> None:
    with database.writing() as session:
        published_round(session, evidence_store)
    answer = runner.invoke(ranking, ["export", "--round", code, "--out", str(tmp_path / name)])
    assert answer.exit_code == status, answer.output
    assert "Traceback" not in answer.output
