"""Evidence: named by its hash, on disk before its row, never silently rotten."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from evaluation.platform import evidence
from evaluation.platform.audit import System
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceFile, EvidenceGone, EvidenceStore

CONTENT = "佐证".encode()


def keep(database: Database, store: EvidenceStore) -> str:
    with database.writing() as session:
        return evidence.keep(
            session, store, System(), CONTENT, name="a.txt", media_type="text/plain"
        )


def test_the_name_is_the_hash(database: Database, evidence_store: EvidenceStore) -> None:
    sha256 = keep(database, evidence_store)
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert evidence_store.get(sha256) == CONTENT


def test_the_same_file_at_the_same_time_is_one_row(
    database: Database, evidence_store: EvidenceStore
) -> None:
    threads = [threading.Thread(target=keep, args=(database, evidence_store)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EvidenceFile)) == 1


def test_a_rotten_file_is_never_handed_out(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    sha256 = store.put(CONTENT)
    (tmp_path / sha256[:2] / sha256).write_bytes(b"other")
    with pytest.raises(EvidenceGone):
        store.get(sha256)


def test_an_absent_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(EvidenceGone):
        EvidenceStore(tmp_path).get("0" * 64)


def test_a_row_is_never_without_its_file(
    database: Database, evidence_store: EvidenceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence_store, "put", full)
    with pytest.raises(OSError, match="No space"):
        keep(database, evidence_store)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EvidenceFile)) == 0


def test_several_files_are_put_at_once(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    contents = [CONTENT, b"", b"x" * 100_000, CONTENT]
    hashes = store.put_many(contents)
    assert hashes == [hashlib.sha256(each).hexdigest() for each in contents]
    assert [store.get(each) for each in hashes] == contents
    assert store.put_many([CONTENT]) == hashes[:1]
    assert store.put_many([]) == []


def test_several_files_of_which_one_cannot_be_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, whole = EvidenceStore(tmp_path), os.fsync

    def broken(descriptor: int) -> None:
        if os.fstat(descriptor).st_size == 7:
            raise OSError(28, "No space left on device")
        whole(descriptor)

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="No space left"):
        store.put_many([CONTENT, b"seven!!", b"other"])
