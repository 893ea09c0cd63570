"""The workbook down and up: what it changes, what it leaves, and that twice is once."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceFile, EvidenceStore
from evaluation.rounds.models import Round
from surveys.filings import approving, marking, store, uploading
from surveys.filings.errors import PreviewStale
from surveys.filings.models import FilingUpload
from surveys.filings.uploading import Preview
from tests.surveys.filings.desk import CLERK, OFFICE, a_filing_round, filled, save, workbook

# rows of the workbook: 1 title, 2 subtitle, 3 header, 4–7 I1–I4; B code, H value, I n/a, J note
ROWS = {"I1": 4, "I2": 5, "I3": 6, "I4": 7}


def commit(
    session: Any, keeper: EvidenceStore, found: Round, content: bytes, **options: Any
) -> int | None:
    upload = uploading.keep_upload(session, keeper, CLERK, found, "C1", content, name="表.xlsx")
    seen = uploading.preview(session, found, "C1", content, name="表.xlsx").revisions()
    return uploading.commit(
        session, CLERK, found, "C1", upload, content, **({"seen": seen} | options)
    )


def look(session: Any, found: Round, content: bytes, city: str = "C1") -> Preview:
    return uploading.preview(session, found, city, content, name="表.xlsx")


def test_the_template_is_the_same_bytes_and_says_whose_it_is(database: Database) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I2", 88)
        content = workbook(session, found)
        assert content == workbook(session, found)
    book = load_workbook(io.BytesIO(content))
    sheet = book["填报"]
    assert book.sheetnames == ["填报", "说明", "_yingshang"]
    assert book["_yingshang"].sheet_state == "veryHidden"
    assert [cell.value for cell in sheet[3]][:3] == ["序号", "代码", "一级指标"]
    assert [sheet.cell(row, 2).value for row in range(4, 8)] == ["I1", "I2", "I3", "I4"]
    assert sheet["H5"].value == 88
    assert sheet.protection.sheet
    assert not sheet["H4"].protection.locked
    assert sheet["B4"].protection.locked
    assert sheet["I4"].protection.locked  # I1 has no 不适用
    assert not sheet["I7"].protection.locked
    assert sheet.freeze_panes == "E4"
    kinds = [(v.type, str(v.sqref)) for v in sheet.data_validations.dataValidation]
    assert ("list", "I7") in kinds
    assert ("decimal", "H4") in kinds


def test_a_preview_changes_nothing_and_a_commit_changes_all(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I2", 88)
        content = workbook(
            session, found, values={"H4": 12, "H5": 90.5, "I7": "是", "J7": "没有管网"}
        )
        shown = look(session, found, content)
        assert [(c.given.node.code, c.given.cell) for c in shown.changes] == [
            ("I1", "H4"),
            ("I2", "H5"),
            ("I4", "H7"),
        ]
        assert (shown.errors, shown.left, shown.same) == ([], 1, 0)
        assert set(store.cells(session, found.id, "C1")) == {"I2"}
        assert commit(session, evidence_store, found, content) == 3
        cells = store.cells(session, found.id, "C1")
        assert cells["I2"].entry.value == 90.5
        assert (cells["I4"].entry.not_applicable, cells["I4"].entry.note) == (True, "没有管网")
    with database.reading() as session:
        assert audit.verify(session) is None
        rows = [row for row in audit.entries(session) if row["action"] == "filing.workbook_saved"]
        assert len(rows) == 1
        assert '"I1":null' in rows[0]["before"]


def test_the_same_upload_twice_changes_nothing(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        content = workbook(session, found, values={"H4": 12, "H5": 90})
        upload = uploading.keep_upload(
            session, evidence_store, CLERK, found, "C1", content, name="表.xlsx"
        )
        same = uploading.keep_upload(
            session, evidence_store, CLERK, found, "C1", content, name="表.xlsx"
        )
        assert upload.id == same.id
        seen = look(session, found, content).revisions()
        assert uploading.commit(session, CLERK, found, "C1", upload, content, seen=seen) == 2
        assert uploading.commit(session, CLERK, found, "C1", upload, content, seen=seen) is None
        before = store.cells(session, found.id, "C1")
        assert commit(session, evidence_store, found, content) == 0
        assert store.cells(session, found.id, "C1") == before


CELLS = st.dictionaries(
    st.sampled_from(["I1", "I2", "I3", "I4"]), st.integers(0, 60).map(float), max_size=4
)
NUMBERS = itertools.count(1)


@settings(
    derandomize=True,
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=CELLS, second=CELLS)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_any_upload_is_idempotent_and_empty_cells_erase_nothing(
    database: Database,
    evidence_store: EvidenceStore,
    first: dict[str, float],
    second: dict[str, float],
) -> None:
    with database.writing() as session:
        found = a_filing_round(session, f"P{next(NUMBERS)}")
        blank = workbook(session, found)
        for values in (first, second, second):
            fresh = workbook(session, found)
            content = filled(fresh, {f"H{ROWS[code]}": v for code, v in values.items()})
            before = {k: c.entry.value for k, c in store.cells(session, found.id, "C1").items()}
            commit(session, evidence_store, found, content)
            after = {k: c.entry.value for k, c in store.cells(session, found.id, "C1").items()}
            assert after == before | values
            assert commit(session, evidence_store, found, content) == 0
        assert look(session, found, blank).changes == []


def test_what_moved_in_the_system_is_kept_or_chosen(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        for code, value in {"I1": 10, "I2": 80, "I3": 70}.items():
            save(session, found, "C1", code, value)
        content = workbook(session, found, values={"H4": 20, "H5": 85})
        save(session, found, "C1", "I1", 11)
        save(session, found, "C1", "I3", 71)
        shown = look(session, found, content)
        assert [c.given.node.code for c in shown.changes] == ["I2"]
        assert [c.given.node.code for c in shown.conflicts] == ["I1"]
        assert [c.given.node.code for c in shown.overtaken] == ["I3"]
        assert commit(session, evidence_store, found, content) == 1
        held = store.cells(session, found.id, "C1")
        assert [held[code].entry.value for code in ("I1", "I2", "I3")] == [11, 85, 71]
        assert commit(session, evidence_store, found, content, overwrite=["I1"]) == 1
        held = store.cells(session, found.id, "C1")
        assert [held[code].entry.value for code in ("I1", "I2", "I3")] == [20, 85, 71]


def test_a_cell_that_moved_after_the_preview_stops_the_commit(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        content = workbook(session, found, values={"H4": 20, "H5": 85})
        seen = look(session, found, content).revisions()
        save(session, found, "C1", "I1", 11)
        with pytest.raises(PreviewStale) as refused:
            commit(session, evidence_store, found, content, seen=seen)
        assert refused.value.facts["moved"] == ["I1"]
        assert set(store.cells(session, found.id, "C1")) == {"I1"}


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
