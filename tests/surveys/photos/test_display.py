"""What is shown: small, upright, in the right colours, and silent about where it was taken."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from evaluation.platform.evidence import EvidenceGone, EvidenceStore
from surveys.photos import display
from surveys.photos.display import DrawingBusy, NotDrawable, draw, shown
from surveys.photos.kinds import FileRefused
from tests.surveys.photos import samples


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence")


def test_nothing_of_place_time_and_maker_is_left() -> None:
    content = samples.located()
    assert b"PhoneMaker" in content
    drawn = draw(content, 320)
    picture = opened(drawn)
    assert not picture.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & picture.info.keys()
    assert b"PhoneMaker" not in drawn
    assert b"36.05" not in drawn


def test_it_stands_upright() -> None:
    picture = opened(draw(samples.located(), 320))  # 40 × 30, lying on its side
    assert picture.size == (30, 40)
    assert picture.getpixel((15, 3))[0] > 150  # what was left is up: red
    assert picture.getpixel((15, 36))[2] > 150


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_no_side_is_longer_than_wanted(form: str) -> None:
    picture = opened(draw(samples.picture(form, (900, 300)), 320))
    assert picture.format == "JPEG"
    assert picture.size == (320, 107)


def test_a_signature_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(draw(out.getvalue(), 320)).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_are_not_burnt_out() -> None:
    out = io.BytesIO()
    Image.new("I;16", (20, 20), 32768).save(out, "PNG")
    assert abs(opened(draw(out.getvalue(), 320)).getpixel((5, 5))[0] - 128) <= 2


def test_a_colour_profile_is_applied_and_a_broken_one_passed_over() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"no profile"):
        red = opened(draw(samples.picture(icc_profile=icc), 320)).getpixel((5, 5))
        assert red[0] > 180
        assert red[1] < 60


def test_the_first_frame_of_an_animation_is_shown() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    for form in ("GIF", "WEBP", "PNG"):
        out = io.BytesIO()
        frames[0].save(out, form, save_all=True, append_images=frames[1:])
        red = opened(draw(out.getvalue(), 320)).getpixel((5, 5))
        assert red[0] > 200 > red[2]


def test_what_lies_behind_the_picture_is_dropped() -> None:
    assert b"depth data" not in draw(samples.picture() + b"depth data of a phone", 320)


def test_made_once_kept_and_made_again(store: EvidenceStore, tmp_path: Path) -> None:
    sha256 = store.put(samples.picture())
    kept = display.folder(tmp_path)
    first = shown(store, kept, sha256, "thumb")
    (path,) = kept.rglob("*.jpg")
    path.write_bytes(b"kept")
    assert shown(store, kept, sha256, "thumb") == b"kept"
    path.unlink()
    assert shown(store, kept, sha256, "thumb") == first
    assert [each.name for each in kept.rglob("*.jpg")] == [path.name]


def test_what_cannot_be_shown_says_so(store: EvidenceStore, tmp_path: Path) -> None:
    kept = display.folder(tmp_path)
    for content, refusal in (
        (samples.film(b"heic"), NotDrawable),
        (samples.picture() + samples.archive(), FileRefused),
        (samples.png_of(40, 40), NotDrawable),  # its data breaks off
    ):
        with pytest.raises(refusal):
            shown(store, kept, store.put(content))
    with pytest.raises(EvidenceGone):
        shown(store, kept, "0" * 64)
    assert not list(kept.rglob("*"))


def test_only_so_many_are_drawn_at_once(
    store: EvidenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "_drawing", threading.BoundedSemaphore(1))
    monkeypatch.setattr(display, "PATIENCE", 0.01)
    sha256 = store.put(samples.picture())
    display._drawing.acquire()
    with pytest.raises(DrawingBusy):
        shown(store, display.folder(tmp_path), sha256)
    display._drawing.release()
    assert shown(store, display.folder(tmp_path), sha256)


def test_a_full_disk_shows_the_picture_all_the_same(store: EvidenceStore, tmp_path: Path) -> None:
    sha256 = store.put(samples.picture())
    (tmp_path / "shown").write_text("a file where the folder should be")
    assert shown(store, tmp_path / "shown", sha256)
