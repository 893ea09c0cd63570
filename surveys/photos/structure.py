"""Where the content of a file ends, and which of its parts may hold text. Pure.

A picture can carry a web page in a comment or a zip file behind its end. Walking the format's
own structure finds both, without decoding anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_PARTS = 200_000

#: The first marker after entropy-coded data that is neither stuffing nor a restart. What fills
#: before it is skipped: a pattern that begins with one plain byte is found 25 times as fast.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_GIF_BLOCKS = {0x21: "extension", 0x2C: "image"}


@dataclass(frozen=True, slots=True)
class Outline:
    """``end``: first byte behind the content. ``texts``: parts (start, end) outside the pixels.

    ``progressive``: a JPEG whose decoder must keep every coefficient; ``scans`` of a JPEG.
    """

    end: int
    texts: tuple[tuple[int, int], ...] = ()
    progressive: bool = False
    scans: int = 1


class Malformed(ValueError):
    """The structure breaks off, or is none."""


def outline(media_type: str, content: bytes) -> Outline:
    """The outline of a file of a type in `WALKS`. Raises Malformed."""
    try:
        return WALKS[media_type](content)
    except IndexError:
        raise Malformed(media_type) from None


def jpeg(content: bytes) -> Outline:
    """Segments up to the end-of-image marker."""
    at, progressive, scans = 2, False, 0
    texts: list[tuple[int, int]] = []
    for _part in _bounded():
        if content[at] != 0xFF:
            raise Malformed("jpeg")
        while content[at] == 0xFF:
            at += 1
        marker = content[at]
        at += 1
        if marker == 0xD9:
            if not scans:
                raise Malformed("jpeg")
            return Outline(at, tuple(texts), progressive, scans)
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            continue
        length = _number(content, at, 2)
        if length < 2:
            raise Malformed("jpeg")
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            texts.append((at + 2, at + length))
        progressive = progressive or marker in (0xC2, 0xC6, 0xCA, 0xCE)
        at += length
        if marker == 0xDA:
            scans += 1
            found = _MARKER.search(content, at)
            if found is None:
                raise Malformed("jpeg")
            at = found.start()
    raise Malformed("jpeg")


def png(content: bytes) -> Outline:
    """Chunks up to IEND."""
    at = 8
    texts: list[tuple[int, int]] = []
    for _part in _bounded():
        length, kind = _number(content, at, 4), content[at + 4 : at + 8]
        body, at = at + 8, at + 12 + length
        if at > len(content):
            raise Malformed("png")
        if kind == b"IEND":
            return Outline(at, tuple(texts))
        if kind not in (b"IDAT", b"fdAT", b"PLTE", b"IHDR"):
            texts.append((body, body + length))
    raise Malformed("png")


def gif(content: bytes) -> Outline:
    """Blocks up to the trailer."""
    at = 13 + _colours(content[10])
    texts: list[tuple[int, int]] = []
    for _part in _bounded():
        kind = content[at]
        if kind == 0x3B:
            return Outline(at + 1, tuple(texts))
        if kind not in _GIF_BLOCKS:
            raise Malformed("gif")
        is_image = _GIF_BLOCKS[kind] == "image"
        at += 11 + _colours(content[at + 9]) if is_image else 2
        start = at
        while content[at]:
            at += 1 + content[at]
        at += 1
        if not is_image:
            texts.append((start, at))
    raise Malformed("gif")


def riff(content: bytes) -> Outline:
    """Chunks within the RIFF size: WebP and WAV."""
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content) + 1:
        raise Malformed("riff")
    at = 12
    texts: list[tuple[int, int]] = []
    for _part in _bounded():
        if at + 8 > end:
            return Outline(min(end, len(content)), tuple(texts))
        kind, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if kind not in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF", b"data"):
            texts.append((at + 8, min(at + 8 + length, end)))
        at += 8 + length + length % 2
    raise Malformed("riff")


def boxes(content: bytes) -> Outline:
    """Top-level boxes of an ISO file (mp4, mov, 3gp, m4a, heic); data is not text."""
    at = 0
    texts: list[tuple[int, int]] = []
    for _part in _bounded():
        if at == len(content):
            return Outline(at, tuple(texts))
        length, kind = _number(content, at, 4), content[at + 4 : at + 8]
        if not kind.isalnum() and not kind.strip(b"\xa9 -_").isalnum():
            return Outline(at, tuple(texts))
        if length == 1:
            length = _number(content, at + 8, 8)
        elif length == 0:
            length = len(content) - at
        if length < 8 or at + length > len(content):
            if kind == b"mdat":  # a recording that was cut off
                return Outline(len(content), tuple(texts))
            raise Malformed("boxes")
        if kind not in (b"mdat", b"moof", b"idat"):
            texts.append((at + 8, at + length))
        at += length
    raise Malformed("boxes")


def _colours(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _number(content: bytes, at: int, length: int) -> int:
    if at + length > len(content):
        raise Malformed
    return int.from_bytes(content[at : at + length], "big")


def _bounded() -> Iterator[int]:
    return iter(range(MAX_PARTS))


WALKS: dict[str, Callable[[bytes], Outline]] = {
    "image/jpeg": jpeg,
    "image/png": png,
    "image/gif": gif,
    "image/webp": riff,
    "audio/wav": riff,
    **dict.fromkeys(
        (
            *("image/heic", "image/avif", "video/mp4", "video/quicktime", "video/3gpp"),
            "audio/mp4",
        ),
        boxes,
    ),
}
