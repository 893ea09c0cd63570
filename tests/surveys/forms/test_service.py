"""From workbook to published version: numbers, drafts, immutability, audit."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy.orm import Session

from evaluation.platform.audit import AuditEntry, System, verify
from evaluation.platform.database import Database
from evaluation.platform.errors import Faulty
from evaluation.platform.evidence import EvidenceFile, EvidenceStore
from surveys.forms import documents, service, store
from surveys.forms.errors import FormInUse, NotADraft, NothingNew, NotPublished
from tests.factories.field import a_visit
from tests.factories.province import a_round
from tests.surveys.forms.workbooks import GOOD, changed, q, workbook

WHO = System("office1", "office")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, "JPEG")
    return out.getvalue()


def put(session: Session, files: EvidenceStore, content: bytes = GOOD, **media: bytes):
    given = [(name.replace("_", "."), data) for name, data in media.items()]
    return service.upload(session, files, WHO, content, "表单.xlsx", given)


def test_an_upload_is_a_draft_with_everything_behind_hashes(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        made = put(session, evidence_store)
        assert (made.state, made.number, made.form.code) == ("draft", 1, "hall")
        assert (made.title, made.title_en) == ("大厅暗访（示例）", "Hall visit (example)")
        document = documents.document(evidence_store, made)
        assert document.by_name["minutes"].score_rule == "value | max 100"
        assert document.kit.script[0].minutes == 15
        xform = documents.xform(evidence_store, made)
        assert '<data id="hall" version="1">' in xform
        page = documents.page(evidence_store, made)
        assert set(page) == {"form", "model"}
        assert page["form"].startswith("<form")
        assert evidence_store.get(made.source) == GOOD
        kept = set(session.scalars(sa.select(EvidenceFile.sha256)))
        assert {made.source, made.xform, made.document, made.page} <= kept
        assert store.published(session) == []
        assert not store.was_published(made)


def test_publishing_is_final_and_the_next_upload_is_the_next_version(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        first = put(session, evidence_store)
        service.publish(session, WHO, first)
        before = (first.xform, first.document, first.page, first.source)
        second = put(session, evidence_store, changed(GOOD, "survey", "C3", "有排队叫号吗"))
        assert second.number == 2
        assert store.newest_published(session, "hall") is first
        service.publish(session, WHO, second)
        assert (first.xform, first.document, first.page, first.source) == before
        assert first.state == "published"
        assert [each.number for each in store.published(session)] == [2]
        assert store.version(session, "hall", 1) is first
        assert documents.document(evidence_store, first).number == 1
        with pytest.raises(NotADraft):
            service.publish(session, WHO, first)
        with pytest.raises(NotADraft):
            service.discard(session, WHO, second)


def test_a_second_draft_takes_the_place_of_the_first(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        put(session, evidence_store)
        second = put(session, evidence_store, changed(GOOD, "survey", "C3", "改了"))
        assert second.number == 1
        assert len(store.versions(session, "hall")) == 1
        assert documents.document(evidence_store, second).by_name["queue"].label.zh == "改了"


def test_the_same_again_is_no_new_version(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        service.publish(session, WHO, put(session, evidence_store))
        with pytest.raises(NothingNew):
            put(session, evidence_store)


def test_a_change_of_the_logic_alone_is_a_new_version(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        service.publish(session, WHO, put(session, evidence_store))
        book = load_workbook(io.BytesIO(GOOD))
        sheet = book["survey"]
        cell = next(c for c in sheet["J"] if c.value == "${minutes} * 2")
        cell.value = "${minutes} * 3"
        out = io.BytesIO()
        book.save(out)
        assert put(session, evidence_store, out.getvalue()).number == 2


def test_discarding_takes_only_the_draft(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        service.discard(session, WHO, put(session, evidence_store))
        assert store.form_by_code(session, "hall") is None
        service.publish(session, WHO, put(session, evidence_store))
        service.discard(
            session, WHO, put(session, evidence_store, changed(GOOD, "survey", "C3", "改了"))
        )
        assert [each.number for each in store.versions(session, "hall")] == [1]


def test_faults_keep_everything_out(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session, pytest.raises(Faulty) as caught:
        put(session, evidence_store, workbook(q("integr", "a"), q("text", "姓名")))
    assert {fault.code for fault in caught.value.faults} == {"unknown-type", "chinese-name"}
    with database.reading() as session:
        assert store.everything(session) == []


def test_media_come_with_the_workbook(database: Database, evidence_store: EvidenceStore) -> None:
    content = workbook(q("note", "look", image="sign.jpg"), q("text", "seen"))
    with database.writing() as session:
        made = put(session, evidence_store, content, sign_jpg=picture())
        (file,) = store.media(session, made.id)
        assert (file.name, file.media_type) == ("sign.jpg", "image/jpeg")
        assert evidence_store.get(file.sha256) == picture()
        with pytest.raises(Faulty) as caught:
            put(session, evidence_store, content)
        assert caught.value.faults[0].code == "missing-media"
        with pytest.raises(Faulty) as caught:
            put(session, evidence_store, content, sign_jpg=b"<svg onload='x'/>")
        assert {fault.code for fault in caught.value.faults} >= {"media-file"}


def test_another_file_under_the_same_name_is_a_new_version(
    database: Database, evidence_store: EvidenceStore
) -> None:
    content = workbook(q("note", "look", image="sign.jpg"), q("text", "seen"))
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG")
    with database.writing() as session:
        service.publish(session, WHO, put(session, evidence_store, content, sign_jpg=picture()))
        again = put(session, evidence_store, content, sign_jpg=out.getvalue())
        assert again.number == 2


def test_retiring_and_restoring(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        made = put(session, evidence_store)
        with pytest.raises(NotPublished):
            service.retire(session, WHO, made.form)
        service.publish(session, WHO, made)
        service.retire(session, WHO, made.form)
        assert store.published(session) == []
        assert store.version(session, "hall", 1) is made
        service.restore(session, WHO, made.form)
        assert store.published(session) == [made]
        service.retire(session, WHO, made.form)
        newer = put(session, evidence_store, changed(GOOD, "survey", "C3", "改了"))
        service.publish(session, WHO, newer)
        assert store.published(session) == [newer]


def test_a_form_that_visits_still_need_is_not_retired(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        made = put(session, evidence_store)
        service.publish(session, WHO, made)
        round_ = a_round(session)
        assert store.visits_with(session) == {}
        a_visit(session, round_, made, "eva")
        assert store.visits_with(session) == {made.form_id: 1}
        with pytest.raises(FormInUse):
            service.retire(session, WHO, made.form)
        session.execute(sa.text("UPDATE visits SET state = 'cancelled'"))
        service.retire(session, WHO, made.form)


def test_every_step_has_its_audit_row(database: Database, evidence_store: EvidenceStore) -> None:
    with database.writing() as session:
        made = put(session, evidence_store)
        service.publish(session, WHO, made)
        service.retire(session, WHO, made.form)
        service.restore(session, WHO, made.form)
        service.discard(
            session, WHO, put(session, evidence_store, changed(GOOD, "survey", "C3", "改了"))
        )
        rows = session.execute(
            sa.select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.number)
        ).all()
        assert [tuple(row) for row in rows] == [
            ("form.uploaded", "form:hall@1"),
            ("form.published", "form:hall@1"),
            ("form.retired", "form:hall"),
            ("form.restored", "form:hall"),
            ("form.uploaded", "form:hall@2"),
            ("form.discarded", "form:hall@2"),
        ]
        assert verify(session) is None
