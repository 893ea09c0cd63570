"""What a file hides beside its own content: a web page, a script, a zip, another document. Pure."""

from __future__ import annotations

import re
import struct

from surveys.photos.structure import Outline

#: Elements that a browser would run or lay out; in no genuine picture's metadata. Each takes six
#: bytes or more, so that compressed data does not match by chance.
_MARKUP = re.compile(
    rb"<(?:script|html|iframe|body|object|embed|link|meta)[\s>/]|<!doctype\s+html|<\?php\s"
    rb"|<svg[\s/]+(?:xmlns|width|height|version|viewbox|id|class|on)",
    re.IGNORECASE,
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
_END_OF_ZIP = b"PK\x05\x06"


def suspicious(content: bytes, outline: Outline) -> bool:
    """Whether the file is also something else: then nothing shows it as a picture."""
    behind = content[outline.end :]
    return (
        any(_MARKUP.search(content, start, end) for start, end in outline.texts)
        or ends_as_zip(content)
        or _second_header(content)
        or (bool(behind.strip(b"\x00\r\n ")) and _dangerous(behind))
    )


def markup_in(content: bytes) -> bool:
    """Whether a text or document contains elements of a web page."""
    return _MARKUP.search(content) is not None


def ends_as_zip(content: bytes) -> bool:
    """Whether a zip reader would open it: a directory at the end that fits the file."""
    at = content.rfind(_END_OF_ZIP, max(0, len(content) - 65_557))
    if at < 0 or at + 22 > len(content):
        return False
    entries, size, start, comment = struct.unpack("<HIIH", content[at + 10 : at + 22])
    if at + 22 + comment > len(content):
        return False
    directory = content[max(0, at - size) : at]
    if not entries:  # an empty one has nothing to show but its exact place
        return bool(at + 22 + comment == len(content))
    return directory.startswith(b"PK\x01\x02") or bool(start == 0xFFFFFFFF)


def _dangerous(behind: bytes) -> bool:
    # Phones write much behind a picture themselves: further pictures, gain maps, a motion photo's
    # film, lists of extras. None of it is drawn, so all but what could be run is let be.
    start = behind.lstrip(b"\x00\r\n ")
    return (
        start.startswith(_PROGRAMS)
        or b"%PDF-" in behind[:1024]
        or b"PK\x03\x04" in behind[:64]
        or _MARKUP.search(behind) is not None
    )


def _second_header(content: bytes) -> bool:
    # readers of PDF look for its header within the first kilobyte, wherever it stands
    return b"%PDF-" in content[4:1024]
