"""Evidence files, stored under their own hash: the file is put first, then the row is written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import obstore
import sqlalchemy as sa
import structlog
from obstore.store import LocalStore
from sqlalchemy.orm import Mapped, Session, mapped_column

from evaluation.platform import clock
from evaluation.platform.audit import Actor
from evaluation.platform.database import Base, insert_once
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import N_

#: Files that are put side by side.
AT_ONCE = 16


class EvidenceFile(Base):
    """A stored file. Its name is whatever the first sender called it; its identity is the hash."""

    __tablename__ = "evidence_files"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(128))
    name: Mapped[str] = mapped_column(sa.String(255))
    stored_by: Mapped[str] = mapped_column(sa.String(64))
    stored_at: Mapped[datetime]


class EvidenceGone(NotFound):
    """A file that was stored is no longer there, or no longer what it was."""

    status = 410
    code = "evidence-gone"
    title = N_("文件已不可用")
    detail = N_("存储中的这个文件已丢失或损坏。数据没有改变；请联系管理员从备份恢复文件。")


class EvidenceStore:
    """Content-addressed files below a local folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._store = LocalStore(folder, mkdir=True)
        self._putting: ThreadPoolExecutor | None = None

    def put(self, content: bytes) -> str:
        """Store *content* and give its SHA-256; storing it again changes nothing.

        The file is on the disk when this returns, not in the kernel's buffers only.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        obstore.put(self._store, _key(sha256), content)
        path = self._folder / _key(sha256)
        for settled in (path, path.parent):
            _flush(settled)
        return sha256

    def put_many(self, contents: Sequence[bytes]) -> list[str]:
        """Store several contents side by side; gives their SHA-256 in the same order."""
        return [each.result() for each in self.begin(contents)]

    def begin(self, contents: Sequence[bytes]) -> list[Future[str]]:
        """Begin to `put` several contents: the disk settles them together, which takes as long as
        the slowest, and whoever asks may do something else meanwhile."""
        if self._putting is None:
            self._putting = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="evidence")
        return [self._putting.submit(self.put, each) for each in contents]

    def get(self, sha256: str) -> bytes:
        """The content behind a hash. Raises EvidenceGone when absent or rotten."""
        try:
            content = bytes(obstore.get(self._store, _key(sha256)).bytes())
        except FileNotFoundError:
            structlog.get_logger().error("evidence", sha256=sha256, found="missing")
            raise EvidenceGone(sha256=sha256) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            structlog.get_logger().error("evidence", sha256=sha256, found="altered")
            raise EvidenceGone(sha256=sha256)
        return content


def keep(
    session: Session,
    store: EvidenceStore,
    who: Actor,
    content: bytes,
    *,
    name: str,
    media_type: str,
) -> str:
    """Put a file and write its row; the same content twice is one file and one row."""
    sha256 = store.put(content)
    insert_once(
        session,
        EvidenceFile,
        sha256=sha256,
        size=len(content),
        media_type=media_type,
        name=name[-255:],
        stored_by=who.username,
        stored_at=clock.now(),
    )
    return sha256


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
