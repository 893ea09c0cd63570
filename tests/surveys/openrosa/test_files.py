"""Files in pieces: cut, sent twice, from two connections; whole only with the right hash."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from random import Random
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa

from evaluation.platform import audit
from evaluation.platform.database import Database
from surveys.submissions import partials, rules
from surveys.submissions.models import EditionFile, Submission
from tests.conftest import Server
from tests.surveys.submissions.phones import Phone, a_ledger, an_instance, picture

PHOTO = picture(7, (600, 400)) + b"\xff\xd9" * 20_000  # some trailing bytes make it larger


class Uploader:
    """A phone that sends one file of one record in pieces."""

    def __init__(self, url: str, phone: Phone, content: bytes, *, ledger: bool = True) -> None:
        self.phone, self.content, self.base = phone, content, url
        self.instance = an_instance()
        self.http = httpx.Client(headers={"Authorization": f"Bearer {phone.key}"}, timeout=30)
        held = a_ledger({"a.jpg": content}) if ledger else None
        phone.send(phone.record(instance=self.instance, photo="a.jpg"), held)

    @property
    def url(self) -> str:
        return f"{self.base}/openrosa/files/{self.instance}/a.jpg"

    def headers(self, offset: int) -> dict[str, str]:
        return {
            "Upload-Offset": str(offset),
            "Upload-Length": str(len(self.content)),
            "Upload-Sha256": sha256(self.content).hexdigest(),
        }

    def offset(self) -> int:
        answer = self.http.head(self.url, headers=self.headers(0))
        assert answer.status_code == 204
        return int(answer.headers["upload-offset"])

    def patch(
        self, offset: int, piece: bytes, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        sent = {**self.headers(offset), **(headers or {})}
        return self.http.patch(self.url, content=piece, headers=sent)


@pytest.fixture
def uploader(server: Server, phone: Phone) -> Iterator[Callable[..., Uploader]]:
    made: list[Uploader] = []

    def make(content: bytes = PHOTO, *, ledger: bool = True) -> Uploader:
        made.append(Uploader(server.url, phone, content, ledger=ledger))
        return made[-1]

    yield make
    for each in made:
        each.http.close()


def stored(database: Database) -> tuple[str | None, str]:
    with database.reading() as session:
        held = session.scalars(sa.select(EditionFile)).one()
        state = session.scalars(sa.select(Submission)).one().state
        assert audit.verify(session) is None
        return held.sha256, state


def left(phone: Phone) -> list[str]:
    folder = phone.settings.data / "partial"
    return sorted(path.name for path in folder.glob("*-*")) if folder.exists() else []


@pytest.mark.parametrize("ledger", [True, False])
def test_a_file_in_pieces(
    uploader: Callable[..., Uploader], database: Database, phone: Phone, ledger: bool
) -> None:
    up = uploader(ledger=ledger)
    assert up.offset() == 0
    third = len(PHOTO) // 3
    for start in (0, third, 2 * third):
        end = len(PHOTO) if start == 2 * third else start + third
        answer = up.patch(start, PHOTO[start:end])
        assert answer.status_code == 204
        assert answer.headers["upload-offset"] == str(end)
        assert up.offset() == end
    assert stored(database) == (sha256(PHOTO).hexdigest(), rules.RECEIVED)
    assert phone.store.get(sha256(PHOTO).hexdigest()) == PHOTO
    assert left(phone) == []
    again = up.patch(0, PHOTO)
    assert (again.status_code, again.headers["upload-offset"]) == (204, str(len(PHOTO)))


def test_a_gap_is_a_conflict_with_the_right_offset(
    uploader: Callable[..., Uploader], database: Database
) -> None:
    up = uploader()
    up.patch(0, PHOTO[:100])
    answer = up.patch(200, PHOTO[200:])
    assert answer.status_code == 409
    assert answer.headers["upload-offset"] == "100"
    assert up.offset() == 100
    assert stored(database) == (None, rules.INCOMPLETE)


def test_what_overlaps_is_not_doubled(
    uploader: Callable[..., Uploader], database: Database
) -> None:
    up = uploader()
    up.patch(0, PHOTO[:1000])
    assert up.patch(0, PHOTO[:400]).headers["upload-offset"] == "1000"
    assert up.patch(500, PHOTO[500:]).headers["upload-offset"] == str(len(PHOTO))
    assert stored(database) == (sha256(PHOTO).hexdigest(), rules.RECEIVED)


def test_a_connection_cut_in_the_middle_keeps_what_came(
    uploader: Callable[..., Uploader], database: Database, server: Server
) -> None:
    large = PHOTO * 10
    up = uploader(large)
    where = urlsplit(server.url)
    half, here = len(large) // 2, 0
    with socket.create_connection((where.hostname or "", where.port or 0)) as wire:
        lines = [
            f"PATCH {urlsplit(up.url).path} HTTP/1.1",
            f"Host: {where.netloc}",
            f"Authorization: Bearer {up.phone.key}",
            f"Content-Length: {len(large)}",
            *(f"{name}: {value}" for name, value in up.headers(0).items()),
        ]
        wire.sendall("\r\n".join([*lines, "", ""]).encode() + large[:half])
        deadline = time.monotonic() + 20
        while here < half // 2:
            assert time.monotonic() < deadline, "what came is not kept until all of it is here"
            here = up.offset()
    here = up.offset()
    assert half // 2 <= here <= half
    assert up.patch(here, large[here:]).status_code == 204
    assert stored(database) == (sha256(large).hexdigest(), rules.RECEIVED)


def test_two_connections_at_once(uploader: Callable[..., Uploader], database: Database) -> None:
    up = uploader()
    barrier = threading.Barrier(4)
    statuses: list[int] = []

    def send(seed: int) -> None:
        chance = Random(seed)
        barrier.wait()
        offset = 0
        while offset < len(PHOTO):
            size = chance.randrange(500, 9000)
            answer = up.patch(offset, PHOTO[offset : offset + size])
            statuses.append(answer.status_code)
            offset = int(answer.headers["upload-offset"])

    threads = [threading.Thread(target=send, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {204, 409}
    assert stored(database) == (sha256(PHOTO).hexdigest(), rules.RECEIVED)


def test_a_wrong_hash_drops_the_pieces_and_nothing_else(
    uploader: Callable[..., Uploader], database: Database, phone: Phone
) -> None:
    up = uploader()
    spoilt = bytes([PHOTO[0] ^ 1]) + PHOTO[1:]
    answer = up.patch(0, spoilt)
    assert answer.status_code == 422
    assert "OpenRosaResponse" in answer.text
    assert up.offset() == 0
    assert left(phone) == []
    assert stored(database) == (None, rules.INCOMPLETE)
    assert up.patch(0, PHOTO).status_code == 204
    assert stored(database)[1] == rules.RECEIVED


def test_another_file_than_the_one_captured_is_refused(
    uploader: Callable[..., Uploader], database: Database
) -> None:
    up = uploader()
    other = sha256(b"other").hexdigest()
    assert up.patch(0, PHOTO, {"Upload-Sha256": other}).status_code == 422
    up.patch(0, PHOTO)
    assert up.patch(0, PHOTO, {"Upload-Sha256": other}).status_code == 409
    assert stored(database)[0] == sha256(PHOTO).hexdigest()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "9" * 30}, 400),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": str(10**11)}, 413),
        ({"Upload-Length": "10"}, 422),
        ({"Upload-Sha256": "zz"}, 400),
    ],
)
def test_announcements_that_make_no_sense(
    uploader: Callable[..., Uploader], database: Database, headers: dict[str, str], status: int
) -> None:
    up = uploader()
    assert up.patch(0, PHOTO, headers).status_code == status
    assert stored(database) == (None, rules.INCOMPLETE)


def test_files_that_nobody_named_have_no_address(
    uploader: Callable[..., Uploader], phone: Phone
) -> None:
    up = uploader()
    for path in (
        f"{up.instance}/b.jpg",
        f"{up.instance}/..%2f..%2fsecret.key",
        f"{an_instance()}/a.jpg",
    ):
        url = f"{up.base}/openrosa/files/{path}"
        answer = up.http.patch(url, content=b"x", headers=up.headers(0))
        assert answer.status_code == 404
    assert left(phone) == []


def test_the_server_goes_on_from_where_it_was_killed(
    uploader: Callable[..., Uploader], database: Database, phone: Phone
) -> None:
    up = uploader()
    up.patch(0, PHOTO[:5000])
    (name,) = left(phone)
    path = phone.settings.data / "partial" / name
    with path.open("r+b") as file:
        file.truncate(4000)  # the last thousand never reached the disk
    assert up.offset() == 4000
    assert up.patch(4000, PHOTO[4000:]).status_code == 204
    assert stored(database) == (sha256(PHOTO).hexdigest(), rules.RECEIVED)


def test_pieces_nobody_came_back_for_are_swept(
    uploader: Callable[..., Uploader], phone: Phone
) -> None:
    up = uploader()
    up.patch(0, PHOTO[:100])
    folder = phone.settings.data / "partial"
    (name,) = left(phone)
    assert partials.sweep(folder) == 0
    old = time.time() - 15 * 86_400
    os.utime(folder / name, (old, old))
    os.utime(folder / "swept", (old, old))
    assert up.patch(0, PHOTO[:50]).status_code == 204
    assert up.offset() == 50


def test_a_full_disk_is_said_and_nothing_is_lost(
    uploader: Callable[..., Uploader], monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    import errno

    up = uploader()
    up.patch(0, PHOTO[:100])
    whole = os.pwrite

    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    answer = up.patch(100, PHOTO[100:])
    assert answer.status_code == 507
    monkeypatch.setattr(os, "pwrite", whole)
    assert up.offset() == 100
    assert up.patch(100, PHOTO[100:]).status_code == 204
    assert stored(database)[1] == rules.RECEIVED
