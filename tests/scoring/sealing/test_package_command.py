"""The command: what it says, how it leaves, and that it needs no database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command import main
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from scoring.sealing import keys, store
from surveys.observations.rules import Given
from tests.scoring.runs.results import KEY, corrected, published_round, reopened
from tests.scoring.sealing.sealed import package

BETTER = Given("C2", "I1", "review", 1.0, reason="台账抄录有误")


def run(*words: str | Path, **environment: str) -> Result:
    nowhere = {"YINGSHANG_DATABASE": "nowhere://", "LC_ALL": "zh_CN.UTF-8"}
    return CliRunner().invoke(main, ["package", *map(str, words)], env=nowhere | environment)


@pytest.fixture
def held(tmp_path: Path) -> Path:
    path = tmp_path / "r.zip"
    path.write_bytes(package().content)
    return path


def test_verify_says_what_was_verified_and_by_which_key(held: Path, tmp_path: Path) -> None:
    pem = tmp_path / "key.pem"
    pem.write_text(keys.pem_of(KEY.public_key()))
    done = run("verify", held, "--key", pem)
    assert done.exit_code == 0, done.output
    assert "核验通过" in done.output
    assert "12 个名次" in done.output
    assert "甲市" not in done.output
    assert "没有用 --key" in run("verify", held).output


def test_verify_names_what_was_changed(held: Path) -> None:
    content = bytearray(held.read_bytes())
    content[content.index(b"yingshang-ranks") + 4] ^= 1
    held.write_bytes(content)
    done = run("verify", held, "--json")
    assert done.exit_code == 2
    said = json.loads(done.stdout)
    assert said["holds"] is False
    assert {each["member"] for each in said["problems"]} == {"ranks.json"}
    assert "ranks.json" in run("verify", held).output


def test_a_key_that_is_none_is_told(held: Path) -> None:
    done = run("verify", held, "--key", held)
    assert done.exit_code == 2
    assert "Ed25519" in done.output


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_two_versions_are_compared_and_the_database_is_checked(
    database: Database, evidence_store: EvidenceStore, settings: Settings, tmp_path: Path
) -> None:
    with database.writing() as session:
        found, _run = published_round(session, evidence_store)
        reopened(session, found)
        corrected(session, evidence_store, found, BETTER)
        files = []
        for each in reversed(store.seals(session, found)):
            files.append(tmp_path / f"{each.version}.zip")
            files[-1].write_bytes(evidence_store.get(each.seal.package_sha256))
    done = run("compare", *files)
    assert done.exit_code == 0, done.output
    assert "C2 × I1" in done.output
    moved = json.loads(run("compare", *files, "--json").stdout)["moved"]
    assert {each["city"] for each in moved} == {"C2", "C3"}
    files[0].write_bytes(files[0].read_bytes()[:-1])
    assert run("compare", *files).exit_code == 2
    here = {"YINGSHANG_DATABASE": settings.database, "YINGSHANG_DATA": str(settings.data)}
    checked = run("check", **here)
    assert checked.exit_code == 0, checked.output
    assert checked.output.startswith("2 个封存包")
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE observations SET value = 3 WHERE city = 'C1' AND indicator = 'I1'"
        )
    checked = run("check", "--quick", **here)
    assert checked.exit_code == 1
    assert "C1 × I1" in checked.output
