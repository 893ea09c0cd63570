"""Files as phones, and people with bad intentions, send them; all made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A small picture, red on the left and blue on the right."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def located() -> bytes:
    """A JPEG that says where it was taken and lies on its side (EXIF orientation 6)."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 3.0, 0.0), 3: "E", 4: (103.0, 50.0, 0.0)})
    return picture(exif=exif, xmp=b"<x:xmpmeta>36.05,103.83</x:xmpmeta>")


def archive(*names: str) -> bytes:
    """A zip of small files, by default a web page."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names or ("index.html",):
            package.writestr(name, "<script>alert(1)</script>")
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing: a flood of pixels in 100 bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 100)
    chunks = b"".join(chunk(*each) for each in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + chunks


def chunk(kind: bytes, body: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def box(kind: bytes, body: bytes) -> bytes:
    """An ISO box."""
    return struct.pack(">I", 8 + len(body)) + kind + body


def film(brand: bytes = b"isom", body: bytes = b"frames") -> bytes:
    """An ISO container: film, sound or HEIC by its brand."""
    return box(b"ftyp", brand + b"\0\0\2\0" + brand) + box(b"moov", b"\0" * 8) + box(b"mdat", body)


def wav() -> bytes:
    """A second of nothing."""
    body = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    body += b"data" + struct.pack("<I", 100) + b"\x80" * 100
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webm() -> bytes:
    """The head of a WebM recording."""
    return b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + b"\x00" * 64


def with_comment(jpeg: bytes, text: bytes) -> bytes:
    """A JPEG with a comment right behind its start."""
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + jpeg[2:]
