"""Stand-alone ``yingshang score`` of the sample, whole process, against two bare imports."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import province
from bench.measuring import Line
from evaluation.framework.demo_province import demo_framework, demo_values

LIMIT = 4.0
COLUMNS = ("code", "parent", "name", "name_en", "direction", "weight", "unit", "best", "worst")


def lines() -> Iterator[Line]:
    """One line; the output is the ranking workbook."""
    with tempfile.TemporaryDirectory(prefix="ysb") as folder:
        where = Path(folder)
        write_sample(where)
        command = [str(Path(sys.executable).parent / "yingshang"), "score"]
        command += ["--framework", str(where / "framework.csv")]
        command += ["--values", str(where / "values.csv"), "--out", str(where / "ranking.xlsx")]
        bare = [sys.executable, "-c", "import numpy, openpyxl"]
        yield Line(
            "stand-alone score",
            lambda: _run(command),
            lambda: _run(bare),
            LIMIT,
            'python -c "import numpy, openpyxl"',
            rounds=7,
            memory=lambda: (_peak(command), _peak(bare)),
        )


def write_sample(folder: Path) -> None:
    """The sample framework and its invented values as the two files of the contract."""
    made = demo_framework()
    held = demo_values(made, seed=province.SEED)
    with (folder / "framework.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows([getattr(node, name) for name in COLUMNS] for node in made.nodes)
    with (folder / "values.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["city", "name", *(node.code for node in made.indicators)])
        for unit in made.units:
            row = (held[unit.code, node.code] for node in made.indicators)
            said = ("不适用" if value == "NA" else value for value in row)
            table.writerow([unit.code, unit.name, *said])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _peak(command: list[str]) -> float:
    """The most memory that the process held, in MB; asked by a small process between."""
    said = subprocess.run(
        [sys.executable, "-c", ASK, *command], check=True, capture_output=True, text=True
    )
    return int(said.stdout) / 1024


ASK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
