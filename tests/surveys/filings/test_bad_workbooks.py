"""A workbook with something wrong in it: every fault by its address, nothing stored."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook, load_workbook

from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceFile, EvidenceStore
from surveys.filings import approving, marking, store, uploading
from surveys.filings.models import FilingUpload
from tests.surveys.filings.desk import (
    CLERK,
    OFFICE,
    a_filing_round,
    commit,
    filled,
    look,
    save,
    workbook,
)

BAD = {
    "full-width": ({"H4": "１２"}, "full-width", "H4"),
    "thousands": ({"H4": "1,234"}, "thousands-separator", "H4"),
    "percent": ({"H5": "98%"}, "percent-sign", "H5"),
    "text": ({"H4": "约5天"}, "not-a-number", "H4"),
    "error": ({"H4": "#DIV/0!"}, "error-value", "H4"),
    "formula": ({"H4": "=SUM(1,2)"}, "formula-without-value", "H4"),
    "boolean": ({"H4": True}, "boolean", "H4"),
    "range": ({"H4": 61}, "out-of-range", "H4"),
    "unknown": ({"B4": "I77"}, "unknown-code", "B4"),
    "not filed": ({"B4": "I5"}, "not-filed", "B4"),
    "no code": ({"B4": None, "H4": 3}, "no-code", "H4"),
    "twice": ({"B5": "I1"}, "duplicate-code", "B5"),
    "not applicable": ({"I4": "是"}, "not-applicable-refused", "I4"),
    "both": ({"H7": 5, "I7": "是"}, "value-and-not-applicable", "I7"),
    "neither yes nor no": ({"I7": "也许"}, "not-yes", "I7"),
    "header": ({"H3": "本期数值"}, "renamed-header", "H3"),
    "header overwritten": ({"H3": 4}, "renamed-header", "H3"),
    "header twice": ({"J3": "本期值"}, "duplicate-header", "H3"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_bad_cell_is_named_by_its_address(
    database: Database, evidence_store: EvidenceStore, case: str
) -> None:
    values, code, cell = BAD[case]
    with database.writing() as session:
        found = a_filing_round(session)
        content = workbook(session, found, values=values)
        shown = look(session, found, content)
        assert (code, cell) in [(fault.code, fault.cell) for fault in shown.errors]
        with pytest.raises(Faulty):
            commit(session, evidence_store, found, content)
        assert store.cells(session, found.id, "C1") == {}
        marked = marking.marked(content, shown.errors, name="表.xlsx")
    assert marked is not None
    book = load_workbook(io.BytesIO(marked))
    comment = book["填报"][cell].comment
    assert comment is not None
    assert comment.author == marking.AUTHOR
    assert book.sheetnames[0] == "校验结果"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_all_faults_come_at_once_and_mended_marks_go_away(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        content = workbook(session, found, values={"H4": "1,2", "H5": "98%", "H6": 500})
        shown = look(session, found, content)
        assert [fault.cell for fault in shown.errors] == ["H4", "H5", "H6"]
        marked = marking.marked(content, shown.errors, name="表.xlsx")
        assert marked is not None
        assert [f.code for f in look(session, found, marked).errors] == [
            f.code for f in shown.errors
        ]
        mended = filled(marked, {"H4": 12, "H5": 98, "H6": 50})
        assert look(session, found, mended).errors == []
        clean = marking.marked(mended, [], name="表.xlsx")
    assert clean is not None
    assert load_workbook(io.BytesIO(clean))["填报"]["H4"].comment is None


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_form_of_another_city_round_or_version_is_refused(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        other = a_filing_round(session, "R2")
        content = workbook(session, found, values={"H4": 5})
        codes = [f.code for f in look(session, found, content, city="C2").errors]
        assert codes == ["other-city"]
        assert [f.code for f in look(session, other, content).errors] == ["other-round"]
        old = filled(content, {"B4": "0" * 64}, sheet="_yingshang")
        assert [f.code for f in look(session, found, old).errors] == ["other-framework"]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_plain_table_is_read_with_a_warning(database: Database) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "填报"
    for row in (["代码", "本期值"], ["I1", 5], ["I2", 90]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    with database.writing() as session:
        found = a_filing_round(session)
        shown = look(session, found, out.getvalue())
    assert not shown.filled.checked
    assert shown.errors == []
    assert {fault.code for fault in shown.faults} == {"not-our-template", "missing-rows"}
    assert len(shown.changes) == 2


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_merged_cells_and_a_missing_sheet_are_told(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        book = load_workbook(io.BytesIO(workbook(session, found)))
        book["填报"].merge_cells("H4:H5")
        out = io.BytesIO()
        book.save(out)
        assert "merged" in [f.code for f in look(session, found, out.getvalue()).errors]
        book["填报"].title = "我的表"
        out = io.BytesIO()
        book.save(out)
        assert [f.code for f in look(session, found, out.getvalue()).errors] == ["no-sheet"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 x", b"a,b\n1,2\n", b"PK\x03\x04broken"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_no_workbook_is_refused_and_not_kept(
    database: Database, evidence_store: EvidenceStore, content: bytes
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        with pytest.raises(Faulty):
            uploading.keep_upload(session, evidence_store, CLERK, found, "C1", content, name="x")
        assert session.query(FilingUpload).count() == 0
        assert session.query(EvidenceFile).count() == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_workbook_cannot_change_a_locked_cell(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I2", 80)
        save(session, found, "C1", "I3", 70)
        approving.submit(session, CLERK, found, "C1", missing_confirmed=True)
        approving.give_back(session, OFFICE, found, "C1", {"I2": "请核对"})
        content = workbook(session, found, values={"H5": 81, "H6": 71})
        shown = look(session, found, content)
        assert [(f.code, f.cell) for f in shown.errors] == [("locked", "H6")]
