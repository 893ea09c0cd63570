"""The author's workbook given back, and the empty one."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from evaluation.platform.i18n import use_locale
from surveys.forms.doctor import examine
from surveys.forms.marking import marked
from surveys.forms.template import template
from tests.surveys.forms.workbooks import RowOf, column, look, q, saved, workbook

BAD = workbook(
    q("select_one yes_no", "a"),
    q("text", "b", relevant="$｛a｝＝‘no’"),
    q("text", "c", relevant="${nobody} ＝ 1"),
    q("integr", "d"),
    q("integer", "e", constraint=". > 0"),
)
RELEVANT = column("relevant")


def given_back(content: bytes = BAD) -> bytes:
    made = marked(content, examine(content, "x.xlsx"), name="x.xlsx")
    assert made is not None
    return made


def test_mended_cells_are_green_and_say_what_they_were() -> None:
    sheet = load_workbook(io.BytesIO(given_back()))["survey"]
    cell = sheet[f"{RELEVANT}4"]
    assert cell.value == "${a}='no'"
    assert cell.data_type == "s"
    assert cell.fill.fgColor.rgb.endswith("DDF0DC")
    assert "$｛a｝＝‘no’" in cell.comment.text


def test_what_is_not_mechanical_is_red_and_says_what_to_do() -> None:
    sheet = load_workbook(io.BytesIO(given_back()))["survey"]
    cell = sheet[f"{RELEVANT}5"]
    assert cell.value == "${nobody} = 1"  # mended, and still wrong
    assert cell.fill.fgColor.rgb.endswith("FBE3DF")
    assert "nobody" in cell.comment.text
    assert sheet["A6"].fill.fgColor.rgb.endswith("FBE3DF")
    assert "integer" in sheet["A6"].comment.text
    warned = sheet[f"{column('constraint')}7"]
    assert warned.fill.fgColor.rgb.endswith("FBE3C0")


@pytest.mark.parametrize(("locale", "title"), [("zh", "表单体检"), ("en", "Form check")])
def test_the_first_sheet_lists_everything(locale: str, title: str) -> None:
    with use_locale(locale):
        book = load_workbook(io.BytesIO(given_back()))
    assert book.sheetnames[0] == title
    rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=3)]
    places = {row[1] for row in rows}
    assert {f"survey!{RELEVANT}4", f"survey!{RELEVANT}5", "survey!A6"} <= places
    assert book[title]["B3"].hyperlink.location or book[title]["B3"].hyperlink.target


def test_the_mended_workbook_has_only_the_other_faults_left() -> None:
    before = {fault.code for fault in look(BAD).errors}
    after = {fault.code for fault in look(given_back()).errors}
    assert before - after == {"full-width", "curly"}
    assert after == {"unknown-reference", "unknown-type"}


def test_marks_of_an_earlier_turn_are_taken_off() -> None:
    book = load_workbook(io.BytesIO(given_back()))
    book["survey"]["A6"] = "integer"
    book["survey"][f"{RELEVANT}5"] = "${a} = 'yes'"
    second = load_workbook(io.BytesIO(given_back(saved(book))))
    assert second.sheetnames.count("表单体检") == 1
    assert second["survey"]["A6"].comment is None
    assert second["survey"][f"{RELEVANT}4"].comment is None
    assert look(given_back(saved(book))).errors == ()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_template_needs_only_what_authors_write(locale: str) -> None:
    with use_locale(locale):
        content = template()
        assert template() == content
    codes = {fault.code for fault in look(content).errors}
    assert codes == {"no-questions", "no-form-id", "no-title", "bad-method"}
    book = load_workbook(io.BytesIO(content))
    survey, choices, settings = (book.worksheets[at] for at in (0, 1, 2))
    row = RowOf(survey)
    row.write(3, {"type": "select_one yes_no", "name": "queue", "label::zh": "有吗",
                  "label::en": "Is there?", "required": "yes", "fails_when": "no"})  # fmt: skip
    RowOf(settings).write(2, {"form_id": "hall", "form_title::zh": "大厅",
                              "form_title::en": "Hall", "method": "inspection"})  # fmt: skip
    said = look(saved(book))
    assert said.faults == ()
    assert said.draft is not None
    assert [choice.name for choice in said.draft.document.lists["yes_no"]] == ["yes", "no", "na"]
    assert choices.title


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_column_of_the_template_is_read_and_explained(locale: str) -> None:
    from surveys.forms import vocabulary as words

    with use_locale(locale):
        book = load_workbook(io.BytesIO(template()))
    for sheet in book.worksheets[:6]:
        key = words.sheet_of(sheet.title)
        assert key
        for cell in sheet[1]:
            assert words.header_of(key, cell.value) is not None, cell.value
            assert cell.comment is not None
    assert len(book.worksheets[0].data_validations.dataValidation) >= 5


@pytest.mark.office
def test_libreoffice_opens_both(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    for name, content in (("template", template()), ("marked", given_back())):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        subprocess.run(
            [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/office",
             "--convert-to", "csv", "--outdir", str(tmp_path), str(path)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        assert (tmp_path / f"{name}.csv").read_text(errors="replace").strip()
