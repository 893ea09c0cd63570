"""What is let in as evidence, how it is cleaned, that removal leaves its trace."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from evaluation.platform.database import Database
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from surveys.filings import approving, attaching, files_store
from surveys.filings.errors import FileRefused, FilingLocked
from tests.surveys.filings.desk import APPROVER, CLERK, a_filing_round, save

PDF = b"%PDF-1.7\n1 0 obj\n"


def picture(form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 4), "teal").save(out, form, **options)
    return out.getvalue()


def package(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def test_a_picture_is_drawn_anew_without_its_place_and_time() -> None:
    exif = Image.Exif()
    exif[0x0132] = "2026:11:24 12:00:00"
    exif[0x010E] = "at the window of the hall"
    content = picture(exif=exif)
    assert b"window" in content
    kept, media_type = attaching.clean(content + b"<script>tail</script>")
    assert media_type == "image/jpeg"
    assert b"window" not in kept
    assert b"script" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, attaching.PDF),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (package("[Content_Types].xml", "xl/workbook.xml"), attaching.XLSX),
        (package("[Content_Types].xml", "word/document.xml"), attaching.DOCX),
    ],
)
def test_what_is_allowed_is_known_by_its_content(content: bytes, media_type: str) -> None:
    assert attaching.clean(content)[1] == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<!doctype html><script>1</script>",
        b"MZ\x90\x00",
        b"GIF89a",
        picture()[:60],
        package("a.txt"),
        package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
        package("[Content_Types].xml", "xl/workbook.xml", "word/document.xml"),
        b"PK\x03\x04broken",
        b"%PDF-1.7" + b"0" * attaching.MAX_BYTES,
    ],
    ids=[
        *("empty", "svg", "html", "program", "gif", "cut picture", "zip", "macro", "two in one"),
        *("broken", "too large"),
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        attaching.clean(content)


def test_a_flood_of_pixels_is_refused_before_it_is_drawn() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(out, "PNG")
    with pytest.raises(FileRefused, match="像素"):
        attaching.clean(out.getvalue())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\tmp\\证明.PDF", "证明.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("", "evidence.pdf"),
    ],
)
def test_names_are_ours(given: str, kept: str) -> None:
    assert attaching.safe_name(given, ".pdf") == kept


def test_attached_once_removed_with_a_trace(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        first = attaching.attach(
            session, evidence_store, CLERK, found, "C1", "I1", PDF, name="a.pdf"
        )
        again = attaching.attach(
            session, evidence_store, CLERK, found, "C1", "I1", PDF, name="b.pdf"
        )
        assert first.id == again.id
        with pytest.raises(NotFound):
            attaching.attached_file(session, found, "C2", first.id)
        with pytest.raises(NotFound):
            attaching.remove(session, CLERK, found, "C1", "I2", first.id)
        attaching.remove(session, CLERK, found, "C1", "I1", first.id)
        assert files_store.evidence(session, found.id, "C1", "I1") == []
        kept = files_store.all_evidence(session, found.id, "C1", "I1")
        assert [(f.removed_by, evidence_store.get(f.sha256)) for f in kept] == [("clerk", PDF)]


def test_nothing_is_attached_to_a_submitted_filing(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        found = a_filing_round(session)
        save(session, found, "C1", "I3", 5)
        approving.submit(session, APPROVER, found, "C1", missing_confirmed=True)
        with pytest.raises(FilingLocked):
            attaching.attach(session, evidence_store, CLERK, found, "C1", "I3", PDF, name="a.pdf")
