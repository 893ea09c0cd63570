"""SIGKILL at every step of a committed edit: what was acknowledged is stored, audit equals data."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from evaluation.platform import audit
from evaluation.platform.audit import AuditEntry, AuditHead
from evaluation.platform.database import Database
from surveys.filings.models import FilingValue, FilingValueVersion
from tests.factories.province import a_round
from tests.faults.editor import INDICATORS, STEPS

ROOT = Path(__file__).parents[2]
KILLED_AT = 4  # the save that a step is tried on: every cell was written before


def edit_until_killed(
    url: str, seed: int, *, acknowledged: int = 0, step: str = ""
) -> list[list[str]]:
    """Run the editor; kill it after so many lines, or let it kill itself at *step*."""
    command = [sys.executable, "-m", "tests.faults.editor", url, str(seed)]
    if step:
        command += [step, str(KILLED_AT)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if acknowledged and len(lines) == acknowledged:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return [line.split() for line in lines if line.endswith("\n")]


def check(database: Database, acknowledged: list[list[str]]) -> int:
    """Every promise about stored data; gives the number of versions stored."""
    with database.reading() as session:
        stored = {
            (v.indicator, v.revision): v.value
            for v in session.scalars(sa.select(FilingValueVersion))
        }
        for indicator, revision, value in acknowledged:
            assert stored[indicator, int(revision)] == float(value)
        assert audit.verify(session) is None
        saves = session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.action == "filing.saved")
            .order_by(AuditEntry.number)
        ).all()
        assert len(saves) == len(stored)
        head = session.get(AuditHead, 1)
        assert head is not None
        assert head.number == session.scalar(sa.select(sa.func.max(AuditEntry.number)))
        last = {entry.subject.rpartition(":")[2]: json.loads(entry.after or "") for entry in saves}
        held = {value.indicator: value for value in session.scalars(sa.select(FilingValue))}
        assert set(held) == set(last)
        for indicator, value in held.items():
            assert value.value == last[indicator]["value"] == stored[indicator, value.revision]
            assert value.note == last[indicator]["note"]
            assert value.revision == sum(key[0] == indicator for key in stored)
    return len(stored)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step(database: Database, database_url: str, step: str) -> None:
    with database.writing() as session:
        a_round(session)
    acknowledged = edit_until_killed(database_url, 1, step=step)
    assert len(acknowledged) == KILLED_AT - 1
    stored = check(database, acknowledged)
    assert stored == (KILLED_AT if step == "committed" else KILLED_AT - 1)


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_and_resumed(database: Database, database_url: str, seed: int) -> None:
    with database.writing() as session:
        a_round(session)
    acknowledged = edit_until_killed(
        database_url, seed, acknowledged=Random(seed).randrange(20, 120)
    )
    assert check(database, acknowledged) >= len(acknowledged)


def test_the_editor_writes_every_cell_before_the_step() -> None:
    chosen = Random(1)
    assert len({chosen.choice(INDICATORS) for _ in range(KILLED_AT)}) > 1
