"""Evidence of a cell: what is let in, how it is cleaned, who attached and removed it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Session

from evaluation.platform import audit, clock, evidence
from evaluation.platform.audit import Actor
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from evaluation.rounds import store as rounds
from evaluation.rounds.models import Round
from surveys.filings import files_store, rules, service, store
from surveys.filings.errors import FileRefused
from surveys.filings.models import FilingEvidence

MAX_BYTES = 10 * 2**20
MAX_FILES = 20  # a cell
MAX_PIXELS = 40_000_000
MAX_ENTRIES, MAX_UNPACKED = 2_000, 200 * 2**20

#: What is kept, by what the content is, never by its name.
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ALLOWED = N_("可以上传 PDF、图片（JPG、PNG、WebP）、Excel（xlsx）和 Word（docx）文件。")
NOT_ACCEPTED = N_(
    "文件的内容不是 PDF、图片（JPG、PNG、WebP）、Excel（xlsx）或 Word（docx），改扩展名没有用。"
)
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,.xlsx,.docx"
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    PDF: ".pdf",
    XLSX: ".xlsx",
    DOCX: ".docx",
}


def clean(content: bytes) -> tuple[bytes, str]:
    """The bytes to keep and their media type; images are drawn anew, without EXIF.

    Raises `FileRefused` for anything else than a PDF, an image, or an office file without macros.
    """
    if not content:
        raise FileRefused(why=N_("文件是空的。"))
    if len(content) > MAX_BYTES:
        raise FileRefused(
            why=N_("文件有 {size} MB，超过 {limit} MB。请压缩或拆分后上传。"),
            size=round(len(content) / 2**20, 1),
            limit=MAX_BYTES // 2**20,
        )
    media_type = filetype.guess_mime(content[:8192]) or ""
    if media_type in IMAGES:
        return _redraw(content, IMAGES[media_type]), media_type
    if content.startswith(b"%PDF-"):
        return content, PDF
    if content.startswith(b"PK\x03\x04"):
        return content, _office(content)
    raise FileRefused(why=NOT_ACCEPTED)


def attach(
    session: Session,
    evidence_store: EvidenceStore,
    who: Actor,
    round: Round,  # noqa: A002 - the story's own noun
    city: str,
    indicator: str,
    content: bytes,
    *,
    name: str,
) -> FilingEvidence:
    """Attach a file to a cell; the same file again is the same attachment.

    Raises `FilingLocked` and `FileRefused`.
    """
    _require_editable(session, round, city, indicator)
    kept, media_type = clean(content)
    attached = files_store.evidence(session, round.id, city, indicator)
    said = safe_name(name, EXTENSIONS[media_type])
    sha256 = evidence.keep(session, evidence_store, who, kept, name=said, media_type=media_type)
    again = next((each for each in attached if each.sha256 == sha256), None)
    if again is not None:
        return again
    if len(attached) >= MAX_FILES:
        raise FileRefused(why=N_("一项指标最多 {limit} 个佐证文件。"), limit=MAX_FILES)
    added = FilingEvidence(
        round_id=round.id,
        city=city,
        indicator=indicator,
        sha256=sha256,
        name=said,
        added_by=who.username,
        added_at=clock.now(),
    )
    session.add(added)
    session.flush()
    audit.record(
        session,
        who,
        "filing.evidence_attached",
        f"round:{round.code}/city:{city}/indicator:{indicator}",
        after={"id": added.id, "name": said, "sha256": sha256},
    )
    return added


def remove(
    session: Session,
    who: Actor,
    round: Round,  # noqa: A002
    city: str,
    indicator: str,
    number: int,
) -> None:
    """Take an attachment off a cell; its row and its file stay. Raises `FilingLocked`."""
    _require_editable(session, round, city, indicator)
    found = attached_file(session, round, city, number)
    if found.indicator != indicator:
        raise NotFound
    if found.removed_at is not None:
        return
    found.removed_by, found.removed_at = who.username, clock.now()
    session.flush()
    audit.record(
        session,
        who,
        "filing.evidence_removed",
        f"round:{round.code}/city:{city}/indicator:{indicator}",
        before={"id": found.id, "name": found.name, "sha256": found.sha256},
    )


def attached_file(
    session: Session,
    round: Round,  # noqa: A002
    city: str,
    number: int,
) -> FilingEvidence:
    """An attachment of a city by its number. Raises NotFound."""
    found = session.get(FilingEvidence, number) if 0 < number < 2**31 else None
    if found is None or found.round_id != round.id or found.city != city:
        raise NotFound
    return found


def safe_name(name: str, extension: str) -> str:
    """A name without path, control or direction signs, ending as its content does."""
    base = re.split(r"[\\/]", name)[-1]
    said = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:\"|?*]", "", base)
    stem = said.rsplit(".", 1)[0].strip(" .")[:100] or "evidence"
    return stem + extension


def _require_editable(session: Session, round: Round, city: str, indicator: str) -> None:  # noqa: A002
    service.require_indicator(rounds.framework(round), city, indicator)
    gate, held = store.approach(session, round.id, city, indicator)
    rules.require_editable(
        round_state=gate.round_state,
        closes_at=gate.closes_at,
        filing_state=gate.filing_state,
        cell_state=held.state,
        now=clock.now(),
    )


def _redraw(content: bytes, form: str) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise FileRefused(why=N_("图片像素太多，请缩小后上传。"))
                upright = ImageOps.exif_transpose(picture)
                if form == "JPEG" and upright.mode not in ("L", "RGB", "CMYK"):
                    upright = upright.convert("RGB")
                upright.info.clear()
                out = io.BytesIO()
                upright.save(out, form, **({"quality": 90} if form != "PNG" else {}))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused(why=N_("图片已损坏，无法打开。")) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(why=N_("图片像素太多，请缩小后上传。")) from error
    return out.getvalue()


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            names = {entry.filename.casefold() for entry in entries}
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileRefused(why=N_("文件已损坏，无法打开。")) from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileRefused(why=N_("压缩内容太大，不能作为佐证。"))
    if any(part in name for name in names for part in ("vbaproject", "macrosheets/", "activex")):
        raise FileRefused(why=N_("文件含宏或控件，不能作为佐证。请另存为不含宏的文件或 PDF。"))
    workbook, document = "xl/workbook.xml" in names, "word/document.xml" in names
    if "[content_types].xml" in names and workbook != document:
        return XLSX if workbook else DOCX
    raise FileRefused(why=NOT_ACCEPTED)
