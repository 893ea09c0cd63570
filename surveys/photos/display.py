"""Pictures for looking at: drawn anew from their pixels, upright, in sRGB, without any metadata.

The original is sealed evidence and is never changed; what is shown is made from it, kept in a
folder that may be emptied at any time, and says nothing of where, when or by what phone.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from evaluation.platform.errors import DomainError
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.i18n import N_
from surveys.photos.kinds import DRAWN, kind_of

#: Longest side in pixels.
SIZES = {"thumb": 320, "large": 1600}
MEDIA_TYPE = "image/jpeg"
#: Part of a kept picture's name: another number when drawing changes.
EDITION = 1
AT_ONCE = 2
PATIENCE = 20.0  # seconds

_drawing = threading.BoundedSemaphore(AT_ONCE)


class NotDrawable(DomainError):
    """The file is no picture that can be shown; it can be downloaded by those entitled."""

    status = 422
    code = "not-drawable"
    title = N_("不能显示这个文件")
    detail = N_("这个文件不是可以显示的图片，或者图片已损坏。原件仍完整保存，可以下载查看。")


class DrawingBusy(DomainError):
    """Too many pictures are being drawn."""

    status = 503
    code = "drawing-busy"
    title = N_("正在生成的图片太多")
    detail = N_("正在生成的图片太多，请几秒后刷新。")


def folder(data: Path) -> Path:
    """Where shown pictures are kept; it may be deleted at any time."""
    return data / "shown"


def shown(store: EvidenceStore, kept: Path, sha256: str, size: str = "large") -> bytes:
    """The picture behind a hash as a JPEG of a size in `SIZES`; *kept* is `folder`'s.

    Raises NotDrawable, `FileRefused` for what is not let in at all, DrawingBusy, EvidenceGone.
    """
    path = kept / sha256[:2] / f"{sha256}-{size}-{EDITION}.jpg"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    with _turn():
        with contextlib.suppress(OSError):
            return path.read_bytes()
        drawn = draw(store.get(sha256), SIZES[size])
    _keep(path, drawn)
    return drawn


def draw(content: bytes, longest: int) -> bytes:
    """A JPEG of the picture's pixels, no side longer than *longest*. Raises as `shown` does."""
    kind = kind_of(content)
    if not kind.displayable:
        raise NotDrawable
    try:
        with DRAWN[kind.media_type](io.BytesIO(content)) as picture:
            picture.draft("RGB", (longest, longest))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            plain = _on_white(_in_srgb(upright))
            out = io.BytesIO()
            plain.save(out, "JPEG", quality=82, optimize=True)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise NotDrawable from error
    return out.getvalue()


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a profile that cannot be read changes no colours
    return turned or picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Pixels on a fresh canvas, so that nothing of the original's metadata comes along."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    canvas = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
    else:
        canvas.paste(picture.convert("RGB"))
    return canvas


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    if not _drawing.acquire(timeout=PATIENCE):
        raise DrawingBusy
    try:
        yield
    finally:
        _drawing.release()


def _keep(path: Path, drawn: bytes) -> None:
    """Put the picture in its place at once; without room on the disk it is drawn again later."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(drawn)
            os.replace(name, path)
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return
