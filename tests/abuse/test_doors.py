"""Every hostile or mistaken file through each of the three web doors.

Each is refused in the reader's language with its place, nothing is stored, the server stays up.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from evaluation.framework.models import FrameworkVersion
from evaluation.framework.workbook import export_framework
from evaluation.platform.audit import AuditEntry
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceFile
from evaluation.rounds import store as rounds
from surveys.filings.models import FilingUpload, FilingValue
from surveys.observations.models import Observation
from surveys.observations.value_writing import write_values
from tests.abuse.hostile import CLOSE, HOSTILE, MB, OPEN, SHEET, rebuilt
from tests.abuse.world import OWN, World
from tests.factories.province import a_round, small_framework
from tests.surveys.filings.desk import workbook

KEPT = (FilingValue, FilingUpload, Observation, FrameworkVersion, EvidenceFile, AuditEntry)


@dataclass(frozen=True)
class Door:
    """A form that takes a file: who may, where, under which name, with what beside it."""

    role: str
    path: str
    field: str
    form: dict[str, str]


DOORS = {
    "framework": Door("office", "/frameworks/import", "file", {}),
    "values": Door(
        "office", "/rounds/OPEN/observations/uploads", "file", {"method": "full_filing"}
    ),
    "filing": Door("clerk", f"/rounds/OPEN/filing/{OWN}/uploads", "workbook", {}),
}


def many_rows() -> bytes:
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(1, 1_048_577))
    return rebuilt({SHEET: OPEN + rows + CLOSE})


def nested() -> bytes:
    return rebuilt({"xl/media/a.zip": rebuilt({"xl/media/b.xml": b"0" * (30 * MB)})})


FILES: dict[str, Callable[[], bytes]] = {
    **{what: make for what, (make, _code) in HOSTILE.items()},
    "rows of styles": many_rows,
    "a bomb within": nested,
}
SLOW = "one text in 200,000 cells"  # seconds each; the memory test below sends it too


def stored(database: Database) -> list[int]:
    with database.reading() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in KEPT]


def send(world: World, door: Door, content: bytes | None, language: str, name: str) -> Any:
    files = {door.field: ("", b"")} if content is None else {door.field: (name, content)}
    headers = {"accept-language": language}
    return world.ask(door.role, "POST", door.path, data=door.form, files=files, headers=headers)


def main_part(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("which", DOORS)
def test_hostile_files_are_refused_at_every_door(
    world: World, database: Database, which: str
) -> None:
    door = DOORS[which]
    for role in ("office", "clerk"):
        world.token(role)
    before = stored(database)
    for what, make in FILES.items():
        if what == SLOW:
            continue
        answer = send(world, door, make(), "zh-CN", "表.xlsx")
        assert answer.status_code in (413, 422), (what, answer.status_code)
        if answer.status_code == 422 and what != "empty file":
            assert "表.xlsx" in answer.text, what
        assert "请" in main_part(answer.text), what
    assert stored(database) == before
    assert world.ask(None, "GET", "/health").status_code == 200


@pytest.mark.parametrize("which", DOORS)
def test_no_file_is_said_in_both_languages(world: World, which: str) -> None:
    for language, word in (("zh-CN", "请选择"), ("en", "hoose")):
        for content in (None, b""):
            answer = send(world, DOORS[which], content, language, "表.xlsx")
            assert answer.status_code == 422
            assert word in main_part(answer.text) or (content == b"" and "0" in answer.text)


def changed(content: bytes, sheet: str, cells: dict[str, Any]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        if value == "merge":
            book[sheet].merge_cells(cell)
        else:
            book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


MISTAKES = ("约5天", "１２", "1,234", "98%", date(2026, 11, 24), "#DIV/0!", "=1+1", True, 1e9)


def mistaken(world: World, which: str) -> tuple[bytes, str, list[str]]:
    """A workbook with every mistake at once, its sheet, and the cells that must be named."""
    if which == "framework":
        made = small_framework()
        cells: dict[str, Any] = {f"H{6 + n}": v for n, v in enumerate(MISTAKES[:5])}
        cells |= {f"I{6 + n}": v for n, v in enumerate((*MISTAKES[5:8], -1))}
        content = changed(export_framework(made), "指标", {**cells, "A7": "I1", "B8": "NOWHERE"})
        return content, "指标", [*(f"H{6 + n}" for n in range(5)), "I6", "I7", "I8", "A7", "B8"]
    with world.database.reading() as session:
        found = rounds.by_code(session, "OPEN")
        framework = rounds.framework(found)
        if which == "filing":
            values = {"H4": MISTAKES[0], "H5": MISTAKES[3], "H6": MISTAKES[1], "B7": "NOWHERE"}
            return workbook(session, found, OWN, values), "填报", list(values)
    plain = write_values(framework, "full_filing", {}, title="x")
    book = openpyxl.load_workbook(io.BytesIO(plain))
    sheet = book.worksheets[0]
    head = next(r for r in range(1, 20) if sheet.cell(r, 1).value in ("城市代码", "city"))
    at = {str(sheet.cell(head, c).value): c for c in range(1, sheet.max_column + 1)}
    first = next(r for r in range(head + 1, 30) if sheet.cell(r, 1).value == "C1")
    named = []
    for n, value in enumerate(MISTAKES):
        cell = sheet.cell(first + n // 3, at[("I1", "I3", "I4")[n % 3]])
        cell.value = value
        named.append(cell.coordinate)
    sheet.cell(first + 3, 1).value = "NOWHERE"
    named.append(f"A{first + 3}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), sheet.title, named


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("which", DOORS)
def test_every_mistake_is_listed_at_once_with_its_cell(
    world: World, database: Database, which: str, language: str
) -> None:
    content, sheet, named = mistaken(world, which)
    world.token(DOORS[which].role)
    before = stored(database)
    answer = send(world, DOORS[which], content, language, "表.xlsx")
    if which == "filing":  # kept for its preview, to be marked and taken back; no value is
        assert answer.status_code == 303
        where = answer.headers["location"]
        answer = world.ask("clerk", "GET", where, headers={"accept-language": language})
        again = world.ask("clerk", "POST", f"{where}/commit", data={"seen": "{}"})
        assert again.status_code == 422
        assert [stored(database)[n] for n in (0, 2, 3)] == [before[n] for n in (0, 2, 3)]
    else:
        assert answer.status_code == 422
        assert stored(database) == before
    for cell in named:
        assert re.search(rf"(?<![A-Z0-9]){cell}(?![0-9])", main_part(answer.text)), cell
    assert sheet in answer.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_form_made_for_something_else_is_refused(
    world: World, database: Database, language: str
) -> None:
    with database.writing() as session:
        a_round(session, code="LATER")
    with database.reading() as session:
        here, later = rounds.by_code(session, "OPEN"), rounds.by_code(session, "LATER")
        right = workbook(session, here, OWN, {"H4": 5})
        forms = {
            "another city's": workbook(session, here, "C2", {"H4": 5}),
            "another round's": workbook(session, later, OWN, {"H4": 5}),
            "no such sheet": export_framework(replace(small_framework(), name="x")),
            "one column header gone": changed(right, "填报", {"B3": "甲乙丙"}),
        }
    world.token("clerk")
    before = stored(database)
    for what, content in forms.items():
        answer = send(world, DOORS["filing"], content, language, "表.xlsx")
        if answer.status_code == 303:  # a cell can be shown: the preview refuses to be confirmed
            where = answer.headers["location"]
            answer = world.ask("clerk", "POST", f"{where}/commit", data={"seen": "{}"},
                               headers={"accept-language": language})  # fmt: skip
            before = [*before[:1], *stored(database)[1:2], *before[2:4], *stored(database)[4:5],
                      *before[5:]]  # fmt: skip
        assert answer.status_code == 422, what
    assert stored(database) == before
