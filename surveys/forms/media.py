"""Pictures and sounds that a form shows: which files are taken. Pure."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import filetype
from PIL import Image, UnidentifiedImageError

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_

MAX_FILES = 30
MAX_BYTES = 5 * 2**20
MAX_TOGETHER = 15 * 2**20  # a phone fetches all of it
MAX_PIXELS = 25_000_000
#: By content → the endings that say so.
TAKEN = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "audio/mpeg": (".mp3",),
    "audio/x-wav": (".wav",),
    "audio/m4a": (".m4a",),
    "audio/mp4": (".m4a",),
    "audio/ogg": (".ogg", ".oga"),
    "video/mp4": (".mp4",),
}


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that came with the workbook and is taken."""

    name: str
    content: bytes
    media_type: str


def taken(files: Iterable[tuple[str, bytes]]) -> tuple[list[MediaFile], list[Fault]]:
    """The files that are taken, and a fault for each that is not."""
    good: list[MediaFile] = []
    faults: list[Fault] = []
    given = list(files)
    if len(given) > MAX_FILES:
        faults.append(
            _fault(
                "",
                N_("附带的文件有 {count} 个，超过 {limit} 个。"),
                N_("请只带题目要显示的文件。"),
                count=len(given),
                limit=MAX_FILES,
            )
        )
        return good, faults
    for name, content in given:
        kind, fault = _kind(name, content)
        if fault is not None:
            faults.append(fault)
        elif name in {each.name for each in good}:
            faults.append(_fault(name, N_("有两个文件同名。"), N_("请改名。")))
        else:
            good.append(MediaFile(name, content, kind))
    faults += _together(good)
    return good, faults


def _together(files: Sequence[MediaFile]) -> list[Fault]:
    size = sum(len(each.content) for each in files)
    if size <= MAX_TOGETHER:
        return []
    return [_fault("", N_("附带的文件共 {size} MB，超过 {limit} MB：手机要全部下载。"),
                   N_("请缩小图片或音频。"), size=round(size / 2**20, 1),
                   limit=MAX_TOGETHER // 2**20)]  # fmt: skip


def _kind(name: str, content: bytes) -> tuple[str, Fault | None]:
    if not content:
        return "", _fault(name, N_("文件是空的。"), N_("请检查原文件。"))
    if len(content) > MAX_BYTES:
        return "", _fault(
            name, N_("文件有 {size} MB，超过 {limit} MB。"), N_("请缩小后再上传。"),
            size=round(len(content) / 2**20, 1), limit=MAX_BYTES // 2**20,
        )  # fmt: skip
    kind = filetype.guess_mime(content) or ""
    if kind not in TAKEN or not name.lower().endswith(TAKEN[kind]):
        return "", _fault(
            name, N_("这不是可以使用的图片、音频或视频，或扩展名与内容不符。"),
            N_("请用 JPEG、PNG、WebP 图片，MP3、M4A、OGG、WAV 音频或 MP4 视频。"),
        )  # fmt: skip
    if kind.startswith("image/") and not _is_picture(content):
        return "", _fault(name, N_("图片打不开，或像素太多。"), N_("请另存为较小的图片。"))
    return kind, None


def _is_picture(content: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return False
                picture.verify()
    except (
        UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):  # fmt: skip
        return False
    return True


def _fault(name: str, what: str, mend: str, **facts: object) -> Fault:
    return Fault("media-file", what, mend, facts, file=name)
