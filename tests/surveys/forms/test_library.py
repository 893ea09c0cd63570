"""The forms that come with the platform: without a fault, for any XLSForm tool, and with the
values and findings that a good and a bad visit must come to."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from pyxform.validators import odk_validate
from pyxform.xls2xform import convert

from evaluation.framework.demo_province import demo_framework
from surveys.demonstration import records
from surveys.forms import answers as answering
from surveys.forms import doctor, score_rules
from surveys.forms.doctor import Draft
from surveys.forms.document import dump, load
from tests.surveys.forms.library_visits_more import CASES, CLOSED, NO_MAINS, Case

LIBRARY = Path(doctor.__file__).parent / "library"
FORMS = sorted(path.stem for path in LIBRARY.glob("*.xlsx"))
ENDED = datetime(2026, 11, 24, 11, tzinfo=timezone(timedelta(hours=8)))
VISITS = [(code, which) for code in CASES for which in ("good", "bad")]

#: What is answered where a case says nothing: facts in words, positions, names of files.
OTHERWISE = {"text": "当时三号窗口暂停受理", "geopoint": "36.1 103.8 0 8"}


@cache
def examined(code: str) -> doctor.Diagnosis:
    """What the doctor says of a form of the library."""
    path = LIBRARY / f"{code}.xlsx"
    return doctor.examine(path.read_bytes(), path.name, framework=demo_framework())


def draft(code: str) -> Draft:
    """The form as it would be published."""
    found = examined(code).draft
    assert found is not None
    return found


def filled(code: str, case: Case) -> dict[str, str]:
    """The case's answers by path, and everything that is in words, measured or calculated."""
    form = draft(code)
    document = form.document
    held = {
        records.placed(document, name): said
        for name, said in {
            "visit": "ABCDEFGHJK",
            "started": "2026-11-24T10:00:00.000+08:00",
            "ended": "2026-11-24T11:00:00.000+08:00",
            **case.answers,
        }.items()
    }
    for rows in case.rows.values():
        for at, row in enumerate(rows, 1):
            held |= {records.placed(document, name, at): said for name, said in row.items()}
    for _round in range(4):
        held = records.completed(form.xform, document, held, at=ENDED)
        missing = {
            each.path
            for each in records.findings(form.xform, document, held, at=ENDED)
            if each.kind == "required"
        }
        for path in missing:
            question = document.by_path[re.sub(r"\[\d+\]", "", path)]
            file = f"{question.name}.jpg" if question.is_media else ""
            if file or question.kind in OTHERWISE:
                held[path] = file or OTHERWISE[question.kind]
    return held


def outcome(code: str, held: dict[str, str]) -> tuple[dict[str, float | str], tuple[str, ...]]:
    """Readings by indicator, and the checkpoints that failed."""
    document = draft(code).document
    read = answering.read(document, records.xml(document, held, instance="uuid:0123456789"))
    readings: dict[str, float | str] = {}
    for question in document.questions:
        if question.indicator:
            value = score_rules.parse(question.score_rule).value_of(document, question, read)
            if isinstance(value, float):
                assert question.indicator not in readings
                readings[question.indicator] = value
            elif value is not None:
                readings[question.indicator] = "NA"
    assert not any(score_rules.dishonest(each, read) for each in document.questions)
    return readings, tuple(q.name for q in document.questions if score_rules.fails(q, read))


def test_there_are_enough_and_each_has_its_visits() -> None:
    assert len(FORMS) >= 6
    assert sorted(CASES) == FORMS


@pytest.mark.parametrize("code", FORMS)
def test_the_doctor_finds_nothing(code: str) -> None:
    found = examined(code)
    assert [(each.code, each.cell) for each in found.faults] == []
    assert found.mends == ()
    assert draft(code).document.code == code


@pytest.mark.parametrize("code", FORMS)
def test_any_xlsform_tool_reads_it(code: str) -> None:
    """As it stands, our own columns and sheets left in."""
    made = convert(LIBRARY / f"{code}.xlsx")
    others = [said for said in made.warnings if "max-pixels" not in said]
    assert others == []


@pytest.mark.parametrize("code", FORMS)
def test_quotation_marks_stay_as_they_were_written(code: str) -> None:
    assert "答“否”要写明当时情况" in draft(code).xform
    assert "A “No” carries its reason" in draft(code).xform


@pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java here")
@pytest.mark.parametrize("code", FORMS)
def test_odk_validate_finds_nothing(code: str, tmp_path: Path) -> None:
    path = tmp_path / f"{code}.xml"
    path.write_text(draft(code).xform, "utf-8")
    assert odk_validate.check_xform(str(path)) == []


@pytest.mark.parametrize("code", FORMS)
def test_it_is_a_whole_kit_in_two_languages(code: str) -> None:
    document = draft(code).document
    asked = [each for each in document.asked() if each.name != "visit"]
    assert 25 <= len(asked) <= 75
    assert document.languages == ("zh", "en")
    assert "示例" in document.title.zh
    assert "sample" in document.title.en
    first_note = next(each for each in document.questions if each.kind == "note")
    assert first_note.label.zh.startswith("示例/非官方")
    for question in asked:
        assert question.label.zh, question.name
        assert question.label.en, question.name
        assert question.hint.zh, question.name
        assert question.hint.en, question.name
    kit = document.kit
    for words in (kit.scenario, kit.preparation, *(each.text for each in kit.stories)):
        assert words.zh
        assert words.en
    assert len(kit.stories) >= 3
    assert all(step.minutes for step in kit.script)
    assert load(dump(document)) == document


@pytest.mark.parametrize("code", FORMS)
def test_what_a_visit_needs_is_asked(code: str) -> None:
    """Proof of visit, mandatory evidence, things that do not exist, discreet timing, a reason."""
    document = draft(code).document
    questions = document.questions
    assert next(document.asked()).name == "visit"
    assert any(each.kind == "geopoint" and each.required for each in questions)
    assert any(each.kind == "image" and each.required for each in questions)
    assert sum(bool(each.evidence) for each in questions) >= 3
    assert sum(bool(each.integrity) for each in questions) >= 2
    assert sum(bool(each.timer) for each in questions) >= 2
    assert {each.timer for each in questions if each.timer} <= {s.code for s in document.kit.script}
    checkpoints = [each for each in questions if each.fails_when]
    assert len(checkpoints) >= 8
    for each in checkpoints:
        assert each.measure in range(1, 26), each.name
        assert each.department, each.name
        assert each.severity, each.name
        assert each.label.zh, each.name


def test_what_comes_several_times_is_asked_several_times() -> None:
    """Papers, counters, projects, records; and one form goes through sixty questions."""
    repeats = {
        q.repeat.rpartition("/")[2] for code in FORMS for q in draft(code).document.questions
    }
    assert {"paper", "counter", "project", "record"} <= repeats
    assert max(sum(1 for _each in draft(code).document.asked()) for code in FORMS) > 60


@pytest.mark.parametrize("code", FORMS)
def test_every_text_of_a_constraint_is_said_in_both_languages(code: str) -> None:
    sheet = openpyxl.load_workbook(LIBRARY / f"{code}.xlsx")["survey"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        said = {
            key: sheet.cell(row, columns[key]).value
            for key in columns
            if str(key).startswith("constraint")
        }
        assert len({bool(value) for value in said.values()}) == 1, (row, said)


@pytest.mark.parametrize("code", FORMS)
def test_the_workbook_is_pleasant_in_excel(code: str) -> None:
    for sheet in openpyxl.load_workbook(LIBRARY / f"{code}.xlsx"):
        assert sheet.freeze_panes == ("C2" if sheet.title == "survey" else "A2")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        assert all(cell.font.bold and cell.alignment.wrap_text for cell in sheet[1])
        long = [
            c for row in sheet.iter_rows(min_row=2) for c in row if len(str(c.value or "")) > 40
        ]
        assert all(cell.alignment.wrap_text for cell in long)
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
        assert all(8 <= width <= 90 for width in widths)


def test_indicators_take_what_the_forms_give() -> None:
    """Every form names its own indicators, and the method of each may supply them."""
    framework = demo_framework()
    served: Counter[str] = Counter()
    for code in FORMS:
        document = draft(code).document
        for question in document.questions:
            if question.indicator:
                assert document.method in framework.by_code[question.indicator].methods
                served[question.indicator] += 1
    assert {"N01.01", "N01.02", "N05.02", "N06.02", "N07.02", "N08.02", "N17.02"} <= set(served)


@pytest.mark.parametrize(("code", "which"), VISITS)
def test_a_visit_comes_to_what_it_should(code: str, which: str) -> None:
    case = CASES[code][which == "bad"]
    form = draft(code)
    held = filled(code, case)
    found = records.findings(form.xform, form.document, held, at=ENDED)
    assert [(each.kind, each.path) for each in found] == []
    readings, failed = outcome(code, held)
    assert readings == pytest.approx(dict(case.readings))
    assert failed == case.failed


def test_where_nothing_is_laid_on_nothing_is_scored() -> None:
    held = filled("water_gas_connection", NO_MAINS)
    assert outcome("water_gas_connection", held) == (dict(NO_MAINS.readings), ())


@pytest.mark.parametrize("code", FORMS)
def test_a_closed_door_is_a_whole_record(code: str) -> None:
    """It says so with a photo and a reason, gives no value and blames nobody."""
    form = draft(code)
    outside = {each.name for each in form.document.questions if "/online_part/" in each.path}
    given = CASES[code][0].answers
    before = {name: given[name] for name in outside & set(given)}
    held = filled(code, Case(CLOSED if code == "water_gas_connection" else before | CLOSED))
    found = records.findings(form.xform, form.document, held, at=ENDED)
    assert [(each.kind, each.path) for each in found] == []
    readings, failed = outcome(code, held)
    assert readings == {}
    assert failed == ()
    assert any(path.endswith("/open_now_why") for path in held)


@pytest.mark.parametrize("code", FORMS)
def test_a_no_without_its_reason_is_noticed(code: str) -> None:
    form = draft(code)
    bad = filled(code, CASES[code][1])
    reasons = [path for path in bad if path.endswith(("_why", "_said")) and len(bad[path]) > 5]
    for path in reasons:
        less = {key: said for key, said in bad.items() if key != path}
        found = records.findings(form.xform, form.document, less, at=ENDED)
        assert ("required", path) in [(each.kind, each.path) for each in found], path
    assert reasons


@pytest.mark.parametrize("code", FORMS)
def test_a_checkpoint_without_its_photo_is_noticed(code: str) -> None:
    form = draft(code)
    good = filled(code, CASES[code][0])
    needed = {name for each in form.document.questions for name in each.evidence}
    for name in needed:
        path = records.placed(form.document, name)
        less = {key: said for key, said in good.items() if key != path}
        kinds = {each.kind for each in records.findings(form.xform, form.document, less, at=ENDED)}
        assert {"evidence", "required"} <= kinds, name
