"""Which files are taken as evidence, by what they are: never by their name or declared type.

Three answers. A *kind* that is shown (pictures our decoder reads); a kind that is kept sealed
and only handed out as it came (HEIC, documents, sound, film); or `FileRefused`, for what is
empty, too large, unknown or more than one thing at once. What is refused was still sent by
somebody in the field: callers keep its bytes too, under `SEALED`, and say so.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import filetype
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_, _
from surveys.filings import attaching
from surveys.filings.errors import FileRefused as OfficeFileRefused
from surveys.photos import hidden
from surveys.photos.structure import Malformed, Outline, outline

MEGABYTE = 2**20
MAX_PICTURE_BYTES = 40 * MEGABYTE
MAX_DOCUMENT_BYTES = 30 * MEGABYTE
MAX_SOUND_BYTES = 60 * MEGABYTE
MAX_FILM_BYTES = 150 * MEGABYTE
#: The largest of them: what a transfer may hold at all.
MAX_BYTES = MAX_FILM_BYTES
#: A JPEG is read at an eighth of its size, so today's largest phone cameras (200 MP) fit.
MAX_JPEG_PIXELS = 220_000_000
MAX_PIXELS = 50_000_000
MAX_SCANS = 64

OFFICE = (attaching.XLSX, attaching.DOCX)

#: Reads the header of each picture that is shown. Not `Image.open`: that has a limit of its own.
DRAWN: dict[str, Callable[[io.BytesIO], ImageFile]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/gif": GifImageFile,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is. ``extension`` begins with a dot."""

    media_type: str
    extension: str
    is_image: bool = False
    displayable: bool = False


#: For what is kept without being known or trusted: handed out as bytes, never shown.
SEALED = Kind("application/octet-stream", ".bin")

KINDS = {
    each.media_type: each
    for each in (
        Kind("image/jpeg", ".jpg", is_image=True, displayable=True),
        Kind("image/png", ".png", is_image=True, displayable=True),
        Kind("image/webp", ".webp", is_image=True, displayable=True),
        Kind("image/gif", ".gif", is_image=True, displayable=True),
        Kind("image/heic", ".heic", is_image=True),
        Kind("image/avif", ".avif", is_image=True),
        Kind("application/pdf", ".pdf"),
        Kind(attaching.XLSX, ".xlsx"),
        Kind(attaching.DOCX, ".docx"),
        Kind("text/csv", ".csv"),
        Kind("audio/mpeg", ".mp3"),
        Kind("audio/mp4", ".m4a"),
        Kind("audio/wav", ".wav"),
        Kind("audio/ogg", ".ogg"),
        Kind("audio/aac", ".aac"),
        Kind("audio/amr", ".amr"),
        Kind("audio/webm", ".weba"),
        Kind("video/mp4", ".mp4"),
        Kind("video/quicktime", ".mov"),
        Kind("video/webm", ".webm"),
        Kind("video/3gpp", ".3gp"),
    )
}
_GUESSES = {
    "image/apng": "image/png",
    "audio/x-wav": "audio/wav",
    "video/x-m4v": "video/mp4",
    "video/x-matroska": "video/webm",
}
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_SOUND_NAMES = (".m4a", ".weba", ".mka", ".aac", ".opus")

REASONS = {
    "empty": N_("文件是空的。请重新拍摄或重新选择。"),
    "too-large": N_("文件有 {size} MB，超过 {limit} MB 的上限。请缩短录制或降低画质后重新采集。"),
    "too-many-pixels": N_("图片的像素超过可处理的上限。请用普通画质重新拍摄。"),
    "svg": N_("这是 SVG 矢量图，不能作为现场照片。请用相机拍摄。"),
    "html": N_("这是网页或标记文本，不能作为佐证。"),
    "polyglot": N_("这个文件里还藏有别的内容（网页、脚本、压缩包或另一种文档），不能作为佐证。"),
    "unknown": N_("无法认出这个文件的类型，或者它已损坏。"),
}


class FileRefused(DomainError):
    """A file that is not taken as evidence: ``reason`` is a key of `REASONS`.

    Whoever receives it keeps the bytes sealed and tells the person; nothing is thrown away.
    """

    status = 422
    code = "file-refused"
    title = N_("文件不能作为佐证")

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason=reason, **facts)
        self.reason = reason

    def explain(self) -> str:
        """Why, and what to do, in the current language."""
        return _(REASONS[self.reason], **{k: v for k, v in self.facts.items() if k != "reason"})


def kind_of(content: bytes, name: str = "") -> Kind:
    """What *content* is; *name* only tells sound from film in a container that may be either,
    and lets Collect's ``audit.csv`` pass. Raises FileRefused."""
    if not content:
        raise FileRefused("empty")
    _refuse_larger(content, MAX_BYTES)
    _refuse_markup(content)
    media_type = _guess(content, name.lower())
    kind = KINDS.get(media_type)
    if kind is None:
        raise FileRefused("unknown")
    _refuse_larger(content, limit(media_type))
    if media_type in OFFICE:
        return _office(content)
    if media_type == "application/pdf":
        if hidden.ends_as_zip(content) or hidden.markup_in(content[:4096]):
            raise FileRefused("polyglot")
        return kind
    return _media(content, kind)


def kind_named(media_type: str) -> Kind:
    """The kind by its media type, as stored beside a file; `SEALED` for any other."""
    return KINDS.get(media_type, SEALED)


def limit(media_type: str) -> int:
    """How many bytes a file of the type may have."""
    if media_type in OFFICE:
        return attaching.MAX_BYTES
    family = media_type.partition("/")[0]
    by_family = {"image": MAX_PICTURE_BYTES, "audio": MAX_SOUND_BYTES, "video": MAX_FILM_BYTES}
    return by_family.get(family, MAX_DOCUMENT_BYTES)


def _media(content: bytes, kind: Kind) -> Kind:
    try:
        shape = outline(kind.media_type, content)
    except KeyError:  # a stream of frames or clusters: it ends where the file does
        shape = Outline(len(content), ((0, min(4096, len(content))),))
    except Malformed:
        raise FileRefused("polyglot" if hidden.ends_as_zip(content) else "unknown") from None
    if hidden.suspicious(content, shape):
        raise FileRefused("polyglot")
    if kind.displayable:
        _refuse_flood(content, kind.media_type, shape)
    return kind


def _refuse_flood(content: bytes, media_type: str, shape: Outline) -> None:
    try:
        with DRAWN[media_type](io.BytesIO(content)) as picture:
            pixels = picture.width * picture.height
    except (OSError, ValueError, SyntaxError, EOFError):
        raise FileRefused("unknown") from None
    whole = media_type != "image/jpeg" or shape.progressive
    if pixels > (MAX_PIXELS if whole else MAX_JPEG_PIXELS) or shape.scans > MAX_SCANS:
        raise FileRefused("too-many-pixels")


def _refuse_larger(content: bytes, most: int) -> None:
    if len(content) > most:
        size = f"{len(content) / MEGABYTE:.1f}"
        raise FileRefused("too-large", size=size, limit=most // MEGABYTE)


def _refuse_markup(content: bytes) -> None:
    start = content[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "ignore").encode()
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        raise FileRefused("svg" if b"<svg" in start.lower() else "html")


def _guess(content: bytes, name: str) -> str:
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return attaching.XLSX if name.endswith(".xlsx") else attaching.DOCX
    if content[4:8] == b"ftyp":
        return _container(content, name)
    found: str = filetype.guess_mime(content[:8192]) or ""
    media_type = _GUESSES.get(found, found)
    if media_type == "video/webm" and name.endswith(_SOUND_NAMES):
        return "audio/webm"
    if not media_type and name.endswith(".csv") and _is_table(content):
        return "text/csv"
    return media_type


def _container(content: bytes, name: str) -> str:
    brand = content[8:12]
    if brand in _HEIF_BRANDS:
        return "image/heic"
    if brand in (b"avif", b"avis"):
        return "image/avif"
    if brand == b"qt  ":
        return "video/quicktime"
    if brand in (b"M4A ", b"M4B ") or name.endswith(_SOUND_NAMES):
        return "audio/mp4"
    return "video/3gpp" if brand.startswith(b"3g") else "video/mp4"


def _is_table(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and "," in text.split("\n", 1)[0] and not hidden.markup_in(content)


def _office(content: bytes) -> Kind:
    try:
        _kept, media_type = attaching.clean(content)
    except OfficeFileRefused:
        raise FileRefused("unknown") from None
    return KINDS[media_type]
