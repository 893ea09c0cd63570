"""The workbook down and up: what it changes, what it leaves, and that twice is once."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from evaluation.platform import audit
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from surveys.filings import store, uploading
from surveys.filings.errors import PreviewStale
from tests.surveys.filings.desk import (
    CLERK,
    a_filing_round,
    commit,
    filled,
    look,
    save,
    workbook,
)

# rows of the workbook: 1 title, 2 subtitle, 3 header, 4–7 I1–I4; B code, H value, I n/a, J note
ROWS = {"I1": 4, "I2": 5, "I3": 6, "I4": 7}


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
