"""Hostile and broken spreadsheets: each refused by name, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import use_locale
from evaluation.platform.workbooks import read_workbook

if TYPE_CHECKING:
    pass
from tests.abuse.hostile import DENSE, HOSTILE, MB, plain, sheet

READ = """
import json, sys
from pathlib import Path
from evaluation.platform.errors import Faulty
from evaluation.platform.workbooks import read_workbook
def peak():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
before = peak()
try:
    book = read_workbook(Path(sys.argv[1]), name="a.xlsx")
    cells = sum(len(row) for sheet in book.sheets.values() for row in sheet.rows)
    answer = {"cells": cells}
except Faulty as refusal:
    answer = {"codes": [fault.code for fault in refusal.faults], "said": str(refusal.faults[0])}
print(json.dumps({**answer, "grown": peak() - before}))
"""


def read_apart(data: bytes, folder: Path) -> dict[str, object]:
    """Read in a process of its own and report its answer and the growth of its peak memory."""
    path = folder / "a.xlsx"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, check=True, timeout=120
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_workbook_is_refused_in_bounded_memory(what: str, tmp_path: Path) -> None:
    make, code = HOSTILE[what]
    answer = read_apart(make(), tmp_path)
    assert answer.get("codes") == [code], answer
    assert str(answer["said"]).startswith("a.xlsx：")
    assert int(str(answer["grown"])) < 300 * MB


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_largest_workbook_let_in_stays_within_the_bound(tmp_path: Path) -> None:
    answer = read_apart(sheet(DENSE[: DENSE.rindex('<row r="1450"')]), tmp_path)
    assert answer.get("cells") == 1_449_000, answer
    assert int(str(answer["grown"])) < 300 * MB


def test_plain_workbook_is_let_in() -> None:
    rows = read_workbook(plain(), name="a.xlsx").sheets["Sheet"].rows
    assert rows == [["代码", "数值"], ["N01", 1.5]]


@pytest.mark.parametrize("what", HOSTILE)
def test_refusal_is_said_in_english_too(what: str) -> None:
    with pytest.raises(Faulty) as refusal:
        read_workbook(HOSTILE[what][0](), name="a.xlsx")
    with use_locale("en"):
        said = refusal.value.faults[0].explain() + refusal.value.faults[0].remedy()
    assert not any("一" <= sign <= "鿿" for sign in said), said
    assert refusal.value.faults[0].remedy()
