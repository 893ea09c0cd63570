"""Files that arrive in pieces: kept beside the data under names of ours until they are whole.

A piece is appended where the file ends. What overlaps with what is here already is skipped, so two
connections of one phone cannot spoil each other's work; the hash decides in the end.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluation.platform.errors import DomainError
from evaluation.platform.i18n import N_

STALE_DAYS = 14
SWEEP_EVERY_SECONDS = 3600
_DAY = 86_400
_MARK = "swept"


class OffsetConflict(DomainError):
    """A piece that would leave a gap; ``offset`` is where the file ends."""

    code = "offset-conflict"
    title = N_("文件分段接不上")
    detail = N_("服务器收到了 {offset} 字节，请从这里接着发送。")


class HashMismatch(DomainError):
    """The whole file is not the one that was announced; it starts anew."""

    status = 422
    code = "hash-mismatch"
    title = N_("文件与登记的哈希不符")
    detail = N_("收齐的文件与拍摄时登记的哈希不符，已丢弃这次的分段，请从头重新发送。")


class Partial:
    """One unfinished file, by the row it is for and the hash it is to have."""

    def __init__(self, folder: Path, file_id: int, sha256: str) -> None:
        self._path = folder / f"{int(file_id)}-{int(sha256, 16):064x}"
        self._sha256 = sha256

    def size(self) -> int:
        """How many bytes are here."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, offset: int, piece: bytes, most: int) -> int:
        """Add *piece*, which begins at *offset* of a file of *most* bytes; gives the new size.

        Raises `OffsetConflict` for a gap.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(os.O_RDWR | os.O_CREAT) as descriptor:
            size = os.fstat(descriptor).st_size
            if offset > size:
                raise OffsetConflict(offset=size)
            rest = memoryview(piece)[size - offset : max(0, most - offset)]
            while rest:
                written = os.pwrite(descriptor, rest, size)
                size += written
                rest = rest[written:]
            return size

    def settle(self) -> None:
        """Have what is here on the disk before anybody relies on it."""
        try:
            with self._locked(os.O_RDONLY) as descriptor:
                os.fsync(descriptor)
        except FileNotFoundError:
            pass  # somebody else's piece made it whole

    def whole(self) -> bytes:
        """The finished file. Raises `HashMismatch`, and drops it, where it is not what it is to
        be; `FileNotFoundError` where somebody else has taken it in."""
        content = self._path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self._sha256:
            self.drop()
            raise HashMismatch
        return content

    def drop(self) -> None:
        """Forget it."""
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self, flags: int) -> Iterator[int]:
        descriptor = os.open(self._path, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)


def sweep(folder: Path, *, days: float = STALE_DAYS, now: float | None = None) -> int:
    """Drop what nobody has added to for *days*; gives how many files."""
    limit = (time.time() if now is None else now) - days * _DAY
    dropped = 0
    for path in folder.glob("*-*"):
        try:
            if path.stat().st_mtime < limit:
                path.unlink()
                dropped += 1
        except FileNotFoundError:
            continue  # it was finished or swept meanwhile
    return dropped


def sweep_sometimes(folder: Path) -> None:
    """Sweep at most once an hour, whichever process gets to it."""
    mark = folder / _MARK
    try:
        if time.time() - mark.stat().st_mtime < SWEEP_EVERY_SECONDS:
            return
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    sweep(folder)
