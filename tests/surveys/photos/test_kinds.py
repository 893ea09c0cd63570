"""What is taken as evidence, by content; what hides something else is not."""

from __future__ import annotations

import random

import pytest

from evaluation.platform.i18n import use_locale
from surveys.photos import kinds
from surveys.photos.kinds import FileRefused, kind_of
from tests.surveys.photos import samples

SCRIPT = b"<script>alert(1)</script>"
JPEG = samples.picture()
PNG = samples.picture("PNG")
WORKBOOK = samples.archive("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("content", "name", "media_type", "displayable"),
    [
        (JPEG, "a.jpg", "image/jpeg", True),
        (samples.picture(progressive=True), "a.jpg", "image/jpeg", True),
        (PNG, "a.jpg", "image/png", True),  # by content, not by name
        (samples.picture("WEBP"), "a.webp", "image/webp", True),
        (samples.picture("GIF"), "a.gif", "image/gif", True),
        (samples.located(), "a.jpg", "image/jpeg", True),
        (samples.film(b"heic"), "IMG_1.HEIC", "image/heic", False),
        (samples.film(b"mif1"), "IMG_1.HEIC", "image/heic", False),
        (samples.film(b"avif"), "a.avif", "image/avif", False),
        (b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n", "a.pdf", "application/pdf", False),
        (samples.film(), "a.mp4", "video/mp4", False),
        (samples.film(b"qt  "), "a.mov", "video/quicktime", False),
        (samples.film(b"3gp4"), "a.3gp", "video/3gpp", False),
        (samples.film(b"M4A "), "a.m4a", "audio/mp4", False),
        (samples.film(b"isom"), "memo.m4a", "audio/mp4", False),
        (samples.wav(), "a.wav", "audio/wav", False),
        (samples.webm(), "a.webm", "video/webm", False),
        (samples.webm(), "a.weba", "audio/webm", False),
        (b"OggS" + b"\0" * 60, "a.ogg", "audio/ogg", False),
        (b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 20, "a.mp3", "audio/mpeg", False),
        (b"#!AMR\n" + b"\x3c" * 30, "a.amr", "audio/amr", False),
        (b"event,node,start,end\nform start,,1,\n", "audit.csv", "text/csv", False),
        (
            samples.archive("[Content_Types].xml", "xl/workbook.xml"),
            "a.xlsx",
            kinds.attaching.XLSX,
            False,
        ),
    ],
)
def test_taken(content: bytes, name: str, media_type: str, displayable: bool) -> None:
    kind = kind_of(content, name)
    assert (kind.media_type, kind.displayable) == (media_type, displayable)
    assert kind.extension.startswith(".")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- --><svg onload='x()'/>", "svg"),
        ("<svg/>".encode("utf-16"), "svg"),
        (b"  <!DOCTYPE html><p>", "html"),
        (SCRIPT, "html"),
        (b"MZ\x90\x00" + b"\0" * 100, "unknown"),
        (b"just words", "unknown"),
        (JPEG[:200], "unknown"),
        (PNG[:-20], "unknown"),
        (samples.archive(), "unknown"),
        (JPEG + samples.archive(), "polyglot"),
        (PNG + samples.archive(), "polyglot"),
        (samples.picture("GIF") + samples.archive(), "polyglot"),
        (samples.wav() + samples.archive(), "polyglot"),
        (samples.webm() + samples.archive(), "polyglot"),
        (b"%PDF-1.7\n%%EOF\n" + samples.archive(), "polyglot"),
        (JPEG + b"\n" + SCRIPT, "polyglot"),
        (JPEG + b"%PDF-1.4", "polyglot"),
        (JPEG + b"MZ\x90", "polyglot"),
        (JPEG + b"\x7fELF\x02", "polyglot"),
        (samples.with_comment(JPEG, b"*/ <html><body>" + SCRIPT), "polyglot"),
        (samples.with_comment(JPEG, b"%PDF-1.4"), "polyglot"),
        (samples.with_comment(JPEG, b"<?php system($_GET[0]) ?>"), "polyglot"),
        (samples.with_comment(JPEG, b"<svg onload=alert(1)>"), "polyglot"),
        (PNG[:33] + samples.chunk(b"tEXt", b"Comment\0" + SCRIPT) + PNG[33:], "polyglot"),
        (samples.film(b"heic") + SCRIPT, "polyglot"),
        (samples.film() + samples.box(b"udta", SCRIPT), "polyglot"),
        (b"GIF89a/*" + b"\0" * 20, "unknown"),
        (samples.png_of(60_000, 60_000), "too-many-pixels"),
        (samples.png_of(10_000, 10_000), "too-many-pixels"),
    ],
)
def test_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused) as caught:
        kind_of(content, "photo.jpg")
    assert caught.value.reason == reason
    assert caught.value.explain()
    with use_locale("en"):
        assert caught.value.explain().isascii()


@pytest.mark.parametrize(
    "trailer",
    [
        b"\0" * 40,  # padding
        samples.picture(),  # further pictures of a multi-picture file, or a gain map
        samples.film(b"mp42"),  # the film of a motion photo
        b"\x00\x00\x0a\x08SEFH" + b"\0" * 40 + b"SEFT",  # Samsung's extras
        b"depth of the next phone's maker",
    ],
)
def test_what_phones_themselves_append_is_fine(trailer: bytes) -> None:
    assert kind_of(JPEG + trailer, "a.jpg").displayable


def test_noise_in_a_picture_is_no_markup() -> None:
    random.seed(7)
    noise = random.randbytes(3_000_000).replace(b"\xff", b"\xfe")
    head, tail = JPEG[:-2], JPEG[-2:]
    kind_of(head + noise + tail, "a.jpg")  # entropy-coded data is not searched
    kind_of(JPEG + b"\x00\x00\x0a\x08SEFH" + noise + b"SEFT", "a.jpg")


def test_each_family_has_its_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MAX_PICTURE_BYTES", 10)
    with pytest.raises(FileRefused, match="上限") as caught:
        kind_of(JPEG, "a.jpg")
    assert caught.value.reason == "too-large"
    assert kind_of(samples.film(), "a.mp4").media_type == "video/mp4"


def test_a_progressive_picture_may_have_fewer_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MAX_PIXELS", 1000)
    assert kind_of(JPEG, "a.jpg").displayable
    with pytest.raises(FileRefused) as caught:
        kind_of(samples.picture(progressive=True), "a.jpg")
    assert caught.value.reason == "too-many-pixels"


def test_a_picture_of_a_thousand_scans_is_refused() -> None:
    jpeg = samples.picture(progressive=True)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    with pytest.raises(FileRefused) as caught:
        kind_of(jpeg[:-2] + scan * 1000 + jpeg[-2:], "a.jpg")
    assert caught.value.reason == "too-many-pixels"


def test_what_is_not_known_any_more_is_sealed() -> None:
    assert kinds.kind_named("image/jpeg").displayable
    assert kinds.kind_named("image/svg+xml") is kinds.SEALED
